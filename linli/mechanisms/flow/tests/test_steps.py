"""No state changes except by a declared move, under lock, with its journal entry, in one transaction."""

import pytest
from django.db import IntegrityError, transaction

from linli.kernel import clock
from linli.mechanisms import flow, journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.journal.models import Entry
from tests.toy import service
from tests.toy.facts import ToyNoted, ToyTaken
from tests.toy.flow import LIFE, State
from tests.toy.models import Toy
from tests.toy.people import LI, QIAN, WU
from tests.toy.together import in_another_thread, wait_until_somebody_waits


@pytest.fixture
def toy(db):
    return service.register("柳-1", by=LI)


def moves(toy):
    return [(entry.move, entry.author.name) for entry in journal.history(toy.subject)]


def nothing_happened(toy):
    kept = Toy.objects.get(pk=toy.pk)
    return (kept.state, kept.version, kept.note, kept.handler) == (State.OPEN, 1, "", "") and len(moves(toy)) == 1


def test_a_life_begins_with_its_row_and_its_first_entry(toy):
    assert (toy.state, toy.version) == (State.OPEN, 1)
    assert moves(toy) == [("register", "李调度")]


def test_a_move_changes_state_and_version_and_writes_who_made_it(toy):
    taken = service.take(toy, by=WU)
    assert (taken.state, taken.version, taken.handler) == (State.TAKEN, 2, "吴城管")
    assert moves(toy) == [("register", "李调度"), ("take", "吴城管")]
    assert toy.state == State.OPEN  # The stale row is left as it was: the locked one took its name.


def test_a_move_that_is_not_in_the_table_has_no_name():
    with pytest.raises(AttributeError, match="no move is called 'explode'"):
        LIFE.explode  # noqa: B018


def test_a_move_is_refused_in_a_state_that_is_not_its_source_and_says_who_was_there(toy):
    service.take(toy, by=WU)
    with pytest.raises(flow.NotNow, match=r"现在不能“领走”：.*柳林街道城管办 办理人 吴城管"):
        service.take(toy, by=LI)
    assert len(moves(toy)) == 2


def test_a_passer_by_may_not_take_a_toy(toy):
    with pytest.raises(Refused):
        service.take(toy, by=QIAN)
    assert nothing_happened(toy)


@pytest.mark.parametrize("actor", [Actor.stranger(), Actor.resident(), Actor.system("timers")], ids=lambda a: a.kind)
def test_nobody_has_a_power_by_being_nobody(toy, actor):
    with pytest.raises(Refused):
        service.take(toy, by=actor)
    with pytest.raises(Refused):
        service.register("柳-2", by=actor)
    assert nothing_happened(toy)
    assert Toy.objects.count() == 1


def test_a_form_filled_over_an_older_version_is_refused_with_who_and_what(toy):
    service.add(toy, "门牌是3号", by=WU, expected=1)
    with pytest.raises(flow.Stale, match="柳林街道城管办 办理人 吴城管已经处理了") as refusal:
        service.take(toy, by=LI, expected=1)
    assert [entry.fact for entry in refusal.value.changed] == [ToyNoted("柳-1", 5)]
    assert service.take(toy, by=LI, expected=2).version == 3


def test_whoever_took_it_may_not_finish_it(toy):
    service.take(toy, by=WU)
    with pytest.raises(flow.SameHands):
        service.finish(toy, by=WU)
    assert service.finish(toy, by=LI).state == State.DONE


def test_four_eyes_look_at_the_last_take_not_at_an_earlier_one(toy):
    service.take(toy, by=WU)
    service.reopen(toy, by=WU)
    service.take(toy, by=LI)
    with pytest.raises(flow.SameHands):
        service.finish(toy, by=LI)
    assert service.finish(toy, by=WU).state == State.DONE


def test_four_eyes_look_at_every_move_they_name(toy):
    life = flow.Lifecycle(
        "toy",
        flow.Move("take", "领走", (State.OPEN,), State.TAKEN),
        flow.Move("add", "补充", (State.TAKEN,), None),
        flow.Move("finish", "完成", (State.TAKEN,), State.DONE, four_eyes=("take", "add")),
        kind="toy",
        states=State.choices,
    )
    service.take(toy, by=WU)
    service.add(toy, "换了灯泡", by=LI)
    for same in (WU, LI):
        with pytest.raises(flow.SameHands), flow.step(toy, life.finish, by=same):
            pass


def test_what_needs_other_eyes_than_mine_is_told_beforehand(toy):
    beside = service.register("柳-2", by=LI)
    service.take(toy, by=WU)
    service.take(beside, by=LI)
    both = [toy.subject, beside.subject]
    assert flow.own_deeds(both, LIFE.finish, by=WU) == {toy.subject}
    assert flow.own_deeds(both, LIFE.finish, by=Actor("staff", name="某人", powers=LI.powers)) == set(both)
    assert flow.own_deeds(both, LIFE.take, by=WU) == flow.own_deeds(both, LIFE.finish, by=Actor.resident()) == set()


def test_an_official_without_a_person_is_never_another_pair_of_eyes(toy):
    service.take(toy, by=WU)
    nameless = Actor("staff", name="某人", powers=LI.powers)
    with pytest.raises(flow.SameHands):
        service.finish(toy, by=nameless)


def test_a_step_that_records_nothing_saves_nothing(toy):
    with pytest.raises(RuntimeError, match="recorded no fact"), flow.step(toy, LIFE.take, by=WU) as (row, _):
        row.handler = "吴城管"
    assert nothing_happened(toy)


