"""Settings of the function: read once from the environment, with all errors reported together and secrets never shown.

All packages read them with `current()`. The table in README.md documents each name; a test compares the two.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from secrets import token_hex
from typing import TypeVar

from settings_checks import MODEL_OPTIONS as MODEL_OPTIONS
from settings_checks import (
    check_api_key,
    check_currency,
    check_database_url,
    check_http_url,
    check_long_secret,
    check_model_options,
    check_origin,
    check_strong_secret,
    find_meant,
    find_quotes,
    has_invisible,
    normalize_origin,
)

VERSION = "0.1.0"

MODEL_PROVIDERS = ("deepseek", "openai", "dashscope", "zhipu", "moonshot", "ark", "openrouter", "vllm", "ollama", "llama.cpp", "plain")
"""The names of the rows in `llm.providers`."""

DEFAULT_MODEL = "deepseek-flash"
CURRENT_MODELS = (DEFAULT_MODEL, "unilife-offline")
"""Model names that are known not to be retired, so that they need no look-up."""

THINKING_PURPOSES = ("chat", "summary", "diary", "week")
"""The purposes of model calls that may use thinking; a title is not among them because it is not worth the cost."""

TRUSTED_DOCUMENTS_FILE = "trusted-documents.json"
"""The manifest in a package, which TRUSTED_DOCUMENTS_FILES names by default."""

MODEL_CHECK_OFF = "off"
"""The value of MODEL_CHECK without second readings."""


class SettingsError(Exception):
    """All errors in the environment, one line each; the values of secrets are never part of the message."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("the settings are invalid:\n  - " + "\n  - ".join(faults))
        self.faults = faults


class Secret:
    """A string that a repr, a log line or a traceback does not show."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(set)" if self._value else "Secret(empty)"


@dataclass(frozen=True)
class Settings:
    """All settings, parsed. Times in seconds, lengths in model tokens, prices in billionths of a currency per million tokens."""

    postgresql_url: Secret
    db_type: str
    database_pool_size: int
    statement_timeout_seconds: float
    migrate_by_event: bool
    deepseek_api_key: Secret
    deepseek_base_url: str
    deepseek_model: str
    model_provider: str
    model_options: str
    model_thinking: frozenset[str]
    model_check: str
    """The model of second readings; "" for that of all other calls, MODEL_CHECK_OFF for none."""
    model_timeout_seconds: float
    stream_grace_seconds: float
    """Seconds for which a streamed answer goes on without a reader."""
    model_input_price: int | None
    model_cached_input_price: int | None
    model_output_price: int | None
    model_price_currency: str
    history_tokens: int
    profile_tokens: int
    diary_tokens: int
    jwt_secret_key: Secret
    jwt_previous_secret_key: Secret
    jwt_algorithm: str
    jwt_expire_minutes: int
    refresh_expire_days: int
    registration_open: bool
    registrations_per_address: int
    password_min_length: int
    debug: bool
    log_level: str
    serverless: bool
    function_timeout_seconds: float
    chat_tokens_per_day: int
    storage_per_user: int
    night_concurrency: int
    model_enabled: bool
    model_concurrency: int
    model_calls_per_minute: int
    night_tokens_per_day: int
    night_tokens_per_user: int
    item_attempts: int
    suggested_replies: bool
    cors_origins: tuple[str, ...]
    trusted_documents: str
    trusted_documents_files: tuple[str, ...]
    """Manifests of the frontends' documents; relative paths start from the directory of this module."""

    @property
    def allows_introspection(self) -> bool:
        """Return whether clients may query the schema: in development, unless only trusted documents run."""
        return self.debug and self.trusted_documents != "only"

    @property
    def checks_claims(self) -> bool:
        """Return whether a model reads a second time what the rules of a diary's check cannot decide."""
        return self.model_check != MODEL_CHECK_OFF

    @property
    def checking_model(self) -> str:
        """Return the name of the model that does; the usual one while second readings are off."""
        return self.model_check if self.model_check not in ("", MODEL_CHECK_OFF) else self.deepseek_model


