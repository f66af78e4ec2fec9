"""The browsers that several tests share."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page


@pytest.fixture
def telephone(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A page as narrow as a phone's, where whatever is done must be possible too."""
    contexte = browser.new_context(**browser_context_args | {"viewport": {"width": 375, "height": 900}})
    yield contexte.new_page()
    contexte.close()
