"""登记 — from one sentence to a number, a body, a rule and a date."""

import pytest
from django.db import connection

from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor
from linli.mechanisms.journal.testing import deliver
from linli.work.matters import queries, service
from linli.work.matters.flow import State
from linli.work.matters.models import DayBase
from linli.work.matters.service.registering import title_of
from tests import place


def test_a_sentence_with_a_pin_goes_to_the_grid_worker_there(make):
    done = service.register(make.report(), by=Actor.stranger())
    matter = done.matter
    assert matter.state == State.WITH_GRID
    assert matter.grid.name == "槐花一网格"
    assert matter.handler.short_name == "槐花社区"
    assert matter.category == "streetlight"
    assert matter.number.startswith("滨")
    assert matter.due_rule.startswith("matters/limits v1 #")
    assert [each.move for each in journal.history(matter.subject)] == ["register"]
    assert matter.version == 1
    assert queries.by_link(matter.number, done.token) == matter


def test_the_same_form_sent_twice_makes_one_matter(make):
    report = make.report()
    first = service.register(report, by=Actor.stranger())
    again = service.register(report, by=Actor.stranger())
    assert again.again
    assert again.matter.pk == first.matter.pk
    assert again.token == first.token


def test_a_form_key_with_other_words_is_refused(make):
    report = make.report()
    service.register(report, by=Actor.stranger())
    with pytest.raises(service.SentTwiceError):
        service.register(make.report("别的事情", key=report.key), by=Actor.stranger())


def test_a_pin_in_the_sea_is_told_so(make):
    with pytest.raises(service.OutsideCityError, match="不在本市"):
        service.register(make.report(point=place.OUTSIDE), by=Actor.stranger())


def test_words_without_a_place_ask_for_one(make):
    with pytest.raises(service.NeedsPlaceError):
        service.register(make.report(point=None), by=Actor.stranger())


def test_the_whole_life_from_resident_to_rating(make, cast):
    matter = make.verified()
    matter = service.reopen(matter, why="昨晚又灭了", by=Actor.resident())
    assert matter.state == State.HANDLING
    assert matter.reopened == 1
    matter = service.answer(matter, outcome=make.outcome, reply="换了镇流器，今晚再看。", by=cast.actor("wu"))
    matter = service.verify(matter, by=cast.actor("zhou"))
    matter = service.rate(matter, satisfaction=4, by=Actor.resident())
    assert matter.state == State.CLOSED
    assert matter.solved
    assert [each.move for each in journal.history(matter.subject)] == [
        "register", "raise_up", "raise_up", "assign", "accept", "answer", "verify", "reopen", "answer", "verify", "rate",
    ]  # fmt: skip
    deliver()


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("路灯坏了。还有井盖", "路灯坏了"),
        ("路" * 31, "路" * 29 + "…"),
        ("The street light at our gate is out", "The street light at our gate is out"),
        ("The street light at the gate of our estate has been out for days", "The street light at the gate of our estate has been out…"),
        ("a" * 80, "a" * 58 + "…"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_title_is_the_first_clause_and_cuts_no_english_word(said, title):
    assert title_of(said) == title


def test_who_drew_before_the_day_began_does_not_get_the_number_of_who_began_it(make):
    """Two at once on a day's first matters: the later draw may write down where the day begins."""
    with connection.cursor() as db:
        db.execute("SELECT nextval('matters_number')")
        (drawn,) = db.fetchone()
    DayBase.objects.create(day=clock.today(), base=drawn + 2)
    assert [make.matter().number[-4:] for _ in range(2)] == ["0001", "0002"]
