"""What was excluded in a month: by ground, by who decided, how the sample came out. No rate stands without its n."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor, require
from linli.work.matters.models import Draw, Exclusion, Sample, SecondLook
from linli.work.matters.queries import reach
from linli.work.matters.rules import Exclusions

MONTHS = 12
MOST_SAMPLES = 200
"""A month's sample that one overseer is shown; the figures count all."""


@dataclass
class Line:
    """One ground, or the whole month."""

    name: str
    waiting: int = 0
    confirmed: int = 0
    refused: int = 0
    asked: int = 0
    """Second looks the resident asked for."""
    overturned: int = 0
    drawn: int = 0
    judged: int = 0
    right: int = 0

    @property
    def precision(self) -> float | None:
        """准确率 — of those an overseer looked at, the share that was rightly excluded."""
        return self.right / self.judged if self.judged else None

    def count(self, each: Exclusion) -> None:
        """One more."""
        looks: Iterable[SecondLook] = each.looks.all()
        sample: Sample | None = getattr(each, "sample", None)
        self.waiting += each.decided_at is None
        self.confirmed += each.confirmed is True
        self.refused += each.confirmed is False
        self.asked += any(look.asked_by == SecondLook.Asker.RESIDENT for look in looks)
        self.overturned += any(look.stands is False for look in looks)
        self.drawn += sample is not None
        self.judged += sample is not None and sample.found_at is not None
        self.right += sample is not None and sample.rightly is True


@dataclass(frozen=True)
class Laid:
    """One sampled exclusion, as the overseer's list shows it."""

    number: str
    title: str
    reason: str
    office: str
    always: bool
    rightly: bool | None


@dataclass(frozen=True)
class Month:
    """不予受理 — one month within a post's reach."""

    month: date
    total: Line
    grounds: list[Line]
    reviewers: list[Line]
    """By who said yes or no, the second person."""
    draws: list[Draw]
    laid: list[Laid]


def months() -> list[date]:
    """The months that can be asked for, this one first."""
    found = [clock.today().replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def month_of(actor: Actor, month: date | None = None) -> Month:
    """The figures of a month by the day it was decided (what waits: this month), and the sample of that month.

    Raises Refused without indicators.read or matters.read.
    """
    require(actor, "indicators.read")
    require(actor, "matters.read")
    known = months()
    month = month if month in known else known[0]
    start = datetime.combine(month, time(), tzinfo=clock.CITY)
    end = datetime.combine((month + timedelta(days=31)).replace(day=1), time(), tzinfo=clock.CITY)
    held = reach(actor)
    rows = Exclusion.objects.none()
    if held is not None:
        rows = Exclusion.objects.filter(**{f"matter__{column}": value for column, value in held.items()})
    decided = rows.filter(decided_at__gte=start, decided_at__lt=end, confirmed__isnull=False)
    waiting = rows.filter(decided_at__isnull=True) if month == known[0] else rows.none()
    looks = Prefetch("looks", SecondLook.objects.all())
    found = [
        each
        for kind in (decided, waiting)
        for each in kind.select_related("matter", "sample__draw").prefetch_related(looks).order_by("decided_at", "id")
    ]
    names = {item.code: rulebook.label(item) for item in rulebook.current(Exclusions).list.items}
    total, grounds, reviewers = Line(_("合计")), dict[str, Line](), dict[str, Line]()
    for each in found:
        total.count(each)
        grounds.setdefault(each.reason, Line(names.get(each.reason, each.reason))).count(each)
        if each.decided_at is not None:
            reviewers.setdefault(each.decider_office, Line(each.decider_office)).count(each)
    sampled = [(each, each.sample) for each in found if getattr(each, "sample", None) is not None]
    draws = {sample.draw_id: sample.draw for _each, sample in sampled}
    return Month(
        month, total, sorted(grounds.values(), key=lambda line: -line.confirmed), sorted(reviewers.values(), key=lambda line: line.name),
        [draws[pk] for pk in sorted(draws)],
        [
            Laid(
                each.matter.number, each.matter.title, names.get(each.reason, each.reason), each.decider_office, sample.always,
                sample.rightly if sample.found_at else None,
            )
            for each, sample in sorted(sampled, key=lambda pair: (pair[1].found_at is not None, pair[0].number))
        ][:MOST_SAMPLES],
    )  # fmt: skip
