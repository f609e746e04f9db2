"""What is written is delivered: every entry, each subject's in order, however late it committed and whoever dies."""

import random
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.journal import incarnation, runner
from linli.mechanisms.journal.models import Cursor, Entry, Parked
from linli.mechanisms.journal.testing import ReaderFailed, deliver
from tests.toy.facts import ToyNoted, ToyRegistered
from tests.toy.models import Effect
from tests.toy.people import LI
from tests.toy.together import Session, fork, kill, wait_until

real = pytest.mark.django_db(transaction=True)


def write(name, times=1):
    with transaction.atomic():
        for _ in range(times):
            journal.append(f"toy:{name}", ToyNoted(name, 0), by=LI.author, at=clock.now())


def append(name):
    return lambda: journal.append(f"toy:{name}", ToyNoted(name, 0), by=LI.author, at=clock.now())


@pytest.fixture
def ears(readers):
    """What a reader of ToyNoted has heard, in order: ("甲", 1) for the first entry of toy:甲."""
    heard = []

    @journal.reader("toy.ears", ToyNoted)
    def listen(each):
        heard.append((each.key, each.seq))

    return heard


@pytest.fixture
def sessions():
    made = [Session() for _ in range(3)]
    yield made
    for each in made:
        each.close()


def run_until_quiet():
    while runner.run_once():
        pass


@real
def test_an_entry_that_commits_late_is_heard_and_in_its_place(ears, sessions):
    early, *_ = sessions
    early.begin()
    early.do(append("甲"))  # The lower number, the lower id, and still open.
    write("乙")
    run_until_quiet()
    assert ears == []
    early.end()
    run_until_quiet()
    assert ears == [("甲", 1), ("乙", 1)]


@real
def test_what_was_rolled_back_is_not_heard_and_holds_up_nothing(ears, sessions):
    early, *_ = sessions
    early.begin()
    early.do(append("甲"))
    write("乙")
    early.end(commit=False)
    run_until_quiet()
    assert ears == [("乙", 1)]


@real
def test_a_transaction_numbered_before_it_got_the_subject_is_heard_in_the_subjects_order(ears, sessions):
    first, between, second = sessions
    first.begin()
    between.begin()
    second.begin()
    second.do(append("甲"))
    second.end()
    first.do(append("甲"))  # Its own number is lower than its predecessor's.
    first.end()
    run_until_quiet()  # `between` is still open: the horizon lies between the two numbers.
    between.do(append("乙"))
    between.end()
    run_until_quiet()
    assert [seq for name, seq in ears if name == "甲"] == [1, 2]
    assert len(ears) == 3


@real
def test_a_long_open_transaction_elsewhere_delays_and_loses_nothing(ears, sessions):
    long, *_ = sessions
    write("甲")
    long.begin()
    long.do(lambda: Effect.objects.create(who="somebody", subject="else"))
    write("甲", 2)
    run_until_quiet()
    assert ears == [("甲", 1)]
    long.end()
    run_until_quiet()
    assert ears == [("甲", 1), ("甲", 2), ("甲", 3)]


@real
@pytest.mark.parametrize("seed", range(8))
def test_however_transactions_interleave_every_entry_is_heard_once_and_in_order(ears, sessions, seed):
    dice = random.Random(seed)
    held = {}  # Which session has appended to which subject and is still open: another would have to wait.
    for _ in range(80):
        who = dice.choice(sessions)
        what = dice.choice(["begin", "append", "append", "commit", "rollback", "read", "read"])
        if what == "read":
            runner.run_once()
        elif what == "begin" and not who.is_open:
            who.begin()
        elif what == "append" and who.is_open:
            name = dice.choice("甲乙丙")
            if held.get(name, who) is who:
                held[name] = who
                who.do(append(name))
        elif what in {"commit", "rollback"} and who.is_open:
            who.end(commit=what == "commit")
            held = {name: holder for name, holder in held.items() if holder is not who}
    for who in sessions:
        if who.is_open:
            who.end()
    run_until_quiet()
    assert sorted(ears) == sorted((subject[4:], seq) for subject, seq in Entry.objects.values_list("subject", "seq"))
    for name in "甲乙丙":
        seqs = [seq for heard, seq in ears if heard == name]
        assert seqs == list(range(1, len(seqs) + 1))


