"""批量: what would go, what went and what not, each once, one failing never stopping the rest."""

import re
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.http import Http404

from linli.mechanisms import journal
from linli.mechanisms.access import Refused
from linli.portals.desk import bulk
from linli.portals.desk.models import BulkItem, BulkOrder, Result
from linli.work.matters import service
from linli.work.matters.flow import State
from linli.work.matters.models import Matter
from linli.work.matters.words import WordsError
from tests.make import Make


def results(order):
    return {each.number: (each.result, each.why) for each in order.items.all()}


def ordered(make, *matters, verb="assign", who="li"):
    return bulk.choose([each.number for each in matters], verb=verb, by=make.cast.actor(who))


def test_each_goes_as_proposed_with_an_entry_of_its_own(cast, make):
    li = cast.actor("li")
    matters = [make.raised() for _ in range(3)]
    order = ordered(make, *matters)
    would = bulk.preview(order, {}, by=li)
    assert [(each.goes, each.body) for each in would] == [(True, "柳林街道城管办")] * 3
    assert all(each.rule.url for each in would)
    assert bulk.begin(order, {}, by=li)
    assert bulk.carry_on(order, by=li) == 0
    for matter in matters:
        matter.refresh_from_db()
        assert matter.state == State.ASSIGNED
        assert [each.move for each in journal.history(matter.subject)].count("assign") == 1
    assert {result for result, _why in results(order).values()} == {Result.DONE}


def test_nothing_moves_before_it_is_pressed(cast, make):
    matter = make.raised()
    order = ordered(make, matter)
    assert bulk.carry_on(order, by=cast.actor("li")) == 1
    matter.refresh_from_db()
    assert matter.state == State.TRIAGE


def test_one_that_cannot_go_says_why_and_stops_nobody(cast, make):
    li = cast.actor("li")
    first, second, third = make.raised(), make.handling(), make.raised()
    order = ordered(make, first, second, third)
    would = {each.number: each for each in bulk.preview(order, {}, by=li)}
    assert [would[each.number].goes for each in (first, second, third)] == [True, False, True]
    assert "办理中" in would[second.number].why
    bulk.begin(order, {}, by=li)
    bulk.carry_on(order, by=li)
    assert results(order)[second.number][0] == Result.REFUSED
    assert [results(order)[each.number][0] for each in (first, third)] == [Result.DONE, Result.DONE]


def test_a_stale_one_is_named_with_who_changed_it(cast, make):
    li, ma = cast.actor("li"), cast.actor("ma")
    matter, other = make.raised(), make.raised()
    order = ordered(make, matter, other)
    service.add(matter, said="又打来电话", by=ma)
    assert "马调度" in bulk.preview(order, {}, by=li)[0].why
    bulk.begin(order, {}, by=li)
    bulk.carry_on(order, by=li)
    result, why = results(order)[matter.number]
    assert (result, "马调度" in why) == (Result.STALE, True)
    assert results(order)[other.number][0] == Result.DONE
    matter.refresh_from_db()
    assert matter.state == State.TRIAGE


def test_a_fault_in_one_is_undone_reported_and_stops_nobody(cast, make, monkeypatch):
    li = cast.actor("li")
    first, second = make.raised(), make.raised()
    order = ordered(make, first, second)
    whole = service.assign

    def breaks(matter, **rest):
        done = whole(matter, **rest)
        if matter.number == first.number:
            raise ZeroDivisionError
        return done

    monkeypatch.setattr(service, "assign", breaks)
    bulk.begin(order, {}, by=li)
    assert bulk.carry_on(order, by=li) == 0
    assert [results(order)[each.number][0] for each in (first, second)] == [Result.BROKEN, Result.DONE]
    first.refresh_from_db()
    assert first.state == State.TRIAGE


def test_it_goes_on_where_it_stopped_and_pressing_twice_is_once(cast, make):
    li = cast.actor("li")
    matters = [make.raised() for _ in range(4)]
    order = ordered(make, *matters)
    assert bulk.begin(order, {}, by=li)
    assert not bulk.begin(order, {}, by=li)
    assert bulk.carry_on(order, by=li, most=2) == 2  # The process dies here.
    assert bulk.carry_on(BulkOrder.objects.get(pk=order.pk), by=li) == 0
    assert bulk.carry_on(order, by=li) == 0
    for matter in matters:
        assert [each.move for each in journal.history(matter.subject)].count("assign") == 1


def test_the_words_of_the_first_press_stand(cast, make):
    li = cast.actor("li")
    order = ordered(make, make.raised(), verb="raise_up")
    bulk.begin(order, {"reason": make.raise_reason, "tried": "联系过三家单位"}, by=li)
    bulk.begin(order, {"reason": make.raise_reason, "tried": "另一句话"}, by=li)
    order.refresh_from_db()
    assert order.said["tried"] == "联系过三家单位"


@pytest.mark.parametrize(
    ("verb", "said", "missing"),
    [("raise_up", {"tried": "试过"}, "理由"), ("raise_up", {"reason": "no-power", "tried": ""}, "试过"), ("verify", {}, "看到"), ("assign", {"to": "99999"}, "单位")],
)  # fmt: skip
def test_missing_words_move_nothing(cast, make, verb, said, missing):
    li = cast.actor("li")
    order = ordered(make, make.raised(), verb=verb)
    with pytest.raises(WordsError, match=missing):
        bulk.begin(order, said, by=li)
    order.refresh_from_db()
    assert order.begun_at is None


def test_another_body_than_proposed_needs_a_reason(cast, make):
    li = cast.actor("li")
    to = str(cast.bodies["huaihua"].pk)
    order = ordered(make, make.raised())
    assert not bulk.preview(order, {"to": to}, by=li)[0].goes
    would = bulk.preview(order, {"to": to, "differs": "x"}, by=li)[0]
    assert (would.goes, would.body) == (True, "槐花社区")


