"""Whistles on an official's screen: who was called, who is there, and only what this person may do now. Nothing is decided here."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from linli.kernel import clock, text
from linli.kernel.calendar import Limit
from linli.kernel.identifiers import new_follow_token
from linli.kernel.rules import RuleRef, UnknownCodeError
from linli.mechanisms import flow, rulebook, territory
from linli.mechanisms.access import Actor, exports, logs, pages, require
from linli.mechanisms.access.models import Body
from linli.work.whistles import queries, rules, service, telling, words
from linli.work.whistles.flow import MEETING, MeetingState, State
from linli.work.whistles.models import JointMeeting, Summons, Whistle
from linli.work.whistles.service import Called, Line
from linli.work.whistles.words import WordsError

Act = Callable[[Whistle, QueryDict, Actor, int | None], Whistle]
PAGE = "whistles/whistle.jinja"
VIEWS = ("open", "judge", "all")
TONES = {
    State.SOUNDED: "waiting", State.AGREED: "hand", State.DONE: "waiting", State.RATED: "done", State.WITHDRAWN: "refused",
}  # fmt: skip


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined, no-any-return]


# --- Lists --------------------------------------------------------------------------------------------------------
@require_GET
def whistles(request: HttpRequest) -> HttpResponse:
    """The whistles within reach: first those where somebody is waited for."""
    actor = actor_of(request)
    require(actor, "whistles.read")
    view = request.GET.get("view", "open")
    view = view if view in VIEWS else "open"
    now = clock.now()
    rows = [
        {
            "whistle": each,
            "kind": queries.kind_words(each.kind),
            "tone": "overdue" if any(_owes(one, each, now) for one in each.called.all()) else TONES[State(each.state)],
            "called": [
                (one.body.short_name, queries.standing(one, is_open=each.is_open, now=now)) for one in each.called.all()
            ],
        }
        for each in queries.listed(actor, view)
    ]  # fmt: skip
    names = {"open": _("正在等人"), "judge": _("待互评"), "all": _("全部")}
    chips = [{"label": names[each], "href": f"?view={each}", "current": each == view} for each in VIEWS]
    return pages.page(request, "whistles/list.jinja", {"rows": rows, "chips": chips, "view": view})


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """吹哨表 — a row for each called body, under the view of the page."""
    actor = actor_of(request)
    require(actor, "whistles.read")
    view = request.GET.get("view", "open")
    rows = queries.whole(actor, view if view in VIEWS else "open")
    return exports.answer(request, telling.listing(rows), by=actor)


@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """吹哨统计 — by month with n; by body without rank."""
    actor = actor_of(request)
    require(actor, "whistles.read")
    context = {"found": queries.statistics(actor), "fewest": rules.FEWEST_TO_COMPARE}
    return pages.page(request, "whistles/statistics.jinja", context)


# --- One whistle --------------------------------------------------------------------------------------------------
@require_GET
def whistle(request: HttpRequest, number: str) -> HttpResponse:
    """The whistle, as this post may see it."""
    return _page(request, queries.get(actor_of(request), number))


def _page(request: HttpRequest, whistle: Whistle, *, status: int = 200, failed: str = "", error: str = "") -> HttpResponse:  # fmt: skip
    """The page, or its part below the crumbs when htmx asks. `failed` is the verb whose form comes back as it was typed."""
    actor = actor_of(request)
    now = clock.now()
    # One's own first; then whoever is waited for beyond the time.
    called = sorted(
        queries.called_by(whistle), key=lambda each: (each.body_id != actor.body_id, not _owes(each, whistle, now))
    )
    kinds = rulebook.current(rules.Kinds).list
    context = {
        "whistle": whistle,
        "kind": queries.kind_words(whistle.kind),
        "tone": "overdue" if any(_owes(each, whistle, now) for each in called) else TONES[State(whistle.state)],
        "place": queries.place_words(whistle),
        "called": [(each, queries.standing(each, is_open=whistle.is_open, now=now)) for each in called],
        "own": queries.own_summons(whistle, actor),
        "verbs": queries.open_verbs(whistle, actor),
        "absences": rulebook.current(rules.Absences).list.items,
        "absence_words": {each.code: rulebook.label(each) for each in rulebook.current(rules.Absences).list.items},
        "unjustified": rulebook.current(rules.Unjustified).list.items,
        "unjustified_words": {each.code: rulebook.label(each) for each in rulebook.current(rules.Unjustified).list.items},
        "story": [_step(line) for line in queries.story(whistle, called)],
        "meetings": queries.meetings_visible_to(actor).filter(whistle=whistle).order_by("id"),
        "basis": rulebook.label(kinds),
        "basis_url": _rule_url(whistle.rule),
        "assumed": rulebook.reason(kinds, kinds.find(whistle.kind)),
        "failed": failed,
        "error": error,
        "typed": request.POST if failed else QueryDict(),
    }  # fmt: skip
    return pages.page(request, PAGE, context, block="work", status=status)


def _owes(called: Summons, whistle: Whistle, now: datetime) -> bool:
    """Is this body waited for beyond its time?"""
    return whistle.is_open and bool(called.owed(now))


def _rule_url(rule: str) -> str:
    ref, code = RuleRef.parse(rule)
    return ref.url(code)


def _step(line: queries.Happened) -> dict[str, Any]:
    tone = {"escalate": "overdue", "withdraw": "refused", "explain": "carried"}.get(line.move, "done")
    word = f"{line.label}：{line.about}" if line.about else line.label
    return {"tone": tone, "word": word, "at": line.at, "who": line.who}


# --- 文字日志 -------------------------------------------------------------------------------------------------------
@require_GET
def log(request: HttpRequest, number: str) -> HttpResponse:
    """文字日志 — every entry in words, re-computed this moment: for an auditor, and for whoever may see it."""
    found = queries.get(actor_of(request), number)
    return logs.page(request, telling.log(found), template="whistles/log.jinja", whistle=found)


@require_GET
def chain(request: HttpRequest, number: str) -> HttpResponse:
    """供自己验的文本."""
    return logs.chain(queries.get(actor_of(request), number).subject)


@require_GET
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """封存凭据."""
    return logs.proof(queries.get(actor_of(request), number).subject)


# --- Verbs: fetch, parse, call, render ----------------------------------------------------------------------------
def _act(verb: str, act: Act, done: str) -> Callable[[HttpRequest, str], HttpResponse]:
    """The view of one verb. What goes wrong is said beside its form, and nothing typed is lost."""

    @require_POST
    def view(request: HttpRequest, number: str) -> HttpResponse:
        actor = actor_of(request)
        found = queries.get(actor, number)
        try:
            act(found, request.POST, actor, _number(request.POST.get("version", "")))
        except (WordsError, UnknownCodeError) as error:
            sentence = str(error) if isinstance(error, WordsError) else _("请从列表里选一项。")
            return _page(request, found, status=422, failed=verb, error=sentence)
        except flow.NotNow as error:
            return _page(request, queries.get(actor, number), status=409, failed=verb, error=str(error))
        if pages.wants_fragment(request):
            return _page(request, queries.get(actor, number))
        messages.success(request, _said(done))
        return HttpResponseRedirect(reverse("whistles:whistle", args=[number]))

    return view


def _said(done: str) -> str:
    return {
        "acknowledge": _("已告诉镇街：您单位收到了。"),
        "arrive": _("已记下到场时刻。"),
        "explain": _("已记下。没按时到仍会报县区，由县区判断。"),
        "report": _("已报告。"),
        "agree": _("办法已记下。"),
        "conclude": _("已办结，请双方互评。"),
        "rate": _("已评。"),
        "judge": _("已评。"),
        "withdraw": _("已撤回，并告诉了被叫的单位。"),
    }[done]


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 10 else None


def _of_each(posted: QueryDict, prefix: str) -> dict[int, str]:
    """What was typed for each called body: conclusion_17, score_17."""
    found = {_number(name.removeprefix(prefix)): posted.get(name, "") for name in posted if name.startswith(prefix)}
    return {body: str(typed) for body, typed in found.items() if body is not None}


def _scores(posted: QueryDict) -> dict[int, int]:
    typed = {body: _number(score) for body, score in _of_each(posted, "score_").items()}
    return {body: score for body, score in typed.items() if score is not None}


acknowledge = _act("acknowledge", lambda w, _p, by, _v: service.acknowledge(w, by=by), "acknowledge")
arrive = _act("arrive", lambda w, _p, by, _v: service.arrive(w, by=by), "arrive")
explain = _act(
    "explain", lambda w, p, by, _v: service.explain(w, reason=p.get("reason", ""), said=p.get("said", ""), by=by), "explain"
)  # fmt: skip
report = _act("report", lambda w, p, by, _v: service.report(w, action=p.get("action", ""), by=by), "report")
agree = _act("agree", lambda w, p, by, v: service.agree(w, plan=p.get("plan", ""), by=by, expected=v), "agree")
conclude = _act(
    "conclude",
    lambda w, p, by, v: service.conclude(
        w, conclusion=p.get("conclusion", ""), bodies=_of_each(p, "conclusion_"), by=by, expected=v
    ),
    "conclude",
)
rate = _act(
    "rate", lambda w, p, by, v: service.rate(w, scores=_scores(p), remarks=_of_each(p, "remark_"), by=by, expected=v), "rate"
)  # fmt: skip


def _judge(whistle: Whistle, posted: QueryDict, by: Actor, _version: int | None) -> Whistle:
    answer = posted.get("justified", "")
    if answer not in {"yes", "no"}:
        raise WordsError(_("请选：该吹，还是不该吹。"))
    return service.judge(
        whistle, justified=answer == "yes", reason=posted.get("reason", ""), said=posted.get("said", ""), by=by
    )


judge = _act("judge", _judge, "judge")
withdraw = _act(
    "withdraw", lambda w, p, by, v: service.withdraw(w, reason=p.get("reason", ""), by=by, expected=v), "withdraw"
)  # fmt: skip


# --- Sounding -----------------------------------------------------------------------------------------------------
def new(request: HttpRequest) -> HttpResponse:
    """吹哨 — first where, which says who can be called; then what and whom. One page, no script needed."""
    actor = actor_of(request)
    require(actor, "whistles.sound")
    places = queries.places_of(actor)
    chosen = _number(request.POST.get("area", "") or request.GET.get("area", "")) or actor.area_id
    area = next((each for each in places if each.id == chosen), places[0]) if places else None
    error = ""
    if request.method == "POST" and area is not None:
        try:
            whistle = _sound(request.POST, area, actor)
        except (WordsError, UnknownCodeError) as problem:
            error = str(problem) if isinstance(problem, WordsError) else _("请从列表里选一项。")
        else:
            messages.success(request, _("哨已吹响，已告诉被叫的单位。"))
            return HttpResponseRedirect(reverse("whistles:whistle", args=[whistle.number]))
    context = {
        "area": area,
        "places": [(each.id, each.name) for each in places],
        "bodies": _by_level(queries.callable_at(area.id, by=actor)) if area else [],
        "kinds": [(each.code, rulebook.label(each), rulebook.label(each, "help")) for each in _kinds().items],
        "times": [(rulebook.label(each), _wait(each.acknowledge), _wait(each.arrive)) for each in _kinds().items],
        "assumed": rulebook.reason(_kinds(), None),
        "typed": request.POST,
        "chosen": request.POST.getlist("body"),
        "matters": request.POST.get("matters", request.GET.get("matter", "")),
        "key": _key(request.POST),
        "error": error,
    }
    return pages.page(request, "whistles/new.jinja", context, status=422 if error else 200)


def _key(posted: QueryDict) -> str:
    """The form's own key while it comes back to be mended."""
    typed = posted.get("key", "")
    return typed if words.is_key(typed) else new_follow_token()


