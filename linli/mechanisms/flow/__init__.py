"""下一步 — flow: lifecycles as tables, moves under lock, clocks over the working calendar, timers that fire once.

Its promise: no state changes except by a declared move, under lock, with its journal entry, in one transaction.

1. `step` gives the locked row; the stale one is out of reach. A form filled over an older version is refused, with who moved it.
2. A step that records nothing is a programming error and says so; nothing of it is saved.
3. A timer fires exactly once, however many workers run or die.
"""

from linli.mechanisms.flow.lifecycle import Lifecycle, Move
from linli.mechanisms.flow.steps import NotNow, SameHands, Stale, Step, act, begin, own_deeds, step

__all__ = ["Lifecycle", "Move", "NotNow", "SameHands", "Stale", "Step", "act", "begin", "own_deeds", "step"]
