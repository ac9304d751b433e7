"""Queries for the signed-in user's personal access tokens and the log of their uses."""
from typing import Annotated

import strawberry

from graph.permissions import SignedIn
from graph.relay import After, Before, Connection, First, Last, decode_id_of, encode_cursor, id_of_cursor, make_connection, read_page
from graph.types.api_tokens import ApiToken, ApiTokenUse
from resolvers import api_tokens

TokenId = Annotated[strawberry.ID | None, strawberry.argument(description="Only the uses of this token, which may be deleted; null for those of all.")]


@strawberry.type
class ApiTokenQuery:
    @strawberry.field(
        permission_classes=[SignedIn],
        description="The signed-in user's personal access tokens, the newest first. Expired ones are listed until the next one is made.",
    )
    async def api_tokens(
        self, info: strawberry.Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ApiToken] | None:
        viewer = await info.context.require_viewer()
        page = await api_tokens.list_tokens(viewer, **read_page(first, after, last, before, id_of_cursor))
        return make_connection(
            page.tokens, node=ApiToken.from_model, cursor=lambda token: encode_cursor(token.id),
            has_next=page.has_next, has_previous=page.has_previous, count=lambda: api_tokens.count_tokens(viewer),
        )

    @strawberry.field(
        permission_classes=[SignedIn],
        description="What other assistants read and suggested with the signed-in user's personal access tokens, the newest first, of the last 90 days. Every tool call "
        "of the MCP endpoint stands here before it is answered.",
    )
    async def api_token_uses(
        self, info: strawberry.Info, token_id: TokenId = None, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ApiTokenUse] | None:
        viewer = await info.context.require_viewer()
        wanted = decode_id_of("ApiToken", token_id) if token_id is not None else None
        page = await api_tokens.list_uses(viewer, wanted, **read_page(first, after, last, before, id_of_cursor))
        return make_connection(
            page.uses, node=ApiTokenUse.from_model, cursor=lambda use: encode_cursor(use.id),
            has_next=page.has_next, has_previous=page.has_previous, count=lambda: api_tokens.count_uses(viewer, wanted),
        )
