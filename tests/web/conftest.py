"""One server with the built app for the tests of a module, behind a model that they steer."""
from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dev import web
from tests.dev.test_serve import Running, started
from tests.web.model import steered_model
from tests.web.served import Served


@pytest.fixture(scope="module")
def served(open_directory: Callable[[], Path]) -> Iterator[Served]:
    try:
        web.build()
    except web.WebUnavailable as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"web/ could not be built: {error}")
    state = open_directory()
    with steered_model() as model, started(state, {**model.settings, "ITEM_ATTEMPTS": "1", "MODEL_INPUT_PRICE": "1", "MODEL_OUTPUT_PRICE": "2"}) as running:
        yield Served(running, model, state)


@pytest.fixture
def running(served: Served) -> Iterator[Running]:
    yield served.running
    served.model.release()
