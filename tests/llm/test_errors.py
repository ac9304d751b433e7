"""Errors as each provider words them, over HTTP: the exception class, the reply logged for the operator, the usage counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

import settings
from dev.offline_model.provider_errors import ERRORS
from llm import client, endpoint_adjustments, error_bodies, error_meanings, errors, providers
from llm.error_bodies import ErrorBody
from llm.messages import ChatMessage
from llm.providers import PROVIDERS
from tests.llm.conftest import OfflineModel

CLASSES: dict[str, tuple[type[errors.ModelError], ...]] = {
    "account": (errors.ModelQuotaExceeded,),
    "busy": (errors.ModelRateLimited, errors.ModelUnavailable),
    "filtered": (errors.ModelFiltered,),
    "too_long": (errors.ModelContextTooLong,),
    "key": (errors.ModelUnauthorized,),
    "model": (errors.ModelNotFound,),
    "server": (errors.ModelUnavailable,),
}
ACCOUNT_WIDE = ("account", "key", "model")
PROVIDER_NAMES = {provider.name for provider in PROVIDERS}
QUESTION: list[ChatMessage] = [{"role": "user", "content": "I went hiking in the hills today."}]


async def complete() -> object:
    return await client.complete(QUESTION, max_tokens=200, timeout=40)


async def stream() -> object:
    return [item async for item in client.stream(QUESTION, max_tokens=200, timeout=40)]


def provider_of(kind: str) -> str:
    name = {"llamacpp": "llama.cpp", "azure": "openai"}.get(kind.partition("-")[0], kind.partition("-")[0])
    return name if name in PROVIDER_NAMES else "plain"


@pytest.mark.anyio
@pytest.mark.parametrize("own_row", [True, False])
@pytest.mark.parametrize("call", [complete, stream])
@pytest.mark.parametrize("inside", ["", "error-in-200:"])
async def test_model_call_each_provider_error_raises_its_class(
    model: OfflineModel, monkeypatch: pytest.MonkeyPatch, inside: str, call: Callable[[], Awaitable[object]], own_row: bool
) -> None:
    wrong: list[tuple[Any, ...]] = []
    for kind, error in ERRORS.items():
        monkeypatch.setenv("MODEL_PROVIDER", provider_of(kind) if own_row else "")
        settings.current.cache_clear()
        endpoint_adjustments.forget()
        model.fail(always=inside + kind)
        with pytest.raises(errors.ModelError) as raised:
            await call()
        found = raised.value
        assert found.reply is not None and found.reply.status is not None, kind
        right = type(found) in CLASSES[error.meaning] and found.affects_all_users == (error.meaning in ACCOUNT_WIDE)
        if not right or found.retryable != (error.meaning in ("busy", "server")):
            wrong.append((kind, type(found).__name__, found.reply))
    assert not wrong


@pytest.mark.anyio
async def test_stream_error_event_raises_its_class_with_usage(model: OfflineModel) -> None:
    model.fail(always="error-in-sse:zhipu-1305")
    pieces: list[object] = []
    with pytest.raises(errors.ModelRateLimited) as raised:
        async for piece in client.stream(QUESTION, max_tokens=200, timeout=40):
            pieces.append(piece)
    assert raised.value.usage.input_tokens > 0
    assert raised.value.reply is not None and raised.value.reply.code == "1305"


@pytest.mark.anyio
async def test_provider_reply_of_a_failed_call_has_status_code_and_message(model: OfflineModel) -> None:
    model.fail(always="402")
    with pytest.raises(errors.ModelQuotaExceeded) as raised:
        await complete()
    assert raised.value.reply == errors.ProviderReply(402, "insufficient_balance", "insufficient balance")
    assert raised.value.__cause__ is None and raised.value.__context__ is None


@pytest.mark.anyio
async def test_provider_reply_of_an_html_page_has_status_and_text(model: OfflineModel) -> None:
    model.fail(always="html")
    for call in (complete, stream):
        with pytest.raises(errors.ModelMalformed) as raised:
            await call()
        assert raised.value.reply is not None and raised.value.reply.status == 200 and "Bad gateway" in str(raised.value.reply.message)


def classify(status: int, body: object, sent: str = "hello", row: str = "plain") -> type[errors.ModelError]:
    provider = next(provider for provider in PROVIDERS if provider.name == row)
    return error_meanings.classify(error_bodies.read(body, status), provider, sent)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, {"error": {"message": "Model Not Exist"}}, errors.ModelNotFound),
        (400, {"error": {"message": "The model `x` has been retired, use y"}}, errors.ModelNotFound),
        (400, {"error": {"message": "This model's maximum context length is 65536 tokens"}}, errors.ModelContextTooLong),
        (400, {"code": "DataInspectionFailed", "message": "no"}, errors.ModelFiltered),
        (400, {"error": {"code": "SensitiveContentDetected.Violence", "message": "no"}}, errors.ModelFiltered),
        (403, {"error": {"code": "AccountOverdueError", "message": "no"}}, errors.ModelQuotaExceeded),
        (429, {"error": {"code": "1113", "message": "no"}}, errors.ModelQuotaExceeded),
        (429, {"error": {"code": "1302", "message": "no"}}, errors.ModelRateLimited),
        (429, {"error": {"message": "no", "type": "engine_overloaded_error"}}, errors.ModelRateLimited),
        (404, {"error": {"code": "InvalidEndpointOrModel.NotFound", "message": "no"}}, errors.ModelNotFound),
        (529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, errors.ModelUnavailable),
        (503, "", errors.ModelUnavailable), (502, "<html>", errors.ModelUnavailable), (418, {}, errors.ModelRejected), (413, {}, errors.ModelContextTooLong),
        (400, {"detail": "Extra inputs are not permitted"}, errors.ModelRejected), (400, None, errors.ModelRejected), (400, [1], errors.ModelRejected),
        (402, None, errors.ModelQuotaExceeded), (401, "no", errors.ModelUnauthorized), (404, "<html>", errors.ModelUnavailable),
        (404, {"detail": "Not Found"}, errors.ModelUnavailable), (404, "404 page not found", errors.ModelUnavailable), (405, {}, errors.ModelUnavailable),
        (404, "<html><title>Model Studio: not found</title>", errors.ModelUnavailable), (404, "Cannot GET /models/x", errors.ModelUnavailable),
        (404, {"error": {"code": 404, "message": "File Not Found", "type": "not_found_error"}}, errors.ModelUnavailable),
        (404, {"error": {"message": "Invalid URL (POST /chat/completions)", "type": "invalid_request_error"}}, errors.ModelUnavailable),
        (404, {"detail": "model: gone"}, errors.ModelNotFound), (404, {"code": "model_missing", "message": "no"}, errors.ModelNotFound),
        (404, {"message": "No endpoints found matching your data policy"}, errors.ModelNotFound), (404, {"msg": "没有这个模型"}, errors.ModelNotFound),
        (403, {"error": {"message": "Key limit exceeded (total limit).", "code": 403}}, errors.ModelQuotaExceeded),
        (403, {"error": {"message": "no", "code": "insufficient_user_quota"}}, errors.ModelQuotaExceeded),
        (403, {"error": {"message": "用户额度不足, 剩余额度: 0"}}, errors.ModelQuotaExceeded),
        (401, {"error": {"message": "该令牌额度已用尽 !token.UnlimitedQuota"}}, errors.ModelQuotaExceeded),
        (400, {"error": {"message": "Your credit balance is too low to access the API."}}, errors.ModelQuotaExceeded),
        (400, {"error": {"type": "invalid_request_error", "message": "You have reached your specified API usage limits. You will regain access on "
                         "2026-12-01 at 00:00 UTC."}}, errors.ModelQuotaExceeded),
        (429, {"error": {"message": "Budget has been exceeded! Key=e7 Current cost: 3.1, Max budget: 2.5", "type": "budget_exceeded", "code": "429"}},
         errors.ModelQuotaExceeded),
        (400, {"error": {"message": "ExceededBudget: End User=ann over budget. Spend=0.0008, Budget=0.0001", "type": "auth_error", "code": 400}},
         errors.ModelQuotaExceeded),
        (429, {"error": {"message": "LiteLLM User: engineer-1, exceeded budget for model=m", "type": "budget_exceeded", "code": "429"}},
         errors.ModelQuotaExceeded),
        (429, {"error": {"message": "You have reached your monthly spending limit."}}, errors.ModelQuotaExceeded),
        (429, {"error": {"message": "Rate limit: 3 requests per minute"}}, errors.ModelRateLimited),
        (400, {"error": {"message": "The model `x` has reached its end of life"}}, errors.ModelNotFound),
        (400, {"error": {"message": "The model x was sunset on May 1."}}, errors.ModelNotFound),
        (400, {"error": {"message": "This model is deprecated and removed"}}, errors.ModelNotFound),
        (400, {"error": {"message": "模型 x 已下线"}}, errors.ModelNotFound), (400, {"error": {"message": "该模型已停用"}}, errors.ModelNotFound),
        (400, {"error": {"message": "This field has reached its end of life; 参数已停用"}}, errors.ModelRejected),
        (500, {"error": {"message": "This model's maximum context length is 4096 tokens"}}, errors.ModelContextTooLong),
        (500, {"error": {"message": "Content Exists Risk"}}, errors.ModelFiltered), (500, {"error": {"message": "Model Not Exist"}}, errors.ModelUnavailable),
        (503, {"error": {"message": "maximum context length"}}, errors.ModelUnavailable),
    ],
)
def test_classify_error_body_goes_by_code_then_message_then_status(status: int, body: object, expected: type[errors.ModelError]) -> None:
    assert classify(status, body) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [("Model.AccessDenied", errors.ModelNotFound), ("AccessDenied.Unpurchased", errors.ModelNotFound), ("AccessDenied", errors.ModelUnauthorized)],
)
def test_classify_access_denied_code_tells_one_model_from_the_account(code: str, expected: type[errors.ModelError]) -> None:
    assert classify(403, {"error": {"code": code, "message": "Access denied."}}, row="dashscope") is expected


@pytest.mark.parametrize("words", ["Model Not Exist", "insufficient balance", "content_filter", "maximum context length"])
def test_classify_words_of_the_request_itself_are_ignored(words: str) -> None:
    body = {"error": {"message": f"cannot read the text '{words}'"}}
    assert classify(400, body) is not errors.ModelRejected
    assert classify(400, body, sent=f"I say: {words.upper()}") is errors.ModelRejected


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": {"message": "m", "code": 1, "type": "t", "param": "p"}}, ErrorBody(400, "1", "t", "p", "m")),
        ({"error": "m"}, ErrorBody(400, message="m")),
        ({"code": "c", "message": "m"}, ErrorBody(400, "c", message="m")),
        ({"detail": [{"loc": ["body", "seed"], "msg": "extra"}]}, ErrorBody(400, param="seed", message="extra")),
        ({"error": {"message": "m", "metadata": {"raw": "inner"}}}, ErrorBody(400, message="m; inner")),
        ({"base_resp": {"status_code": 1008, "status_msg": "m"}}, ErrorBody(400, "1008", message="m")),
        ("a page", ErrorBody(400, message="a page")),
        (7, ErrorBody(400)),
    ],
)
def test_read_error_body_in_any_form_returns_its_fields(body: object, said: ErrorBody) -> None:
    assert error_bodies.read(body, 400) == said


@pytest.mark.parametrize(
    "body",
    [{"error": {"message": "m"}}, {"error": "m"}, {"code": "c", "message": "m"}, {"object": "error", "message": "m"}, {"choices": [], "error": {"code": 1}}],
)
def test_is_error_body_of_status_200_with_an_error_returns_true(body: object) -> None:
    assert error_bodies.is_error(body)
    assert not any(error_bodies.is_error(good) for good in ({"choices": []}, {"choices": [], "error": None}, {}, [], "text"))


def test_provider_codes_of_all_providers_have_a_meaning() -> None:
    known = set(error_meanings._MEANINGS)
    assert {meaning for provider in providers.PROVIDERS for meaning in provider.codes.values()} <= known
    assert all(code == code.lower() for provider in providers.PROVIDERS for code in provider.codes)
