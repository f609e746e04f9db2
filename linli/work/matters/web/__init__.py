"""One matter on an official's screen: what is known, what may be done now, one address per verb. Nothing is decided here."""

import json
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.engines.pictures import PictureError, accept
from linli.facts.matters import MatterSpokenFor
from linli.kernel import clock, masking
from linli.kernel.identifiers import new_follow_token
from linli.kernel.rules import UnknownCodeError
from linli.mechanisms import flow, rulebook
from linli.mechanisms.access import Actor, pages, require
from linli.mechanisms.access.models import Body
from linli.mechanisms.access.words import told
from linli.mechanisms.journal import seals, verification
from linli.mechanisms.territory.words import level_words
from linli.work.matters import (
    exclusions,
    followups,
    proposals,
    queries,
    rules,
    rules_supervision,
    service,
    supervision,
    telling,
    together,
)
from linli.work.matters.flow import State
from linli.work.matters.forms import FilingForm, categories, number_from
from linli.work.matters.models import Channel, Matter, Photo, Visibility
from linli.work.matters.service import photos
from linli.work.matters.service.handling import MissingWordsError
from linli.work.matters.words import WordsError, told_to_resident

Act = Callable[[Matter, QueryDict, Actor, int | None], Matter]
PAGE = "matters/matter.jinja"


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined, no-any-return]


@require_GET
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """The matter, as this post may see it."""
    return _page(request, queries.get(actor_of(request), number))


