"""Account-wide provider errors in a user's own call: such an error pauses the model for all instances, and the next success ends the pause.

Chats ignore such a pause, so that they work again as soon as the operator has fixed its cause.
"""
from __future__ import annotations

import logs
from jobs.retries import MODEL_PAUSE, to_stored
from llm.errors import ModelError, ModelPaused
from persistence import database
from persistence.queries.model_limits import pause_model_after_chat, resume_model


async def record_refusal(error: ModelError) -> None:
    """Pause the model if the provider's error affects all users. Exceptions are only logged, because the caller reports its own failure."""
    if not error.affects_all_users or isinstance(error, ModelPaused):
        return
    reply = to_stored(error.reply)
    try:
        async with database.transaction() as session:
            is_new = await pause_model_after_chat(session, error.code, MODEL_PAUSE, reply)
    except Exception as failure:
        _log("model_pause_not_stored", failure)
        return
    if is_new:
        logs.write("model_paused", level="ERROR", error_code=error.code, **reply.columns)


async def end_pause() -> None:
    """End the model's pause after a successful call, so that the nightly jobs retry their waiting items.

    Exceptions are only logged, because the answer is valid.
    """
    try:
        async with database.transaction() as session:
            await resume_model(session)
    except Exception as failure:
        _log("model_pause_not_ended", failure)
        return
    logs.write("model_resumed")


def _log(event: str, failure: Exception) -> None:
    logs.write(event, level="WARNING", error_code=getattr(failure, "code", None), exception=type(failure).__name__, frames=logs.frames(failure))
