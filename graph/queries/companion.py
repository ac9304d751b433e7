"""Queries of the signed-in user's companion."""
from typing import Annotated

import strawberry

from graph.permissions import SignedIn
from graph.types.user import Companion, CompanionPresetKey, CompanionTone
from resolvers import companion, companion_presets


@strawberry.type(description="A preset of a companion: `companionUpdate(preset:)` takes tone and instructions from it.")
class CompanionPreset:
    preset: CompanionPresetKey = strawberry.field(description="The preset.")
    label: str = strawberry.field(description="Its name to show: in Chinese for a Chinese language, otherwise in English.")
    description: str = strawberry.field(description="What it is like, in the language of `label`.")
    tone: CompanionTone = strawberry.field(description="The tone that it sets.")
    instructions: str = strawberry.field(description="The instructions that it sets, in the language of `label`.")


@strawberry.type
class CompanionQuery:
    @strawberry.field(permission_classes=[SignedIn], description="The versions of the signed-in user's companion, newest first: the last 50. The first one is in effect.")
    async def companion_versions(self, info: strawberry.Info) -> list[Companion] | None:
        return [Companion.from_model(row) for row in await companion.list_versions(await info.context.require_viewer())]

    @strawberry.field(permission_classes=[SignedIn], description="The three presets of a companion.")
    async def companion_presets(
        self, info: strawberry.Info,
        language: Annotated[str | None, strawberry.argument(description="A BCP 47 tag that chooses the texts' language; null for the user's `locale`.")] = None,
    ) -> list[CompanionPreset] | None:
        viewer = await info.context.require_viewer()
        chosen = language or viewer.locale
        return [CompanionPreset(preset=preset, **companion_presets.preset_texts(preset, chosen)._asdict()) for preset in CompanionPresetKey]
