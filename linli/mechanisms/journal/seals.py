"""封条 — a daily Merkle root over the heads of every subject that changed, and proofs that one head is under it.

The tree is pymerkle's (RFC 9162, SHA-256). Leaves are text, so a stranger can rebuild them:
"matter:滨26-0417-0032 5 <hash in hex>".
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import connection, transaction
from pymerkle import InmemoryTree, MerkleProof, verify_inclusion

from linli.facts.journal import Sealed
from linli.kernel import clock
from linli.mechanisms.journal.entries import Author
from linli.mechanisms.journal.models import Seal, SealedHead
from linli.mechanisms.journal.runner import Horizon, horizon
from linli.mechanisms.journal.service import append

SEALS = "journal:seals"
"""The subject that tells of the seals themselves."""


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


def leaf(subject: str, seq: int, digest: bytes) -> bytes:
    """The bytes of a leaf."""
    return f"{subject} {seq} {digest.hex()}".encode()


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


def tree_over(leaves: Iterable[bytes]) -> InmemoryTree:
    """The tree whose state is the root."""
    tree = InmemoryTree(algorithm="sha256")
    for each in leaves:
        tree.append_entry(each)
    return tree


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
        root = tree_over(leaf(subject, seq, digest) for subject, seq, digest, _ in heads).get_root()
        seal = Seal(
            number=(last.number if last else 0) + 1, sealed_at=clock.now(), from_epoch=start.epoch, from_txid=start.txid,
            to_epoch=end.epoch, to_txid=end.txid, entries=sum(count for *_, count in heads), root=root,
            previous=bytes(last.hash) if last else bytes(32),
        )  # fmt: skip
        seal.hash = seal_hash(seal)
        seal.save(force_insert=True)
        fact = Sealed(seal.number, seal.entries, root.hex(), seal.hash.hex())
        append(SEALS, fact, by=Author("system", post="seals"), at=seal.sealed_at, move="seal")
        SealedHead.objects.bulk_create(
            (
                SealedHead(seal=seal, position=position, subject=subject, seq=seq, hash=digest)
                for position, (subject, seq, digest, _) in enumerate(heads, start=1)
            ),
            batch_size=5000,
        )
        return seal


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
    rows = SealedHead.objects.filter(seal=head.seal).order_by("position").values_list("subject", "seq", "hash")
    tree = tree_over(leaf(name, seq, bytes(digest)) for name, seq, digest in rows)
    return Proof(head.seal, head, tree.prove_inclusion(head.position).serialize())


def newest(subject: str) -> SealedHead | None:
    """The newest seal over a subject, without the path: one row, for a page that only says that it is sealed."""
    return SealedHead.objects.filter(subject=subject).select_related("seal").order_by("-seal").first()
