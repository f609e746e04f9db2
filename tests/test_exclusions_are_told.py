"""Whom an exclusion, a first contact and a resident who urges concern: each step reaches who can act on it, and nobody else."""

from datetime import timedelta
from typing import Any

from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Person
from linli.mechanisms.flow import timers
from linli.work.matters import service
from linli.work.matters.models import Matter
from linli.work.notices.models import Notice
from linli.work.notices.reactions import tell


def told(matter: Matter) -> set[tuple[str, str]]:
    """(fact, username) of every notice about a matter."""
    tell(journal.history(matter.subject))
    rows = Notice.objects.filter(subject=matter.subject)
    return {(each.kind.split(".")[1], Person.objects.get(pk=each.person_id).username) for each in rows}


def test_whom_each_step_of_an_exclusion_concerns(make: Any, cast: Any) -> None:
    matter = service.look_again(make.second_look(), stands=False, why="该受理", by=cast.actor("jiang"))
    found = told(matter)
    assert ("MatterExclusionProposed", "ma") in found
    assert ("MatterExclusionProposed", "li") not in found
    assert ("MatterSecondLookAsked", "jiang") in found
    assert {("MatterExclusionOverturned", "li"), ("MatterExclusionOverturned", "ma")} <= found


def test_silence_and_the_sample_are_told_to_who_can_act(make: Any) -> None:
    make.overseer()
    matter = make.excluding()
    with clock.at(clock.now() + timedelta(days=9)):
        while timers.run_once():
            pass
    assert ("MatterUnconfirmed", "jiang") in told(matter)
    assert ("MatterSampled", "tang") in told(make.sampled())


def test_a_late_contact_is_told_to_the_handler_and_their_head(make: Any) -> None:
    matter = make.handling(visibility="pseudonym", phone="13812345678")
    with clock.at(clock.now() + timedelta(hours=25)):
        while timers.run_once():
            pass
    found = told(matter)
    assert {who for what, who in found if what == "MatterUncontacted"} == {"wu", "feng"}
    assert Notice.objects.filter(subject=matter.subject, kind="matters.MatterUncontacted", urgent=True).count() == 2


def test_urging_reaches_the_handler_and_their_head_or_the_grid_worker(make: Any) -> None:
    handled = service.urge(make.handling(), by=Actor.resident())
    assert {who for what, who in told(handled) if what == "MatterUrged"} == {"wu", "feng"}
    fresh = service.urge(make.matter(), by=Actor.resident())
    assert ("MatterUrged", "wang") in told(fresh)
