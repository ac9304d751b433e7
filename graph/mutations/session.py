"""Mutations that sign in, refresh and sign out."""
from typing import Annotated

import strawberry

from graph.field_costs import PASSWORD, weight
from graph.permissions import Public, SignedIn
from graph.relay import decode_id_of
from graph.results import ConflictError, InvalidCredentialsError, InvalidInputError, InvalidRefreshTokenError, RateLimitedError, to_result
from graph.types.session import Session
from resolvers import authentication, sessions
from resolvers.errors import InputRule, InvalidInput

CLIENT_NAME = (
    "What the client calls itself in the list of `sessions`, such as `Web app on my phone`: 1 to 60 characters on one line, without invisible ones. "
    "Nothing is taken from the request's headers instead. Absent or null: no name."
)


@strawberry.input(description="The credentials to sign in with.")
class SessionCreateInput:
    email: str = strawberry.field(description="E-mail address of the account, case-insensitive.")
    password: str = strawberry.field(description="Password of the account.")
    client_name: str | None = strawberry.field(default=None, description=CLIENT_NAME)


@strawberry.type(description="The user is signed in: a new session was created.")
class SessionCreateSuccess(Session):
    pass


@strawberry.input(description="The session to refresh.")
class SessionRefreshInput:
    refresh_token: str = strawberry.field(
        description="The latest refresh token of the session. Sent again within 60 seconds (by a second tab, or because the response was lost), it returns "
        "the same next refresh token until that is used. Sent later, or after its successor was used, it revokes the session.",
    )


@strawberry.type(description="The next tokens of the session. The refresh token that was sent is replaced by the new one; the previous access token works until it expires.")
class SessionRefreshSuccess(Session):
    pass


@strawberry.input(description="The session to revoke.")
class SessionRevokeInput:
    refresh_token: str | None = strawberry.field(
        default=None,
        description="A refresh token of the session, used or not; then no access token is needed. "
        "Absent or null: the session of `id`, or else of the access token.",
    )
    id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of one of the caller's sessions, as `sessions` lists them, also of the current one; not together with `refreshToken`."
    )


@strawberry.type(description="The session was revoked: none of its tokens works any more.")
class SessionRevokeSuccess:
    revoked: bool = strawberry.field(description="Whether this call revoked the session; false if it had ended before.")


@strawberry.input(description="Which sessions to revoke.")
class SessionRevokeAllInput:
    keep_current: bool = strawberry.field(default=False, description="True to keep the session of this request's access token.")


@strawberry.type(description="The sessions were revoked.")
class SessionRevokeAllSuccess:
    revoked_sessions: int = strawberry.field(description="Number of sessions that were revoked.")


SessionCreateResult = Annotated[
    SessionCreateSuccess | InvalidCredentialsError | RateLimitedError | ConflictError | InvalidInputError,
    strawberry.union(
        "SessionCreateResult",
        description="Outcome of `sessionCreate`; RateLimitedError after many wrong passwords, then also for the correct one, InvalidInputError for `clientName`.",
    ),
]
SessionRefreshResult = Annotated[
    SessionRefreshSuccess | InvalidRefreshTokenError, strawberry.union("SessionRefreshResult", description="Outcome of `sessionRefresh`.")
]
SessionRevokeResult = Annotated[
    SessionRevokeSuccess | InvalidRefreshTokenError | InvalidInputError, strawberry.union("SessionRevokeResult", description="Outcome of `sessionRevoke`.")
]
SessionRevokeAllResult = Annotated[
    SessionRevokeAllSuccess | InvalidInputError, strawberry.union("SessionRevokeAllResult", description="Outcome of `sessionRevokeAll`.")
]


async def _refuse_both() -> bool:
    raise InvalidInput("id", "id and refreshToken both name a session: send one of them", rule=InputRule.NOT_ALLOWED_HERE)


@strawberry.type
class SessionMutation:
    @strawberry.mutation(
        permission_classes=[Public], metadata=weight(PASSWORD), description="Sign in. An unknown address gets the same result after the same time as a wrong password."
    )
    async def session_create(self, info: strawberry.Info, input: SessionCreateInput) -> SessionCreateResult | None:
        signing_in = authentication.sign_in(input.email, input.password, client_name=input.client_name, client_address=info.context.client_address)
        return await to_result(signing_in, SessionCreateSuccess.from_session)

    @strawberry.mutation(permission_classes=[Public], description="Get the next tokens of a session. Calls with the same refresh token within 60 seconds get the same next one.")
    async def session_refresh(self, input: SessionRefreshInput) -> SessionRefreshResult | None:
        return await to_result(authentication.refresh(input.refresh_token), SessionRefreshSuccess.from_session)

    @strawberry.mutation(permission_classes=[Public], description="Sign out: revoke one session. UNAUTHENTICATED without both a refresh token and an access token; NOT_FOUND for the id of another user's session.")
    async def session_revoke(self, info: strawberry.Info, input: SessionRevokeInput) -> SessionRevokeResult | None:
        if input.refresh_token is not None and input.id is not None:
            ending = _refuse_both()
        elif input.refresh_token is not None:
            ending = authentication.sign_out(input.refresh_token)
        elif input.id is not None:
            ending = sessions.revoke_session(await info.context.require_viewer(), decode_id_of("ActiveSession", input.id))
        else:
            ending = authentication.sign_out_current(await info.context.require_viewer())
        return await to_result(ending, lambda revoked: SessionRevokeSuccess(revoked=revoked))

    @strawberry.mutation(permission_classes=[SignedIn], description="Sign out everywhere: revoke all sessions of the signed-in user, with `keepCurrent` all others, and delete the personal access tokens.")
    async def session_revoke_all(self, info: strawberry.Info, input: SessionRevokeAllInput) -> SessionRevokeAllResult | None:
        ending = authentication.sign_out_everywhere(await info.context.require_viewer(), keep_current=input.keep_current)
        return await to_result(ending, lambda ended: SessionRevokeAllSuccess(revoked_sessions=ended))
