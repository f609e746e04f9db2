"""图形 — shapes without a GIS: measuring on the ground, checking a coverage, and drawing an illustrative one. No Django.

1. Everything is WGS 84 degrees outside; metres only inside a function.
2. The same input gives the same bytes, on every run.
3. What `parcels.divide` draws has no gaps and no overlaps: neighbours share their edges vertex by vertex.
"""
