"""Who is told of what: once, never of one's own deed, and only the posts concerned."""

from typing import Any

import pytest

from linli.mechanisms.journal.testing import deliver
from linli.work.notices import reactions
from linli.work.notices.models import Notice

pytestmark = pytest.mark.django_db


def told(username: str) -> int:
    return Notice.objects.filter(person__username=username).count()


def test_only_the_posts_concerned_and_never_the_doer(make: Any) -> None:
    make.assigned()
    deliver()
    assert told("wu") > 0
    assert told("qian") == 0
    assert not Notice.objects.filter(person__username="li", kind="matters.MatterAssigned").exists()


def test_told_once_however_often_heard(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Any] = []
    real = reactions.whom
    monkeypatch.setattr(reactions, "whom", lambda each: heard.append(each) or real(each))
    make.assigned()
    deliver()
    before = Notice.objects.count()
    assert heard
    first_time = tuple(heard)  # Telling again hears again.
    for each in first_time:
        reactions.tell([each])
    assert Notice.objects.count() == before
