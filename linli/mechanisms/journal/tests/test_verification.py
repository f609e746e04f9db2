"""`linli verify` finds what was changed, removed, reordered or replaced, and names it; a proof of inclusion holds."""

import json
import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from pymerkle import InmemoryTree

from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.journal import commands, seals
from linli.mechanisms.journal.entries import GENESIS, entry_hash
from linli.mechanisms.journal.models import Entry, Seal, SealedHead
from linli.mechanisms.journal.verification import findings, unsealed
from tests.toy.facts import ToyNoted
from tests.toy.people import LI

pytestmark = pytest.mark.django_db


def write(name, times=1):
    for _ in range(times):
        journal.append(f"toy:{name}", ToyNoted(name, 7), by=LI.author, at=clock.now())


def seal():
    return seals.seal_now(everything=True)


def tamper(sql, *values):
    """As somebody would who owns the database server."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for switch in ("DISABLE", "ENABLE"):
            for table in ("journal_entry", "journal_seal", "journal_sealedhead"):
                cursor.execute(f"ALTER TABLE {table} {switch} TRIGGER journal_no_change")
            if switch == "DISABLE":
                cursor.execute(sql, values)
                assert cursor.rowcount


def found(subject=None):
    return [str(each) for each in findings(subject)]


def rehash(subject):
    """Make a changed chain fit itself again."""
    previous = GENESIS
    for e in Entry.objects.filter(subject=subject).order_by("seq"):
        digest = entry_hash(
            previous,
            subject=e.subject,
            seq=e.seq,
            at=e.at,
            move=e.move,
            fact=e.fact,
            payload=e.payload,
            author=e.author,
        )
        tamper("UPDATE journal_entry SET previous = %s, hash = %s WHERE id = %s", previous, digest, e.id)
        previous = digest


@pytest.fixture
def sealed():
    """Three subjects under two seals, the second over what came after the first."""
    write("甲", times=4)
    write("乙", times=2)
    seal()
    return Seal.objects.get()


def test_an_untouched_journal_has_no_findings(sealed):
    write("丙")
    assert found() == []
    assert found("toy:甲") == []


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("payload", '{"length":8,"number":"甲"}'),
        ("author", '{"kind":"system"}'),
        ("at", datetime(2020, 1, 1, tzinfo=clock.CITY)),
        ("move", "finish"),
        ("fact", "tests.toy.facts.ToyFinished"),
    ],
)
def test_a_changed_entry_is_named(change, value):
    write("甲", times=3)
    tamper(f"UPDATE journal_entry SET {change} = %s WHERE subject = 'toy:甲' AND seq = 2", value)
    (only,) = found()
    assert only.startswith("toy:甲 第2条：内容被改动")
    assert found("toy:甲") == [only]
    assert found("toy:乙") == []


def test_a_removed_first_or_middle_entry_is_named():
    write("甲", times=4)
    tamper("DELETE FROM journal_entry WHERE seq IN (2, 3)")
    assert found() == ["toy:甲 第2条：缺失：第2至3条被删除，或顺序被改动"]
    write("乙", times=2)
    tamper("DELETE FROM journal_entry WHERE subject = 'toy:乙' AND seq = 1")
    assert "toy:乙 第1条：缺失：第1条被删除，或顺序被改动" in found()


def test_a_removed_last_entry_is_named_once_it_was_sealed(sealed):
    tamper("DELETE FROM journal_entry WHERE subject = 'toy:甲' AND seq = 4")
    assert found() == ["toy:甲 第4条：缺失：封条 1 封存过的这一条已不在日志里"]


def test_a_subject_removed_as_a_whole_is_named_once_it_was_sealed(sealed):
    tamper("DELETE FROM journal_entry WHERE subject = 'toy:乙'")
    assert found() == ["toy:乙 第2条：缺失：封条 1 封存过的这一条已不在日志里"]


def test_two_swapped_entries_are_named():
    write("甲", times=4)
    tamper("UPDATE journal_entry SET seq = 99 WHERE seq = 2")
    tamper("UPDATE journal_entry SET seq = 2 WHERE seq = 3")
    tamper("UPDATE journal_entry SET seq = 3 WHERE seq = 99")
    named = {re.search("第(.)条", each).group(1) for each in found()}
    assert named == {"2", "3", "4"}  # The two, and the one whose predecessor is another now.


def test_a_chain_replaced_as_a_whole_is_named_once_it_was_sealed(sealed):
    tamper("UPDATE journal_entry SET payload = '{}' WHERE subject = 'toy:甲' AND seq = 2")
    rehash("toy:甲")
    assert found() == ["toy:甲 第4条：与封条 1 封存的不同：这一条被整条替换"]


def test_a_changed_seal_is_named(sealed):
    for change in (
        "sealed_at = sealed_at + interval '1 hour'",
        "entries = 5",
        "root = sha256('x')",
        "from_txid = 3",
        "to_txid = 9",
    ):
        tamper(f"UPDATE journal_seal SET {change}")
        assert "seal 第1条：封条被改动，或与上一张接不上" in found(), change
        tamper(
            "UPDATE journal_seal SET sealed_at = %s, entries = %s, root = %s, from_txid = %s, to_txid = %s",
            sealed.sealed_at, sealed.entries, bytes(sealed.root), sealed.from_txid, sealed.to_txid,
        )  # fmt: skip
        assert found() == []


def test_a_head_changed_under_its_seal_is_named(sealed):
    """The chain replaced, and the sealed head with it: the root does not fit."""
    tamper("UPDATE journal_entry SET payload = '{}' WHERE subject = 'toy:甲' AND seq = 2")
    rehash("toy:甲")
    head = bytes(Entry.objects.get(subject="toy:甲", seq=4).hash)
    tamper("UPDATE journal_sealedhead SET hash = %s WHERE subject = 'toy:甲'", head)
    assert found() == ["seal 第1条：封条下的链头被改动：重算的树根与记录的不符"]


def seal_three_days(monkeypatch):
    """Three seals, one a day, each over one more subject."""
    ends = iter([5, 10, 15])
    monkeypatch.setattr(seals, "horizon", lambda: seals.Horizon(1, next(ends) * 10**15))
    morning = datetime(2026, 3, 2, 0, 5, tzinfo=clock.CITY)
    for day, name in enumerate("甲乙丙"):
        with clock.at(morning + timedelta(days=day)):
            write(name)
            tamper(
                "UPDATE journal_entry SET txid = %s::text::xid8 WHERE subject = %s",
                (day * 5 + 1) * 10**15,
                f"toy:{name}",
            )
            assert seals.seal_due().number == day + 1
            assert seals.seal_due() is None


def test_there_is_one_seal_a_day_and_each_covers_what_came_since(monkeypatch):
    seal_three_days(monkeypatch)
    assert list(SealedHead.objects.order_by("seal_id").values_list("seal_id", "subject")) == [
        (1, "toy:甲"),
        (2, "toy:乙"),
        (3, "toy:丙"),
    ]
    assert found() == []


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_removed_seal_is_named(monkeypatch, number):
    seal_three_days(monkeypatch)
    tamper("DELETE FROM journal_sealedhead WHERE seal_id = %s", number)
    tamper("DELETE FROM journal_seal WHERE number = %s", number)
    assert any(f"第{number}条：缺失：这张封条被删除" in each for each in found()), found()


def test_nothing_new_is_no_reason_for_a_seal(sealed):
    assert unsealed() == 0
    assert seal() is None


def test_what_no_seal_covers_yet_is_counted():
    write("甲", times=3)
    write("乙")
    assert unsealed() == 2


def test_a_proof_holds_and_survives_json(sealed):
    for subject in ("toy:甲", "toy:乙"):
        proof = seals.proof(subject)
        assert proof.holds
        again = seals.Proof(proof.seal, proof.head, json.loads(json.dumps(proof.path)))
        assert again.holds
    assert seals.proof("toy:无") is None


def test_a_forged_proof_does_not_hold(sealed):
    honest, other = seals.proof("toy:甲"), seals.proof("toy:乙")
    forged_head = SealedHead(subject="toy:甲", seq=4, hash=b"x" * 32)
    assert not seals.Proof(honest.seal, forged_head, honest.path).holds
    assert not seals.Proof(honest.seal, honest.head, other.path).holds
    other_root = Seal(number=1, root=b"x" * 32)
    assert not seals.Proof(other_root, honest.head, honest.path).holds
    assert not seals.Proof(honest.seal, honest.head, {}).holds
    forged_leaf = SealedHead(subject="toy:甲", seq=3, hash=honest.head.hash)
    assert not seals.Proof(honest.seal, forged_leaf, honest.path).holds


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 33])
def test_every_head_under_a_seal_can_be_proven(count):
    for n in range(count):
        write(f"{n:02}")
    seal()
    assert all(seals.proof(f"toy:{n:02}").holds for n in range(count))


@pytest.mark.parametrize("count", [7, 8, 9, 16, 23, 24, 67])
def test_a_proof_over_many_blocks_reads_few_of_them(monkeypatch, count, django_assert_max_num_queries):
    monkeypatch.setattr(seals, "BLOCK", 8)
    for n in range(count):
        write(f"{n:02}")
    sealed = seal()
    assert len(sealed.blocks) == count // 8 * 32
    plain = InmemoryTree("sha256")  # The library's own way, with every leaf in hand.
    for row in SealedHead.objects.order_by("position").values_list("subject", "seq", "hash"):
        plain.append_entry(seals.leaf(*row))
    assert bytes(sealed.root) == plain.get_root()
    for n in range(count):
        with django_assert_max_num_queries(4):
            proof = seals.proof(f"toy:{n:02}")
        assert proof.holds
        assert proof.path == plain.prove_inclusion(n + 1).serialize()
    assert found() == []
    if count >= 8:
        tamper("UPDATE journal_seal SET blocks = repeat('x', length(blocks))::bytea")
        assert len(found()) == 1


def test_verify_prints_what_it_found_and_fails(capsys):
    write("甲", times=3)
    assert commands.verify(None) == 0
    assert "日志完好" in capsys.readouterr().out
    tamper("DELETE FROM journal_entry WHERE seq = 2")
    assert commands.verify(None) == 1
    assert "✗ toy:甲 第2条" in capsys.readouterr().out