def _page(
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
    return _page(request, matter, failed=verb, typed=typed)


def _context(matter: Matter, actor: Actor) -> dict[str, Any]:
    lines = queries.story(matter, for_resident=False)
    told = {line.move for line in lines}
    moves = {
        move.name: move
        for move in queries.open_moves(matter, actor, told)
        if not flow.own_deeds([matter.subject], move, by=actor)
    }
    more = _choices(matter, moves) | _pending(matter) | _together(matter, actor, told)
    more |= _supervised(matter, moves, actor)
    return more | {
        "matter": matter,
        "moves": moves,
        "tone": queries.tone_of(matter),
        "grade": supervision.grade_name(matter.grade),
        "category": queries.category_name(matter),
        "place": queries.place_words(matter),
        "level": level_words(matter.level),
        "due_by": queries.cited(matter.due_rule),
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
        more["bodies"] = queries.bodies_for(matter)
        more["categories"] = [("", _("不改")), *categories()[1:]]
    if not {"object", "rule", "ask_help"}.isdisjoint(moves):
        more["others"] = [each for each in queries.bodies_for(matter) if each.pk != matter.handler_id]
    if "propose_exclusion" in moves:
        more["grounds"] = rulebook.current(rules.Exclusions).list.items
    if "contact" in moves:
        more["said_now"] = clock.now()
        more["said_now_typed"] = f"{more['said_now'].astimezone(clock.CITY):%Y-%m-%dT%H:%M}"
    if "find_right" in moves:
        more |= {"sample": exclusions.sample_of(matter)} | exclusions.told(matter)
    if "ask_approval" in moves:
        more["below"] = [each for each in queries.bodies_for(matter) if each.level > matter.level]
    if "ask_extension" in moves:
        more["most_days"] = proposals.limit_for("extend", category=matter.category, risk=matter.risk)[0].amount
    return more


def _pending(matter: Matter) -> dict[str, Any]:
    """What is being decided, or waited for, while the clock stands still."""
    if matter.state == State.OBJECTED:
        level = level_words(rules.deciding_level(matter.level))
        return {"objection": queries.objection_to(matter), "deciding": level}
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
        held = rulebook.current(rules_supervision.MatterGrades).list
        more["grades"] = [(each.code, rulebook.label(each)) for each in grades]
        more["grades_assumed"] = rulebook.reason(held, grades[0])
    if "appeal" in moves:
        more["appeal_reasons"] = rulebook.current(rules_supervision.AppealReasons).list.items
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
        "mark_uncontacted": "overdue",
    }.get(line.move, "done")
    return {
        "tone": tone, "word": line.label, "at": line.at, "who": line.who, "note": line.said,
        "basis": rule.title if rule else "", "basis_url": rule.url if rule else "",
    }  # fmt: skip


def _personal(verb: str, posted: QueryDict) -> list[str]:
    """What in words for a resident looks like somebody's own number or name: asked about once, before they are sent."""
    said = told_to_resident(verb, posted)
    return queries.personal_in(said) if said else []


# --- Verbs: fetch, parse, call, render ----------------------------------------------------------------------------
def _act(verb: str, act: Act, done: Callable[[Matter], str]) -> Callable[[HttpRequest, str], HttpResponse]:
    """The view of one verb. What goes wrong is said beside its form, and nothing typed is lost."""

    @require_POST
    def view(request: HttpRequest, number: str) -> HttpResponse:
        actor = actor_of(request)
        found = queries.get(actor, number)
        flagged = [] if request.POST.get("sure") == "1" else _personal(verb, request.POST)
        if flagged:
            return _page(request, found, status=422, failed=verb, flagged=flagged)
        try:
            found = act(found, request.POST, actor, number_from(request.POST, "version"))
        except (WordsError, UnknownCodeError) as error:
            sentence = str(error) if isinstance(error, WordsError) else _("请从列表里选一项。")
            return _page(request, found, status=422, failed=verb, error=sentence)
        except flow.NotNow as error:
            fresh = queries.get(actor, number)
            changed = error.changed if isinstance(error, flow.Stale) else ()
            return _page(request, fresh, status=409, failed=verb, error=str(error), changed=changed)
        say = done(found)
        still = queries.may_see(actor, number)
        if pages.wants_fragment(request) and still:
            return _page(request, queries.get(actor, number), say=say)
        messages.success(request, say)
        target = reverse("matters:matter", args=[number]) if still else reverse("access:start")
        if pages.wants_fragment(request):
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return HttpResponseRedirect(target)

    return view


matter_page, verb_of = _page, _act
"""What the pages beside this one build on."""

settle = _act(
    "settle",
    lambda m, p, by, v: service.settle(m, reply=p.get("reply", ""), by=by, expected=v),
    lambda _m: _("已记下。居民会看到这一句，解决没解决由他说。"),
)
raise_up = _act(
    "raise_up",
    lambda m, p, by, v: service.raise_up(m, reason=p.get("reason", ""), tried=p.get("tried", ""), by=by, expected=v),
    lambda m: _("已报给%(body)s。") % {"body": m.handler.short_name},
)
accept_it = _act("accept", lambda m, _p, by, v: service.accept(m, by=by, expected=v), lambda _m: _("已受理。"))
answer = _act(
    "answer",
    lambda m, p, by, v: service.answer(m, outcome=p.get("outcome", ""), reply=p.get("reply", ""), by=by, expected=v),
    lambda _m: _("已答复，等别人核实。"),
)
verify = _act(
    "verify",
    lambda m, p, by, v: service.verify(m, note=p.get("note", ""), by=by, expected=v),
    lambda _m: _("核实通过，已请居民评价。"),
)
redo = _act(
    "redo",
    lambda m, p, by, v: service.redo(m, reason=p.get("reason", ""), note=p.get("note", ""), by=by, expected=v),
    lambda m: _("已退回%(body)s重办。") % {"body": m.handler.short_name},
)
add = _act("add", lambda m, p, by, _v: service.add(m, said=p.get("said", ""), by=by), lambda _m: _("已补充。"))


def bodies_from(posted: QueryDict, name: str) -> list[Body]:
    """The bodies ticked in a form; nothing ticked asks nothing."""
    asked = {int(each) for each in posted.getlist(name) if each.isascii() and each.isdigit() and len(each) <= 10}
    return list(Body.objects.filter(pk__in=asked, valid_to__isnull=True).order_by("id")) if asked else []


def _assign(matter: Matter, posted: QueryDict, by: Actor, version: int | None) -> Matter:
    """照此派 carries the proposed body; 另派 a body, a reason, and perhaps another category."""
    body = Body.objects.filter(pk=number_from(posted, "to") or 0).first()
    if body is None:
        raise MissingWordsError(_("请选一个单位。"))
    return service.assign_with_help(
        matter, to=body, helpers=bodies_from(posted, "helpers"), category=posted.get("category", ""),
        differs=posted.get("differs", ""), by=by, expected=version,
    )  # fmt: skip


assign = _act("assign", _assign, lambda m: _("已派给%(body)s。") % {"body": m.handler.short_name})


def _body_from(posted: QueryDict, name: str) -> Body | None:
    return Body.objects.filter(pk=number_from(posted, name) or 0).first()


object_to = _act(
    "object",
    lambda m, p, by, v: service.object_to(
        m, reason=p.get("reason", ""), note=p.get("note", ""), believed=_body_from(p, "believed"), by=by, expected=v
    ),
    lambda _m: _("异议已提出，裁定前办理期限停着不走。"),
)
rule = _act(
    "rule",
    lambda m, p, by, v: service.rule(
        m, upheld=p.get("upheld") == "yes", to=_body_from(p, "to") if p.get("upheld") == "yes" else None,
        note=p.get("note", ""), by=by, expected=v,
    ),
    lambda m: _("已裁定，由%(body)s负责。") % {"body": m.handler.short_name},
)  # fmt: skip


ask_extension = _act(
    "ask_extension",
    lambda m, p, by, v: service.ask_extension(
        m, days=number_from(p, "days") or 0, why=p.get("why", ""), by=by, expected=v
    ),
    lambda _m: _("已申请延期，批准以前期限停着不走。"),
)
extend = _act(
    "extend",
    lambda m, _p, by, v: service.extend(m, by=by, expected=v),
    lambda _m: _("已同意延期，居民看得到新的日子和理由。"),
)
refuse_extension = _act(
    "refuse_extension",
    lambda m, p, by, v: service.refuse_extension(m, why=p.get("why", ""), by=by, expected=v),
    lambda _m: _("没有同意，按原来的期限办。"),
)


def _day(posted: QueryDict, name: str) -> date:
    try:
        return date.fromisoformat(posted.get(name, ""))
    except ValueError:
        raise MissingWordsError(_("请写哪天再看，如 2026-12-31。")) from None


carry = _act(
    "carry",
    lambda m, p, by, v: service.carry(
        m, reason=p.get("reason", ""), why=p.get("why", ""), review_on=_day(p, "review_on"), by=by, expected=v
    ),
    lambda _m: _("已挂账，到日子提醒您再看。"),
)
review = _act(
    "review",
    lambda m, p, by, v: service.review(m, why=p.get("why", ""), review_on=_day(p, "review_on"), by=by, expected=v),
    lambda _m: _("已记下，到下次日子再提醒您。"),
)
take_back = _act(
    "take_back",
    lambda m, p, by, v: service.take_back(m, why=p.get("why", ""), by=by, expected=v),
    lambda _m: _("已重新办理，期限接着走。"),
)


@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """查看联系方式 — after the purpose is on record."""
    found = queries.get(actor_of(request), number)
    service.reveal(found, purpose=request.POST.get("purpose", ""), by=actor_of(request))
    if request.POST.get("back") == "visit":
        return HttpResponseRedirect(reverse("matters:visit", args=[number]))
    return _page(request, queries.get(actor_of(request), number))


# --- For whoever audits -------------------------------------------------------------------------------------------
def _audited(request: HttpRequest, number: str) -> Matter:
    require(actor_of(request), "journal.read")
    return queries.get(actor_of(request), number)


@require_GET
def log(request: HttpRequest, number: str) -> HttpResponse:
    """文字日志 — every entry in words, re-computed this moment, and what is sealed."""
    found = _audited(request, number)
    return pages.page(request, "matters/log.jinja", {"matter": found, "log": telling.log(found)})


@require_GET
def log_text(request: HttpRequest, number: str) -> HttpResponse:
    """The same as plain text, as the journal holds it."""
    found = _audited(request, number)
    lines = [f"{found.subject}", ""]
    for entry in queries.entries_of(found):
        lines += [
            f"#{entry.seq} {entry.at.isoformat()} {entry.move} {entry.fact}", f"  {entry.author}", f"  {entry.payload}",
            f"  hash {bytes(entry.hash).hex()}",
        ]  # fmt: skip
    wrong = [str(each) for each in verification.findings(found.subject)]
    lines += ["", *(wrong or [str(_("重算相符：没有一条被改动、删除或调换。"))])]
    proof = seals.proof(found.subject)
    if proof is not None:
        lines.append(
            f"seal {proof.seal.number} {proof.seal.sealed_at.isoformat()} root {bytes(proof.seal.root).hex()} holds={proof.holds}"
        )
    return _file("\n".join(lines) + "\n", f"{number}-log.txt")


@require_GET
def chain(request: HttpRequest, number: str) -> HttpResponse:
    """供自己验的文本 — chain.txt of docs/howto/verify-the-journal.md, for who has no way into the database."""
    return _file(verification.chain_text(_audited(request, number).subject), "chain.txt")


@require_GET
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """封存凭据 — proof.json of the same page: what to keep, to show years later what stood in the journal."""
    found = seals.proof(_audited(request, number).subject)
    if found is None:
        raise Http404(_("这一件还没有封存；每天零点以后封存前一天的记录。"))
    return _file(json.dumps(found.document(), ensure_ascii=False, indent=1), "proof.json", "application/json")


def _file(text: str, name: str, kind: str = "text/plain") -> HttpResponse:
    """A file to keep, under a name of its own."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": disposition} if disposition else {}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)


# --- Filing for somebody else -------------------------------------------------------------------------------------
def new(request: HttpRequest) -> HttpResponse:
    """代报 — from a counter, a telephone or a round; the same register, the same number."""
    actor = actor_of(request)
    require(actor, "matters.register")
    first = {"channel": Channel.GRID if actor.area_level == rules.GRID else Channel.PHONE, "key": new_follow_token()}
    form = FilingForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            done = service.register(_report(form, request, actor), by=actor)
        except (service.NeedsPlaceError, service.OutsideCityError) as error:
            form.add_error("place_text", str(error))
        except service.SentTwiceError as error:
            form.add_error(None, str(error))
        except PictureError as error:
            form.add_error(None, told(error))
        else:
            return HttpResponseRedirect(
                reverse("matters:matter", args=[done.matter.number])
                if _may_see(actor, done.matter)
                else reverse("access:start")
            )
    return pages.page(request, "matters/new.jinja", {"form": form}, status=422 if form.errors else 200)


def _may_see(actor: Actor, matter: Matter) -> bool:
    return queries.visible_to(actor).filter(pk=matter.pk).exists()


def _report(form: FilingForm, request: HttpRequest, actor: Actor) -> service.Report:
    typed = form.cleaned_data
    visibility = Visibility.NAMED if typed["name"] else Visibility.PSEUDONYM if typed["phone"] else Visibility.ANONYMOUS
    pictures = tuple(
        accept(each.read(), max_bytes=photos.MOST_BYTES, max_pixels=photos.MOST_PIXELS)
        for each in request.FILES.getlist("photos")
    )
    named = bool(typed["place_text"]) and actor.area_level < rules.COMMUNITY
    return service.Report(
        typed["text"], typed["key"], channel=typed["channel"], place_text=typed["place_text"], category=typed["category"],
        area_id=None if named else actor.area_id, visibility=visibility, name=typed["name"], phone=typed["phone"], pictures=pictures,
    )  # fmt: skip
