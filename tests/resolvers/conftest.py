"""The offline model, as the tests of the nights have it."""
from tests.jobs.conftest import model

__all__ = ["model"]
