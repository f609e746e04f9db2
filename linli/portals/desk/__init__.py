"""工作台 — the dispatcher's, secretary's and handler's queue: what waits, in which order, and where.

A list, a map beside it, counts that say how much; the matter itself and its verbs are the matters app's page.
"""
