"""The demonstration set, loaded for this folder alone: the other trials write for good."""

from tests.demo.conftest import demonstration  # noqa: F401
