"""诉求的一页: what is known of one matter and what may be done now, on an official's screen. Nothing is decided here."""

from collections.abc import Collection
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.facts.matters import MatterSpokenFor
from linli.kernel import clock, masking
from linli.mechanisms import flow, rulebook
from linli.mechanisms.access import Actor, pages
from linli.mechanisms.territory.words import level_words
from linli.work.matters import (
    exclusions,
    followups,
    proposals,
    queries,
    rules,
    service,
    supervision,
    together,
)
from linli.work.matters.flow import State
from linli.work.matters.forms import categories
from linli.work.matters.models import Matter, Photo
from linli.work.matters.web import disputes

PAGE = "matters/matter.jinja"


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined, no-any-return]


@require_GET
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """The matter, as this post may see it. A body it left by a ruling or a rating reads that one thing of it."""
    try:
        found = queries.get(actor_of(request), number)
    except Http404:
        ruled = disputes.page_of_the_ruling(request, number, actor_of(request))
        if ruled is not None:
            return ruled
        followups.rated_away_one(actor_of(request), number)
        return HttpResponseRedirect(reverse("matters:rating", args=[number]))
    return matter_page(request, found)


def matter_page(
    request: HttpRequest,
    matter: Matter,
    *,
    status: int = 200,
    failed: str = "",
    error: str = "",
    changed: Any = (),
    say: str = "",
    typed: QueryDict | None = None,
    flagged: Collection[str] = (),
) -> HttpResponse:
    """The page, or its part below the title when htmx asks. `failed` is the verb whose form comes back as it was typed."""
    actor = actor_of(request)
    context = _context(matter, actor) | {
        "failed": failed, "error": error, "changed": changed, "inserted": typed is not None,
        "typed": typed if typed is not None else request.POST if failed else QueryDict(),
        "flagged": flagged,
    }  # fmt: skip
    return pages.page(request, PAGE, context, block="work", status=status, say=say)


def filling(request: HttpRequest, matter: Matter, *, verb: str, typed: QueryDict) -> HttpResponse:
    """The page with one form open, as it was typed and with what was put into it since; nothing is sent yet."""
    return matter_page(request, matter, failed=verb, typed=typed)


def _context(matter: Matter, actor: Actor) -> dict[str, Any]:
    lines = queries.story(matter, for_resident=False)
    told = {line.move for line in lines}
    moves = {
        move.name: move
        for move in queries.open_moves(matter, actor, told)
        if not flow.own_deeds([matter.subject], move, by=actor)
    }
    more = _choices(matter, moves) | _pending(matter) | _together(matter, actor, told)
    more |= _supervised(matter, moves, actor) | disputes.told(matter, lines)
    return more | {
        "matter": matter,
        "moves": moves,
        "tone": queries.tone_of(matter),
        "grade": supervision.grade_name(matter.grade),
        "category": queries.category_name(matter),
        "place": queries.place_words(matter),
        "level": level_words(matter.level),
        "due_by": queries.cited(matter.due_rule, "handle"),
        "story": [_step(line) for line in lines],
        "clocks": queries.clocks_of(matter),
        "clock_names": {
            "handle": _("答复"),
            "accept": _("受理"),
            "verify": _("核实"),
            "contact": _("联系"),
            "rule": _("裁定"),
            "confirm": _("确认不予受理"),
            "second_look": _("复核"),
        },
        "contact": queries.contact_of(matter, actor),
        # The journal has been read: most matters have neither, and are not asked twice.
        "attachments": queries.attachments_of(matter, for_resident=False)
        if any(line.move == "attach" for line in lines)
        else [],
        "consent": consent_words(matter) if any(isinstance(line.fact, MatterSpokenFor) for line in lines) else "",
        "photos": [_photo(each) for each in queries.photos_of(matter)],
        "may_read_log": actor.has("journal.read"),
        "risk_words": next(
            (rulebook.label(each) for each in rulebook.current(rules.Risks).list.items if each.rank == matter.risk), ""
        ),
    }


def consent_words(matter: Matter) -> str:
    """Who spoke for the person, as what, and how and when that person agreed; empty where they spoke for themselves."""
    row = queries.consent_of(matter)
    if row is None:
        return ""
    relation = rulebook.current(rules.Relations).list.find(row.relation)
    how = rulebook.current(rules.Consents).list.find(row.how)
    return _("%(who)s（%(relation)s）代为反映；%(how)s，%(when)s") % {
        "who": masking.mask_name(row.speaker), "relation": rulebook.label(relation) if relation else row.relation,
        "how": rulebook.label(how) if how else row.how, "when": f"{row.agreed_at.astimezone(clock.CITY):%m-%d %H:%M}",
    }  # fmt: skip


