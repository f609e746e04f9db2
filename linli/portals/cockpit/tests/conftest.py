"""A month's brief is walked in a real browser too."""

from tests.browser import browser, device

__all__ = ["browser", "device"]
