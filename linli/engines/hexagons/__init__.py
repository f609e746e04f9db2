"""Hexagons (六边形): many points gathered into cells of about the same size, so that a map says how much lies where.

H3's cells: the same cell has the same name in every city, and a coarser one is chosen as one looks from farther away.
"""

from linli.engines.hexagons.gathering import Cell, gather, resolution_at

__all__ = ["Cell", "gather", "resolution_at"]