def _by_level(bodies: list[Body]) -> list[tuple[int, str, list[tuple[int, str]]]]:
    """The county's first, since a whistle is mostly for them; then the township's own stations, then the city's."""
    names = {2: _("县区的单位"), 3: _("镇街的单位"), 1: _("市里的单位")}
    groups = [
        (level, name, [(body.pk, body.name) for body in bodies if body.level == level]) for level, name in names.items()
    ]
    return [group for group in groups if group[2]]


def _kinds() -> rules.Kinds:
    return rulebook.current(rules.Kinds).list


def _wait(wait: Limit | timedelta) -> str:
    if isinstance(wait, Limit):
        return rulebook.limit_words(wait)
    minutes = wait // timedelta(minutes=1)
    return ngettext("%(n)s 分钟", "%(n)s 分钟", minutes) % {"n": minutes}


def _sound(posted: QueryDict, area: territory.Node, by: Actor) -> Whistle:
    wanted = {pk for pk in map(_number, posted.getlist("body")) if pk is not None}
    bodies = [body for body in queries.callable_at(area.id, by=by) if body.pk in wanted]
    if len(bodies) < len(wanted):
        raise WordsError(_("有的单位管不到这个地方，请重选。"))
    arrive_by = _moment(posted.get("arrive_by", ""))
    return service.sound(
        kind=posted.get("kind", ""), area_id=area.id, called=[Called(body, arrive_by) for body in bodies],
        what=posted.get("what", ""), place_text=posted.get("place_text", ""), matters=posted.get("matters", ""),
        key=posted.get("key", ""), by=by,
    )  # fmt: skip


