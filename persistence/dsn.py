"""Parser of POSTGRESQL_URL, in the form of SQLAlchemy, libpq or a vendor's console, into the parameters of asyncpg.

No parameter is dropped silently: each is passed on, known to have no effect here, or refused by its name.
"""
from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from urllib.parse import unquote

_URL = re.compile(
    r"(?:postgresql|postgres)(?:\+\w+)?://(?:(?P<user>[^:@/]*)(?::(?P<password>.*))?@)?(?P<hosts>[^/?@]*)"
    r"(?:/(?P<database>[^?]*))?(?:\?(?P<query>.*))?$",
    re.DOTALL,
)
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
TLS_VERSIONS = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
SYSTEM = "system"
"""The value of `sslrootcert` for the certificate authorities that the operating system trusts."""

_PLACE = ("host", "port", "user", "password", "dbname", "database")
_TLS = (
    "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "sslpassword", "ssl_min_protocol_version", "ssl_max_protocol_version",
    "sslnegotiation", "target_session_attrs",
)  # fmt: skip
_READ_HERE = (
    "application_name", "channel_binding", "client_encoding", "connect_timeout", "fallback_application_name", "gssencmode", "options", "pgbouncer", "ssl",
)  # fmt: skip
_CHANGE_NOTHING = (
    "connection_limit", "keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval", "pool_timeout", "sslcompression", "sslsni",
    "supa", "tcp_user_timeout", "uselibpqcompat", "workaround",
)  # fmt: skip
"""Parameters without effect here. libpq's: keepalive settings, and features that asyncpg does not have. Vendors': markers and limits for other
languages' drivers."""

_POOLER_PORTS = (6432, 6543)
"""The default port of pgbouncer and that of Supabase's transaction mode."""
_POOLER_HOST = re.compile(r"[\w-]+-pooler\.", re.ASCII)
"""The host names of Neon's pooler."""
_YES, _NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


class InvalidUrl(ValueError):
    """The database URL cannot be parsed. The message never shows the URL, because it contains a password."""


@dataclass(frozen=True)
class Target:
    """The parsed address of the database. `tls` holds the libpq parameters that the driver knows, as they were given.

    `pooled` says whether a pooler shares connections in transaction mode; None when the URL does not tell.
    """

    host: str | None = None
    port: int | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    database: str | None = None
    tls: dict[str, str] = field(default_factory=dict)
    server_settings: dict[str, str] = field(default_factory=dict)
    connect_timeout: float | None = None
    pooled: bool | None = None


def parse(url: str) -> Target:
    """Read a URL (`postgresql://…`, `postgres://…`, `postgresql+asyncpg://…`) or libpq's `host=… dbname=…`.

    The password may contain any character, escaped or not: it ends at the last @. Raises `InvalidUrl`.
    """
    if "://" not in url:
        return _target(_keywords(url))
    match = _URL.match(_at_last(url))
    if not match:
        raise InvalidUrl("POSTGRESQL_URL must have the form postgresql://user:password@host:port/database")
    host, port = _host_and_port(match["hosts"])
    found = {"user": match["user"], "password": match["password"], "host": host, "port": port, "dbname": match["database"]}
    parameters = {key: unquote(value) for key, value in found.items() if value}
    return _target({**parameters, **_query(match["query"] or "")})


def _at_last(url: str) -> str:
    """Escape the characters of the password that would end it early: /, ?, @ and # before the last @ of the URL."""
    scheme, rest = url.split("://", 1)
    secret, at, address = rest.rpartition("@")
    if not at or "@" not in rest or "=" in address.partition("?")[0].partition("/")[0]:
        return url
    user, colon, password = secret.partition(":")
    escaped = password.replace("/", "%2F").replace("?", "%3F").replace("@", "%40").replace("#", "%23")
    return f"{scheme}://{user}{colon}{escaped}@{address}"


def _host_and_port(hosts: str) -> tuple[str, str]:
    if hosts.startswith("["):
        host, _, port = hosts[1:].partition("]")
        return host, port.lstrip(":")
    host, _, port = hosts.partition(":")
    return host, port


def _query(text: str) -> dict[str, str]:
    """Parse the query as libpq does: a plus sign stays a plus sign."""
    pairs = (part.partition("=") for part in text.split("&") if part)
    return {unquote(name): unquote(value) for name, _, value in pairs}


def _keywords(text: str) -> dict[str, str]:
    try:
        return dict(word.split("=", 1) for word in shlex.split(text))  # type: ignore[misc]
    except ValueError:
        raise InvalidUrl("POSTGRESQL_URL must be a URL, or have libpq's form host=… dbname=…") from None


