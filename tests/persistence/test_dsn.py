"""Parameters of POSTGRESQL_URL: passed on, ignored or refused by name, and never with the password in the message."""
from __future__ import annotations

import pytest

from persistence import dsn

PASSWORD = "p/a?s&s=w@r#d%41+ ß"


@pytest.mark.parametrize("url", [
    f"postgresql://me:{PASSWORD}@db.example:5432/one", f"postgres://me:{PASSWORD}@db.example:5432/one?sslmode=require",
    "postgresql+asyncpg://me:p%2Fa%3Fs%26s%3Dw%40r%23d%2541%2B%20%C3%9F@db.example:5432/one",
    "postgresql://db.example:5432/one?user=me&password=p%2Fa%3Fs%26s%3Dw%40r%23d%2541+%20ß",
])  # fmt: skip
def test_parse_dsn_password_with_any_character_is_read_and_not_shown(url: str) -> None:
    found = dsn.parse(url)
    assert (found.user, found.host, found.port, found.database) == ("me", "db.example", 5432, "one")
    assert found.password in (PASSWORD, PASSWORD.replace("%41", "A"))
    assert "s=w" not in repr(found)


@pytest.mark.parametrize(("url", "tls"), [
    ("postgresql://h/d", {}),
    ("postgresql://h/d?sslmode=disable", {"sslmode": "disable"}),
    ("postgresql://h/d?ssl=true", {"sslmode": "require"}),
    ("postgresql://h/d?ssl=false", {"sslmode": "disable"}),
    ("postgresql+asyncpg://h/d?ssl=verify-full&sslrootcert=/ca.crt", {"sslmode": "verify-full", "sslrootcert": "/ca.crt"}),
    ("host=h dbname=d sslmode=verify-ca sslrootcert=/ca.crt", {"sslmode": "verify-ca", "sslrootcert": "/ca.crt"}),
    ("postgresql://h/d?sslrootcert=system", {"sslmode": "verify-full", "sslrootcert": "system"}),
    ("postgresql://h/d?sslmode=verify-full&sslrootcert=system", {"sslmode": "verify-full", "sslrootcert": "system"}),
    ("postgresql://h/d?sslmode=require&channel_binding=require", {"sslmode": "verify-full", "sslrootcert": "system"}),
    ("postgresql://h/d?sslmode=require&channel_binding=require&sslrootcert=/ca.crt", {"sslmode": "verify-full", "sslrootcert": "/ca.crt"}),
    ("postgresql://h/d?sslmode=require&channel_binding=prefer", {"sslmode": "require"}),
    ("postgresql://h/d?sslmode=require&sslcert=/c&sslkey=/k&sslpassword=x&sslcrl=/r&ssl_min_protocol_version=TLSv1.3&target_session_attrs=read-write",
     {"sslmode": "require", "sslcert": "/c", "sslkey": "/k", "sslpassword": "x", "sslcrl": "/r", "ssl_min_protocol_version": "TLSv1.3",
      "target_session_attrs": "read-write"}),
])  # fmt: skip
def test_parse_dsn_tls_parameters_are_kept_or_made_stricter(url: str, tls: dict[str, str]) -> None:
    assert dsn.parse(url).tls == tls