def load(environ: Mapping[str, str]) -> Settings:
    """Parse an environment. Raises `SettingsError`, which lists every invalid setting by name."""
    reader = _Reader(environ)
    debug, serverless = reader.flag("DEBUG", False), reader.flag("SERVERLESS", True)
    settings = Settings(
        postgresql_url=Secret(reader.text("POSTGRESQL_URL", check=check_database_url)),
        db_type=reader.choice("DB_TYPE", "postgresql", ("postgresql",), fold=str.lower),
        database_pool_size=reader.whole("DATABASE_POOL_SIZE", 2 if serverless else 10, 1, 50),
        statement_timeout_seconds=reader.number("STATEMENT_TIMEOUT_SECONDS", 8.0, 0.1, 600.0),
        migrate_by_event=reader.flag("MIGRATE_BY_EVENT", False),
        deepseek_api_key=Secret(reader.text("DEEPSEEK_API_KEY", check=check_api_key)),
        deepseek_base_url=reader.text("DEEPSEEK_BASE_URL", "https://api.deepseek.com", check=check_http_url).rstrip("/"),
        deepseek_model=reader.text("DEEPSEEK_MODEL", DEFAULT_MODEL),
        model_provider=reader.choice("MODEL_PROVIDER", "", ("", *MODEL_PROVIDERS), fold=str.lower),
        model_options=reader.text("MODEL_OPTIONS", "{}", check=check_model_options),
        model_thinking=reader.thinking("MODEL_THINKING"),
        model_check=reader.name_or_off("MODEL_CHECK"),
        model_timeout_seconds=reader.number("MODEL_TIMEOUT_SECONDS", 60.0, 1.0, 600.0),
        stream_grace_seconds=reader.number("STREAM_GRACE_SECONDS", 30.0, 0.0, 600.0),
        model_input_price=reader.price("MODEL_INPUT_PRICE"),
        model_cached_input_price=reader.price("MODEL_CACHED_INPUT_PRICE"),
        model_output_price=reader.price("MODEL_OUTPUT_PRICE"),
        model_price_currency=reader.text("MODEL_PRICE_CURRENCY", "USD", check=check_currency),
        history_tokens=reader.whole("HISTORY_TOKENS", 6000, 200, 500_000),
        profile_tokens=reader.whole("PROFILE_TOKENS", 800, 0, 100_000),
        diary_tokens=reader.whole("DIARY_TOKENS", 600, 0, 100_000),
        jwt_secret_key=Secret(
            reader.text("JWT_SECRET_KEY", token_hex(32), check=check_long_secret) if debug else reader.text("JWT_SECRET_KEY", check=check_strong_secret)
        ),
        jwt_previous_secret_key=Secret(reader.optional_text("JWT_PREVIOUS_SECRET_KEY", check=check_long_secret if debug else check_strong_secret)),
        jwt_algorithm=reader.choice("JWT_ALGORITHM", "HS256", ("HS256",), fold=str.upper),
        jwt_expire_minutes=reader.whole("JWT_EXPIRE_MINUTES", 30, 1, 1440),
        refresh_expire_days=reader.whole("REFRESH_EXPIRE_DAYS", 30, 1, 365),
        registration_open=reader.flag("REGISTRATION_OPEN", True),
        registrations_per_address=reader.whole("REGISTRATIONS_PER_ADDRESS", 20, 1, 100_000),
        password_min_length=reader.whole("PASSWORD_MIN_LENGTH", 15, 8, 64),
        debug=debug,
        log_level=reader.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"), fold=str.upper),
        serverless=serverless,
        function_timeout_seconds=reader.number("FUNCTION_TIMEOUT_SECONDS", 60.0, 3.0, 86_400.0),
        chat_tokens_per_day=reader.whole("CHAT_TOKENS_PER_DAY", 0, 0, 10**9),
        storage_per_user=reader.whole("STORAGE_PER_USER", 500_000_000, 0, 10**15),
        night_concurrency=reader.whole("NIGHT_CONCURRENCY", 20, 1, 500),
        model_enabled=reader.flag("MODEL_ENABLED", True),
        model_concurrency=reader.whole("MODEL_CONCURRENCY", 200, 1, 100_000),
        model_calls_per_minute=reader.whole("MODEL_CALLS_PER_MINUTE", 0, 0, 10_000_000),
        night_tokens_per_day=reader.whole("NIGHT_TOKENS_PER_DAY", 0, 0, 10**15),
        night_tokens_per_user=reader.whole("NIGHT_TOKENS_PER_USER", 0, 0, 10**15),
        item_attempts=reader.whole("ITEM_ATTEMPTS", 4, 1, 20),
        suggested_replies=reader.flag("SUGGESTED_REPLIES", False),
        cors_origins=reader.origins("CORS_ORIGINS"),
        trusted_documents=(trusted := reader.choice("TRUSTED_DOCUMENTS", "off", ("off", "prefer", "only"), fold=str.lower)),
        trusted_documents_files=reader.manifests("TRUSTED_DOCUMENTS_FILES") if trusted in ("prefer", "only") else (),
    )
    if settings.jwt_previous_secret_key and settings.jwt_previous_secret_key == settings.jwt_secret_key:
        reader.faults.append("JWT_PREVIOUS_SECRET_KEY is the same as JWT_SECRET_KEY; remove it, or set a new JWT_SECRET_KEY")
    _check_prices(reader)
    if reader.faults:
        raise SettingsError(reader.faults)
    return settings


