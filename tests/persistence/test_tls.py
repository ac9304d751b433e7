"""Connections to a server that requires TLS: each sslmode with right and wrong certificates, and the messages of failures."""
from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import text

import logs
from dev.database import on_server
from persistence.database import make_engine
from persistence.errors import DatabaseUnavailable, translate_driver_errors
from tests.persistence.postgres_processes import Postgres

pytestmark = pytest.mark.anyio

PASSWORD = "open sesame?"


@pytest.fixture(scope="module")
def secured(server: Postgres) -> Iterator[Postgres]:
    server.psql(f"create role ann login password '{PASSWORD}'")
    yield server
    server.psql("drop role ann")


async def encrypted(url: str) -> bool:
    """Return true if the server reports the connection as encrypted. Raises `DatabaseUnavailable`."""
    engine = make_engine(url, pool_size=1)
    try:
        with translate_driver_errors():
            async with engine.connect() as connection:
                return bool(await connection.scalar(text("select ssl from pg_stat_ssl where pid = pg_backend_pid()")))
    finally:
        await engine.dispose()


def url_of(server: Postgres, parameters: str, host: str = "localhost", password: str = PASSWORD) -> str:
    return server.url(user="ann", password=quote(password), host=host, parameters=parameters)


@pytest.mark.parametrize(("host", "parameters"), [
    ("127.0.0.1", ""), ("127.0.0.1", "sslmode=allow"), ("127.0.0.1", "sslmode=prefer"), ("127.0.0.1", "sslmode=require"),
    ("127.0.0.1", "sslmode=verify-ca&sslrootcert={ca}"), ("localhost", "sslmode=verify-full&sslrootcert={ca}"),
    ("localhost", "sslmode=require&channel_binding=require&sslrootcert={ca}"), ("localhost", "ssl=true"),
    ("localhost", "sslmode=verify-full&sslrootcert={ca}&ssl_min_protocol_version=TLSv1.3&target_session_attrs=read-write&connect_timeout=30"),
])  # fmt: skip
async def test_connect_valid_tls_parameters_is_encrypted(secured: Postgres, certificates: Path, host: str, parameters: str) -> None:
    url = url_of(secured, parameters.format(ca=certificates / "ca.crt"), host)
    assert await encrypted(url)
    assert await encrypted(on_server(url, "template1"))


async def test_connect_sslrootcert_system_trusts_the_systems_authorities(secured: Postgres, certificates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "ca.crt"))
    for parameters in ("sslrootcert=system", "sslmode=require&channel_binding=require"):
        assert await encrypted(url_of(secured, parameters))
        with pytest.raises(DatabaseUnavailable) as refused:
            await encrypted(url_of(secured, parameters, "127.0.0.1"))
        assert "another name" in str(refused.value.reason)


@pytest.mark.parametrize(("host", "parameters", "reason"), [
    ("127.0.0.1", "sslmode=disable", "add sslmode=require"),
    ("127.0.0.1", "sslmode=verify-ca&sslrootcert={other}", "not signed by an authority in sslrootcert"),
    ("127.0.0.1", "sslmode=require&sslrootcert={other}", "not signed by an authority in sslrootcert"),
    ("localhost", "sslmode=verify-full&sslrootcert={other}", "not signed by an authority in sslrootcert"),
    ("localhost", "sslmode=verify-full&sslrootcert=system", "not signed by an authority in sslrootcert"),
    ("localhost", "sslmode=require&channel_binding=require", "not signed by an authority in sslrootcert"),
    ("127.0.0.1", "sslmode=verify-full&sslrootcert={ca}", "another name"),
    ("localhost", "sslmode=verify-full", "need sslrootcert"),
    ("localhost", "sslmode=verify-full&sslrootcert=/nowhere/ca.crt", "cannot be opened"),
    ("localhost", "sslmode=verify-full&sslrootcert={names}", "TLS failed"),
    ("localhost", "sslmode=require&target_session_attrs=standby", "target_session_attrs"),
    ("localhost", "sslmode=require&options=-c%20no.such%3D1%20-c%20nosuch%3D1", "options"),
    ("nowhere.invalid", "sslmode=require", "host name cannot be resolved"),
])  # fmt: skip
async def test_connect_wrong_tls_parameters_logs_the_reason_for_the_operator_only(
    secured: Postgres, certificates: Path, monkeypatch: pytest.MonkeyPatch, host: str, parameters: str, reason: str
) -> None:
    monkeypatch.setenv("HOME", str(certificates / "nobody's"))
    written = io.StringIO()
    monkeypatch.setattr("sys.stdout", written)
    logs.configure("INFO")
    paths = {name: str(certificates / file) for name, file in {"ca": "ca.crt", "other": "other.crt", "names": "names"}.items()}
    with pytest.raises(DatabaseUnavailable) as refused:
        await encrypted(url_of(secured, parameters.format(**paths), host))
    assert reason in str(refused.value.reason) and reason not in str(refused.value)
    (line,) = map(json.loads, written.getvalue().splitlines())
    assert (line["event"], line["level"], line["reason"]) == ("database_unavailable", "ERROR", refused.value.reason)
    assert "sesame" not in written.getvalue() + str(refused.value)


@pytest.mark.parametrize(("password", "database", "reason"), [
    ("wrong", "postgres", "password in POSTGRESQL_URL is wrong"), (PASSWORD, "nowhere", "database that POSTGRESQL_URL names does not exist"),
])  # fmt: skip
async def test_connect_wrong_password_or_database_names_which(secured: Postgres, password: str, database: str, reason: str) -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        await encrypted(on_server(url_of(secured, "sslmode=require", password=password), database))
    assert reason in str(refused.value.reason)


async def test_connect_server_without_tls_is_refused_if_tls_is_required(server_url: str, secured: Postgres) -> None:
    """Refuse to fall back to plain text, because a proxy could forge the server's answer to the TLS request."""
    secured.psql("alter system set ssl = off")
    secured.psql("select pg_reload_conf()")
    try:
        for mode in ("require", "verify-full&sslrootcert=system"):
            with pytest.raises(DatabaseUnavailable) as refused:
                await encrypted(secured.url(user="postgres", host="localhost", parameters=f"sslmode={mode}"))
            assert "requires TLS" in str(refused.value.reason)
        assert await encrypted(secured.url(user="postgres", parameters="sslmode=prefer")) is False
    finally:
        secured.psql("alter system set ssl = on")
        secured.psql("select pg_reload_conf()")
