"""Mutations of the signed-in user's personal access tokens."""
from datetime import datetime
from typing import Annotated

import strawberry

from graph.permissions import SignedIn
from graph.relay import decode_id_of
from graph.results import ConflictError, InvalidInputError, to_result
from graph.types.api_tokens import ApiScope, ApiToken
from resolvers import api_tokens


@strawberry.input(description="The token to make.")
class ApiTokenCreateInput:
    name: str = strawberry.field(description="What it is for, such as the name of the assistant: 1 to 60 characters on one line, without invisible ones.")
    scopes: list[ApiScope] = strawberry.field(description="What it allows, at least one scope.")
    expires_at: datetime | None = strawberry.field(default=None, description="When it stops working, at most 365 days ahead. Absent or null: after 90 days.")


@strawberry.type(description="The token was made. It is shown only here: only its hash is stored.")
class ApiTokenCreateSuccess:
    token: str = strawberry.field(description="The token, to be sent to `/mcp` as `Authorization: Bearer <token>`. It begins with `unilife_pat_`, so that secret scanners find it.")
    api_token: ApiToken = strawberry.field(description="What is known of it from now on.")

    @classmethod
    def from_created(cls, created: "api_tokens.CreatedToken") -> "ApiTokenCreateSuccess":
        return cls(token=created.token, api_token=ApiToken.from_model(created.row))


@strawberry.input(description="The token to delete.")
class ApiTokenDeleteInput:
    id: strawberry.ID = strawberry.field(description="Id of the token.")


@strawberry.type(description="The token was deleted and works no more. What it suggested stays, with its name, and so does the log of its uses.")
class ApiTokenDeleteSuccess:
    deleted_id: strawberry.ID = strawberry.field(description="Id of the token.")


ApiTokenCreateResult = Annotated[
    ApiTokenCreateSuccess | InvalidInputError | ConflictError,
    strawberry.union("ApiTokenCreateResult", description="Outcome of `apiTokenCreate`; ConflictError for more than 20 tokens."),
]
ApiTokenDeleteResult = Annotated[
    ApiTokenDeleteSuccess | InvalidInputError, strawberry.union("ApiTokenDeleteResult", description="Outcome of `apiTokenDelete`.")
]


@strawberry.type
class ApiTokenMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Make a personal access token, by which another assistant of the user reads from the account over MCP. A sign-out of all sessions, a new password and "
        "an administrator's disabling of the account delete all tokens.",
    )
    async def api_token_create(self, info: strawberry.Info, input: ApiTokenCreateInput) -> ApiTokenCreateResult | None:
        viewer = await info.context.require_viewer()
        return await to_result(api_tokens.create_token(viewer, input.name, input.scopes, input.expires_at), ApiTokenCreateSuccess.from_created)

    @strawberry.mutation(permission_classes=[SignedIn], description="Delete a personal access token. NOT_FOUND for one of another user.")
    async def api_token_delete(self, info: strawberry.Info, input: ApiTokenDeleteInput) -> ApiTokenDeleteResult | None:
        viewer = await info.context.require_viewer()
        deleting = api_tokens.delete_token(viewer, decode_id_of("ApiToken", input.id))
        return await to_result(deleting, lambda _: ApiTokenDeleteSuccess(deleted_id=input.id))
