"""抽查 — each month a sample of what was excluded is laid before an overseer: drawn by lot, and anybody can draw it again."""

import secrets
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from linli.facts.matters import MatterExclusionFound, MatterSampled
from linli.kernel import clock
from linli.mechanisms import flow, rulebook
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow, timers
from linli.mechanisms.journal import seals
from linli.work.matters import exclusions, rules, words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Draw, Exclusion, Matter, Sample, SecondLook
from linli.work.matters.rules import Sampling
from linli.work.matters.service import looking
from linli.work.matters.service.handling import need

SAMPLE = "matters.sample"


def arm(now: datetime) -> None:
    """Set the timer that draws this month's sample: an hour after the month's last seal is due."""
    month = _day(now).replace(day=1)
    timers.arm(f"sample:{month:%Y-%m}", SAMPLE, at=datetime.combine(_next(month), time(1), tzinfo=clock.CITY))


@timers.timer(SAMPLE)
def draw_month(subject: str, by: Actor) -> None:
    """每月抽一次 — for every county by itself, once."""
    year, _dash, number = subject.partition(":")[2].partition("-")
    draw(date(int(year), int(number), 1), by=by)


def draw(month: date, *, by: Actor) -> list[Draw]:
    """抽签 — of what was excluded in a month: by the list's share, and all that spoke of danger besides.

    The seed is the root of the first seal after the month's end: nobody could know it while they excluded, and nobody
    can choose it afterwards. Where there is no seal yet it is a random number. A county is drawn once a month.
    """
    edition = rulebook.current(Sampling)
    share = edition.list.items[0]
    end = datetime.combine(_next(month), time(), tzinfo=clock.CITY)
    rows = Exclusion.objects.filter(
        confirmed=True, decided_at__gte=datetime.combine(month, time(), tzinfo=clock.CITY), decided_at__lt=end
    ).select_related("matter")
    by_county: dict[int | None, list[Exclusion]] = {}
    for each in rows.order_by("number"):
        by_county.setdefault(each.matter.county_id, []).append(each)
    seal = next((each for each in reversed(seals.latest(_nights_since(end))) if each.sealed_at >= end), None)
    made = []
    for county, excluded in by_county.items():
        drawing, new = Draw.objects.get_or_create(
            month=month, county_id=county,
            defaults={
                "seed": seal.root if seal else secrets.token_hex(32), "seal": seal.number if seal else None,
                "rule": edition.rule(share.code), "percent": share.percent, "excluded": len(excluded),
                "drawn_at": clock.now(),
            },
        )  # fmt: skip
        if new:
            _lay_before(drawing, excluded, share, by)
            made.append(drawing)
    return made


def find(matter: Matter, *, rightly: bool, why: str, by: Actor, expected: int | None = None) -> Matter:
    """抽查结论 — what an overseer finds of a sampled exclusion. Found wrong, it is looked at again by the level above.

    Raises NotNow for one that nobody drew, or that was judged before.
    """
    need(why, _("请写明理由：依据哪条，对在哪里、错在哪里。"))
    move = LIFE.find_right if rightly else LIFE.find_wrong if exclusions.stands(matter) else LIFE.find_wrong_late
    with flow.step(matter, move, by=by, expected=expected) as (matter, step):
        sample = exclusions.sample_of(matter)
        if sample is None:
            raise NotNow(_("这一件没有等着看的抽查。"))
        if by.person_id in exclusions.hands_in(sample.exclusion):
            raise Refused(_("这一件您经手过，请别的监督员看。"))
        sample.rightly, sample.finder_id, sample.found_at = rightly, by.person_id, step.now
        sample.save(update_fields=["rightly", "finder", "found_at"])
        digest = words.say(matter, step, why, for_resident=False)
        step.record(
            MatterExclusionFound(
                matter.number, exclusion=sample.exclusion.number, reason=sample.exclusion.reason, rightly=rightly, words=digest
            )
        )  # fmt: skip
        if step.move is LIFE.find_wrong:
            step.record(looking.ask_above(matter, step, asked_by=SecondLook.Asker.OVERSEER, digest=digest))
    return matter


def _lay_before(drawing: Draw, excluded: list[Exclusion], share: rules.Share, by: Actor) -> None:
    by_lot = set(
        rules.drawn([each.number for each in excluded], seed=drawing.seed, percent=share.percent, least=share.least)
    )
    for exclusion in excluded:
        if exclusion.number not in by_lot and not exclusion.emergency:
            continue
        always = exclusion.number not in by_lot
        with flow.act(exclusion.matter, LIFE.sample, by=by) as (matter, step):
            Sample.objects.create(draw=drawing, exclusion=exclusion, always=always)
            step.record(
                MatterSampled(
                    matter.number, exclusion=exclusion.number, month=drawing.month, seed=drawing.seed, always=always,
                    area=matter.county_id,
                )
            )  # fmt: skip


def _nights_since(moment: datetime) -> int:
    """How many seals there can be since then, and one more."""
    return max((clock.now() - moment).days, 0) + 2


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.CITY).date()
