"""What stands beside a matter, as the API tells it: by the same queries as the pages, and nothing of a reporter in clear."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from linli.kernel import masking
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.journal import seals, verification
from linli.portals.openapi import reading, shapes
from linli.work.matters import followups, persons, queries, related, rules, supervision, together

if TYPE_CHECKING:
    from linli.work.matters.models import Appeal, Attachment, Card, Matter, Visit

PRIVACY_MOVES = {"mask", "hold", "disclose", "erase"}
"""Whoever may do one of these looks after personal data."""


# --- Small pieces ------------------------------------------------------------------------------------------------------
def brief_fields(matter: "Matter") -> dict[str, Any]:
    """Another matter, in short. Its handler is to be read with it."""
    return {
        "number": matter.number, "title": matter.title, "state": matter.state, "state_words": matter.state_words,
        "category": reading.named(rules.Categories, matter.category), "place": queries.place_words(matter),
        "handler": reading.body_name(matter.handler), "registered_at": matter.registered_at,
    }  # fmt: skip


def brief(matter: "Matter") -> shapes.Brief:
    """Another matter, in short."""
    return shapes.Brief(**brief_fields(matter))


def briefs(matters: "Sequence[Matter]") -> list[shapes.Brief]:
    """Several."""
    return [brief(each) for each in matters]


def cited(rule: str) -> shapes.Cited:
    """A rule as it was when it was applied."""
    found = queries.cited(rule)
    return shapes.Cited(rule=rule, title=found.title, url=found.url, assumed=found.assumed)


def masked(shown: queries.ShownContact) -> shapes.Contact:
    """A reporter with the middle hidden, whatever was looked at."""
    name, phone = shown.name, shown.phone
    if shown.revealed:
        name, phone = masking.mask_name(name), masking.mask_phone(phone)
    return shapes.Contact(visibility=shown.visibility, name=name, phone=phone, revealed=False)


def file(row: "Attachment") -> shapes.FileInfo:
    """What is known of a document."""
    return shapes.FileInfo(
        key=row.key, name=row.name, kind=row.kind, bytes=row.size, sha256=row.sha256, at=row.at, office=row.office, for_resident=row.for_resident,
    )  # fmt: skip


def appeal(row: "Appeal", matter: str) -> shapes.AppealInfo:
    """An appeal against a rating; the words are in the journal."""
    return shapes.AppealInfo(
        number=row.number, matter=matter, body=reading.body_name(row.body),
        reason=shapes.NamedCode(code=row.reason, name=followups.reason_name(row.reason)), solved=row.solved,
        satisfaction=row.satisfaction, level=row.level, made_at=row.made_at, decide_by=row.decide_by, decided_at=row.decided_at,
        upheld=row.upheld, reviewer=row.reviewer,
    )  # fmt: skip


def outcome(code: str) -> shapes.NamedCode:
    """What came of a call."""
    return shapes.NamedCode(code=code, name=supervision.outcome_name(code))


# --- Other matters -----------------------------------------------------------------------------------------------------
def relations(matter: "Matter", actor: Actor, metres: int) -> shapes.Related:
    """相关的: lists within reach; of the person a number only."""
    near = related.near(actor, matter, metres)
    at_hand = {each.pk for each, _metres in near}
    phone = "" if related.hides_reporter(actor, matter) else related.phone_of(matter)
    return shapes.Related(
        near=[shapes.Near(**brief_fields(each), metres=away) for each, away in near],
        alike=briefs([each for each in related.alike(actor, matter) if each.pk not in at_hand]),
        by_person=related.count_by_phone(actor, phone, but=matter) if phone else None,
    )


def alike(matter: "Matter", actor: Actor) -> shapes.Alike:
    """相近的, for whoever merges."""
    found = together.alike(matter, actor)
    items = [
        shapes.AlikeOne(**brief_fields(each.matter), likeness=round(each.likeness, 3), metres=each.metres)
        for each in found
    ]
    return shapes.Alike(items=items)


def others(matter: "Matter", actor: Actor) -> shapes.Together:
    """Merged, split, supported, asked about."""
    held, whole, asked = together.merge_of(matter), together.whole_of(matter), queries.approval_of(matter)
    along = [
        shapes.AlongOne(
            **brief_fields(each.matter), contact=masked(each.contact),
            said=[shapes.SaidAt(at=one.at, text=one.text) for one in each.said], solved=each.solved,
        )
        for each in together.along_with(matter, actor)
    ]  # fmt: skip
    helpers = [
        shapes.Helper(body=reading.body_name(each.body), asked_at=each.asked_at, advise_by=each.advise_by, advised_at=each.advised_at)
        for each in queries.helpers_of(matter)
    ]  # fmt: skip
    waiting = None
    if asked is not None:
        waiting = shapes.ApprovalAsked(
            body=reading.body_name(asked.body), by=reading.body_name(asked.by_body), level=asked.level, why=asked.why, asked_at=asked.asked_at
        )  # fmt: skip
    return shapes.Together(
        main=held.main.number if held else None, along=along, whole=whole.matter.number if whole else None,
        parts=briefs(together.parts_of(matter)), helpers=helpers, approval=waiting,
    )  # fmt: skip


# --- 督办、回访、评价申诉 ------------------------------------------------------------------------------------------------
def supervised(matter: "Matter", actor: Actor) -> shapes.Supervision:
    """Who presses, who called, what was appealed; why this post does not."""
    found = supervision.appeal_on(matter)
    why = (
        supervision.why_no_visit(matter, actor)
        if supervision.is_called_about(matter)
        else _("还没有核实，先不打电话。")
    )
    return shapes.Supervision(
        grade=matter.grade, cards=[_card(each) for each in supervision.standing_cards(matter)],
        next_grades=[shapes.NamedCode(code=each.code, name=rulebook.label(each)) for each in supervision.grades_after(matter.grade)],
        calls=[_call(each) for each in supervision.visits_of(matter)], call_at=matter.visit_at, why_no_call=why,
        appeal=appeal(found, matter.number) if found else None, why_not_decide=supervision.why_not_decide(matter, actor),
    )  # fmt: skip


def _card(each: "Card") -> shapes.CardInfo:
    _ref, code = rulebook.RuleRef.parse(each.rule)
    return shapes.CardInfo(
        grade=shapes.NamedCode(code=code, name=supervision.grade_name(each.rank)), body=reading.body_name(each.body),
        presser=reading.body_name(each.presser), level=each.level, at=each.at, responded_at=each.responded_at,
    )  # fmt: skip


def _call(each: "Visit") -> shapes.CallInfo:
    return shapes.CallInfo(
        outcome=outcome(each.outcome), contacted=each.contacted, solved=each.solved, satisfaction=each.satisfaction,
        office=each.office, at=each.at,
    )  # fmt: skip


# --- Personal data -----------------------------------------------------------------------------------------------------
def privacy(matter: "Matter", actor: Actor) -> shapes.Privacy:
    """个人信息 of one matter. Raises Refused for a post that does not look after it."""
    moves = {move.name for move in queries.open_moves(matter, actor)}
    if not moves & PRIVACY_MOVES and not actor.has("journal.read"):
        raise Refused(_("您的岗位不管个人信息的公开和保存。"))
    whole, hold = persons.held(matter), persons.hold_on(matter)
    found = [
        shapes.FoundPiece(words=(words := said[span.start : span.end]), shown=masking.mask_span(words, span.kind), kind=span.kind)
        for said in (matter.title, matter.place_text)
        for span in masking.find_personal(said)
    ]  # fmt: skip
    edition = rulebook.current(rules.Retentions)
    return shapes.Privacy(
        is_public=matter.is_public, shown_title=queries.public_title(matter), shown_place=queries.public_place(matter),
        settled=bool(matter.shown_title or matter.shown_place), found=found,
        kept=[shapes.KeptPart(part=each.part, there=each.there, until=each.until, gone_at=each.gone_at) for each in whole.kept],
        rule=cited(edition.ref.item(edition.list.rule_for(matter.category).code)),
        hold=shapes.HoldInfo(reason=hold.reason, held_at=hold.held_at) if hold else None,
        looks=[shapes.LookInfo(at=each.at, office=each.office, purpose=each.purpose) for each in whole.looks],
    )  # fmt: skip


# --- For whoever audits ------------------------------------------------------------------------------------------------
def log(matter: "Matter") -> shapes.Log:
    """文字日志 — every entry as the journal holds it, re-computed this moment."""
    entries = [
        shapes.RawEntry(
            seq=each.seq, at=each.at, move=each.move, fact=each.fact, payload=each.payload, author=each.author,
            previous=bytes(each.previous).hex(), hash=bytes(each.hash).hex(),
        )
        for each in queries.entries_of(matter)
    ]  # fmt: skip
    wrong = [shapes.FindingInfo(seq=each.seq, sentence=each.sentence) for each in verification.findings(matter.subject)]
    proof = seals.proof(matter.subject)
    seal = None
    if proof is not None:
        seal = shapes.SealInfo(
            number=proof.seal.number, sealed_at=proof.seal.sealed_at, seq=proof.head.seq, root=bytes(proof.seal.root).hex(), holds=proof.holds
        )  # fmt: skip
    return shapes.Log(number=matter.number, entries=entries, findings=wrong, seal=seal)


def evidence(matter: "Matter") -> shapes.Evidence:
    """供自己验的文本和封存凭据."""
    found = seals.proof(matter.subject)
    return shapes.Evidence(chain=verification.chain_text(matter.subject), proof=found.document() if found else None)
