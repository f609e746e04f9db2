"""今天 — the grid worker's page: a short list for today, no form twice, no proof of presence.

Nothing here counts reports, photos, log-ins or kilometres.
"""
