"""Who is told of a whistle: the called, the caller, and for silence the county; each once, and nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from linli.kernel import clock
from linli.mechanisms.flow import timers
from linli.mechanisms.journal.testing import deliver
from linli.work.notices.models import Notice
from linli.work.whistles import service
from linli.work.whistles.tests.conftest import MORNING, District

pytestmark = pytest.mark.django_db


def told(kind: str) -> list[str]:
    """Everybody who got a notice of this kind, as often as they got one."""
    return sorted(Notice.objects.filter(kind=f"whistles.{kind}").values_list("person__username", flat=True))


def test_the_called_the_caller_and_for_silence_the_county(cast, client):
    district = District(cast)
    with clock.at(MORNING):
        whistle = district.whistle()
        service.acknowledge(whistle, by=district.actor("lu"))
        deliver()
    assert told("WhistleSounded") == ["huo", "lu"]
    assert told("SummonsAcknowledged") == ["li", "ma"]
    for minutes in (11, 12):
        with clock.at(MORNING + timedelta(minutes=minutes)):
            timers.run_once()
            deliver()
    assert told("WhistleEscalated") == ["huo", "jiang", "li", "ma"]
    client.force_login(district.people["huo"])
    assert reverse("whistles:whistle", args=[whistle.number]) in client.get("/notices/").content.decode()


def test_a_whistle_taken_back_is_told_to_the_called(cast):
    district = District(cast)
    service.withdraw(district.whistle(), reason="误报", by=district.actor("li"))
    deliver()
    assert told("WhistleWithdrawn") == ["huo", "lu"]