def test_who_answered_does_not_verify_in_bulk_either(cast, make):
    settled = service.settle(make.matter(), reply="换好了。", by=cast.actor("wang"))
    other = make.answered()
    wang = cast.actor("wang")
    order = ordered(make, settled, other, verb="verify", who="wang")
    assert [each.goes for each in bulk.preview(order, {}, by=wang)] == [False, True]
    bulk.begin(order, {"note": "都去看过"}, by=wang)
    bulk.carry_on(order, by=wang)
    assert [results(order)[each.number][0] for each in (settled, other)] == [Result.REFUSED, Result.DONE]


def test_an_order_is_bounded_and_says_so(cast, make):
    with pytest.raises(bulk.TooManyError, match="一次最多 100 件"):
        bulk.choose([f"柳26-{n}" for n in range(101)], verb="assign", by=cast.actor("li"))


def test_what_is_out_of_reach_is_not_taken_into_an_order(cast, make):
    matter = make.raised()
    with pytest.raises(bulk.NothingChosenError):
        bulk.choose([matter.number], verb="assign", by=cast.actor("qian"))


def test_only_who_may_make_the_move_may_make_it_for_many(cast, make):
    with pytest.raises(Refused):
        bulk.choose([make.raised().number], verb="assign", by=cast.actor("sun"))


def test_nobody_opens_another_persons_order(cast, make):
    order = ordered(make, make.raised())
    with pytest.raises(Http404):
        bulk.get(order.pk, by=cast.actor("ma"))


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_from_the_list_to_the_report(sign_in, make):
    matters = [make.raised(), make.raised()]
    client = sign_in("li")
    page = client.get("/desk/?view=triage").content.decode()
    assert page.count('class="tick"') == 2
    chosen = {"number": [each.number for each in matters], "verb": "assign", "back": "view=triage"}
    address = client.post("/desk/bulk/", chosen)["Location"]
    preview = client.get(address).content.decode()
    assert "2 件会办" in preview
    assert "柳林街道城管办" in preview
    assert client.get(address, {"to": str(make.cast.bodies["huaihua"].pk)}).content.decode().count("要选一个理由") == 2
    done = client.post(f"{address}do/", {"to": ""})
    report = client.get(done["Location"]).content.decode()
    assert "办了 2 件" in report
    assert Matter.objects.filter(state=State.ASSIGNED).count() == 2
    again = client.post(f"{address}do/", {"to": ""})
    assert again.status_code == 302
    assert address in client.get("/desk/bulk/").content.decode()


def test_the_whole_list_can_be_taken_up_to_a_hundred(sign_in, make):
    for _ in range(3):
        make.raised()
    address = sign_in("li").post("/desk/bulk/", {"verb": "assign", "whole": "1", "back": "view=triage"})["Location"]
    order = BulkOrder.objects.get(pk=int(re.search(r"(\d+)/$", address)[1]))
    assert order.items.count() == 3


def test_nothing_ticked_is_a_sentence(sign_in, make):
    make.raised()
    client = sign_in("li")
    response = client.post("/desk/bulk/", {"verb": "assign", "back": "view=triage"}, follow=True)
    assert "还没有勾选" in response.content.decode()


def test_what_was_not_done_is_looked_at_again_as_a_new_order(sign_in, make):
    li = make.cast.actor("li")
    matter = make.raised()
    order = ordered(make, matter)
    service.add(matter, said="又打来电话", by=make.cast.actor("ma"))
    client = sign_in("li")
    address = client.post(f"/desk/bulk/{order.pk}/again/")["Location"]
    assert "1 件会办" in client.get(address).content.decode()
    assert bulk.get(order.pk, by=li).items.get().result == Result.WAITING


def test_the_next_township_gets_nothing_from_an_order(sign_in, make):
    order = ordered(make, make.raised())
    client = sign_in("qian")
    assert client.get(f"/desk/bulk/{order.pk}/").status_code == 404
    assert client.post(f"/desk/bulk/{order.pk}/do/").status_code == 404


# --- Two at once ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_move_each_matter_once(committed_city):
    make = Make(committed_city)
    li = committed_city.actor("li")
    matters = [make.raised() for _ in range(6)]
    order = ordered(make, *matters)
    bulk.begin(order, {}, by=li)
    start = Barrier(2)

    def press():
        try:
            start.wait(10)
            bulk.carry_on(BulkOrder.objects.get(pk=order.pk), by=li)
        finally:
            connections.close_all()

    threads = [Thread(target=press) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert set(BulkItem.objects.values_list("result", flat=True)) == {Result.DONE}
    for matter in matters:
        assert [each.move for each in journal.history(matter.subject)].count("assign") == 1


@pytest.mark.django_db(transaction=True)
def test_a_process_that_dies_in_the_middle_of_one_leaves_it_to_be_done(committed_city, monkeypatch):
    make = Make(committed_city)
    li = committed_city.actor("li")
    matters = [make.raised() for _ in range(3)]
    order = ordered(make, *matters)
    bulk.begin(order, {}, by=li)
    whole, seen = service.assign, []

    def dies(matter, **rest):
        done = whole(matter, **rest)
        seen.append(matter.number)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(service, "assign", dies)
    with pytest.raises(KeyboardInterrupt):
        bulk.carry_on(order, by=li)
    monkeypatch.setattr(service, "assign", whole)
    assert BulkItem.objects.filter(result=Result.WAITING).count() == 2
    assert bulk.carry_on(order, by=li) == 0
    for matter in matters:
        assert [each.move for each in journal.history(matter.subject)].count("assign") == 1
