"""A story told in bulk and the same steps through the services leave the same rows and the same journal."""

import random
from datetime import datetime, timedelta

import pytest

from linli.facts.matters import MatterRaised
from linli.kernel import clock
from linli.mechanisms import journal, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.flow.models import Clock, Timer
from linli.mechanisms.journal import replay, verification
from linli.review.indicators import demo as indicators
from linli.review.indicators.models import Course, MonthlyCourse, MonthlyEnding, Standing
from linli.work.matters import demo, service
from linli.work.matters.flow import State
from linli.work.matters.models import Matter, Remark
from linli.work.matters.service import Report
from tests import place
from tests.cast import Cast

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 4, 7, 9, 30, tzinfo=clock.CITY)
UNLIKE = {"id", "confidence", "search", "lon", "lat"}
"""What a story has of its own: it is told where it likes, and its category is not guessed from its words."""


def spot() -> demo.Spot:
    """王网格员's grid."""
    grid = territory.by_code(place.HUAIHUA_1)
    assert grid is not None
    slots = territory.slots(grid.id)
    point = place.at(0.5, 0.5)
    return demo.Spot(slots, grid.full_name, point.lon, point.lat, tuple(i for i in reversed(slots) if i is not None))


def stage_of(code: str) -> demo.Stage:
    """A stage on which only one thing is ever said."""
    stage = demo.Stage()
    stage.categories = [each for each in stage.categories if each.code == code]
    return stage


def begin(stage: demo.Stage, number: str) -> demo.Teller:
    """The same beginning every time."""
    until = BEGAN + timedelta(days=30)
    return demo.Teller(stage, random.Random("one"), number=number, at=BEGAN, until=until, spot=spot())


def same(told: demo.Story, done: Matter) -> None:
    """Row for row, entry for entry."""
    done.refresh_from_db()
    for field in Matter._meta.concrete_fields:
        if field.attname not in UNLIKE:
            assert getattr(told.matter, field.attname) == getattr(done, field.attname), field.attname
    heard = [(e.seq, e.at, e.move, e.author, e.fact) for e in journal.history(done.subject)]
    assert [(n, p.at, p.move, p.author, p.fact) for n, p in enumerate(told.past, start=1)] == heard
    names = ("name", "amount", "unit", "rule", "started_at", "due_at", "provisional", "stopped_at")
    clocks = Clock.objects.filter(subject=done.subject).order_by("started_at", "name").values_list(*names)
    assert sorted(tuple(getattr(c, n) for n in names) for c in told.clocks) == sorted(clocks)
    assert sorted(told.timers) == sorted(Timer.objects.filter(subject=done.subject).values_list("kind", "due_at"))
    remarks = (
        Remark.objects.filter(matter=done).order_by("seq").values_list("seq", "move", "text", "for_resident", "at")
    )
    assert told.remarks == list(remarks)


def test_through_every_desk(cast: Cast) -> None:
    """Raised twice, assigned, accepted, answered, verified, not solved, answered again, rated."""
    stage = stage_of("street-vending")
    first = begin(stage, "滨26-0407-9999").story.matter
    report = Report(
        text=first.text, key="a-story-in-bulk-0001", channel=first.channel, area_id=first.grid_id, place_text=first.place_text,
        visibility=first.visibility, public=first.is_public, category=first.category,
    )  # fmt: skip
    with clock.at(BEGAN):
        matter = service.register(report, by=Actor.stranger()).matter
    teller = begin(stage, matter.number)
    wang, zhou, li, wu = (cast.actor(name) for name in ("wang", "zhou", "li", "wu"))
    urban = stage.bodies[cast.bodies["liulin_urban"].pk]

    def after(hours: float) -> None:
        teller.at += timedelta(hours=hours)

    def said() -> str:
        return teller.story.remarks[-1][2]

    def reason() -> str:
        raised = teller.story.past[-1].fact
        assert isinstance(raised, MatterRaised)
        return raised.reason

    def at() -> "clock.at":  # type: ignore[valid-type]
        return clock.at(teller.at)

    after(1)
    teller.raise_up(wang.author)
    with at():
        matter = service.raise_up(matter, reason=reason(), tried=said(), by=wang)
    after(1)
    teller.raise_up(zhou.author)
    with at():
        matter = service.raise_up(matter, reason=reason(), tried=said(), by=zhou)
    after(1)
    teller.assign(urban, li.author, proposed=True)
    with at():
        matter = service.assign(matter, to=urban, by=li)
    after(1)
    teller.accept(wu.author)
    with at():
        matter = service.accept(matter, by=wu)
    after(1)
    teller.contact(wu.author)
    if teller.story.past[-1].move == "contact":
        with at():
            said_at = teller.story.matter.contacted_at
            assert said_at is not None
            matter = service.contact(matter, means="phone", reached=True, said=said(), said_at=said_at, by=wu)
    for again in (False, True):
        after(1)
        teller.answer(wu.author)
        with at():
            matter = service.answer(matter, outcome=teller.story.matter.outcome, reply=said(), by=wu)
        after(1)
        teller.verify(wang.author)
        with at():
            matter = service.verify(matter, by=wang)
        after(1)
        if not again:
            teller.reopen()
            with at():
                matter = service.reopen(matter, why=said(), by=Actor.resident())
    teller.rate()
    grade = teller.story.matter.satisfaction
    assert grade is not None
    with at():
        matter = service.rate(matter, satisfaction=grade, by=Actor.resident())
    teller.until = teller.at
    same(teller.end(), matter)


