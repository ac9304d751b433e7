from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

import llm.client
from tests.jobs.job_setup import ModelServer


@pytest.fixture
async def model(model_server: str, anyio_backend: str) -> AsyncIterator[ModelServer]:
    """The offline model without faults and with its counts at zero."""
    server = ModelServer(model_server)
    await server.reset()
    yield server
    await server.reset()
    await llm.client.close()
