"""The trials walk through the demonstration set too."""

from tests.demo.conftest import demonstration  # noqa: F401
