"""Every test here may ask for a real browser."""

from tests.browser import browser, device

__all__ = ["browser", "device"]
