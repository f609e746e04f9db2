"""A timer fires exactly once, none behind another's failure, however many workers run or die."""

import random
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from linli.kernel import clock
from linli.mechanisms.flow import timers
from linli.mechanisms.flow.models import Timer
from tests.toy import service
from tests.toy.models import Effect, Toy
from tests.toy.people import LI
from tests.toy.together import Session, fork, kill, wait_until, wait_until_somebody_waits

real = pytest.mark.django_db(transaction=True)
RING, FAIL, MOVE = "toy.ring", "toy.fail", "toy.move"


@pytest.fixture(autouse=True)
def kinds():
    before = dict(timers._KINDS)

    @timers.timer(RING)
    def ring(subject, by):
        assert by.kind == "system"
        Effect.objects.create(who=RING, subject=subject)

    @timers.timer(FAIL)
    def fail(subject, by):
        Effect.objects.create(who=FAIL, subject=subject)
        raise ValueError("no")

    @timers.timer(MOVE)
    def move(subject, by):
        service.take(Toy.objects.get(number=subject.partition(":")[2]), by=LI)

    yield
    timers._KINDS.clear()
    timers._KINDS.update(before)


def arm(count, kind=RING, *, ago=1):
    at = clock.now() - timedelta(seconds=ago)
    Timer.objects.bulk_create(Timer(subject=f"toy:{n}", kind=kind, due_at=at, retry_at=at) for n in range(count))


def rung():
    return sorted(Effect.objects.filter(who=RING).values_list("subject", flat=True))


@pytest.mark.django_db
def test_a_timer_fires_when_it_is_due_and_once():
    now = clock.now()
    timers.arm("toy:1", RING, at=now + timedelta(hours=1))
    assert timers.run_once() == 0
    with clock.at(now + timedelta(hours=1)):
        assert timers.run_once() == 1
        assert timers.run_once() == 0
    assert rung() == ["toy:1"]


@pytest.mark.django_db
def test_a_timer_set_again_moves_and_begins_its_tries_anew():
    now = clock.now()
    timers.arm("toy:1", FAIL, at=now)
    timers.run_once()
    timers.arm("toy:1", FAIL, at=now + timedelta(hours=1))
    moved = Timer.objects.get()
    assert (moved.due_at, moved.retry_at, moved.tries, moved.last_error) == (now + timedelta(hours=1),) * 2 + (0, "")


@pytest.mark.django_db
def test_a_disarmed_timer_does_not_fire():
    arm(3)
    timers.arm("toy:0", FAIL, at=clock.now())
    timers.disarm("toy:0", RING)
    timers.disarm("toy:1")
    assert sorted(Timer.objects.values_list("subject", "kind")) == [("toy:0", FAIL), ("toy:2", RING)]


@pytest.mark.django_db
def test_a_timer_that_sets_itself_again_while_it_fires_stays():
    now = clock.now()

    @timers.timer("toy.again")
    def again(subject, by):
        timers.arm(subject, "toy.again", at=now + timedelta(days=1))

    timers.arm("toy:1", "toy.again", at=now)
    assert timers.run_once() == 1
    assert Timer.objects.get().due_at == now + timedelta(days=1)


@pytest.mark.django_db
def test_a_timer_that_disarms_itself_while_it_fires_keeps_what_it_did():
    """A service that the timer calls may take away all of the subject's timers, this one among them."""

    @timers.timer("toy.end")
    def end(subject, by):
        Effect.objects.create(who="toy.end", subject=subject)
        timers.disarm(subject)

    timers.arm("toy:1", "toy.end", at=clock.now() - timedelta(seconds=1))
    assert timers.run_once() == 1
    assert Effect.objects.filter(who="toy.end").count() == 1
    assert not Timer.objects.exists()


@pytest.mark.django_db
def test_a_failing_timer_keeps_nothing_of_what_it_did_and_is_tried_again_ever_later():
    now = clock.now()
    timers.arm("toy:1", FAIL, at=now)
    waits = []
    for _ in range(20):
        row = Timer.objects.get()
        with clock.at(row.retry_at):
            assert timers.run_once() == 1
        with clock.at(Timer.objects.get().retry_at - timedelta(seconds=1)):
            assert timers.run_once() == 0
        waits.append((Timer.objects.get().retry_at - row.retry_at).total_seconds())
    assert waits[:3] == [30, 60, 120]
    assert waits[-1] == 6 * 3600
    assert Timer.objects.get().last_error == "ValueError: no"
    assert not Effect.objects.exists()


@pytest.mark.django_db
def test_a_timer_of_a_kind_nobody_knows_waits_for_a_newer_linli():
    arm(1, kind="toy.tomorrow")
    assert timers.run_once() == 1
    assert "toy.tomorrow" in Timer.objects.get().last_error


@pytest.mark.django_db
def test_what_fails_in_front_delays_nothing_behind():
    arm(30, kind=FAIL, ago=100)
    arm(30, kind=RING, ago=1)
    while timers.run_once(limit=10):
        pass
    assert len(rung()) == 30
    assert Timer.objects.count() == 30


