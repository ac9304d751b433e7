"""Evaluation of a model check's calls: each function turns a call's result into the finding for one question."""

from __future__ import annotations

from collections.abc import Sequence

import logs
import settings
from llm import model_list, providers, thinking
from llm.errors import ModelError, ModelMalformed, ModelNotFound, ModelTimeout, ModelUnauthorized, ModelUnavailable
from llm.findings import Finding, Verdict
from llm.messages import Completion
from llm.retired_models import find_retirement

Result = Completion | ModelError


class NoTimeLeft(ModelTimeout):
    summary = "not tried, because the time was used up"


def has_responded(error: ModelError) -> bool:
    """Return whether the endpoint responded at all, even with an error."""
    answered = error.reply is not None and error.reply.status is not None
    return answered or not isinstance(error, (ModelUnavailable, ModelTimeout))


def is_missing_path(error: object) -> bool:
    """Return whether the host responded that it has nothing at this path or accepts no calls there."""
    return isinstance(error, ModelUnavailable) and error.reply is not None and error.reply.status in (404, 405)


def judge_path(first: ModelError) -> Finding:
    """Return the finding for `first`, an error for which `is_missing_path` is true."""
    status = first.reply.status if first.reply else None
    advice = "Check the path of DEEPSEEK_BASE_URL: most providers' base URLs end in /v1, and none in /chat/completions."
    return Finding("reached", Verdict.NO, f"{first.code} · {status} · the host responds, but the path is wrong", advice)


def judge_key(first: Result) -> Finding:
    if isinstance(first, ModelUnauthorized):
        return to_finding("key", first)
    if isinstance(first, (ModelMalformed, ModelUnavailable, ModelTimeout)):
        return Finding("key", Verdict.NOT_TRIED, "not known, because every call failed earlier")
    return Finding("key", Verdict.YES, "the key is accepted")


def judge_model(first: Result, offered: Sequence[str]) -> Finding:
    """Return the finding for the model's name. `offered` are the names that the endpoint lists, empty without a list."""
    name, retirement = settings.current().deepseek_model, find_retirement()
    advice = _advise_on_name(name, retirement and retirement.successor, offered)
    if isinstance(first, ModelNotFound):
        return to_finding("model", first, advice)
    if retirement is not None:
        return Finding("model", Verdict.UNCERTAIN, f"the provider retires {name} on {retirement.on}", advice)
    if name in offered:
        return Finding("model", Verdict.YES, f"{name} is one of the {len(offered)} models that GET /models lists")
    if offered:
        seen = f"{name} answers, but GET /models does not list it: it may be an alias, or about to be retired"
        return Finding("model", Verdict.UNCERTAIN, seen if isinstance(first, Completion) else f"GET /models does not list {name}", advice)
    if isinstance(first, Completion):
        return Finding("model", Verdict.YES, f"{name} answers; GET /models returns no list")
    return Finding("model", Verdict.NOT_TRIED, "not known, because every call failed earlier")


def judge_answer(check: str, made: Result) -> Finding:
    return to_finding(check, made) if isinstance(made, ModelError) else Finding(check, Verdict.YES, f"in {made.latency_ms:,} ms, by {made.model}")


def judge_tools(made: Result, expected: str) -> Finding:
    """Return the finding for tool calls. `expected` is a word of the tool's result that the answer has to contain."""
    if isinstance(made, ModelError):
        return to_finding("tools", made, verdict=Verdict.UNCERTAIN)
    if made.tools_used and expected in made.text:
        return Finding("tools", Verdict.YES, "the model called a tool and used its result")
    seen = "the model called the tool, but did not use its result" if made.tools_used else "the model answered without calling the required tool"
    return Finding("tools", Verdict.UNCERTAIN, seen, "Chats work, but the model does not search earlier days. If it should, try another DEEPSEEK_MODEL.")


def judge_json(made: Result) -> Finding:
    """Return the finding for JSON output. `made` has the number of the diary's lines as its text."""
    if isinstance(made, ModelError):
        return to_finding("json", made)
    return Finding("json", Verdict.YES, f"the model wrote a diary of {made.text} lines for a sample day")


def judge_thinking(first: Result, title: Result) -> Finding:
    """Return the finding for disabled thinking.

    A title has a limit of a few tokens, which a thought uses up if it was not switched off. Chats are included if MODEL_THINKING disables their
    thought.
    """
    if isinstance(title, ModelError):
        return to_finding("thinking_off", title, verdict=Verdict.UNCERTAIN)
    silent = [made for made in (title, None if thinking.is_wanted("chat") else first) if isinstance(made, Completion)]
    thought = sum(made.usage.thinking_tokens for made in silent)
    if not thought and not any(made.thought for made in silent):
        return Finding("thinking_off", Verdict.YES, "no reasoning in calls with thinking switched off")
    seen = f"{thought:,} reasoning tokens were billed" if thought else "the response contained reasoning"
    if providers.current().provider.thinks_always:
        advice = "None required. If cost or time matter, try another DEEPSEEK_MODEL."
        return Finding("thinking_off", Verdict.UNCERTAIN, f"{seen}: this provider's models always think", advice)
    advice = "Set MODEL_PROVIDER to this endpoint's provider, or `thinking_off` in MODEL_OPTIONS."
    return Finding("thinking_off", Verdict.UNCERTAIN, seen, advice)


def judge_cache(repeated: Result) -> Finding:
    if isinstance(repeated, ModelError):
        return to_finding("cache", repeated, verdict=Verdict.UNCERTAIN)
    if repeated.usage.cached_tokens:
        return Finding("cache", Verdict.YES, f"{repeated.usage.cached_tokens:,} of {repeated.usage.input_tokens:,} prompt tokens came from the cache")
    advice = "None required: every prompt token may cost the full price, or the cache was not ready yet."
    return Finding("cache", Verdict.UNCERTAIN, "no cached tokens were reported for a repeated prompt", advice)


def to_finding(check: str, error: ModelError, advice: str | None = None, *, verdict: Verdict = Verdict.NO) -> Finding:
    """Return a finding with our error code, the provider's own text, and what to do about it."""
    if isinstance(error, NoTimeLeft):
        return Finding(check, Verdict.NOT_TRIED, error.summary, "Raise the function's time limit, or run `unilife check-model` at the command line.")
    reply = error.reply
    said = [str(part) for part in (reply.status, reply.code, reply.message) if part] if reply else []
    return Finding(check, verdict, " · ".join([error.code, *said]), advice or logs.suggested_action({"code": error.code}))


def _advise_on_name(name: str, successor: str | None, offered: Sequence[str]) -> str | None:
    nearest = model_list.find_nearest(name, [other for other in offered if other not in (name, successor)])
    names = [successor, *nearest] if successor else nearest
    return f"Set DEEPSEEK_MODEL to {' or '.join(names)}." if names else None
