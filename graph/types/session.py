"""The types that a sign-in returns."""
from datetime import datetime
from typing import TypeVar

import strawberry

from graph.types.user import User
from resolvers import authentication

SuccessT = TypeVar("SuccessT", bound="Session")


@strawberry.interface(description="A session's tokens and its user. Keep both tokens secret: only the signed-in user receives them.")
class Session:
    access_token: str = strawberry.field(
        description="Send it with each request as `Authorization: Bearer <accessToken>`. It stops working as soon as the session is revoked."
    )
    access_token_expires_at: datetime = strawberry.field(
        description="When the access token expires, by default 30 minutes after it was issued; call `sessionRefresh` before then."
    )
    refresh_token: str = strawberry.field(description="Opaque and single use: valid for one call of `sessionRefresh`, which returns the next one.")
    refresh_token_expires_at: datetime = strawberry.field(description="When the session expires unless it is refreshed, by default after 30 days.")
    user: User = strawberry.field(description="The user who is signed in.")

    @classmethod
    def from_session(cls: type[SuccessT], session: authentication.IssuedSession) -> SuccessT:
        return cls(
            access_token=session.access_token,
            access_token_expires_at=session.access_token_expires_at,
            refresh_token=session.refresh_token,
            refresh_token_expires_at=session.refresh_token_expires_at,
            user=User.from_model(session.user),
        )