def _moment(typed: str) -> datetime | None:
    """What a `datetime-local` field sends, in the city's time; nothing for nothing."""
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=clock.CITY)
    except ValueError:
        raise WordsError(_("请把时间写完整，如 2026-04-07T09:30。")) from None


# --- Joint meetings -----------------------------------------------------------------------------------------------
LINES = 5
"""Lines of a conclusion that the form offers; those left empty are none."""
MEETING_TONES = {MeetingState.PLANNED: "waiting", MeetingState.HELD: "done", MeetingState.CANCELLED: "refused"}


@require_GET
def meetings(request: HttpRequest) -> HttpResponse:
    """联席会议 within reach, the newest first."""
    actor = actor_of(request)
    require(actor, "whistles.read")
    rows = [(each, MEETING_TONES[MeetingState(each.state)]) for each in queries.meetings(actor)]
    return pages.page(request, "whistles/meetings.jinja", {"rows": rows})


@require_GET
def meeting(request: HttpRequest, number: str) -> HttpResponse:
    """One meeting: who sits down, when and where; afterwards what each is to do."""
    return _meeting_page(request, queries.meeting(actor_of(request), number))


def _meeting_page(
    request: HttpRequest, meeting: JointMeeting, *, status: int = 200, failed: str = "", error: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    invited = list(meeting.invited.order_by("-level", "name"))
    mine = actor.body_id == meeting.convener_id and actor.has(MEETING.hold.power)
    context = {
        "meeting": meeting,
        "tone": MEETING_TONES[MeetingState(meeting.state)],
        "invited": invited,
        "reached": queries.reached(invited),
        "resolves": list(meeting.resolves.select_related("body").order_by("id")),
        "may": mine and meeting.state == MeetingState.PLANNED,
        "owners": [("", _("请选")), *((each.pk, each.short_name) for each in [meeting.convener, *invited])],
        "lines": range(2, LINES + 1),
        "failed": failed,
        "error": error,
        "typed": request.POST if failed else QueryDict(),
    }
    return pages.page(request, "whistles/meeting.jinja", context, status=status)


@require_GET
def calendar_file(request: HttpRequest, number: str) -> HttpResponse:
    """会议.ics — for the calendar on a phone."""
    found = queries.meeting(actor_of(request), number)
    disposition = content_disposition_header(as_attachment=True, filename=f"{found.number}.ics")
    headers = {"Content-Disposition": disposition} if disposition else {}
    return HttpResponse(telling.calendar_file(found), content_type="text/calendar; charset=utf-8", headers=headers)


def convene(request: HttpRequest) -> HttpResponse:
    """召集联席会议 — after a whistle, or by itself."""
    actor = actor_of(request)
    require(actor, "whistles.convene")
    number = request.POST.get("whistle", "") or request.GET.get("whistle", "")
    about = queries.visible_to(actor).filter(number=text.clean(number)[:20]).first() if number else None
    places = queries.places_of(actor)
    chosen = _number(request.POST.get("area", "") or request.GET.get("area", ""))
    area = next((each for each in places if each.id == chosen), places[0]) if places else None
    if about is not None:
        area = territory.area(about.area_id)
    error = ""
    if request.method == "POST" and area is not None:
        try:
            made = _convene(request.POST, area, about, actor)
        except WordsError as problem:
            error = str(problem)
        else:
            messages.success(request, _("已召集，并告诉了有账号的单位。"))
            return HttpResponseRedirect(reverse("whistles:meeting", args=[made.number]))
    called = [str(each.body_id) for each in queries.called_by(about)] if about is not None else []
    context = {
        "about": about,
        "area": area,
        "places": [(each.id, each.name) for each in places],
        "bodies": [(each.pk, each.name) for each in queries.invitable_at(area.id, by=actor)] if area else [],
        "chosen": request.POST.getlist("body") or called,
        "typed": request.POST,
        "key": _key(request.POST),
        "error": error,
    }
    return pages.page(request, "whistles/convene.jinja", context, status=422 if error else 200)


def _convene(posted: QueryDict, area: territory.Node, about: Whistle | None, by: Actor) -> JointMeeting:
    wanted = {pk for pk in map(_number, posted.getlist("body")) if pk is not None}
    bodies = [body for body in queries.invitable_at(area.id, by=by) if body.pk in wanted]
    starts_at = _moment(posted.get("starts_at", ""))
    if starts_at is None:
        raise WordsError(_("请写明什么时候开。"))
    return service.convene(
        area_id=area.id, topic=posted.get("topic", ""), starts_at=starts_at, place_text=posted.get("place_text", ""),
        bodies=bodies, key=posted.get("key", ""), by=by, whistle=about,
    )  # fmt: skip


@require_POST
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """记下结论."""
    return _settle(request, number, "hold")


@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """取消会议."""
    return _settle(request, number, "cancel")


def _settle(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.meeting(actor, number)
    version = _number(request.POST.get("version", ""))
    try:
        if verb == "hold":
            service.hold(found, lines=_lines(request.POST, found), by=actor, expected=version)
        else:
            service.cancel(found, reason=request.POST.get("reason", ""), by=actor, expected=version)
    except WordsError as error:
        return _meeting_page(request, found, status=422, failed=verb, error=str(error))
    except flow.NotNow as error:
        return _meeting_page(request, queries.meeting(actor, number), status=409, failed=verb, error=str(error))
    return HttpResponseRedirect(reverse("whistles:meeting", args=[number]))


def _lines(posted: QueryDict, meeting: JointMeeting) -> list[Line]:
    """The lines that say anything; each must then say all three things."""
    bodies = {each.pk: each for each in [meeting.convener, *meeting.invited.all()]}
    lines = []
    for n in range(1, LINES + 1):
        said = posted.get(f"text_{n}", "").strip()
        if not said:
            continue
        body = bodies.get(_number(posted.get(f"body_{n}", "")) or 0)
        if body is None:
            raise WordsError(_("请选这一条由谁做。"))
        try:
            due_on = date.fromisoformat(posted.get(f"due_on_{n}", ""))
        except ValueError:
            raise WordsError(_("请写明哪天前做完。")) from None
        lines.append(Line(said, body, due_on))
    return lines
