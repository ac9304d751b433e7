"""The types that a sign-in returns."""
from datetime import datetime
from typing import TypeVar

import strawberry

from graph.types.user import User
from resolvers import authentication

SuccessT = TypeVar("SuccessT", bound="Session")


@strawberry.interface(description="The tokens of a sign-in and whose it is. Keep both tokens secret; only their owner ever sees them.")
class Session:
    access_token: str = strawberry.field(
        description="Send it with each request: `Authorization: Bearer <accessToken>`. It stops working at once when the sign-in is revoked."
    )
    access_token_expires_at: datetime = strawberry.field(
        description="When the access token ends, by default 30 minutes after it was given; call `sessionRefresh` before."
    )
    refresh_token: str = strawberry.field(description="Opaque; good for one call of `sessionRefresh`, which gives the next one.")
    refresh_token_expires_at: datetime = strawberry.field(description="When the sign-in ends if it is not refreshed, by default after 30 days.")
    user: User = strawberry.field(description="The person who is signed in.")

    @classmethod
    def from_session(cls: type[SuccessT], session: authentication.IssuedSession) -> SuccessT:
        return cls(
            access_token=session.access_token,
            access_token_expires_at=session.access_token_expires_at,
            refresh_token=session.refresh_token,
            refresh_token_expires_at=session.refresh_token_expires_at,
            user=User.from_model(session.user),
        )
