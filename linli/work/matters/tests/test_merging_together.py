"""Two dispatchers merge the same matters at the same moment: no ring, no chain, no reporter lost. Really committed."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow
from linli.work.matters import service
from linli.work.matters.flow import State
from linli.work.matters.models import Matter, Merge
from tests.make import Make

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Every act in a thread and a connection of its own, started together; what was refused."""
    start, refused = threading.Barrier(len(acts)), []

    def go(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except (NotNow, Refused) as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(each,)) for each in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return refused


def well_kept(matters: list[Matter]) -> None:
    """Every merged matter goes along with exactly one that is not merged itself; every other with none."""
    for each in Matter.objects.filter(pk__in=[row.pk for row in matters]):
        held = Merge.objects.filter(matter=each, ended_at=None).select_related("main")
        assert len(held) == (each.state == State.MERGED), each
        assert all(row.main.state != State.MERGED for row in held), each


def test_each_into_the_other_makes_no_ring(committed_city):
    make = Make(committed_city)
    li, ma = committed_city.actor("li"), committed_city.actor("ma")
    one, two = make.handling(), make.handling()
    refused = at_once(lambda: service.merge([two], into=one, by=li), lambda: service.merge([one], into=two, by=ma))
    assert len(refused) == 1
    well_kept([one, two])
    assert Merge.objects.filter(ended_at=None).count() == 1


def test_overlapping_sets_make_no_chain_and_lose_nobody(committed_city):
    make = Make(committed_city)
    li, ma = committed_city.actor("li"), committed_city.actor("ma")
    matters = [make.handling() for _ in range(5)]
    one, two, three, four, five = matters
    at_once(
        lambda: service.merge([two, three], into=one, by=li),
        lambda: service.merge([four, three], into=two, by=ma),
        lambda: service.merge([five], into=four, by=li),
        lambda: service.merge([one], into=five, by=ma),
    )
    well_kept(matters)
    open_ones = Matter.objects.exclude(state=State.MERGED).count()
    assert open_ones + Merge.objects.filter(ended_at=None).count() == 5
    assert open_ones >= 1


def test_a_reporter_who_speaks_while_it_is_merged_and_undone_is_heard(committed_city):
    make = Make(committed_city)
    li, ma = committed_city.actor("li"), committed_city.actor("ma")
    top, main, leaf = make.handling(), make.handling(), make.handling()
    service.merge([leaf], into=main, by=li)
    leaf.refresh_from_db()
    at_once(
        lambda: service.merge([main], into=top, by=ma),
        lambda: service.add(leaf, said="还有一盏不亮", by=Actor.resident()),
        lambda: service.unmerge(leaf, why="不是同一盏", by=li),
        lambda: service.withdraw(main, why="不用了", by=Actor.resident()),
    )
    well_kept([top, main, leaf])
    assert leaf.remarks.filter(move="add").exists()
