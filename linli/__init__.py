"""邻里 — the open platform on which a city runs its grassroots governance. Read ARCHITECTURE.md first."""

__version__ = "0.1.0"