def find_doubts(environ: Mapping[str, str], loaded: Settings) -> list[str]:
    """Return what is given and has no effect, one sentence each: names that are nearly a setting's, and settings that others make useless."""
    known = sorted(name.upper() for name in Settings.__dataclass_fields__)
    meant = {name: find_meant(name, known) for name in sorted(environ) if name not in known}
    found = [f"{name} is no setting and has no effect: {setting} may be meant" for name, setting in meant.items() if setting and setting not in environ]
    if environ.get("TRUSTED_DOCUMENTS_FILES", "").strip() and not environ.get("TRUSTED_DOCUMENTS", "").strip():
        found.append("TRUSTED_DOCUMENTS_FILES has no effect without TRUSTED_DOCUMENTS: set that to prefer or only, or to off")
    if loaded.night_tokens_per_user > loaded.night_tokens_per_day > 0:
        found.append("NIGHT_TOKENS_PER_USER has no effect above NIGHT_TOKENS_PER_DAY: lower it, or remove it")
    return found


def _check_prices(reader: _Reader) -> None:
    """Add a fault for a price that would have no effect: the price list is replaced only by both prices, in their currency."""
    both = ("MODEL_INPUT_PRICE", "MODEL_OUTPUT_PRICE")
    missing = [name for name in both if not reader.is_set(name)]
    for name in (*both, "MODEL_CACHED_INPUT_PRICE"):
        if missing and reader.is_set(name):
            reader.faults.append(f"{name} has no effect without {' and '.join(missing)}: set {'that' if len(missing) == 1 else 'these'} too, or remove it")
    if missing and reader.is_set("MODEL_PRICE_CURRENCY") and reader.text("MODEL_PRICE_CURRENCY") != "USD":
        reader.faults.append(f"MODEL_PRICE_CURRENCY has no effect without {' and '.join(missing)}: DeepSeek's own price list is in USD")


@lru_cache(maxsize=1)
def current() -> Settings:
    """Return the settings of the process, read from the environment at the first call. Raises `SettingsError`."""
    return load(_environ())


@lru_cache(maxsize=1)
def current_doubts() -> Sequence[str]:
    """Return what the environment of the process gives without effect, as it was at the first call. Raises `SettingsError`."""
    return find_doubts(_environ(), current())


def _environ() -> dict[str, str]:
    return {**_huawei_user_data(os.environ.get("RUNTIME_USERDATA")), **os.environ}


