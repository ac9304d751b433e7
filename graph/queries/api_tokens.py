"""Queries for the signed-in user's personal access tokens and the log of their uses."""
from typing import Annotated
from uuid import UUID

import strawberry

from graph.permissions import SignedIn
from graph.relay import After, Connection, First, decode_cursor, decode_id_of, encode_cursor, make_connection, page_size
from graph.types.api_tokens import ApiToken, ApiTokenUse
from resolvers import api_tokens

TokenId = Annotated[strawberry.ID | None, strawberry.argument(description="Only the uses of this token, which may be deleted; null for those of all.")]


@strawberry.type
class ApiTokenQuery:
    @strawberry.field(
        permission_classes=[SignedIn],
        description="The signed-in user's personal access tokens, the newest first. Expired ones are listed until the next one is made.",
    )
    async def api_tokens(self, info: strawberry.Info, first: First = 20, after: After = None) -> Connection[ApiToken] | None:
        viewer = await info.context.require_viewer()
        before = decode_cursor(after, UUID)[0] if after is not None else None
        page = await api_tokens.list_tokens(viewer, before=before, limit=page_size(first))
        return make_connection(
            page.tokens, node=ApiToken.from_model, cursor=lambda token: encode_cursor(token.id), has_next=page.has_next, after=after,
            count=lambda: api_tokens.count_tokens(viewer),
        )

    @strawberry.field(
        permission_classes=[SignedIn],
        description="What other assistants read and suggested with the signed-in user's personal access tokens, the newest first, of the last 90 days. Every tool call "
        "of the MCP endpoint stands here before it is answered.",
    )
    async def api_token_uses(
        self, info: strawberry.Info, token_id: TokenId = None, first: First = 20, after: After = None
    ) -> Connection[ApiTokenUse] | None:
        viewer = await info.context.require_viewer()
        wanted = decode_id_of("ApiToken", token_id) if token_id is not None else None
        before = decode_cursor(after, UUID)[0] if after is not None else None
        page = await api_tokens.list_uses(viewer, wanted, before=before, limit=page_size(first))
        return make_connection(
            page.uses, node=ApiTokenUse.from_model, cursor=lambda use: encode_cursor(use.id), has_next=page.has_next, after=after,
            count=lambda: api_tokens.count_uses(viewer, wanted),
        )
