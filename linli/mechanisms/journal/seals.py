"""封条 — a daily Merkle root over the heads of every subject that changed, and proofs that one head is under it.

The tree is pymerkle's (RFC 9162, SHA-256). Leaves are text, so a stranger can rebuild them:
"matter:滨26-0417-0032 5 <hash in hex>".
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from pymerkle import BaseMerkleTree, MerkleProof, verify_inclusion

from linli.facts.journal import Sealed
from linli.kernel import clock
from linli.mechanisms.journal.entries import Author
from linli.mechanisms.journal.models import Seal, SealedHead
from linli.mechanisms.journal.runner import Horizon, horizon
from linli.mechanisms.journal.service import append

SEALS = "journal:seals"
"""The subject that tells of the seals themselves."""
BLOCK = 1024
"""Leaves whose subtree's root is kept beside the seal: a proof reads one block of a million leaves, not all."""


@dataclass(frozen=True)
class Proof:
    """That one head stands under one seal: everything a stranger needs to check it."""

    seal: Seal
    head: SealedHead
    path: dict[str, Any]

    @property
    def holds(self) -> bool:
        """Re-compute the root from the leaf and the path."""
        try:
            text = leaf(self.head.subject, self.head.seq, bytes(self.head.hash))
            verify_inclusion(leaf_hash(text), bytes(self.seal.root), MerkleProof.deserialize(self.path))
        except Exception:  # noqa: BLE001  The library has one error per way to be wrong; to us they are one answer.
            return False
        return True

    def document(self) -> dict[str, Any]:
        """`proof.json` of docs/howto/verify-the-journal.md: everything a stranger needs, with how to use it."""
        head, seal = self.head, self.seal
        text = leaf(head.subject, head.seq, bytes(head.hash))
        return {
            "how": "docs/howto/verify-the-journal.md: leaf_hash = SHA-256(0x00 || leaf as UTF-8). Walk the path as in RFC 9162 section 2.1.3.2 "
            "(pymerkle: verify_inclusion(leaf_hash, root, MerkleProof.deserialize(path))). The result must be `root`. "
            "Then seal.hash = SHA-256 over the lines linli-seal-1, previous, number, sealed_at, from_epoch, from_txid, to_epoch, to_txid, entries, root.",
            "subject": head.subject,
            "entries_of_subject": head.seq,
            "head_hash": bytes(head.hash).hex(),
            "leaf": text.decode(),
            "leaf_hash": leaf_hash(text).hex(),
            "path": self.path,
            "root": bytes(seal.root).hex(),
            "seal": {
                "number": seal.number,
                "sealed_at": f"{seal.sealed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
                "from_epoch": seal.from_epoch,
                "from_txid": seal.from_txid,
                "to_epoch": seal.to_epoch,
                "to_txid": seal.to_txid,
                "entries": seal.entries,
                "previous": bytes(seal.previous).hex(),
                "hash": bytes(seal.hash).hex(),
            },
            "holds": self.holds,
        }


def leaf(subject: str, seq: int, digest: bytes | memoryview) -> bytes:
    """The bytes of a leaf."""
    return f"{subject} {seq} {bytes(digest).hex()}".encode()


def leaf_hash(text: bytes) -> bytes:
    """SHA-256 over a zero byte and the leaf, as RFC 9162 says."""
    return hashlib.sha256(b"\x00" + text).digest()


def seal_hash(seal: Seal) -> bytes:
    """SHA-256 over the seal before and this one's fields, a line each: seals are a chain too."""
    moment = seal.sealed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    reach = (seal.from_epoch, seal.from_txid, seal.to_epoch, seal.to_txid)
    lines = (
        "linli-seal-1",
        bytes(seal.previous).hex(),
        seal.number,
        moment,
        *reach,
        seal.entries,
        bytes(seal.root).hex(),
    )
    return hashlib.sha256("\n".join(str(line) for line in lines).encode()).digest()