@pytest.mark.parametrize(("url", "message"), [
    ("postgresql://me:sesame@h/d?sslmode=required", "invalid sslmode"),
    ("postgresql://me:sesame@h/d?ssl=maybe", "invalid sslmode"),
    ("postgresql://me:sesame@h/d?sslmode=require&sslrootcert=system", "sslmode=verify-full"),
    ("postgresql://me:sesame@h/d?sslmode=disable&channel_binding=require", "sslmode=verify-full"),
    ("postgresql://me:sesame@h/d?channel_binding=always", "channel_binding"),
    ("postgresql://me:sesame@h/d?require_auth=scram-sha-256", '"require_auth"'),
    ("postgresql://me:sesame@h/d?sslcrldir=/crl", '"sslcrldir"'),
    ("postgresql://me:sesame@h/d?sslaccept=strict", '"sslaccept"'),
    ("postgresql://me:sesame@h/d?ses%21me=1", "with an unusual name"),
    ("postgresql://me:sesame@h/d?gssencmode=require", "gssencmode=require"),
    ("postgresql://me:sesame@h/d?ssl_min_protocol_version=TLSv9", "ssl_min_protocol_version"),
    ("postgresql://me:sesame@h/d?client_encoding=latin1", "client_encoding"),
    ("postgresql://me:sesame@h/d?connect_timeout=soon", "connect_timeout"),
    ("postgresql://me:sesame@h/d?pgbouncer=perhaps", "pgbouncer"),
    ("postgresql://me:sesame@h1,h2/d", "several hosts"),
    ("postgresql://me:sesame@h:99999/d", "port"),
    ("host=h password=sesame sslmode=require gssencmode=require", "gssencmode=require"),
    ("host=h password='sesame", "must be a URL, or"),
    ("mysql://me:sesame@h/d", "must have the form"),
])  # fmt: skip
def test_parse_dsn_unsupported_parameter_is_refused_by_name_without_the_password(url: str, message: str) -> None:
    with pytest.raises(dsn.InvalidUrl) as refused:
        dsn.parse(url)
    assert message in str(refused.value) and "sesame" not in str(refused.value) and "ses!me" not in str(refused.value)


@pytest.mark.parametrize(("url", "pooled"), [
    ("postgresql://postgres.abc:p@aws-0-eu-central-1.pooler.supabase.com:6543/postgres", True),
    ("postgresql://postgres.abc:p@aws-0-eu-central-1.pooler.supabase.com:6543/postgres?pgbouncer=true&connection_limit=1", True),
    ("postgresql://postgres.abc:p@aws-0-eu-central-1.pooler.supabase.com:5432/postgres", None),
    ("postgresql://postgres:p@db.abc.supabase.co:5432/postgres", None),
    ("postgresql://postgres:p@db.abc.supabase.co:6543/postgres?supa=base-pooler.x", True),
    ("postgres://me:p@ep-cool-darkness-123456-pooler.us-east-2.aws.neon.tech/neondb?sslmode=require&channel_binding=require", True),
    ("postgres://me:p@ep-cool-darkness-123456.us-east-2.aws.neon.tech/neondb?sslmode=require&channel_binding=require", None),
    ("postgresql://me@gz-postgres-abcdefgh.sql.tencentcdb.com:5432/unilife", None),
    ("postgresql://me@bouncer:6432/d", True),
    ("postgresql://me@bouncer:6432/d?pgbouncer=false", False),
    ("host=bouncer port=5432 dbname=d pgbouncer=true", True),
])  # fmt: skip
def test_parse_dsn_pooler_url_of_each_vendor_is_recognized(url: str, pooled: bool | None) -> None:
    assert dsn.parse(url).pooled is pooled


def test_parse_dsn_other_vendor_parameters_reach_the_server_or_are_ignored() -> None:
    found = dsn.parse(
        "postgresql://h/d?options=-c%20statement_timeout%3D5s&connect_timeout=15&keepalives=1&keepalives_idle=30&tcp_user_timeout=1000&client_encoding=utf8"
        "&fallback_application_name=theirs&uselibpqcompat=true&sslsni=1"
    )
    assert found.server_settings == {"application_name": "theirs", "options": "-c statement_timeout=5s"}
    assert found.connect_timeout == 15.0 and found.tls == {} and found.pooled is None
    assert dsn.parse("postgresql://h/d?connect_timeout=0").connect_timeout is None
    assert dsn.parse("postgresql://[::1]:5433/d?application_name=mine&fallback_application_name=theirs") == dsn.Target(
        host="::1", port=5433, database="d", server_settings={"application_name": "mine"}
    )
