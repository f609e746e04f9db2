"""Hears what happens to matters and keeps the projection. Nobody else writes these tables."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, fields
from datetime import date

from django.db import connection

from linli.facts import matters as facts
from linli.facts import tasks, whistles
from linli.kernel import clock
from linli.mechanisms import journal
from linli.review.indicators import courses
from linli.review.indicators.courses import Course as Passed
from linli.review.indicators.models import Called, Course, Given, MonthlyCourse, MonthlyEnding, Standing
from linli.review.indicators.rules import Life, after

HEARD = (
    facts.MatterRegistered, facts.MatterRaised, facts.MatterAssigned, facts.MatterSettled, facts.MatterAnswered,
    facts.MatterRuled, facts.MatterExtended, facts.MatterExtensionRefused, facts.MatterTakenBack, facts.MatterRedone, facts.MatterReopened, facts.MatterRated, facts.MatterLapsed, facts.MatterWithdrawn,
    facts.MatterRecounted, facts.MatterAppealDecided,
    facts.MatterRecounted, facts.MatterExclusionProposed, facts.MatterExclusionRefused, facts.MatterExcluded,
    facts.MatterSecondLookAsked, facts.MatterExclusionUpheld, facts.MatterExclusionOverturned,
    facts.MatterRecounted, facts.MatterMerged, facts.MatterUnmerged, facts.MatterSplit, facts.MatterKeptUp,
)  # fmt: skip
COLUMNS = tuple(field.name for field in fields(Life))
Cell = tuple[date, int, int, str, int, str]


@journal.projection("indicators", *HEARD, tables=("indicators_standing", "indicators_monthlyending"), batch=500)
def keep(entries: Sequence[journal.Heard]) -> None:
    """Fold a batch of facts into standings, and what they ended into the months' counts."""
    before = lives(entry.key for entry in entries)
    now: dict[str, Life] = dict(before)
    for entry in entries:
        life = after(now.get(entry.key), entry.fact, entry.at)
        if life is not None:
            now[entry.key] = life
    changed = [life for number, life in now.items() if life != before.get(number)]
    _write(changed)
    count(endings_of(before.values(), now.values()))


def lives(numbers: Iterable[str]) -> dict[str, Life]:
    """The standings kept so far, by number."""
    rows = Standing.objects.filter(number__in=set(numbers)).values_list(*COLUMNS)
    return {row[0]: Life(*row) for row in rows}


def endings_of(before: Iterable[Life], now: Iterable[Life]) -> Mapping[Cell, tuple[int, int]]:
    """What a batch adds to (or takes from) each month's cell: (n, sum of satisfaction)."""
    cells: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    for sign, side in ((-1, before), (1, now)):
        for life in side:
            if life.ended_at is None:
                continue
            cell = cells[cell_of(life)]
            cell[0] += sign
            cell[1] += sign * (life.satisfaction or 0)
    return {cell: (n, total) for cell, (n, total) in cells.items() if n or total}


def cell_of(life: Life) -> Cell:
    """Which cell of the months' table a matter that ended is counted in."""
    if life.ended_at is None:
        raise ValueError(f"{life.number} has not ended")
    month = life.ended_at.astimezone(clock.CITY).date().replace(day=1)
    outcome = (
        life.outcome if life.ending == "lapsed" else ""
    )  # What the resident confirmed is solved, whatever we wrote.
    return month, life.county or 0, life.township or 0, life.ending, life.solved_level or 0, outcome


def _write(changed: Sequence[Life]) -> None:
    Standing.objects.bulk_create(
        [Standing(**dict(zip(COLUMNS, astuple(life), strict=True))) for life in changed],
        update_conflicts=True, unique_fields=["number"], update_fields=[name for name in COLUMNS if name != "number"],
    )  # fmt: skip


def count(cells: Mapping[Cell, tuple[int, int]]) -> None:
    """Add to the months' cells; a cell that came to nothing goes, so that a rebuilt table is the same table."""
    if not cells:
        return
    rows = [(*cell, n, total) for cell, (n, total) in sorted(cells.items())]
    with connection.cursor() as db:
        db.executemany(
            "INSERT INTO indicators_monthlyending"
            " (month, county, township, ending, solved_level, outcome, n, satisfaction_sum)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (month, county, township, ending, solved_level, outcome) DO UPDATE"
            " SET n = indicators_monthlyending.n + excluded.n,"
            " satisfaction_sum = indicators_monthlyending.satisfaction_sum + excluded.satisfaction_sum",
            rows,
        )
    MonthlyEnding.objects.filter(n=0).delete()