def _huawei_user_data(text: str | None) -> dict[str, str]:
    """Parse RUNTIME_USERDATA, in which Huawei FunctionGraph passes the function's variables as a JSON object, besides or instead of the environment."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items() if value is not None} if isinstance(found, dict) else {}


NumberT = TypeVar("NumberT", int, float)


class _Reader:
    """Reads variables one by one and collects all errors instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.faults: list[str] = []

    def is_set(self, name: str) -> bool:
        return bool(self._environ.get(name, "").strip())

    def text(self, name: str, default: str | None = None, check: Callable[[str], str | None] | None = None) -> str:
        value = self._read(name) or default
        if value is None:
            self.faults.append(f"{name} is missing")
            return ""
        fault = check(value) if check else None
        if fault:
            self.faults.append(f"{name} {fault}")
        return value

    def _read(self, name: str) -> str:
        """Return the value without the spaces around it. Files of variables pass quotation marks on, so these are a fault; what is between is read on."""
        value = self._environ.get(name, "").strip()
        if (marks := find_quotes(value)) is not None:
            self._note(f"{name} begins and ends with {marks}, which would be part of the value: remove them")
            value = value[1:-1].strip()
        if has_invisible(value) and name != "POSTGRESQL_URL":  # a password may have any character
            self._note(f"{name} has an invisible character, which may have been copied along: type the value anew")
        return value

    def _note(self, fault: str) -> None:
        if fault not in self.faults:
            self.faults.append(fault)

    def optional_text(self, name: str, check: Callable[[str], str | None]) -> str:
        return self.text(name, check=check) if self.is_set(name) else ""

    def choice(self, name: str, default: str, choices: tuple[str, ...], fold: Callable[[str], str] | None = None) -> str:
        value = self._read(name) or default
        value = fold(value) if fold else value
        if value not in choices:
            self.faults.append(f"{name} must be {' or '.join(filter(None, choices))}")
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self._read(name).lower()
        if value in ("1", "true", "yes", "on"):
            return True
        if value in ("0", "false", "no", "off"):
            return False
        if value:
            self.faults.append(f"{name} must be true or false")
        return default

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        return self._bounded(name, default, low, high, int, "an integer")

    def number(self, name: str, default: float, low: float, high: float) -> float:
        return self._bounded(name, default, low, high, float, "a number")

    def price(self, name: str) -> int | None:
        """Read a decimal as an exact number of billionths; return None if it is not set."""
        value = self._read(name)
        found = re.fullmatch(r"(\d{1,6})(?:\.(\d{1,9}))?", value, re.ASCII)
        if value and not found:
            self.faults.append(f"{name} must be a number from 0 to 999999 with at most 9 decimals, such as 0.15")
        return int(found[1]) * 10**9 + int((found[2] or "").ljust(9, "0")) if found else None

    def name_or_off(self, name: str) -> str:
        """Read a name, or one of the words for off; return MODEL_CHECK_OFF for these, and "" if it is not set."""
        value = self._read(name)
        if value.lower() in ("on", "true", "1", "yes", "none"):
            self.faults.append(f"{name} must be the name of a model, or off; leave it empty for the model of DEEPSEEK_MODEL")
        return MODEL_CHECK_OFF if value.lower() in ("off", "false", "0", "no") else value

    def thinking(self, name: str) -> frozenset[str]:
        """Read `off`, `on` or a list of purposes; return the purposes that think."""
        words = [word.strip().lower() for word in self._read(name).split(",") if word.strip()]
        if words in ([], ["off"], ["false"], ["0"], ["no"]):
            return frozenset()
        if words in (["on"], ["true"], ["1"], ["yes"]):
            return frozenset(THINKING_PURPOSES)
        if not set(words) <= set(THINKING_PURPOSES):
            self.faults.append(f"{name} must be off, on, or a list of {', '.join(THINKING_PURPOSES)} separated by commas")
        return frozenset(words)

    def origins(self, name: str) -> tuple[str, ...]:
        """Read origins of pages, in the form in which browsers send them."""
        found = tuple(normalize_origin(word) for word in self._words(name))
        for fault in filter(None, map(check_origin, found)):
            self.faults.append(f"{name} {fault}")
        if "*" in found and len(set(found)) > 1:
            self.faults.append(f"{name} has * beside other origins, which then mean nothing: keep * alone, or remove it")
        return found

    def _words(self, name: str) -> tuple[str, ...]:
        return tuple(word.strip().rstrip("/") for word in self._read(name).split(",") if word.strip())

    def manifests(self, name: str) -> tuple[str, ...]:
        """Read paths of files, which must exist."""
        found = self._words(name) or (TRUSTED_DOCUMENTS_FILE,)
        for path in found:
            if not os.path.isfile(os.path.join(os.path.dirname(os.path.abspath(__file__)), path)):
                self.faults.append(f"{name} has no file {path!r}: `make web` and `unilife package --trusted-documents` make one")
        return found

    def _bounded(self, name: str, default: NumberT, low: NumberT, high: NumberT, parse: Callable[[str], NumberT], kind: str) -> NumberT:
        value = self._read(name)
        found: NumberT | None
        try:
            found = parse(value) if value else default
        except ValueError:
            found = None
        if found is None or not low <= found <= high:
            self.faults.append(f"{name} must be {kind} from {low} to {high}")
            return default
        return found
