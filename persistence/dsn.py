"""From POSTGRESQL_URL, as SQLAlchemy or libpq writes it, to what asyncpg wants."""
from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

_URL = re.compile(
    r"(?:postgresql|postgres)(?:\+\w+)?://(?:(?P<user>[^:@/]*)(?::(?P<password>.*))?@)?(?P<hosts>[^/?@]*)"
    r"(?:/(?P<database>[^?]*))?(?:\?(?P<query>.*))?$",
    re.DOTALL,
)
_TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "sslpassword", "ssl_min_protocol_version")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


class InvalidUrl(ValueError):
    """The database's address cannot be read. The message never shows the address: it holds a password."""


@dataclass(frozen=True)
class Target:
    """Where the database is. `tls` holds libpq's ssl… parameters as they were given."""

    host: str | None = None
    port: int | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    database: str | None = None
    tls: dict[str, str] = field(default_factory=dict)
    server_settings: dict[str, str] = field(default_factory=dict)


def parse(url: str) -> Target:
    """Read a URL (`postgresql://…`, `postgres://…`, `postgresql+asyncpg://…`) or libpq's `host=… dbname=…`.

    The password may hold any character, escaped or not: it ends at the last @. Raises `InvalidUrl`.
    """
    if "://" not in url:
        return _target(_keywords(url))
    match = _URL.match(_at_last(url))
    if not match:
        raise InvalidUrl("POSTGRESQL_URL is not of the form postgresql://user:password@host:port/database")
    host, port = _host_and_port(match["hosts"])
    found = {"user": match["user"], "password": match["password"], "host": host, "port": port, "dbname": match["database"]}
    parameters = {key: unquote(value) for key, value in found.items() if value}
    parameters.update(parse_qsl(match["query"] or ""))
    return _target(parameters)


def _at_last(url: str) -> str:
    """Escape what stands in the password but would end it: / and ? before the last @ of the address."""
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


def _keywords(text: str) -> dict[str, str]:
    try:
        return dict(word.split("=", 1) for word in shlex.split(text))  # type: ignore[misc]
    except ValueError:
        raise InvalidUrl("POSTGRESQL_URL is neither a URL nor libpq's host=… dbname=… form") from None


def _target(parameters: dict[str, str]) -> Target:
    mode = parameters.get("sslmode") or parameters.pop("ssl", None)
    if mode and mode not in SSL_MODES:
        raise InvalidUrl(f"POSTGRESQL_URL has an sslmode that is none of {', '.join(SSL_MODES)}")
    port = parameters.get("port") or None
    if port and not (port.isdigit() and 0 < int(port) < 65536):
        raise InvalidUrl("POSTGRESQL_URL has a port that is no number from 1 to 65535")
    tls = {key: parameters[key] for key in _TLS if parameters.get(key)} | ({"sslmode": mode} if mode else {})
    application = parameters.get("application_name", "unilife")
    return Target(
        host=parameters.get("host"), port=int(port) if port else None, user=parameters.get("user"), password=parameters.get("password"),
        database=parameters.get("dbname") or parameters.get("database"), tls=tls, server_settings={"application_name": application},
    )
