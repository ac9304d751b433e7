"""Mutations that sign in, refresh and sign out."""
from typing import Annotated

import strawberry

from graph.field_costs import PASSWORD, weight
from graph.permissions import Public, SignedIn
from graph.results import ConflictError, InvalidCredentialsError, InvalidInputError, InvalidRefreshTokenError, RateLimitedError, to_result
from graph.types.session import Session
from resolvers import authentication


@strawberry.input(description="Who signs in.")
class SessionCreateInput:
    email: str = strawberry.field(description="The account's e-mail address; case does not matter.")
    password: str = strawberry.field(description="Its password.")


@strawberry.type(description="Signed in.")
class SessionCreateSuccess(Session):
    pass


@strawberry.input(description="The sign-in to go on with.")
class SessionRefreshInput:
    refresh_token: str = strawberry.field(description="The sign-in's last refresh token. It works once: one that comes back ends the whole sign-in.")


@strawberry.type(description="The next tokens of the sign-in. The refresh token that was sent works no more; the access token still does until it ends.")
class SessionRefreshSuccess(Session):
    pass


@strawberry.input(description="The sign-in to end.")
class SessionRevokeInput:
    refresh_token: str | None = strawberry.field(
        default=None,
        description="A refresh token of the sign-in, used or not; no access token is needed then. "
        "Absent or null: the sign-in of the access token.",
    )


@strawberry.type(description="The sign-in has ended: none of its tokens works any more.")
class SessionRevokeSuccess:
    revoked: bool = strawberry.field(description="False if it had ended before.")


@strawberry.input(description="Which sign-ins to end.")
class SessionRevokeAllInput:
    keep_current: bool = strawberry.field(default=False, description="Whether the sign-in of this request's access token goes on.")


@strawberry.type(description="The sign-ins have ended.")
class SessionRevokeAllSuccess:
    revoked_sessions: int = strawberry.field(description="How many there were.")


SessionCreateResult = Annotated[
    SessionCreateSuccess | InvalidCredentialsError | RateLimitedError | ConflictError,
    strawberry.union("SessionCreateResult", description="Outcome of `sessionCreate`; RateLimitedError, for a right password too, after many wrong ones."),
]
SessionRefreshResult = Annotated[
    SessionRefreshSuccess | InvalidRefreshTokenError, strawberry.union("SessionRefreshResult", description="Outcome of `sessionRefresh`.")
]
SessionRevokeResult = Annotated[
    SessionRevokeSuccess | InvalidRefreshTokenError, strawberry.union("SessionRevokeResult", description="Outcome of `sessionRevoke`.")
]
SessionRevokeAllResult = Annotated[
    SessionRevokeAllSuccess | InvalidInputError, strawberry.union("SessionRevokeAllResult", description="Outcome of `sessionRevokeAll`.")
]


@strawberry.type
class SessionMutation:
    @strawberry.mutation(
        permission_classes=[Public], metadata=weight(PASSWORD), description="Sign in. Takes as long for an unknown address as for a wrong password, and answers the same."
    )
    async def session_create(self, info: strawberry.Info, input: SessionCreateInput) -> SessionCreateResult | None:
        signing_in = authentication.sign_in(input.email, input.password, client_address=info.context.client_address)
        return await to_result(signing_in, SessionCreateSuccess.from_session)

    @strawberry.mutation(permission_classes=[Public], description="Get the next tokens of a sign-in. Of several calls with one token exactly one gets them.")
    async def session_refresh(self, input: SessionRefreshInput) -> SessionRefreshResult | None:
        return await to_result(authentication.refresh(input.refresh_token), SessionRefreshSuccess.from_session)

    @strawberry.mutation(permission_classes=[Public], description="Sign out. UNAUTHENTICATED with neither a refresh token nor an access token.")
    async def session_revoke(self, info: strawberry.Info, input: SessionRevokeInput) -> SessionRevokeResult | None:
        if input.refresh_token is not None:
            ending = authentication.sign_out(input.refresh_token)
        else:
            ending = authentication.sign_out_current(await info.context.require_viewer())
        return await to_result(ending, lambda revoked: SessionRevokeSuccess(revoked=revoked))

    @strawberry.mutation(permission_classes=[SignedIn], description="Sign out everywhere.")
    async def session_revoke_all(self, info: strawberry.Info, input: SessionRevokeAllInput) -> SessionRevokeAllResult | None:
        ending = authentication.sign_out_everywhere(await info.context.require_viewer(), keep_current=input.keep_current)
        return await to_result(ending, lambda ended: SessionRevokeAllSuccess(revoked_sessions=ended))
