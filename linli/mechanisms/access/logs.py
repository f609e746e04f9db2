"""文字日志 — the journal of one subject in words, re-computed this moment: the part every app's log page shares.

An app says what its facts and fields are called, how single values are said, and which words stand beside an entry.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from linli.facts.base import Fact, fact_named
from linli.kernel import clock
from linli.kernel.rules import RuleRef
from linli.mechanisms import rulebook
from linli.mechanisms.access import pages
from linli.mechanisms.access.models import Body
from linli.mechanisms.access.words import title_words
from linli.mechanisms.journal import seals, verification
from linli.mechanisms.journal.entries import Author
from linli.mechanisms.journal.models import Entry

Shown = str | Promise


@dataclass(frozen=True)
class Detail:
    """One field of a fact: what it is called, what it says, where that can be read; `wrong` if it no longer holds."""

    label: Shown
    says: str
    url: str = ""
    note: str = ""
    wrong: bool = False


@dataclass(frozen=True)
class Told:
    """One entry in words, with what a machine would read beside it."""

    entry: Entry
    title: Shown
    who: str
    details: list[Detail]
    wrong: list[str] = field(default_factory=list)
    """What re-computing this entry found; empty if it is as it was written."""

    @property
    def hash(self) -> str:
        """In hex."""
        return bytes(self.entry.hash).hex()

    @property
    def previous(self) -> str:
        """The hash of the entry before, in hex."""
        return bytes(self.entry.previous).hex()


@dataclass(frozen=True)
class Sealed:
    """Under which seal the subject stands, up to which entry, and whether that re-computes."""

    number: int
    at: datetime
    seq: int
    root: str
    holds: bool


@dataclass(frozen=True)
class Log:
    """文字日志 — the whole journal of one subject, re-computed this moment."""

    told: list[Told]
    elsewhere: list[str]
    """Findings that belong to no entry that is still there: what was removed."""
    sealed: Sealed | None
    unsealed: int
    """How many entries are newer than the seal."""

    @property
    def broken(self) -> list[tuple[int, str]]:
        """Every finding about the chain: the entry it stands at (0: an entry that is gone) and the sentence."""
        gone = [(0, sentence) for sentence in self.elsewhere]
        return gone + [(each.entry.seq, sentence) for each in self.told for sentence in each.wrong]

    @property
    def altered(self) -> list[int]:
        """Entries whose words kept beside the journal are no longer those that were said."""
        return [each.entry.seq for each in self.told if any(detail.wrong for detail in each.details)]


@dataclass(frozen=True)
class Wording:
    """How an app's entries are told."""

    facts: Mapping[str, Shown]
    """What each fact is called, by its name in the journal."""
    fields: Mapping[str, Shown]
    sayings: Mapping[str, Callable[[Any], str]]
    """How the value of a field is said, by the field's name."""
    bodies: frozenset[str]
    """Fields that hold one body, or several."""
    machines: Mapping[str, Shown]
    """What the system's own authors are called."""


Said = Callable[[Entry, Fact], Sequence[str]]
Digest = Callable[[str], str]


def read(subject: str, wording: Wording, *, number: str, said: Said, digest: Digest) -> Log:
    """Read, re-compute and tell. An entry that was tampered with is told as far as it can be read.

    `said`: the words kept for an entry, or all that may have been; `digest`: what the journal holds of words.
    """
    entries = entries_of(subject)
    wrong: dict[int, list[str]] = {}
    for finding in verification.findings(subject):
        what = finding.sentence
        for name, title in wording.facts.items():
            what = what.replace(name, str(title))
        wrong.setdefault(finding.seq, []).append(_("第%(n)s条：%(what)s") % {"n": finding.seq, "what": what})
    facts = {entry.seq: _fact(entry) for entry in entries}
    teller = _Teller(wording, _bodies(facts.values(), wording), number, said, digest)
    told = []
    for entry in entries:
        fact = facts[entry.seq]
        details = [Detail(_("内容"), entry.payload)] if fact is None else teller.details(entry, fact)
        title = entry.fact if fact is None else wording.facts.get(entry.fact, entry.fact)
        told.append(Told(entry, title, who(entry, wording), details, wrong.pop(entry.seq, [])))
    sealed = _sealed(subject)
    newer = sum(entry.seq > sealed.seq for entry in entries) if sealed else len(entries)
    return Log(told, [sentence for seq in sorted(wrong) for sentence in wrong[seq]], sealed, newer)


def entries_of(subject: str) -> list[Entry]:
    """The journal's own rows about a subject, hashes and all."""
    return list(Entry.objects.filter(subject=subject).order_by("seq"))