def _target(given: dict[str, str]) -> Target:
    _check_names(given)
    parameters = {key: value for key, value in given.items() if value}
    host, port = parameters.get("host"), _port(parameters.get("port"))
    if host and "," in host:
        raise InvalidUrl("POSTGRESQL_URL names several hosts: use the primary's host, or an address that always leads to the primary")
    if parameters.get("client_encoding", "utf8").lower().replace("-", "") not in ("utf8", "auto"):
        raise InvalidUrl("POSTGRESQL_URL has a client_encoding other than UTF8: remove it")
    application = parameters.get("application_name") or parameters.get("fallback_application_name", "unilife")
    options = {"options": parameters["options"]} if "options" in parameters else {}
    return Target(
        host=host, port=port, user=parameters.get("user"), password=parameters.get("password"),
        database=parameters.get("dbname") or parameters.get("database"), tls=_tls(parameters),
        server_settings={"application_name": application, **options}, connect_timeout=_seconds(parameters.get("connect_timeout")),
        pooled=_pooled(parameters.get("pgbouncer"), host, port),
    )  # fmt: skip


def _check_names(parameters: dict[str, str]) -> None:
    known = {*_PLACE, *_TLS, *_READ_HERE, *_CHANGE_NOTHING}
    for name in parameters:
        if name not in known:
            shown = f'"{name}"' if re.fullmatch(r"[a-z_]{2,40}", name) else "with an unusual name"
            raise InvalidUrl(f"POSTGRESQL_URL has a parameter {shown} that is not supported, and ignoring it could make the connection less secure: remove it")
    if parameters.get("gssencmode") == "require":
        raise InvalidUrl("POSTGRESQL_URL has gssencmode=require, which is not supported: encrypt with sslmode")
    for name in ("ssl_min_protocol_version", "ssl_max_protocol_version"):
        if parameters.get(name) and parameters[name] not in TLS_VERSIONS:
            raise InvalidUrl(f"POSTGRESQL_URL has an invalid {name}: use one of {', '.join(TLS_VERSIONS)}")


def _port(text: str | None) -> int | None:
    if text and not (text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536):
        raise InvalidUrl("POSTGRESQL_URL has an invalid port: use 1 to 65535")
    return int(text) if text else None


def _seconds(text: str | None) -> float | None:
    """Parse `connect_timeout` in whole seconds; return None for 0, so that the default applies: an unlimited wait is not supported."""
    if text and not (text.isdigit() and len(text) <= 4):
        raise InvalidUrl("POSTGRESQL_URL has an invalid connect_timeout: use 0 to 9999 seconds")
    return float(text) if text and int(text) else None


def _pooled(told: str | None, host: str | None, port: int | None) -> bool | None:
    """Return the value of `pgbouncer` if given; else True for a well-known pooler port or host, None for others."""
    if told is not None:
        if told.lower() not in _YES + _NO:
            raise InvalidUrl("POSTGRESQL_URL has an invalid value of pgbouncer: use true or false")
        return told.lower() in _YES
    return True if port in _POOLER_PORTS or (host and _POOLER_HOST.match(host)) else None


def _tls(parameters: dict[str, str]) -> dict[str, str]:
    """Return the driver's TLS parameters. The driver has no channel binding; for `require`, the certificate is verified instead, which also
    authenticates the server."""
    found = {key: parameters[key] for key in _TLS if key in parameters}
    mode = _mode(parameters)
    root = found.get("sslrootcert")
    if parameters.get("channel_binding") == "require":
        if mode in ("disable", "allow"):
            raise InvalidUrl(f"POSTGRESQL_URL has channel_binding=require, which contradicts sslmode={mode}: use sslmode=verify-full")
        mode, root = "verify-full", root or SYSTEM
    elif parameters.get("channel_binding", "prefer") not in ("prefer", "disable"):
        raise InvalidUrl("POSTGRESQL_URL has an invalid channel_binding: use disable, prefer or require")
    if root == SYSTEM:
        if (mode or "verify-full") != "verify-full":
            raise InvalidUrl(f"POSTGRESQL_URL has sslrootcert=system with sslmode={mode}, which would accept any host's certificate: use sslmode=verify-full")
        mode = "verify-full"
    return {**found, **({"sslmode": mode} if mode else {}), **({"sslrootcert": root} if root else {})}


def _mode(parameters: dict[str, str]) -> str | None:
    """Return `sslmode`, else the mode that other drivers' `ssl` stands for: a mode, true (require) or false (disable)."""
    ssl = parameters.get("ssl", "").lower()
    mode = parameters.get("sslmode") or ("require" if ssl in _YES else "disable" if ssl in _NO else ssl) or None
    if mode and mode not in SSL_MODES:
        raise InvalidUrl(f"POSTGRESQL_URL has an invalid sslmode: use one of {', '.join(SSL_MODES)}")
    return mode
