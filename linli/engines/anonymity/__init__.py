"""匿名化 — k-anonymity by place and time: every published record shares its place and time with at least k - 1 others."""

from linli.engines.anonymity.grouping import LADDER, Cell, Period, Record, Result, Step, generalise

__all__ = ["LADDER", "Cell", "Period", "Record", "Result", "Step", "generalise"]
