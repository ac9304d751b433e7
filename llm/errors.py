"""Errors of a call to the model.

    ModelError
    ├── ModelTimeout          no complete answer within the timeout
    ├── ModelUnauthorized     the key is missing, wrong or not allowed (401, 403)
    ├── ModelQuotaExceeded    the account is empty or in arrears (402, and each provider's own code)
    ├── ModelRateLimited      too many requests (429), or a busy model; `retry_after` is the time to wait
    ├── ModelUnavailable      no connection, a server error (5xx), or nothing at this path (404, 405)
    ├── ModelNotFound         the provider has no model of that name (any more)
    ├── ModelContextTooLong   the request is longer than the model's context window
    ├── ModelRejected         the provider refuses the request as it is (400, 413, 422)
    ├── ModelEmpty            an answer without text
    ├── ModelTruncated        an answer that was cut off before its first word, or JSON that was cut off
    ├── ModelFiltered         the provider's content filter refuses the text, or withheld the whole answer
    ├── ModelMalformed        not the protocol (a web page, broken JSON), or not the requested shape
    └── ModelPaused           no call was made: an account-wide provider error, or the model is switched off

The messages of these errors quote neither the provider nor a user: a provider's text may contain a diary. The provider's text is in
`ModelError.reply`, for the operator only.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from llm.usage import Usage


@dataclass(frozen=True, slots=True)
class ProviderReply:
    """The provider's report of a failure, for logs and admins. `status` is the HTTP status, `code` the provider's own error code.

    `message` is the provider's text, already shortened and checked: None if it contains a key or repeats what was sent.
    """

    status: int | None = None
    code: str | None = None
    message: str | None = None


class ModelError(Exception):
    """Base of all errors of the model.

    `usage` is the usage of the failed work, including earlier attempts at it.

    `retry_after` is in seconds, None if the provider named no time.

    `affects_all_users` is true if the next user's call would fail for the same reason.

    `retryable` is true if the same call may succeed a moment later.

    `reply` is the provider's response (for an answer without text, its finish reason), None if there was none (no connection, or an answer that
    came too late).
    """

    code: ClassVar[str] = "MODEL_ERROR"
    summary: ClassVar[str] = "the language model failed"
    affects_all_users: ClassVar[bool] = False
    retryable: ClassVar[bool] = False

    def __init__(self, *, usage: Usage | None = None, retry_after: float | None = None, reply: ProviderReply | None = None) -> None:
        super().__init__(self.summary)
        self.usage = usage or Usage.none()
        self.retry_after = retry_after
        self.reply = reply

    def add_usage(self, spent: Usage) -> ModelError:
        """Add the usage of earlier calls; return the same error."""
        self.usage = spent + self.usage
        return self


class ModelCallCancelled(asyncio.CancelledError):
    """Raised when the caller is cancelled during a model call. `usage` is the usage up to then: what was sent is billed."""

    def __init__(self, usage: Usage) -> None:
        super().__init__()
        self.usage = usage

    def add_usage(self, spent: Usage) -> ModelCallCancelled:
        """Add the usage of earlier calls, as `ModelError.add_usage` does."""
        self.usage = spent + self.usage
        return self


class ModelTimeout(ModelError):
    code = "MODEL_TIMEOUT"
    summary = "the language model did not answer in time"


class ModelUnauthorized(ModelError):
    code = "MODEL_UNAUTHORIZED"
    summary = "the language model's provider rejected the API key: check DEEPSEEK_API_KEY"
    affects_all_users = True


class ModelQuotaExceeded(ModelError):
    code = "MODEL_QUOTA_EXCEEDED"
    summary = "the account at the language model's provider has no balance or quota left: top it up"
    affects_all_users = True


class ModelRateLimited(ModelError):
    code = "MODEL_RATE_LIMITED"
    summary = "the language model's provider rejected the call because of its rate limit"
    retryable = True


class ModelUnavailable(ModelError):
    code = "MODEL_UNAVAILABLE"
    summary = "the language model cannot be reached: check DEEPSEEK_BASE_URL if this lasts"
    retryable = True


class ModelNotFound(ModelError):
    code = "MODEL_NOT_FOUND"
    summary = "the language model's provider has no model of this name: check DEEPSEEK_MODEL"
    affects_all_users = True


class ModelContextTooLong(ModelError):
    code = "MODEL_CONTEXT_TOO_LONG"
    summary = "the conversation is longer than the language model's context"


class ModelRejected(ModelError):
    code = "MODEL_REJECTED"
    summary = "the language model's provider rejected the request"


class ModelEmpty(ModelError):
    """Raised for an answer without text; `wrote_call`: its text was only a tool call that could not be run."""

    code = "MODEL_EMPTY"
    summary = "the language model gave an empty answer"
    retryable = True

    def __init__(self, *, usage: Usage | None = None, wrote_call: bool = False) -> None:
        super().__init__(usage=usage)
        self.wrote_call = wrote_call


class ModelTruncated(ModelError):
    code = "MODEL_TRUNCATED"
    summary = "the language model's answer was cut off"


class ModelFiltered(ModelError):
    code = "MODEL_FILTERED"
    summary = "the content filter of the language model's provider withheld the answer"


class ModelMalformed(ModelError):
    code = "MODEL_MALFORMED"
    summary = "the language model's answer did not have the required form"


class ModelPaused(ModelError):
    """The error of a call that is not made because of an account-wide provider error, or because an admin has switched the model off."""

    affects_all_users = True

    def __init__(self, code: str, reply: ProviderReply | None = None) -> None:
        super().__init__(reply=reply)
        self.code = code  # type: ignore[misc]
