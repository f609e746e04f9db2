"""指标 — what is open, overdue and solved, and where: a projection of the journal, never typed by anybody.

1. Every number has a written definition and its n, and can be opened as the list behind it.
2. The tables are a function of the journal: `linli replay indicators` rebuilds them row for row.
3. Nothing here ranks a village or a township.
"""