@real
def test_two_writers_on_one_subject_go_one_behind_the_other(sessions):
    first, second, _ = sessions
    first.begin()
    first.do(lambda: [append("甲")(), append("甲")()])
    second.begin()
    second.start(lambda: journal.append("toy:甲", ToyRegistered("甲"), ToyNoted("甲", 0), by=LI.author, at=clock.now()))
    time.sleep(0.05)
    first.end()
    assert second.finish()[0] == 4
    second.end()
    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4]


def effects():
    return sorted(Effect.objects.filter(who="toy.effects").values_list("subject", "seq"))


@pytest.fixture
def lasting(readers):
    """A reader whose deeds are rows, seen by every process."""

    @journal.reader("toy.effects", ToyNoted)
    def act(each):
        Effect.objects.create(who="toy.effects", subject=each.subject, seq=each.seq)


@real
def test_however_many_workers_run_a_reader_each_entry_is_heard_once(lasting):
    workers = [fork(runner.run_once) for _ in range(3)]
    try:
        for n in range(60):
            write(f"{n % 7}", times=3)
        wait_until(lambda: Effect.objects.count() >= 180)
        time.sleep(0.05)
    finally:
        for each in workers:
            kill(each)
    assert effects() == sorted(Entry.objects.values_list("subject", "seq"))


@real
def test_workers_killed_at_random_instants_neither_lose_nor_double_an_entry(lasting):
    dice = random.Random(17)
    workers = [fork(runner.run_once) for _ in range(2)]
    try:
        for n in range(25):
            write(f"{n % 5}", times=5)
            time.sleep(dice.random() * 0.02)
            victim = dice.randrange(2)
            kill(workers[victim])
            workers[victim] = fork(runner.run_once)
        wait_until(lambda: Effect.objects.count() >= 125)
        time.sleep(0.05)
    finally:
        for each in workers:
            kill(each)
    assert effects() == sorted(Entry.objects.values_list("subject", "seq"))


@pytest.fixture
def moody(readers):
    """A reader that fails on the subjects in `hates`, and what it heard."""
    heard, hates = [], {"toy:坏"}

    @journal.reader("toy.moody", ToyNoted)
    def listen(each):
        Effect.objects.create(who="toy.moody", subject=each.subject, seq=each.seq)
        if each.subject in hates:
            raise ValueError("no")
        heard.append((each.key, each.seq))

    return heard, hates


def try_until_parked():
    """Let time pass until the reader gives up on the entry; how many seconds that took."""
    start = moment = clock.now()
    while not Parked.objects.exists():
        with clock.at(moment):
            runner.run_once(everything=True)
            cursor = Cursor.objects.get(reader="toy.moody")
        if cursor.retry_at:
            with clock.at(cursor.retry_at - timedelta(milliseconds=1)):
                assert runner.run_once(everything=True) == 0  # Not before its time.
            moment = cursor.retry_at + timedelta(milliseconds=1)
    return (moment - start).total_seconds()


@pytest.mark.django_db
def test_a_failing_reader_is_tried_again_ever_later_and_then_only_that_subject_waits(moody):
    heard, _ = moody
    for name in ("好", "坏", "好", "坏", "另"):
        write(name)
    assert 300 < try_until_parked() < 1200
    deliver()
    write("坏")
    write("好")
    deliver()
    assert heard == [("好", 1), ("好", 2), ("另", 1), ("好", 3)]
    assert [(p.subject, p.entry.seq) for p in Parked.objects.order_by("id")] == [
        ("toy:坏", 1),
        ("toy:坏", 2),
        ("toy:坏", 3),
    ]
    assert not Effect.objects.filter(subject="toy:坏").exists()  # What it did before it failed is undone.


@pytest.mark.django_db
def test_what_was_parked_is_heard_in_order_once_the_reader_is_mended(moody):
    heard, hates = moody
    write("坏", times=3)
    try_until_parked()
    deliver()
    assert runner.retry_parked("toy.moody") == 0
    assert Parked.objects.order_by("id").first().error == "ValueError: no"
    hates.clear()
    assert runner.retry_parked("toy.moody") == 3
    write("坏")
    deliver()
    assert heard == [("坏", 1), ("坏", 2), ("坏", 3), ("坏", 4)]
    assert not Parked.objects.exists()