class Tree(BaseMerkleTree):  # type: ignore[misc]  # The library has no types.
    """The library's tree over leaf hashes that stand elsewhere, and over the roots of its full blocks of leaves.

    `read(offset, width)` gives leaf hashes; it is never asked across the edge of a block.
    """

    def __init__(self, size: int, read: Callable[[int, int], Sequence[bytes]], blocks: Sequence[bytes] = ()) -> None:
        super().__init__("sha256")
        self.size, self.read = size, read
        self.blocks = list(blocks)
        if len(self.blocks) != size // BLOCK:
            self.blocks = [self._get_subroot_uncached(n * BLOCK, BLOCK) for n in range(size // BLOCK)]

    @classmethod
    def over(cls, leaves: Iterable[bytes]) -> "Tree":
        """A tree over leaves at hand."""
        hashes = [leaf_hash(each) for each in leaves]
        return cls(len(hashes), lambda offset, width: hashes[offset : offset + width])

    @classmethod
    def under(cls, seal: Seal) -> "Tree":
        """The tree of a seal; reads a block of leaves when it is asked for."""
        heads = SealedHead.objects.filter(seal=seal)

        @cache
        def block(number: int) -> list[bytes]:
            rows = heads.filter(position__gt=number * BLOCK, position__lte=(number + 1) * BLOCK).order_by("position")
            return [leaf_hash(leaf(*row)) for row in rows.values_list("subject", "seq", "hash")]

        def read(offset: int, width: int) -> list[bytes]:
            number, start = divmod(offset, BLOCK)
            return block(number)[start : start + width]

        roots = bytes(seal.blocks)
        size = heads.aggregate(last=Max("position"))["last"] or 0
        return cls(size, read, [roots[n : n + 32] for n in range(0, len(roots), 32)])

    def _get_subroot(self, offset: int, width: int) -> bytes:
        if width < BLOCK:
            return self._get_subroot_uncached(offset, width)  # type: ignore[no-any-return]
        level = self.blocks[offset // BLOCK : (offset + width) // BLOCK]
        while len(level) > 1:
            level = [self.hash_pair(left, right) for left, right in zip(level[::2], level[1::2], strict=True)]
        return level[0]

    def _get_leaves(self, offset: int, width: int) -> Sequence[bytes]:
        return self.read(offset, width)

    def _get_leaf(self, index: int) -> bytes:
        return self.read(index - 1, 1)[0]

    def _get_size(self) -> int:
        return self.size

    def _encode_entry(self, data: bytes) -> bytes:
        return data

    def _store_leaf(self, data: bytes, digest: bytes) -> int:
        raise NotImplementedError  # A sealed tree does not grow.


def seal_due() -> Seal | None:
    """Seal once a day, soon after midnight: everything committed since the last seal. None if today's stands."""
    last = Seal.objects.order_by("-number").first()
    if last is not None and last.sealed_at.astimezone(clock.CITY).date() >= clock.today():
        return None
    return seal_now()


def seal_now(*, everything: bool = False) -> Seal | None:
    """Seal what has committed since the last seal; None when nothing has. One sealer at a time.

    `everything` ignores the horizon: only tests may say so.
    """
    with transaction.atomic():
        with connection.cursor() as db:
            db.execute("SELECT pg_advisory_xact_lock(hashtext('linli.journal.seal'))")
        last = Seal.objects.order_by("-number").first()
        start = Horizon(last.to_epoch, last.to_txid) if last else Horizon(0, 0)
        end = Horizon(2**31 - 1, 2**62) if everything else horizon()
        heads = _heads_between(start, end)
        if not any(subject != SEALS for subject, *_ in heads):
            return None  # The seal before is no reason for another.
        tree = Tree.over(leaf(subject, seq, digest) for subject, seq, digest, _ in heads)
        root = tree.get_root()
        seal = Seal(
            number=(last.number if last else 0) + 1, sealed_at=clock.now(), from_epoch=start.epoch, from_txid=start.txid,
            to_epoch=end.epoch, to_txid=end.txid, entries=sum(count for *_, count in heads), root=root,
            previous=bytes(last.hash) if last else bytes(32),
            blocks=b"".join(tree.blocks),
        )  # fmt: skip
        seal.hash = seal_hash(seal)
        seal.save(force_insert=True)
        fact = Sealed(seal.number, seal.entries, root.hex(), seal.hash.hex())
        append(SEALS, fact, by=Author("system", post="seals"), at=seal.sealed_at, move="seal")
        _write_heads(seal, heads)
        return seal


def _write_heads(seal: Seal, heads: list[tuple[str, int, bytes, int]]) -> None:
    """By COPY: after the first night of a large city there are a million."""
    with connection.cursor() as db:
        sql = "COPY journal_sealedhead (seal_id, position, subject, seq, hash) FROM STDIN (FORMAT BINARY)"
        with db.copy(sql) as copy:
            copy.set_types(("int4", "int4", "text", "int4", "bytea"))
            for position, (subject, seq, digest, _) in enumerate(heads, start=1):
                copy.write_row((seal.number, position, subject, seq, digest))


def _heads_between(start: Horizon, end: Horizon) -> list[tuple[str, int, bytes, int]]:
    """(subject, sequence, hash, entries) of every subject with entries in [start, end), in order of subject."""
    with connection.cursor() as db:
        db.execute(
            'SELECT DISTINCT ON (subject COLLATE "C") subject, seq, hash, count(*) OVER (PARTITION BY subject) FROM journal_entry'
            " WHERE (epoch, txid) >= (%s, %s::text::xid8) AND (epoch, txid) < (%s, %s::text::xid8)"
            ' ORDER BY subject COLLATE "C", seq DESC',
            [start.epoch, start.txid, end.epoch, end.txid],
        )
        return [(subject, seq, bytes(digest), count) for subject, seq, digest, count in db.fetchall()]


def proof(subject: str) -> Proof | None:
    """The newest seal over a subject and the path from its head to the root; None before its first seal."""
    head = SealedHead.objects.filter(subject=subject).select_related("seal").order_by("-seal").first()
    if head is None:
        return None
    return Proof(head.seal, head, Tree.under(head.seal).prove_inclusion(head.position).serialize())


def newest(subject: str) -> SealedHead | None:
    """The newest seal over a subject, without the path: one row, for a page that only says that it is sealed."""
    return SealedHead.objects.filter(subject=subject).select_related("seal").order_by("-seal").first()


@dataclass(frozen=True)
class Link:
    """One seal as part of the chain of seals: does it say what it said, and follow the one before?"""

    number: int
    sealed_at: datetime
    entries: int
    root: str
    fits: bool


def latest(n: int) -> list[Link]:
    """The newest seals, newest first, each re-computed from its own fields. Their trees are left to `linli verify`."""
    rows = list(Seal.objects.order_by("-number").defer("blocks")[: n + 1])
    before = {seal.number + 1: bytes(seal.hash) for seal in rows} | {1: bytes(32)}
    return [
        Link(
            seal.number, seal.sealed_at, seal.entries, bytes(seal.root).hex(),
            seal_hash(seal) == bytes(seal.hash) and before.get(seal.number) == bytes(seal.previous),
        )
        for seal in rows[:n]
    ]  # fmt: skip
