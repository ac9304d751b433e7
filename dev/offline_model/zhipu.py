"""Zhipu's errors by their business codes, as docs.bigmodel.cn/cn/api/api-code lists them (November 2026)."""

from __future__ import annotations

from typing import Any, Final, Literal

Meaning = Literal["account", "busy", "filtered", "too_long", "key", "model"]


def _error(code: int, message: str) -> dict[str, Any]:
    return {"error": {"code": str(code), "message": message}}


_FILTERED = "系统检测到输入或生成内容可能包含不安全或敏感内容，请您避免输入易产生敏感内容的提示语，感谢您的配合。"

ZHIPU: Final[dict[int, tuple[Meaning, int, dict[str, Any]]]] = {
    1000: ("key", 401, _error(1000, "身份验证失败。")),
    1001: ("key", 401, _error(1001, "Header 中未收到 Authentication 参数，无法进行身份验证。")),
    1002: ("key", 401, _error(1002, "Authentication Token 非法，请确认 Authentication Token 正确传递。")),
    1003: ("key", 401, _error(1003, "Authentication Token 已过期，请重新生成/获取。")),
    1004: ("key", 401, _error(1004, "通过提供的 Authentication Token 的验证失败。")),
    1113: ("account", 429, _error(1113, "您的账户已欠费，请充值后重试。")),
    1211: ("model", 400, _error(1211, "模型不存在，请检查模型代码。")),
    1261: ("too_long", 400, _error(1261, "Prompt 超长")),
    1301: ("filtered", 400, {"contentFilter": [{"level": 1, "role": "user"}], **_error(1301, _FILTERED)}),
    1302: ("busy", 429, _error(1302, "您的账户已达到速率限制，请您控制请求频率。")),
    1303: ("busy", 429, _error(1303, "您当前使用该 API 的频率过高，请降低频率，或联系客服增加限额。")),
    1305: ("busy", 429, _error(1305, "该模型当前访问量过大，请您稍后再试。")),
}
"""Meaning, HTTP status and body by code."""
