"""Who is told of a task: the owner's people, and whoever must decide where the group works."""

from datetime import date

from linli.mechanisms.journal.testing import deliver
from linli.work.tasks import service


def told(cast, username):
    from django.apps import apps

    notices = apps.get_model("notices", "Notice").objects.filter(person=cast.people[username])
    return [(each.kind.rpartition(".")[2], each.urgent) for each in notices.order_by("id")]


def test_the_owners_people_are_told_and_those_who_decide(give, cast):
    wu, zheng = cast.actor("wu"), cast.actor("zheng")
    task = service.take_up(give(), by=wu)
    task = service.ask_delay(task, until=date(2026, 6, 30), reason="下雨", by=wu)
    task = service.grant_delay(task, by=zheng)
    task = service.press(task, reason="慢", by=zheng)
    service.finish(task, evidence="好了", by=wu)
    deliver()
    for name in ("wu", "feng"):
        assert told(cast, name) == [("TaskGiven", False), ("TaskDelayed", False), ("TaskPressed", True)]
    assert told(cast, "zheng") == [("TaskDelayAsked", False), ("TaskFinished", False)]
    for name in ("qian", "sun", "zhou", "wang"):
        assert told(cast, name) == []