# --- Courses: what the indicators count -----------------------------------------------------------------------------
COURSE_FACTS = tuple(
    getattr(facts, name) for name in ("MatterRegistered", *courses.STEPS) if getattr(facts, name, None) is not None
)
COURSE_COLUMNS = tuple(field.name for field in fields(Passed))


@journal.projection("courses", *COURSE_FACTS, tables=("indicators_course", "indicators_monthlycourse"), batch=500)
def follow(entries: Sequence[journal.Heard]) -> None:
    """Fold a batch of facts into courses, and what changed of them into the months' cells."""
    rows = Course.objects.filter(number__in={entry.key for entry in entries}).values_list(*COURSE_COLUMNS)
    before = {row[0]: Passed(*row) for row in rows}
    now: dict[str, Passed] = dict(before)
    for entry in entries:
        course = courses.onward(now.get(entry.key), entry.fact, entry.at)
        if course is not None:
            now[entry.key] = course
    changed = [course for number, course in now.items() if course != before.get(number)]
    Course.objects.bulk_create(
        [Course(**dict(zip(COURSE_COLUMNS, astuple(course), strict=True))) for course in changed],
        update_conflicts=True, unique_fields=["number"], update_fields=[name for name in COURSE_COLUMNS if name != "number"],
    )  # fmt: skip
    count_courses(courses.difference(before.values(), now.values()))


def count_courses(cells: Mapping[courses.Cell, int]) -> None:
    """Add to the months' cells; a cell that came to nothing goes, so that a rebuilt table is the same table."""
    if not cells:
        return
    with connection.cursor() as db:
        db.executemany(
            "INSERT INTO indicators_monthlycourse (month, area, kind, marks, n) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (area, month, kind, marks) DO UPDATE SET n = indicators_monthlycourse.n + excluded.n",
            [(*cell, n) for cell, n in sorted(cells.items())],
        )
    if any(n < 0 for n in cells.values()):
        months, areas = {cell[0] for cell in cells}, {cell[1] for cell in cells}
        MonthlyCourse.objects.filter(n=0, month__in=months, area__in=areas).delete()


# --- Whistles: who was called and did not answer ----------------------------------------------------------------------
@journal.projection(
    "called", whistles.WhistleSounded, whistles.SummonsAcknowledged, whistles.SummonsMet, whistles.WhistleConcluded,
    whistles.WhistleWithdrawn, tables=("indicators_called",), batch=200,
)  # fmt: skip
def call(entries: Sequence[journal.Heard]) -> None:
    """One row for each body a whistle calls."""
    for entry in entries:
        rows = Called.objects.filter(number=entry.key)
        match entry.fact:
            case whistles.WhistleSounded() as fact:
                Called.objects.bulk_create(
                    Called(
                        number=fact.number, body=body, area=fact.area, sounded_at=entry.at,
                        acknowledge_by=fact.acknowledge_by, arrive_by=arrive_by,
                    )
                    for body, arrive_by in zip(fact.bodies, fact.arrive_by, strict=True)
                )  # fmt: skip
            case whistles.SummonsAcknowledged() as fact:
                rows.filter(body=fact.body, answered_at__isnull=True).update(answered_at=entry.at)
            case whistles.SummonsMet() as fact:
                rows.filter(body=fact.body, answered_at__isnull=True).update(answered_at=entry.at)
                rows.filter(body=fact.body).update(arrived_at=entry.at)
            case fact:
                taken_back = isinstance(fact, whistles.WhistleWithdrawn)
                rows.filter(ended_at__isnull=True).update(ended_at=entry.at, withdrawn=taken_back)


# --- Tasks: what was asked of the grassroots ------------------------------------------------------------------------
@journal.projection("given", tasks.TaskGiven, tables=("indicators_given",), batch=200)
def give(entries: Sequence[journal.Heard]) -> None:
    """One row for each task."""
    rows = [
        Given(number=entry.fact.number, owner=entry.fact.owner, given_at=entry.at)
        for entry in entries
        if isinstance(entry.fact, tasks.TaskGiven)
    ]
    Given.objects.bulk_create(rows, ignore_conflicts=True)