def test_what_stays_with_the_grid_worker(cast: Cast) -> None:
    """Settled on the spot, and waiting for another's look: clocks and timers are those of a live matter."""
    stage = stage_of("street-vending")
    first = begin(stage, "滨26-0407-9999").story.matter
    report = Report(
        text=first.text, key="a-story-in-bulk-0002", channel=first.channel, area_id=first.grid_id, place_text=first.place_text,
        visibility=first.visibility, public=first.is_public, category=first.category,
    )  # fmt: skip
    with clock.at(BEGAN):
        matter = service.register(report, by=Actor.stranger()).matter
    teller = begin(stage, matter.number)
    teller.until = BEGAN
    same(teller.end(), matter)
    teller.at = teller.until = BEGAN + timedelta(hours=2)
    teller.settle()
    with clock.at(teller.at):
        matter = service.settle(matter, reply=teller.story.remarks[-1][2], by=cast.actor("wang"))
    same(teller.end(), matter)


def looked_at_by_others(story: demo.Story) -> bool:
    """Nobody in a story verifies what they answered or settled: service would have refused it."""
    done: dict[str, int | None] = {}
    for each in story.past:
        if each.move == "verify" and each.author.person_id in done.values():
            return False
        if each.move in {"answer", "settle"}:
            done[each.move] = each.author.person_id
    return True


def test_nobody_in_a_story_verifies_their_own_work(city: None) -> None:
    stage, here, rng = stage_of("street-vending"), spot(), random.Random("eyes")
    until = BEGAN + timedelta(days=60)
    for n in range(400):
        story = demo.tell(stage, rng, number=f"滨26-0407-{n:04d}", at=BEGAN, until=until, spot=here)
        assert looked_at_by_others(story), [each.move for each in story.past]


def test_a_seeded_city_is_whole(city: None) -> None:
    """The journal verifies, and replaying it gives the projection that was filled beside it, row for row."""
    stage = stage_of("street-vending")
    here, rng, until = spot(), random.Random("seeded"), BEGAN + timedelta(days=60)
    times = demo.moments(60, since=BEGAN.date(), until=until, seed="seeded")
    tally = indicators.Tally()
    stories = [
        demo.tell(stage, rng, number=number, at=at, until=until, spot=here)
        for number, at in zip(demo.numbers(stage, times), times, strict=True)
    ]
    assert demo.write(iter(stories), each=tally.hear) == 60
    tally.write()
    assert Matter.objects.count() == 60
    assert State.CLOSED in set(Matter.objects.values_list("state", flat=True))
    assert list(verification.findings()) == []
    standings = list(Standing.objects.order_by("number").values_list())
    cells = sorted(
        MonthlyEnding.objects.values_list(*(f.attname for f in MonthlyEnding._meta.fields if f.name != "id"))
    )
    assert len(standings) == 60
    assert cells
    assert {"solved", "partly", "not-found"} & set(Standing.objects.values_list("outcome", flat=True))
    passed = list(Course.objects.order_by("number").values_list())
    months = sorted(MonthlyCourse.objects.values_list("month", "area", "kind", "marks", "n"))
    assert len(passed) == 60
    replay.replay("courses", everything=True)
    assert list(Course.objects.order_by("number").values_list()) == passed
    assert sorted(MonthlyCourse.objects.values_list("month", "area", "kind", "marks", "n")) == months
    replay.replay("indicators", everything=True)
    assert list(Standing.objects.order_by("number").values_list()) == standings
    again = sorted(
        MonthlyEnding.objects.values_list(*(f.attname for f in MonthlyEnding._meta.fields if f.name != "id"))
    )
    assert again == cells
