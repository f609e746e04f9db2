"""督办、回访、评价申诉 on an official's screen: forms on the matter's page, and the two lists beside the queue."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.kernel import clock
from linli.kernel.rules import UnknownCodeError
from linli.mechanisms import flow, journal, rulebook
from linli.mechanisms.access import Actor, pages, require
from linli.work.matters import followups, queries, service, supervision, together
from linli.work.matters.flow import LIFE, State
from linli.work.matters.forms import number_from
from linli.work.matters.models import Appeal, Appealable, Matter, Merge
from linli.work.matters.rules import AppealReasons, Ratings, Script, VisitOutcomes
from linli.work.matters.web.page import actor_of
from linli.work.matters.web.verbs import verb_of
from linli.work.matters.words import WordsError

FIRST_MONTH = date(2000, 1, 1)

press = verb_of(
    "press",
    lambda m, p, by, v: service.press(
        m, grade=p.get("grade", ""), reason=p.get("reason", ""), skip=p.get("skip", ""), by=by, expected=v
    ),
    lambda m: _("已督办：%(grade)s。承办单位马上会收到。") % {"grade": supervision.grade_name(m.grade)},
)
withdraw_card = verb_of(
    "withdraw_card",
    lambda m, p, by, v: service.withdraw_card(m, reason=p.get("reason", ""), by=by, expected=v),
    lambda _m: _("已撤销。"),
)
respond = verb_of(
    "respond",
    lambda m, p, by, v: service.respond(m, said=p.get("said", ""), by=by, expected=v),
    lambda _m: _("已回复，督办的单位会收到。"),
)
appeal = verb_of(
    "appeal",
    lambda m, p, by, v: service.appeal(m, reason=p.get("reason", ""), note=p.get("note", ""), by=by, expected=v),
    lambda _m: _("已提出申诉，审出结果以前这次评价照样算。"),
)


def _decide(matter: Matter, posted: QueryDict, by: Actor, version: int | None) -> Matter:
    if posted.get("upheld") not in {"yes", "no"}:
        raise WordsError(_("请选成立还是不成立。"))
    return service.decide_appeal(
        matter, upheld=posted.get("upheld") == "yes", note=posted.get("note", ""), by=by, expected=version
    )


decide_appeal = verb_of("decide_appeal", _decide, lambda _m: _("已审，居民和申诉的单位都看得到为什么。"))


@dataclass(frozen=True)
class _Due:
    """One call: about which matter, which of them was answered (itself, or the one it goes along with), how often tried."""

    at: datetime | None
    matter: Matter
    lead: Matter
    tries: int


# --- 回访 ----------------------------------------------------------------------------------------------------------
@require_GET
def visits(request: HttpRequest) -> HttpResponse:
    """待回访 — whom to call now, the longest waiting first."""
    actor = actor_of(request)
    due = [_Due(each.visit_at, each, each, each.visit_tries) for each in followups.visits_page(actor)]
    due += [_Due(each.visit_at, each.matter, each.main, each.visit_tries) for each in followups.along_page(actor)]
    found = sorted(due, key=lambda each: (each.at or clock.now(), each.matter.pk))[: followups.PAGE]
    last = followups.last_visits([each.matter for each in found])
    rule = supervision.visit_rule()
    lines = [
        {
            "matter": each.matter, "lead": each.lead, "tries": each.tries, "along": each.lead is not each.matter,
            "place": queries.place_words(each.matter, seen_from=actor.area_id), "category": queries.category_name(each.matter),
            "last": supervision.outcome_name(last[each.matter.pk].outcome) if each.tries and each.matter.pk in last else "",
            "last_at": last[each.matter.pk].at if each.tries and each.matter.pk in last else None,
        }
        for each in found
    ]  # fmt: skip
    n = followups.to_visit_count(actor) if len(found) == followups.PAGE else len(found)
    return pages.page(request, "matters/visits.jinja", {"lines": lines, "n": n, "rule": rule, "most": followups.PAGE})


@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, number: str) -> HttpResponse:
    """回访一件 — what to say, word for word, and the three answers."""
    actor = actor_of(request)
    require(actor, LIFE.visit.power)
    found = queries.get(actor, number)
    if request.method == "GET":
        return _visit_page(request, found)
    posted = request.POST
    try:
        done = service.visit(
            found, outcome=posted.get("outcome", ""), contacted=_yes_no(posted, "contacted"), solved=_yes_no(posted, "solved"),
            satisfaction=number_from(posted, "satisfaction"), said=posted.get("said", ""), by=actor,
            expected=number_from(posted, "version"),
        )  # fmt: skip
    except UnknownCodeError:
        return _visit_page(request, found, status=422, error=_("请选这次电话的结果。"))
    except WordsError as error:
        return _visit_page(request, found, status=422, error=str(error))
    except flow.NotNow as error:
        return _visit_page(request, queries.get(actor, number), status=409, error=str(error))
    messages.success(request, _said(done))
    return HttpResponseRedirect(reverse("matters:visits"))


def _said(matter: Matter) -> str:
    held = together.merge_of(matter) if matter.state == State.MERGED else None
    if held is not None:
        return _said_along(held)
    if matter.visit_at is not None:
        return _("已记下，到时候会再排到这里。")
    if matter.solved is None:
        return _("已记下，这一件不再打电话。")
    if matter.solved:
        return _("已记下居民的评价，这件事办结了。")
    return _("已记下，这件事重新办，由%(body)s接着办。") % {"body": matter.handler.short_name}


def _said_along(held: Merge) -> str:
    if held.visit_at is not None:
        return _("已记下，到时候会再排到这里。")
    if held.solved is None:
        return _("已记下，这一件不再打电话。")
    if held.solved:
        return _("已记下这位反映人的评价，记在他自己的那一件上。")
    return _("已记下，主件重新办，由%(body)s接着办。") % {"body": held.main.handler.short_name}


def _yes_no(posted: QueryDict, name: str) -> bool | None:
    return {"yes": True, "no": False}.get(posted.get(name, ""))


def _visit_page(request: HttpRequest, matter: Matter, *, status: int = 200, error: str = "") -> HttpResponse:
    actor = actor_of(request)
    script = rulebook.current(Script)
    outcomes = rulebook.current(VisitOutcomes).list.items
    held = together.merge_of(matter) if matter.state == State.MERGED else None
    lead = held.main if held is not None else matter
    own = flow.own_deeds([lead.subject], LIFE.visit, by=actor)
    if held is not None:
        why_not = supervision.why_no_visit_along(held, actor)
    else:
        why_not = (
            supervision.why_no_visit(matter, actor)
            if supervision.is_called_about(matter)
            else _("还没有核实，先不打电话。")
        )
    if own:
        why_not = _("这一件是您办的，请别人来回访。")
    context: dict[str, Any] = {
        "matter": matter, "lead": lead, "place": queries.place_words(matter), "category": queries.category_name(matter),
        "contact": queries.contact_of(matter, actor), "why_not": why_not, "error": error,
        "typed": request.POST if error else QueryDict(), "earlier": [
            (supervision.outcome_name(each.outcome), each) for each in supervision.visits_of(matter)
        ],
        "script": {each.code: rulebook.label(each, "say") for each in script.list.items},
        "script_assumed": rulebook.reason(script.list, None),
        "outcomes": [(each.code, rulebook.label(each), rulebook.label(each, "help")) for each in outcomes],
        "ratings": [(str(each.score), rulebook.label(each)) for each in sorted(rulebook.current(Ratings).list.items, key=lambda each: -each.score)],
        "rule": supervision.visit_rule(),
    }  # fmt: skip
    return pages.page(request, "matters/visit.jinja", context, status=status)


# --- 评价申诉 ------------------------------------------------------------------------------------------------------
@require_GET
def appeals(request: HttpRequest) -> HttpResponse:
    """评价申诉 — what waits to be decided here, and what a month's ratings leave out: by reason, with the reviewer."""
    actor = actor_of(request)
    month = _month(request.GET.get("month", ""))
    rated = followups.rated_in(actor, month)
    earlier = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    later = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    now = clock.now()
    away = [(each, followups.appeal_against(each)) for each in followups.rated_away(actor)]
    context = {
        "away": [{"row": each, "appeal": made, "open": followups.is_still_open(each, now=now)} for each, made in away],
        "waiting": [_line(each) for each in followups.appeals_to_decide(actor)],
        "may_decide": actor.has(LIFE.decide_appeal.power),
        "rated": rated,
        "month": month,
        "earlier": f"?month={earlier:%Y-%m}",
        "later": f"?month={later:%Y-%m}" if later <= clock.today() else "",
        "now": now,
    }
    return pages.page(request, "matters/appeals.jinja", context)