@pytest.mark.django_db
def test_one_that_fails_again_does_not_keep_the_other_parked_subjects(moody):
    heard, hates = moody
    hates.add("toy:丑")
    write("丑", times=2)
    try_until_parked()
    Parked.objects.all().update(parked_at=clock.now())
    deliver()
    hates.clear()
    hates.add("toy:坏")
    write("坏")
    moment = clock.now()
    for _ in range(runner.MOST_TRIES):
        moment += timedelta(hours=1)
        with clock.at(moment):
            runner.run_once(everything=True)
    assert Parked.objects.count() == 3
    assert runner.retry_parked("toy.moody") == 2
    assert heard == [("丑", 1), ("丑", 2)]
    assert Parked.objects.get().subject == "toy:坏"


@pytest.mark.django_db
def test_a_failing_reader_holds_up_no_other_reader(moody, ears):
    write("坏")
    write("好")
    runner.run_once(everything=True)
    assert ears == [("坏", 1), ("好", 1)]
    assert moody[0] == []


@pytest.mark.django_db
def test_a_test_is_told_when_a_reader_fails(moody):
    write("坏")
    with pytest.raises(ReaderFailed, match="toy.moody: ValueError: no"):
        deliver()
    assert deliver(failing=True) == 0


@pytest.mark.django_db
def test_a_batch_with_one_bad_entry_is_heard_but_for_that_one(readers):
    rows = []

    @journal.projection("toy.batch", ToyNoted, tables=["toy_effect"], batch=10)
    def listen(batch):
        if any(each.key == "坏" for each in batch):
            raise ValueError("no")
        rows.extend((each.key, each.seq) for each in batch)

    for name in ("好", "好", "坏", "好", "坏"):
        write(name)
    assert deliver(failing=True) == 2
    moment = clock.now()
    for _ in range(runner.MOST_TRIES):
        moment += timedelta(hours=1)
        with clock.at(moment):
            runner.run_once(everything=True)
    assert rows == [("好", 1), ("好", 2), ("好", 3)]
    assert Parked.objects.count() == 2


@pytest.mark.django_db
def test_a_payload_nobody_can_read_parks_one_entry_and_stops_nobody(ears):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entry (epoch, txid, subject, seq, at, move, fact, payload, author, previous, hash)"
            " VALUES (1, pg_current_xact_id(), 'toy:怪', 1, now(), '', %s, '{}', '{}', '', '')",
            [ToyNoted.name],
        )
    write("好")
    moment = clock.now()
    for _ in range(runner.MOST_TRIES):
        moment += timedelta(hours=1)
        with clock.at(moment):
            runner.run_once(everything=True)
    assert ears == [("好", 1)]
    assert Parked.objects.get().subject == "toy:怪"


@real
def test_a_new_epoch_comes_after_the_old_whatever_the_transaction_numbers_say(ears):
    write("甲")
    with connection.cursor() as cursor:  # As if written by a server that had seen far more transactions than this one.
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER journal_no_change")
        cursor.execute("UPDATE journal_entry SET txid = '4000000000000'::xid8")
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER journal_no_change")
    assert incarnation.begin_new() == 2
    write("甲", times=2)
    run_until_quiet()
    assert ears == [("甲", 1), ("甲", 2), ("甲", 3)]
    write("乙")
    run_until_quiet()
    assert ears[-1] == ("乙", 1)
    assert len(ears) == 4


@real
def test_when_all_is_quiet_looking_costs_one_read(ears, django_assert_num_queries):
    write("甲")
    run_until_quiet()
    with django_assert_num_queries(1):
        assert runner.run_once() == 0


@real
def test_a_slow_reader_gives_way_after_a_while(readers, monkeypatch):
    monkeypatch.setattr(runner, "PASS_SECONDS", 0.05)
    heard = []

    @journal.reader("toy.slow", ToyNoted)
    def listen(each):
        time.sleep(0.02)
        heard.append(each.seq)

    write("甲", times=10)
    assert 1 <= runner.run_once() < 10
    run_until_quiet()
    assert heard == list(range(1, 11))


@real
@pytest.mark.slow
def test_how_fast_it_goes(lasting, capsys):
    from time import perf_counter

    start = perf_counter()
    write("快", times=2000)
    wrote = perf_counter() - start
    start = perf_counter()
    run_until_quiet()
    read = perf_counter() - start
    with capsys.disabled():
        print(f"\njournal: append {wrote / 2000 * 1e6:.0f} µs, one reader hears {2000 / read:.0f} entries/s")
    assert Effect.objects.count() == 2000
