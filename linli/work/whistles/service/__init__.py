"""Every write to a whistle (吹哨). Read flow.py first: it says what may follow what."""

from linli.work.whistles.service.answering import acknowledge, arrive, explain, judge, report
from linli.work.whistles.service.calling import Called, agree, conclude, rate, sound, withdraw
from linli.work.whistles.service.clockwork import escalate

__all__ = [
    "Called",
    "acknowledge",
    "agree",
    "arrive",
    "conclude",
    "escalate",
    "explain",
    "judge",
    "rate",
    "report",
    "sound",
    "withdraw",
]