@require_http_methods(["GET", "POST"])
def rating(request: HttpRequest, number: str) -> HttpResponse:
    """移走的评价 — the rating by which a matter went up, for the body that had answered: its one appeal, and what came of it.

    Of the matter that body reads no more than what it answered itself and what was said of that.
    """
    actor = actor_of(request)
    row = followups.rated_away_one(actor, number)
    if request.method == "GET":
        return _rating_page(request, row)
    posted = request.POST
    try:
        service.appeal(row.matter, reason=posted.get("reason", ""), note=posted.get("note", ""), by=actor)
    except UnknownCodeError:
        return _rating_page(request, row, status=422, error=_("请从列表里选一项。"))
    except WordsError as error:
        return _rating_page(request, row, status=422, error=str(error))
    except flow.NotNow as error:
        return _rating_page(request, followups.rated_away_one(actor, number), status=409, error=str(error))
    messages.success(request, _("已提出申诉，审出结果以前这次评价照样算。"))
    return HttpResponseRedirect(reverse("matters:rating", args=[number]))


def _rating_page(request: HttpRequest, row: Appealable, *, status: int = 200, error: str = "") -> HttpResponse:
    matter, now = row.matter, clock.now()
    found = followups.appeal_against(row)
    stands = matter.verdict == row.verdict
    remarks = queries.said_at(matter, {row.verdict} | ({decided} if (decided := _decided_at(matter, found)) else set()))
    context = {
        "matter": matter, "row": row, "stands": stands, "open": followups.is_still_open(row, now=now), "error": error,
        "place": queries.place_words(matter), "category": queries.category_name(matter), "said": remarks.get(row.verdict, ""),
        "appeal": found, "reason": followups.reason_name(found.reason) if found else "",
        "why": remarks.get(decided, "") if decided else "",
        "reasons": rulebook.current(AppealReasons).list.items, "typed": request.POST if error else QueryDict(),
    }  # fmt: skip
    return pages.page(request, "matters/rating.jinja", context, status=status)


def _decided_at(matter: Matter, appeal: Appeal | None) -> int:
    """Which entry decided it; 0 for none."""
    if appeal is None or appeal.decided_at is None:
        return 0
    return next(
        (
            heard.seq
            for heard in journal.history(matter.subject)
            if heard.move == LIFE.decide_appeal.name and getattr(heard.fact, "appeal", "") == appeal.number
        ),
        0,
    )


def _line(appeal: Appeal) -> dict[str, Any]:
    return {"appeal": appeal, "reason": followups.reason_name(appeal.reason)}


def _month(text: str) -> date:
    """The month asked for; this one, if that is no month or has not begun."""
    this = clock.today().replace(day=1)
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return this
    return asked if FIRST_MONTH <= asked <= this else this
