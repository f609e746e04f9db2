"""Every write to the rulebook: loading the pack, and an official's change. Nothing else may change a rule."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from linli.facts.rulebook import RuleEnacted
from linli.kernel import clock
from linli.kernel.rules import RuleList, RuleRef
from linli.mechanisms import journal
from linli.mechanisms.journal import Author
from linli.mechanisms.journal.entries import canonical
from linli.mechanisms.rulebook import queries, reading
from linli.mechanisms.rulebook.models import RuleVersion, Stamp
from linli.mechanisms.rulebook.pack import Pack
from linli.mechanisms.rulebook.reading import Problem
from linli.mechanisms.rulebook.registry import NoSuchListError, schema_of


class RefusedRuleError(ValueError):
    """A list is refused; `problems` says all that is wrong, one sentence each, and how to mend it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Loaded:
    """What loading did: the new versions, and the lists that were already so."""

    enacted: tuple[RuleRef, ...]
    unchanged: tuple[str, ...]


def load(pack: Pack, *, by: Author) -> Loaded:
    """载入城市包 — enact every list of the pack that differs from what the rulebook holds. All or nothing.

    Loading the same pack again does nothing. A list that an official has changed since in the rulebook stays as the
    official made it: the pack's older text is a version the rulebook already knows.
    """
    if pack.problems:
        raise RefusedRuleError(pack.problems)
    enacted: list[RuleRef] = []
    unchanged: list[str] = []
    with transaction.atomic():
        _lock()
        refusals = [
            refusal for source in pack.sources if (refusal := refusal_of(source.key, source.content, source.file))
        ]
        if refusals:
            raise RefusedRuleError(refusals)
        for source in pack.sources:
            if _known(source.key, source.content):
                unchanged.append(source.key)
            else:
                enacted.append(_enact(source.content, source.rules, by=by))
        if enacted:
            _stamp()
    return Loaded(tuple(enacted), tuple(unchanged))


def enact(key: str, content: Mapping[str, Any], *, in_force: date, basis: str, by: Author) -> RuleRef:
    """施行 — an official's new version of one list. `content` has the title and the items; the rest is said here.

    Whoever calls has required the power `rulebook.enact`. The same list again is no new version.
    """
    whole = {"status": "adopted", **content, "list": key, "in_force": in_force.isoformat(), "basis": basis}
    whole = reading.jsonable(whole)
    try:
        schema = schema_of(key)
    except NoSuchListError:
        raise RefusedRuleError([Problem(key, 0, f"没有名为“{key}”的清单", "请核对清单的键")]) from None
    try:
        rules = schema.model_validate(whole)
    except ValidationError as error:
        raise RefusedRuleError(reading.explain(error, schema, reading.Lines(), key)) from None
    with transaction.atomic():
        _lock()
        known = _known(key, whole)
        if known is not None:
            return known
        problems = [*_dangling(key, rules)]
        if refusal := refusal_of(key, whole, key):
            problems.append(refusal)
        if problems:
            raise RefusedRuleError(problems)
        ref = _enact(whole, rules, by=by)
        _stamp()
    return ref


def sha256(content: Mapping[str, Any]) -> str:
    """The fingerprint of a list's whole text."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _lock() -> None:
    """One writer at a time, or two would take one version number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('linli.rulebook'))")


def _known(key: str, content: Mapping[str, Any]) -> RuleRef | None:
    number = (
        RuleVersion.objects.filter(key=key, content_sha256=sha256(content))
        .order_by("-version")
        .values_list("version", flat=True)
        .first()
    )
    return None if number is None else RuleRef(key, number)


def refusal_of(key: str, content: Mapping[str, Any], file: str) -> Problem | None:
    """A new version may not begin before one that already holds: what was decided under that one would look wrong."""
    if _known(key, content) is not None:
        return None
    newest = RuleVersion.objects.filter(key=key).order_by("-version").defer("content").first()
    in_force = date.fromisoformat(content["in_force"])
    if newest is None or in_force >= newest.in_force:
        return None
    today = clock.today()
    if newest.in_force > today and in_force > today:
        return None  # It corrects a version that has not come into force.
    return Problem(
        file,
        0,
        _("“%(title)s”在规则库里已有第 %(n)s 版，自 %(since)s 起；这一版却自 %(day)s 起")
        % {"title": newest.title, "n": newest.version, "since": newest.in_force, "day": in_force},
        _("内容有改动就要写新的施行日期，不早于 %(day)s；已作出的决定仍按当时的版本")
        % {"day": max(newest.in_force, in_force)},
    )


def _enact(content: Mapping[str, Any], rules: RuleList[Any], *, by: Author) -> RuleRef:
    last = RuleVersion.objects.filter(key=rules.list_key).order_by("-version").values_list("version", flat=True).first()
    ref = RuleRef(rules.list_key, (last or 0) + 1)
    now = clock.now()
    fingerprint = sha256(content)
    RuleVersion.objects.create(
        key=ref.key, version=ref.version, in_force=rules.in_force, title=rules.title, basis=rules.basis,
        status=rules.status.value, reason=rules.reason or "", content=content, content_sha256=fingerprint,
        loaded_at=now, loaded_by=by.as_json(),
    )  # fmt: skip
    fact = RuleEnacted(ref.key, ref.version, rules.in_force, fingerprint)
    journal.append(f"rulebook:{ref.key}", fact, by=by, at=now, move="enact")
    return ref


def _stamp() -> None:
    stamp = uuid.uuid4()
    row, _new = Stamp.objects.get_or_create(id=1)
    Stamp.objects.filter(id=1).update(changes=row.changes + 1, stamp=stamp)
    queries.written(stamp)
    transaction.on_commit(queries.committed)


def _dangling(key: str, rules: RuleList[Any]) -> Iterable[Problem]:
    """References that would point nowhere: from this list into others, and from others into this one."""
    lists = {other: each.list for other, each in queries.in_force().items()}
    lists[key] = rules
    for name, each in lists.items():
        for reference in each.references():
            target = lists.get(reference.key)
            if key not in {reference.key, name}:
                continue
            if target is None or reference.code not in target:
                place = " → ".join(str(part) for part in reference.where)
                yield Problem(
                    name, 0, f"{place} 引用了“{reference.key}”里没有的代码 {reference.code}",
                    "请改用已有的代码，或先把它加进那张清单",
                )  # fmt: skip
