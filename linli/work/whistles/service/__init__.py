"""Every write to a whistle (吹哨). Read flow.py first: it says what may follow what."""

from linli.work.whistles.service.answering import acknowledge, arrive, explain, judge, report
from linli.work.whistles.service.calling import Called, agree, conclude, rate, sound, withdraw
from linli.work.whistles.service.clockwork import escalate
from linli.work.whistles.service.meeting import Line, cancel, convene, hold

__all__ = [
    "Called",
    "Line",
    "acknowledge",
    "agree",
    "arrive",
    "cancel",
    "conclude",
    "convene",
    "escalate",
    "explain",
    "hold",
    "judge",
    "rate",
    "report",
    "sound",
    "withdraw",
]