def _choices(matter: Matter, moves: Collection[str]) -> dict[str, Any]:
    """What the forms of these moves offer to choose from."""
    more: dict[str, Any] = {}
    for verb, name, schema in (
        ("raise_up", "raise_reasons", rules.RaiseReasons), ("answer", "outcomes", rules.Outcomes),
        ("redo", "redo_reasons", rules.RedoReasons), ("object", "objections", rules.Objections),
        ("carry", "carry_reasons", rules.CarryReasons), ("assign", "differ_reasons", rules.DifferReasons),
    ):  # fmt: skip
        if verb in moves:
            more[name] = rulebook.current(schema).list.items
    if "assign" in moves:
        more["proposal"] = queries.proposal_for(matter)
        more["routed_by"] = queries.cited(more["proposal"].rule)
        more["categories"] = [("", _("不改")), *categories()[1:]]
    if not {"assign", "object", "rule", "ask_help", "ask_approval"}.isdisjoint(moves):
        bodies = more["bodies"] = queries.bodies_for(matter)
        more["others"] = [each for each in bodies if each.pk != matter.handler_id]
        more["below"] = [each for each in bodies if each.level > matter.level]
    if "propose_exclusion" in moves:
        more["grounds"] = rulebook.current(rules.Exclusions).list.items
    if "contact" in moves:
        more["said_now"] = clock.now()
        more["said_now_typed"] = f"{more['said_now'].astimezone(clock.CITY):%Y-%m-%dT%H:%M}"
    if "find_right" in moves:
        more |= {"sample": exclusions.sample_of(matter)} | exclusions.told(matter)
    if "ask_extension" in moves:
        more["most_days"] = proposals.limit_for("extend", category=matter.category, risk=matter.risk)[0].amount
    return more


def _pending(matter: Matter) -> dict[str, Any]:
    """What is being decided, or waited for, while the clock stands still."""
    if matter.state == State.EXTENDING:
        return {"days_asked": service.days_asked(matter)}
    if matter.state in {State.EXCLUDING, State.EXCLUDED, State.SECOND_LOOK}:
        return exclusions.told(matter)
    return {"carried": queries.carried(matter)} if matter.state == State.CARRIED else {}


def _supervised(matter: Matter, moves: Collection[str], actor: Actor) -> dict[str, Any]:
    """Cards that stand, and the appeal against the rating: asked for only where there is one, or may be."""
    more: dict[str, Any] = {"cards": [], "grades_assumed": "", "why_not_decide": ""}
    if matter.grade:
        more["cards"] = [(supervision.grade_name(each.rank), each) for each in supervision.standing_cards(matter)]
    if "press" in moves:
        grades = supervision.grades_after(matter.grade)
        held = rulebook.current(rules.MatterGrades).list
        more["grades"] = [(each.code, rulebook.label(each)) for each in grades]
        more["grades_assumed"] = rulebook.reason(held, grades[0])
    if "appeal" in moves:
        more["appeal_reasons"] = rulebook.current(rules.AppealReasons).list.items
    if matter.verdict is not None:
        found = supervision.appeal_on(matter)
        if found is not None:
            more["appeal"], more["appeal_reason"] = found, followups.reason_name(found.reason)
            if found.decided_at is None and actor.has("matters.decide_appeal"):
                more["why_not_decide"] = supervision.why_not_decide(matter, actor)
    return more


def _together(matter: Matter, actor: Actor, told: Collection[str]) -> dict[str, Any]:
    """Other matters and other bodies it has to do with; looked up only where its story tells of any."""
    more: dict[str, Any] = {"held": together.merge_of(matter)} if matter.state == State.MERGED else {}
    if matter.parent_id is not None:
        more["whole"] = together.whole_of(matter)
    if "split" in told:
        more |= {"parts": together.parts_of(matter), "part_tone": queries.tone_of}
    if "take_in" in told:
        more["along"] = together.along_with(matter, actor)
    if "ask_help" in told:
        more |= {"helpers": queries.helpers_of(matter), "now": clock.now()}
    if "ask_approval" in told and (asked := queries.approval_of(matter)) is not None:
        more |= {"asked": asked, "approves": level_words(asked.level)}
    return more


def _photo(photo: Photo) -> dict[str, str]:
    """Served by the portal that guards photos; its address is known by name."""
    address = reverse("resident:photo", args=[photo.key])
    return {"url": f"{address}?small=1", "full": address, "alt": _("现场照片")}


def _step(line: queries.Happened) -> dict[str, Any]:
    rule = queries.cited(line.fact.rule) if getattr(line.fact, "rule", "") else None
    tone = {
        "mark_overdue": "overdue",
        "withdraw": "refused",
        "reopen": "overdue",
        "reopen_for_triage": "overdue",
        "object": "carried",
        "mark_unruled": "overdue",
        "carry": "carried",
        "mark_unreviewed": "overdue",
        "escalate": "overdue",
        "press": "overdue",
        "appeal": "carried",
        "reopen_by_phone": "overdue",
        "reopen_by_phone_for_triage": "overdue",
        "propose_exclusion": "carried",
        "exclude": "refused",
        "uphold_exclusion": "refused",
        "ask_second_look": "carried",
        "find_wrong": "carried",
        "urge": "carried",
        "mark_unconfirmed": "overdue",
        "mark_unlooked": "overdue",
        "mark_undecided": "overdue",
        "mark_uncontacted": "overdue",
    }.get(line.move, "done")
    return {
        "tone": tone, "word": line.label, "at": line.at, "who": line.who, "note": line.said,
        "basis": rule.title if rule else "", "basis_url": rule.url if rule else "",
    }  # fmt: skip
