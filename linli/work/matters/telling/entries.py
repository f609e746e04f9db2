"""The log of one matter: every entry in words, re-computed this moment."""

import json
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from django.utils.translation import gettext as _

from linli.facts.base import Fact, fact_named
from linli.mechanisms import territory
from linli.mechanisms.access.logs import Detail, Log, Sealed, Told
from linli.mechanisms.access.models import Body
from linli.mechanisms.access.words import title_words
from linli.mechanisms.journal import seals, verification
from linli.mechanisms.journal.entries import Author
from linli.mechanisms.journal.models import Entry
from linli.work.matters import queries, words
from linli.work.matters.models import Clearing, Matter, Remark
from linli.work.matters.telling.names import BODIES, FACTS, FIELDS, MACHINES, PLACE, REASONS, Shown
from linli.work.matters.telling.values import SAYINGS, named


def log(matter: Matter) -> Log:
    """Read, re-compute and tell. An entry that was tampered with is told as far as it can be read."""
    entries = queries.entries_of(matter)
    wrong: dict[int, list[str]] = {}
    for finding in verification.findings(matter.subject):
        wrong.setdefault(finding.seq, []).append(
            _("第%(n)s条：%(what)s") % {"n": finding.seq, "what": _in_words(finding.sentence)}
        )
    teller = _Teller(matter, entries)
    told = [teller.tell(entry, wrong.pop(entry.seq, [])) for entry in entries]
    proof = seals.proof(matter.subject)
    sealed = None
    if proof is not None:
        holds = proof.holds and seals.seal_hash(proof.seal) == bytes(proof.seal.hash)
        root = bytes(proof.seal.root).hex()
        sealed = Sealed(proof.seal.number, proof.seal.sealed_at, proof.head.seq, root, holds)
    newer = sum(entry.seq > sealed.seq for entry in entries) if sealed else len(entries)
    return Log(told, [sentence for seq in sorted(wrong) for sentence in wrong[seq]], sealed, newer)


def _in_words(sentence: str) -> str:
    """A finding names facts as machines do; an auditor knows them by their words."""
    for name, title in FACTS.items():
        sentence = sentence.replace(name, str(title))
    return sentence


def who(author: Author) -> str:
    """People by office and post; residents never by name."""
    if author.kind == "staff":
        return " ".join(part for part in (author.office, title_words(author.post), author.name) if part)
    if author.kind == "resident":
        return _("居民")
    machine = MACHINES.get(author.post)
    return _("系统（%(what)s）") % {"what": machine or author.post or author.office} if author.post else _("系统")


class _Teller:
    """What is needed to tell all entries of one matter, read once."""

    def __init__(self, matter: Matter, entries: Iterable[Entry]) -> None:
        self.matter = matter
        self.facts = {entry.seq: _fact(entry) for entry in entries}
        handlers = {getattr(fact, name, None) for fact in self.facts.values() if fact is not None for name in BODIES}
        self.bodies = Body.objects.in_bulk([each for each in handlers if isinstance(each, int)])
        self.cleared = Clearing.objects.filter(matter=matter).exists()
        self.remarks = {row.seq: row.text for row in Remark.objects.filter(matter=matter)}

    def tell(self, entry: Entry, wrong: list[str]) -> Told:
        """One entry."""
        fact = self.facts[entry.seq]
        try:
            author = who(Author.from_json(entry.author))
        except (ValueError, KeyError, TypeError):
            author = entry.author
        if fact is None:
            return Told(entry, entry.fact, author, [Detail(_("内容"), entry.payload)], wrong)
        details: list[Detail] = []
        placed = False
        for each in fields(fact):
            value = getattr(fact, each.name)
            if each.name in PLACE:
                if not placed:
                    details.append(Detail(FIELDS["place"], self._place(fact)))
                placed = True
            elif not (each.name == "number" and value == self.matter.number) and value is not None and value != "":
                details.append(self._detail(entry, each.name, value))
        return Told(entry, FACTS.get(entry.fact, entry.fact), author, details, wrong)

    def _detail(self, entry: Entry, name: str, value: Any) -> Detail:
        label = FIELDS.get(name, name)
        try:
            if name == "words":
                return self._words(entry, label, value)
            if name == "rule":
                cited = queries.cited(value)
                return Detail(label, cited.title, cited.url)
            if name in BODIES and value is not None:
                body = self.bodies.get(value)
                return Detail(label, body.name if body else _("%(n)s 号单位") % {"n": value})
            if name == "reason" or (name == "outcome" and entry.fact in REASONS):
                return Detail(label, named(REASONS[entry.fact], value))
            return Detail(label, SAYINGS[name](value) if name in SAYINGS else str(value))
        except Exception:  # noqa: BLE001  What was tampered with may hold anything; it is shown, whatever it is.
            return Detail(label, str(value))

    def _words(self, entry: Entry, label: Shown, digest: str) -> Detail:
        """What was said, if it still is what was said."""
        registered = entry.fact in {"matters.MatterRegistered", "matters.MatterParted"}
        said = self.matter.text if registered else self.remarks.get(entry.seq, "")
        if not said:
            return Detail(label, _("已不在库里；日志里只有它的指纹 %(digest)s。") % {"digest": digest[:12]})
        if words.digest(self.matter.subject, said) == digest:
            return Detail(label, f"“{said}”", note=_("与日志里的指纹相符"))
        if self.cleared:
            return Detail(label, f"“{said}”", note=_("其中的个人信息已按期清除；日志里的指纹是原话的"))
        return Detail(label, f"“{said}”", note=_("与日志里的指纹不符"), wrong=True)

    def _place(self, fact: Fact) -> str:
        names = []
        for name in PLACE:
            number = getattr(fact, name)
            if number is None:
                continue
            try:
                names.append(territory.area(number).name)
            except (LookupError, TypeError):
                names.append(_("%(n)s 号区域") % {"n": number})
        return " ".join(names) or _("不详")


def _fact(entry: Entry) -> Fact | None:
    """The fact, or None if it cannot be read any more."""
    try:
        return fact_named(entry.fact).from_payload(json.loads(entry.payload))
    except (LookupError, ValueError, TypeError, AttributeError):
        return None
