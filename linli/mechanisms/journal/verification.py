"""`linli verify`: re-compute every hash, every chain, every seal, and name what does not fit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from django.db.models import F
from django.utils.translation import gettext as _

from linli.facts.journal import Sealed
from linli.mechanisms.journal.entries import GENESIS, entry_hash
from linli.mechanisms.journal.models import Entry, Seal, SealedHead
from linli.mechanisms.journal.seals import SEALS, Tree, leaf, seal_hash
from linli.mechanisms.journal.service import history, stream


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written, in words an auditor can act on."""

    subject: str
    seq: int
    sentence: str

    def __str__(self) -> str:
        """As it is printed."""
        return f"{self.subject} 第{self.seq}条：{self.sentence}"


def findings(subject: str | None = None) -> Iterator[Finding]:
    """Everything wrong with the journal, or with one subject's part of it. Nothing, if nothing is."""
    yield from chain_findings(subject)
    yield from sealed_head_findings(subject)
    if subject is None:
        yield from seal_findings()


def chain_findings(subject: str | None = None) -> Iterator[Finding]:
    """Changed, removed and reordered entries, by re-computing each subject's chain."""
    where, values = ("WHERE subject = %s", [subject]) if subject else ("", [])
    rows = stream(
        "SELECT subject, seq, at, move, fact, payload, author, previous, hash FROM journal_entry"  # noqa: S608  A fixed clause.
        f' {where} ORDER BY subject COLLATE "C", seq',
        list(values),
    )
    name, expected_seq, previous = "", 1, GENESIS
    for row_subject, seq, at, move, fact, payload, author, row_previous, row_hash in rows:
        if row_subject != name:
            name, expected_seq, previous = row_subject, 1, GENESIS
        if seq != expected_seq:
            if seq == expected_seq + 1:
                gone = _("缺失：第%(n)s条被删除，或顺序被改动") % {"n": expected_seq}
            else:
                gone = _("缺失：第%(a)s至%(b)s条被删除，或顺序被改动") % {"a": expected_seq, "b": seq - 1}
            yield Finding(name, expected_seq, gone)
        elif bytes(row_previous) != previous:
            yield Finding(name, seq, _("与上一条接不上：顺序被改动，或上一条被替换"))
        digest = entry_hash(
            bytes(row_previous), subject=name, seq=seq, at=at, move=move, fact=fact, payload=payload, author=author
        )
        if digest != bytes(row_hash):
            yield Finding(name, seq, _("内容被改动（%(fact)s）：重算的哈希与记录的不符") % {"fact": fact})
        expected_seq, previous = seq + 1, bytes(row_hash)


def sealed_head_findings(subject: str | None = None) -> Iterator[Finding]:
    """Sealed heads that the journal no longer has: what was cut off a chain's end, or replaced with its hashes re-made."""
    where, values = ("WHERE s.subject = %s", [subject]) if subject else ("", [])
    rows = stream(
        "SELECT s.subject, s.seq, s.seal_id, s.hash, e.hash FROM journal_sealedhead s"  # noqa: S608  A fixed clause.
        f" LEFT JOIN journal_entry e ON e.subject = s.subject AND e.seq = s.seq {where} ORDER BY s.id",
        list(values),
    )
    for name, seq, seal, sealed, found in rows:
        if found is None:
            yield Finding(name, seq, _("缺失：封条 %(seal)s 封存过的这一条已不在日志里") % {"seal": seal})
        elif bytes(found) != bytes(sealed):
            yield Finding(name, seq, _("与封条 %(seal)s 封存的不同：这一条被整条替换") % {"seal": seal})


def seal_findings() -> Iterator[Finding]:
    """Seals whose root or chain does not re-compute, or of which the journal tells otherwise.

    Whoever takes away the last seal must take away its heads and its own entry too; that shows nowhere here, but in
    every proof that a resident or an auditor has kept.
    """
    told = {heard.fact.number: heard.fact.seal for heard in history(SEALS) if isinstance(heard.fact, Sealed)}
    seals = {seal.number: seal for seal in Seal.objects.order_by("number")}
    previous = bytes(32)
    for number in range(1, max([0, *seals, *told]) + 1):
        seal = seals.get(number)
        if seal is None:
            yield Finding("seal", number, "缺失：这张封条被删除")
            continue
        rows = SealedHead.objects.filter(seal=seal).order_by("position").values_list("subject", "seq", "hash")
        tree = Tree.over(leaf(*row) for row in rows.iterator())
        if tree.get_root() != bytes(seal.root) or bytes(seal.blocks) not in {b"", b"".join(tree.blocks)}:
            yield Finding("seal", number, "封条下的链头被改动：重算的树根与记录的不符")
        if seal_hash(seal) != bytes(seal.hash) or bytes(seal.previous) != previous:
            yield Finding("seal", number, "封条被改动，或与上一张接不上")
        if number not in told:
            yield Finding("seal", number, f"日志（{SEALS}）里没有这张封条的记载：记载被删除，或封条是后补的")
        elif told[number] != bytes(seal.hash).hex():
            yield Finding("seal", number, f"与日志（{SEALS}）里的记载不符：封条被整张替换")
        previous = bytes(seal.hash)


def chain_text(subject: str) -> str:
    """One subject's entries as docs/howto/verify-the-journal.md wants them: nine lines an entry."""
    lines: list[str] = []
    for entry in Entry.objects.filter(subject=subject).order_by("seq"):
        moment = entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        lines += [
            bytes(entry.previous).hex(), subject, str(entry.seq), moment, entry.move, entry.fact, entry.payload, entry.author,
            bytes(entry.hash).hex(),
        ]  # fmt: skip
    return "".join(f"{line}\n" for line in lines)


def unsealed() -> int:
    """How many subjects have entries that no seal covers yet."""
    newest = Seal.objects.order_by("-number").annotate(end=F("to_txid")).values_list("to_epoch", "end").first() or (
        0,
        0,
    )
    rows = stream(
        "SELECT count(DISTINCT subject) FROM journal_entry WHERE (epoch, txid) >= (%s, %s::text::xid8) AND subject <> %s",
        [*newest, SEALS],
    )
    return int(next(rows)[0])
