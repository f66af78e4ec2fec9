"""The same small part of the reference as the territories' tests."""

from tests.territoires.conftest import charge, tables  # noqa: F401
