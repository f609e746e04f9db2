"""事实 — every published event of the platform, as plain dataclasses: the only language apps share."""