def test_a_life_that_records_nothing_does_not_begin(db):
    with pytest.raises(RuntimeError, match="recorded no fact"), flow.begin(Toy(number="柳-9"), LIFE.register, by=LI):
        pass
    assert not Toy.objects.exists()


def test_an_error_inside_undoes_everything(toy):
    with pytest.raises(ZeroDivisionError), flow.step(toy, LIFE.take, by=WU) as (row, step):
        row.handler = "吴城管"
        step.record(ToyTaken("柳-1", "吴城管"))
        1 / 0  # noqa: B018
    assert nothing_happened(toy)


def test_what_the_database_refuses_undoes_the_entry_too(toy):
    with pytest.raises(IntegrityError), transaction.atomic():
        service.add(toy, "forbidden", by=WU)
    assert nothing_happened(toy)


def test_a_state_set_by_hand_is_refused(toy):
    with pytest.raises(RuntimeError, match="by hand"), flow.act(toy, LIFE.add, by=WU) as (row, step):
        row.state = State.DONE
        step.record(ToyNoted("柳-1", 0))
    with (
        pytest.raises(RuntimeError, match="by hand"),
        flow.begin(Toy(number="柳-2"), LIFE.register, by=LI) as (row, step),
    ):
        row.state = State.DONE
        step.record(ToyNoted("柳-2", 0))
    assert nothing_happened(toy)


def test_a_step_inside_a_step_on_the_same_row_is_refused(toy):
    with pytest.raises(RuntimeError, match="inside a step on it"), flow.step(toy, LIFE.take, by=WU) as (row, step):
        step.record(ToyTaken("柳-1", "吴城管"))
        service.add(row, "里面", by=WU)
    assert nothing_happened(toy)
    other = service.register("柳-2", by=LI)
    with flow.step(toy, LIFE.take, by=WU) as (row, step):
        step.record(ToyTaken("柳-1", "吴城管"))
        service.add(other, "另一件可以", by=WU)
    assert service.reopen(toy, by=LI).version == 3


def test_only_changed_columns_are_written(toy, django_assert_num_queries):
    with django_assert_num_queries(6) as queries, flow.step(toy, LIFE.take, by=WU) as (row, step):
        row.handler = "吴城管"
        step.record(ToyTaken("柳-1", "吴城管"))
    update = next(query["sql"] for query in queries.captured_queries if query["sql"].startswith("UPDATE"))
    for column in ("state", "version", "handler"):
        assert f'"{column}" = ' in update
    for column in ("note", "labels", "number"):
        assert f'"{column}" = ' not in update


def test_a_list_changed_in_place_is_saved(toy):
    with flow.act(toy, LIFE.add, by=WU) as (row, step):
        row.labels.append("急")
        step.record(ToyNoted("柳-1", 1))
    assert Toy.objects.get().labels == ["急"]


def test_an_act_changes_no_state_and_a_step_is_not_an_act(toy):
    assert service.add(toy, "门牌是3号", by=WU).state == State.OPEN
    with pytest.raises(RuntimeError, match="use step"), flow.act(toy, LIFE.take, by=WU):
        pass
    with pytest.raises(RuntimeError, match="does not begin a life"), flow.begin(Toy(number="柳-2"), LIFE.take, by=WU):
        pass


def test_the_step_tells_the_time_of_the_city(toy):
    from datetime import UTC, date, datetime

    with clock.at(datetime(2026, 3, 1, 16, 30, tzinfo=UTC)), flow.act(toy, LIFE.add, by=WU) as (_, step):
        step.record(ToyNoted("柳-1", 0))
        assert step.today == date(2026, 3, 2)
    assert journal.history(toy.subject)[-1].at == step.now


def test_an_entry_written_beside_the_steps_does_not_break_the_next(toy):
    with transaction.atomic():
        journal.append(toy.subject, ToyNoted("柳-1", 0), by=LI.author, at=clock.now(), move="reveal")
    assert service.take(toy, by=WU).version == 3


def test_undoing_the_outer_transaction_undoes_the_step(toy):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        service.take(toy, by=WU)
        1 / 0  # noqa: B018
    assert nothing_happened(toy)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("expected", [None, 1], ids=["without-version", "with-version"])
def test_of_two_who_move_the_same_row_at_once_one_wins_and_the_other_is_told_by_whom(expected):
    toy = service.register("柳-1", by=LI)
    errors = []
    with flow.step(toy, LIFE.take, by=WU) as (row, step):
        row.handler = "吴城管"
        step.record(ToyTaken("柳-1", "吴城管"))
        thread = in_another_thread(lambda: service.take(Toy.objects.get(), by=LI, expected=expected), errors)
        wait_until_somebody_waits()
    thread.join()
    (error,) = errors
    assert type(error) is (flow.Stale if expected else flow.NotNow)
    assert "吴城管" in str(error)
    assert Toy.objects.get().handler == "吴城管"
    assert Entry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_served_one_after_the_other():
    toy = service.register("柳-1", by=LI)
    errors = []

    def add_ten():
        for _ in range(10):
            service.add(toy, "补充", by=WU)

    def reveal_ten():
        for _ in range(10):
            with transaction.atomic():
                journal.append(toy.subject, ToyNoted("柳-1", 0), by=LI.author, at=clock.now(), move="reveal")

    threads = [in_another_thread(each, errors) for each in (add_ten, add_ten, reveal_ten, reveal_ten)]
    for thread in threads:
        thread.join()
    assert not errors
    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 42))
