"""A city's months of matters, written in bulk: a demo that lives, and benchmarks' ten thousand and million.

Every matter is a small story told by the same rules as service: the same lists, limits, calendar, levels and bodies.
tests/test_demo_is_like_service.py walks one story through both and compares the rows.
"""

from linli.work.matters.demo.living import moments, numbers, tell
from linli.work.matters.demo.stage import Spot, Stage, Story
from linli.work.matters.demo.telling import Teller
from linli.work.matters.demo.writing import begin_today, write

__all__ = ["Spot", "Stage", "Story", "Teller", "begin_today", "moments", "numbers", "tell", "write"]