def who(entry: Entry, wording: Wording) -> str:
    """People by office and post; residents never by name."""
    try:
        author = Author.from_json(entry.author)
    except (ValueError, KeyError, TypeError):
        return entry.author
    if author.kind == "staff":
        return " ".join(part for part in (author.office, title_words(author.post), author.name) if part)
    if author.kind == "resident":
        return _("居民")
    machine = wording.machines.get(author.post)
    return _("系统（%(what)s）") % {"what": machine or author.post or author.office} if author.post else _("系统")


def _sealed(subject: str) -> Sealed | None:
    proof = seals.proof(subject)
    if proof is None:
        return None
    holds = proof.holds and seals.seal_hash(proof.seal) == bytes(proof.seal.hash)
    return Sealed(proof.seal.number, proof.seal.sealed_at, proof.head.seq, bytes(proof.seal.root).hex(), holds)


def _fact(entry: Entry) -> Fact | None:
    try:
        return fact_named(entry.fact).from_payload(json.loads(entry.payload))
    except (LookupError, ValueError, TypeError, AttributeError):
        return None


def _bodies(facts: Any, wording: Wording) -> dict[int, Body]:
    named: set[int] = set()
    for fact in facts:
        for name in wording.bodies:
            value = getattr(fact, name, None)
            named |= {each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, int)}
    return Body.objects.in_bulk(sorted(named))


@dataclass(frozen=True)
class _Teller:
    """What is needed to tell all entries of one subject, read once."""

    wording: Wording
    bodies: Mapping[int, Body]
    number: str
    said: Said
    digest: Digest

    def details(self, entry: Entry, fact: Fact) -> list[Detail]:
        """Every field that says something."""
        found = []
        for each in fields(fact):
            value = getattr(fact, each.name)
            if value is None or value in ("", ()) or (each.name == "number" and value == self.number):
                continue
            label = self.wording.fields.get(each.name, each.name)
            try:
                found.append(self._detail(entry, fact, each.name, label, value))
            except Exception:  # noqa: BLE001  What was tampered with may hold anything; it is shown, whatever it is.
                found.append(Detail(label, str(value)))
        return found

    def _detail(self, entry: Entry, fact: Fact, name: str, label: Shown, value: Any) -> Detail:
        if name == "words":
            return _words(label, value, self.said(entry, fact), self.digest)
        if name == "rule":
            return _rule(label, value)
        if name in self.wording.bodies:
            some = value if isinstance(value, tuple) else (value,)
            return Detail(label, _("、").join(self._body(one) for one in some))
        say = self.wording.sayings.get(name)
        return Detail(label, say(value) if say else _plain(value))

    def _body(self, pk: int) -> str:
        return self.bodies[pk].name if pk in self.bodies else _("%(n)s 号单位") % {"n": pk}


def _rule(label: Shown, value: str) -> Detail:
    ref, code = RuleRef.parse(value)
    held = rulebook.edition(ref).list
    return Detail(label, _("%(title)s（第%(n)s版）") % {"title": rulebook.label(held), "n": ref.version}, ref.url(code))


def _words(label: Shown, kept: str, said: Sequence[str], digest: Digest) -> Detail:
    """What was said, if it still is what was said."""
    held = [each for each in said if each]
    if not held:
        return Detail(label, _("已不在库里；日志里只有它的指纹 %(digest)s。") % {"digest": kept[:12]})
    same = next((each for each in held if digest(each) == kept), None)
    if same is not None:
        return Detail(label, f"“{same}”", note=_("与日志里的指纹相符"))
    return Detail(label, f"“{held[0]}”", note=_("与日志里的指纹不符"), wrong=True)


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return _("、").join(_plain(each) for each in value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.CITY):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


# --- The page and the files beside it -------------------------------------------------------------------------------
def page(request: HttpRequest, log: Log, *, template: str, **context: Any) -> HttpResponse:
    """The page of a log."""
    return pages.page(request, template, {"log": log, **context})


def chain(subject: str) -> HttpResponse:
    """供自己验的文本 — chain.txt of docs/howto/verify-the-journal.md, for who has no way into the database."""
    return _file(verification.chain_text(subject), "chain.txt", "text/plain")


def proof(subject: str) -> HttpResponse:
    """封存凭据 — proof.json of the same page. 404 before the first night."""
    found = seals.proof(subject)
    if found is None:
        raise Http404(_("这一件还没有封存；每天零点以后封存前一天的记录。"))
    return _file(json.dumps(found.document(), ensure_ascii=False, indent=1), "proof.json", "application/json")


def _file(text: str, name: str, kind: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": disposition} if disposition else {}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)
