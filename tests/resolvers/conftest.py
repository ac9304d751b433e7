"""Fixtures shared with the tests of the jobs."""
from tests.jobs.conftest import model

__all__ = ["model"]
