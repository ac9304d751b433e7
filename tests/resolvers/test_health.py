"""Health check: the status in each state of the database and model, without secrets."""

import pytest
from sqlalchemy import text

import settings
from persistence import database as db
from resolvers.health import OFFLINE, HealthStatus, check

pytestmark = pytest.mark.anyio


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch):
    """Return a function that sets environment variables for one test."""

    def change(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        settings.current.cache_clear()

    yield change
    monkeypatch.undo()
    settings.current.cache_clear()


async def test_health_migrated_database_is_ok(database: str):
    found = await check()
    assert (found.status, found.healthy, found.database_reachable, found.migrations_current) == (HealthStatus.OK, True, True, True)
    assert found.version == settings.VERSION


async def test_health_schema_of_another_version_reports_not_migrated(database: str):
    async with db.transaction() as writing:
        before = await writing.scalar(text("select version_num from alembic_version"))
        await writing.execute(text("update alembic_version set version_num = 'another'"))
    try:
        found = await check()
    finally:
        async with db.transaction() as writing:
            await writing.execute(text("update alembic_version set version_num = :revision"), {"revision": before})
    assert (found.status, found.healthy) == (HealthStatus.DATABASE_NOT_MIGRATED, False)
    assert (found.database_reachable, found.migrations_current) == (True, False)


async def test_health_database_without_tables_reports_not_migrated(database: str):
    async with db.transaction() as writing:
        await writing.execute(text("alter table alembic_version rename to alembic_version_away"))
    try:
        found = await check()
    finally:
        async with db.transaction() as writing:
            await writing.execute(text("alter table alembic_version_away rename to alembic_version"))
    assert found.status is HealthStatus.DATABASE_NOT_MIGRATED


@pytest.mark.parametrize("url", ["postgresql://ann:hunter2@127.0.0.1:1/nowhere", "postgresql://ann:hunter2@no-such-host.invalid/x"])
async def test_health_unreachable_database_is_reported_without_its_address(environment, url: str, anyio_backend: str):
    environment(POSTGRESQL_URL=url)
    try:
        found = await check()
    finally:
        await db.dispose()
    assert (found.status, found.healthy) == (HealthStatus.DATABASE_UNREACHABLE, False)
    assert (found.database_reachable, found.migrations_current) == (False, False)
    assert "hunter2" not in repr(found) and "127.0.0.1" not in repr(found)


async def test_health_hanging_database_is_reported_unreachable_after_the_timeout(environment, anyio_backend: str, monkeypatch: pytest.MonkeyPatch):
    import asyncio

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    monkeypatch.setattr("resolvers.health.DATABASE_SECONDS", 0.2)
    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    environment(POSTGRESQL_URL=f"postgresql://ann@127.0.0.1:{server.sockets[0].getsockname()[1]}/x?sslmode=disable")
    try:
        assert (await check()).status is HealthStatus.DATABASE_UNREACHABLE
    finally:
        await db.dispose()
        server.close()
        await server.wait_closed()


@pytest.mark.parametrize(
    ("base_url", "model", "shown"),
    [
        ("http://127.0.0.1:8001/v1", "unilife-offline", OFFLINE),
        ("http://localhost:8001/v1", "unilife-offline", OFFLINE),
        ("http://[::1]:8001/v1", "unilife-offline", OFFLINE),
        ("http://127.0.0.1:11434/v1", "llama4", "127.0.0.1"),
        ("https://api.deepseek.com", "deepseek-chat", "api.deepseek.com"),
        ("https://api.deepseek.com", "unilife-offline", "api.deepseek.com"),
        ("https://ann:hunter2@gateway.example.org:8443/hunter2/v1", "any", "gateway.example.org"),
        ("https://127.0.0.1.evil.example", "unilife-offline", "127.0.0.1.evil.example"),
    ],
)
async def test_health_model_endpoint_is_reported_by_its_host_only(environment, database: str, base_url: str, model: str, shown: str):
    environment(DEEPSEEK_BASE_URL=base_url, DEEPSEEK_MODEL=model, DEEPSEEK_API_KEY="sk-hunter2")
    found = await check()
    assert found.model == shown
    assert "hunter2" not in repr(found)
