"""Every move and every state has words a resident would use, and what comes next follows from the state."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from linli.kernel import clock
from linli.portals.resident import steps
from linli.work.matters.flow import ENDED, LIFE, State
from linli.work.matters.queries import Happened

NOW = datetime(2026, 4, 7, 9, 30, tzinfo=clock.CITY)
FACT = SimpleNamespace(
    what="appeal", to_level=4, reporters=3, merged="", body_name="槐花社区", body_names=("槐花社区",), parts=("滨26-0407-0001-1",), handler_name="柳林街道城管办", satisfaction=5, supporters=3, rule="matters/limits v9 #nobody-knows",
    times=2, means="phone", reached=False, grade="yellow", above=False, channel="page", level=2, reason="impossible", upheld=True, days=3, answer_by=NOW + timedelta(days=5), review_on=(NOW + timedelta(days=30)).date(),
)  # fmt: skip


def happened(move: str, *, said: str = "", at: datetime = NOW) -> Happened:
    """One line of a matter's story."""
    return Happened(1, at, move, str(LIFE.moves[move].label), "柳林街道综治中心", FACT, said)


def matter(state: str, *, overdue: bool = False) -> Any:
    """As much of a matter as its steps look at."""
    body = SimpleNamespace(short_name="柳林街道城管办")
    return SimpleNamespace(state=state, overdue=overdue, handler=body, due_at=NOW + timedelta(days=5), contact_by=None)


def told(*story: Happened, state: str = State.CLOSED, photos: Any = ()) -> list[dict[str, Any]]:
    """The steps a resident reads."""
    return steps.steps_of(matter(state), story, photos, lambda key, **_: f"/{key}")


@pytest.mark.django_db
@pytest.mark.parametrize("move", sorted(LIFE.moves))
def test_every_move_is_told_in_a_residents_words_or_not_at_all(city: None, move: str) -> None:
    lines = told(happened(move))
    if move in steps.SILENT:
        assert lines == []
        return
    (line,) = lines
    assert move in steps._WORDS, f"{move} would be told in officials' words"
    assert line["word"]
    assert "None" not in line["word"]


@pytest.mark.django_db
def test_a_step_says_who_where_by_which_rule_and_what_was_said() -> None:
    up, given, said = told(
        happened("raise_up"), happened("assign"), happened("answer", said="换好了。")
    )  # fmt: skip
    assert "村（社区）" in up["word"]
    assert "柳林街道城管办" in given["word"]
    assert given["basis"] == "matters/limits v9 #nobody-knows"
    assert said["note"] == "换好了。"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("move", "tone"), [("redo", "refused"), ("reopen_for_triage", "refused"), ("mark_overdue", "overdue"), ("rate", "done")]
)  # fmt: skip
def test_bad_news_looks_like_bad_news(move: str, tone: str) -> None:
    assert told(happened(move))[0]["tone"] == tone


@pytest.mark.django_db
def test_a_street_that_joins_in_is_one_line() -> None:
    lines = told(happened("register"), *[happened("support")] * 30, happened("add"), happened("support"))
    assert [each["kind"] for each in lines] == ["register", "support", "add", "support"]


@pytest.mark.django_db
def test_photos_stand_at_the_step_they_came_with() -> None:
    photos = [SimpleNamespace(key="a", at=NOW), SimpleNamespace(key="b", at=NOW + timedelta(hours=1))]
    first, _, later = told(
        happened("register"), happened("accept"), happened("add", at=NOW + timedelta(hours=1)), photos=photos
    )
    assert [each["full"] for each in first["photos"]] == ["/a"]
    assert [each["full"] for each in later["photos"]] == ["/b"]


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_word_a_colour_and_what_comes_next(state: State) -> None:
    assert steps.word_of(state)
    assert steps.tone_of(state) != "overdue"
    assert steps.tone_of(state, overdue=True) == "overdue"
    assert steps.word_of(state) in steps.word_of(state, overdue=True)
    coming = told(state=state)
    assert bool(coming) == (state not in ENDED)
    assert all(each["word"] for each in coming)
    dated = [each for each in coming if "due" in each]
    assert bool(dated) == (state in {State.WITH_GRID, State.TRIAGE, State.ASSIGNED, State.HANDLING, State.SPLIT})


def test_what_is_late_says_so_at_the_step_that_is_late() -> None:
    coming = steps.steps_of(matter(State.HANDLING, overdue=True), [], [], None)
    assert [each["tone"] for each in coming] == ["overdue", "waiting", "waiting"]