@real
@pytest.mark.slow
def test_a_thousand_overdue_timers_drain_past_a_bad_one(capsys):
    arm(1000)
    timers.arm("toy:bad", FAIL, at=clock.now() - timedelta(days=1))
    start = time.perf_counter()
    while timers.run_once():
        pass
    took = time.perf_counter() - start
    with capsys.disabled():
        print(f"\ntimers: {1000 / took:.0f}/s with one worker")
    assert len(rung()) == 1000
    assert Timer.objects.get().kind == FAIL


@real
def test_two_workers_and_a_kill_at_random_instants_fire_each_timer_once():
    arm(400)
    dice = random.Random(23)
    workers = [fork(timers.run_once) for _ in range(2)]
    try:
        for _ in range(25):
            time.sleep(dice.random() * 0.02)
            victim = dice.randrange(2)
            kill(workers[victim])
            workers[victim] = fork(timers.run_once)
        wait_until(lambda: not Timer.objects.exists())
    finally:
        for each in workers:
            kill(each)
    assert rung() == sorted(f"toy:{n}" for n in range(400))


@pytest.fixture
def clerk():
    session = Session()
    yield session
    session.close()


@real
def test_a_service_that_disarms_while_a_worker_fires_never_stands_against_it(clerk):
    """The service holds the toy and takes the timer away; the worker holds the timer and waits for the toy."""
    toy = service.register("1", by=LI)
    timers.arm("toy:1", MOVE, at=clock.now() - timedelta(seconds=1))
    with transaction.atomic():
        Toy.objects.select_for_update(no_key=True).get(pk=toy.pk)
        clerk.start(timers.run_once)  # The worker.
        wait_until_somebody_waits()
        timers.disarm("toy:1")
    assert clerk.finish() == 1
    assert Toy.objects.get().state == "open"  # What the firing did is undone: its timer had been taken away.
    assert not Timer.objects.exists()


@real
def test_a_timer_moved_while_it_fires_fires_at_its_new_time(clerk):
    service.register("1", by=LI)
    tomorrow = clock.now() + timedelta(days=1)
    timers.arm("toy:1", MOVE, at=clock.now() - timedelta(seconds=1))
    with transaction.atomic():
        Toy.objects.select_for_update(no_key=True).get()
        clerk.start(timers.run_once)
        wait_until_somebody_waits()
        timers.arm("toy:1", MOVE, at=tomorrow)
    clerk.finish()
    assert Toy.objects.get().state == "open"
    assert Timer.objects.get().due_at == tomorrow


@real
def test_a_timer_moved_while_it_fails_is_not_tried_before_its_new_time(clerk):
    toy = service.register("1", by=LI)
    service.take(toy, by=LI)  # MOVE will fail: it is taken.
    tomorrow = clock.now() + timedelta(days=1)
    timers.arm("toy:1", MOVE, at=clock.now() - timedelta(seconds=1))
    with transaction.atomic():
        Toy.objects.select_for_update(no_key=True).get()
        clerk.start(timers.run_once)
        wait_until_somebody_waits()
        timers.arm("toy:1", MOVE, at=tomorrow)
    clerk.finish()
    row = Timer.objects.get()
    assert (row.due_at, row.retry_at, row.tries) == (tomorrow, tomorrow, 0)


@real
def test_services_and_workers_at_once_never_wait_for_each_other_in_a_ring(clerk):
    for n in range(20):
        service.register(str(n), by=LI)
        timers.arm(f"toy:{n}", MOVE, at=clock.now() - timedelta(seconds=1))
    workers = [fork(timers.run_once) for _ in range(2)]
    try:
        for n in range(20):
            with transaction.atomic():
                Toy.objects.select_for_update(no_key=True).get(number=str(n))
                timers.disarm(f"toy:{n}")
                timers.arm(f"toy:{n}", RING, at=clock.now() - timedelta(seconds=1))
        wait_until(lambda: not Timer.objects.exists())
    finally:
        for each in workers:
            kill(each)
    assert len(rung()) == 20
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_entry WHERE move = 'take'")
        assert cursor.fetchone()[0] == Toy.objects.filter(state="taken").count()


@real
def test_a_person_with_two_subjects_is_never_the_one_to_give_way(clerk):
    """The worker's batch holds the first and waits for the second; the person holds the second and wants the first."""
    for n in range(3):
        service.register(str(n), by=LI)
        timers.arm(f"toy:{n}", MOVE, at=clock.now() - timedelta(seconds=10 - n))
    with transaction.atomic():
        Toy.objects.select_for_update(no_key=True).get(number="1")
        clerk.start(timers.run_once)
        wait_until_somebody_waits()
        assert Toy.objects.select_for_update(no_key=True).get(number="0").state in {"open", "taken"}
    assert clerk.finish() == 3
    assert not Timer.objects.exists()
    assert Toy.objects.filter(state="taken").count() == 3


@real
def test_two_timers_of_a_subject_in_a_batch_fire_in_their_order():
    service.register("1", by=LI)
    timers.arm("toy:1", RING, at=clock.now() - timedelta(seconds=1))
    timers.arm("toy:1", MOVE, at=clock.now() - timedelta(seconds=2))
    assert timers.run_once() == 2
    assert Toy.objects.get().state == "taken"
    assert rung() == ["toy:1"]
