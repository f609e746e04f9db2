"""Pages of tasks: the list, one task with what may be done now, the new one, meetings, the monthly list. Nothing is decided here."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.kernel import clock
from linli.mechanisms import flow, rulebook
from linli.mechanisms.access import Actor, exports, logs, pages, require
from linli.work.tasks import queries, rules, service, telling
from linli.work.tasks.forms import GivingForm, MeetingForm, day_from, month_from, number_from
from linli.work.tasks.models import Task
from linli.work.tasks.words import WordsError

Act = Callable[[Task, QueryDict, Actor, int | None], Task]
MOST_BODIES = 60


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined, no-any-return]


def _reader(request: HttpRequest) -> Actor:
    require(actor_of(request), "tasks.read")
    return actor_of(request)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The tasks in this post's reach, by group and by how they stand."""
    actor = _reader(request)
    view = request.GET.get("view", "open")
    view = view if view in queries.VIEWS else "open"
    group = next((each for each in queries.groups() if each.code == request.GET.get("group")), None)
    code = group.code if group else ""
    context = {
        "view": view,
        "group": group,
        "groups": queries.groups(),
        "group_names": {each.code: rulebook.label(each) for each in queries.groups()},
        "mandate": rulebook.label(group, "mandate") if group else "",
        "assumed": rulebook.reason(rulebook.current(rules.WorkGroups).list, group),
        "basis": rulebook.current(rules.WorkGroups).ref.url(code),
        "counts": queries.counts(actor, group=code),
        "tasks": queries.listed(actor, group=code, view=view),
        "grade_name": queries.grade_name,
    }
    return pages.page(request, "tasks/index.jinja", context)


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """任务表 — the list under the filters of the page, as a table."""
    actor = _reader(request)
    view = request.GET.get("view", "open")
    group = next((each for each in queries.groups() if each.code == request.GET.get("group")), None)
    rows = queries.whole(actor, group=group.code if group else "", view=view if view in queries.VIEWS else "open")
    return exports.answer(request, telling.listing(rows), by=actor)


# --- One task -----------------------------------------------------------------------------------------------------
@require_GET
def task(request: HttpRequest, number: str) -> HttpResponse:
    """The task, as this post may see it."""
    return _page(request, queries.get(actor_of(request), number))


def _page(
    request: HttpRequest,
    task: Task,
    *,
    status: int = 200,
    failed: str = "",
    error: str = "",
    changed: Any = (),
    say: str = "",
) -> HttpResponse:
    """The page, or its part below the crumbs when htmx asks. `failed` is the verb whose form comes back as it was typed."""
    actor = actor_of(request)
    moves = queries.open_moves(task, actor)
    grades = rulebook.current(rules.Grades).list
    following = grades.after(task.grade)
    context = {
        "task": task,
        "moves": moves,
        "group": queries.group_name(task.group),
        "helpers": [each.body for each in task.co_owners.select_related("body").order_by("id")],
        "grade": queries.grade_name(task.grade),
        "next_grade": rulebook.label(following) if following else "",
        "assumed": rulebook.reason(grades, following),
        "story": [_step(line) for line in queries.story(task)],
        "due_end": rules.ends_at(task.due_on) - timedelta(seconds=1),
        "failed": failed,
        "error": error,
        "changed": changed,
        "typed": request.POST if failed else QueryDict(),
    }
    return pages.page(request, "tasks/task.jinja", context, block="work", status=status, say=say)


def _step(line: queries.Happened) -> dict[str, Any]:
    tones = {
        "mark_overdue": "overdue",
        "press": "overdue",
        "cancel": "refused",
        "ask_delay": "waiting",
        "grant_delay": "carried",
    }
    rule = getattr(line.fact, "rule", "")
    ref, code = rulebook.RuleRef.parse(rule) if rule else (None, "")
    held = rulebook.edition(ref).list if ref else None
    item = held.find(code) if held else None
    return {
        "tone": tones.get(line.move, "done"), "word": line.label, "at": line.at, "who": line.who, "note": line.said,
        "basis": f"{rulebook.label(held)} · {rulebook.label(item)}" if held and item else "",
        "basis_url": ref.url(code) if ref else "",
    }  # fmt: skip


# --- 文字日志 -------------------------------------------------------------------------------------------------------
@require_GET
def log(request: HttpRequest, number: str) -> HttpResponse:
    """文字日志 — every entry in words, re-computed this moment: for an auditor, and for whoever may see it."""
    found = queries.get(actor_of(request), number)
    return logs.page(request, telling.log(found), template="tasks/log.jinja", task=found)


@require_GET
def chain(request: HttpRequest, number: str) -> HttpResponse:
    """供自己验的文本."""
    return logs.chain(queries.get(actor_of(request), number).subject)


@require_GET
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """封存凭据."""
    return logs.proof(queries.get(actor_of(request), number).subject)


# --- Verbs: fetch, parse, call, render ----------------------------------------------------------------------------
def _act(verb: str, act: Act, done: Callable[[Task], str]) -> Callable[[HttpRequest, str], HttpResponse]:
    """The view of one verb. What goes wrong is said beside its form, and nothing typed is lost."""

    @require_POST
    def view(request: HttpRequest, number: str) -> HttpResponse:
        actor = actor_of(request)
        found = queries.get(actor, number)
        try:
            found = act(found, request.POST, actor, number_from(request.POST, "version"))
        except WordsError as error:
            return _page(request, found, status=422, failed=verb, error=str(error))
        except flow.NotNow as error:
            changed = error.changed if isinstance(error, flow.Stale) else ()
            fresh = queries.get(actor, number)
            return _page(request, fresh, status=409, failed=verb, error=str(error), changed=changed)
        say = done(found)
        if pages.wants_fragment(request):
            return _page(request, queries.get(actor, number), say=say)
        messages.success(request, say)
        return HttpResponseRedirect(reverse("tasks:task", args=[found.number]))

    return view


def _ask_delay(task: Task, posted: QueryDict, by: Actor, version: int | None) -> Task:
    until = day_from(posted.get("until", ""))
    if until is None:
        raise WordsError(_("请选一个日期。"))
    return service.ask_delay(task, until=until, reason=posted.get("reason", ""), by=by, expected=version)


def _finish(task: Task, posted: QueryDict, by: Actor, version: int | None) -> Task:
    shown, address = posted.get("evidence", ""), posted.get("evidence_url", "")
    return service.finish(task, evidence=shown, evidence_url=address, by=by, expected=version)


take_up = _act("take_up", lambda t, _p, by, v: service.take_up(t, by=by, expected=v), lambda _t: _("已领受。"))
report = _act(
    "report", lambda t, p, by, v: service.report(t, note=p.get("note", ""), by=by, expected=v), lambda _t: _("已记下。")
)
ask_delay = _act("ask_delay", _ask_delay, lambda t: _("已申请，等%(body)s定。") % {"body": t.lead.short_name})
grant_delay = _act(
    "grant_delay", lambda t, _p, by, v: service.grant_delay(t, by=by, expected=v), lambda _t: _("已同意延期。")
)
refuse_delay = _act(
    "refuse_delay",
    lambda t, p, by, v: service.refuse_delay(t, reason=p.get("reason", ""), by=by, expected=v),
    lambda _t: _("没有同意，日期不变。"),
)
finish = _act("finish", _finish, lambda _t: _("已报完成，等别人确认。"))
confirm = _act("confirm", lambda t, _p, by, v: service.confirm(t, by=by, expected=v), lambda _t: _("已确认完成。"))
send_back = _act(
    "send_back",
    lambda t, p, by, v: service.send_back(t, reason=p.get("reason", ""), by=by, expected=v),
    lambda _t: _("已退回。"),
)
cancel = _act(
    "cancel",
    lambda t, p, by, v: service.cancel(t, reason=p.get("reason", ""), by=by, expected=v),
    lambda _t: _("已取消。"),
)
press = _act(
    "press",
    lambda t, p, by, v: service.press(t, reason=p.get("reason", ""), by=by, expected=v),
    lambda t: _("已督办：%(grade)s。") % {"grade": queries.grade_name(t.grade)},
)
withdraw_card = _act(
    "withdraw_card",
    lambda t, p, by, v: service.withdraw_card(t, reason=p.get("reason", ""), by=by, expected=v),
    lambda _t: _("已撤销。"),
)


# --- Giving -------------------------------------------------------------------------------------------------------
def new(request: HttpRequest) -> HttpResponse:
    """布置任务 — one screen; the bodies to choose from are those of one's own level, or those a word finds."""
    actor = actor_of(request)
    require(actor, "tasks.give")
    form = GivingForm(actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = service.give(
                group=typed["group"], content=typed["content"], owner=typed["owner"], co_owners=list(typed["co_owners"]),
                due_on=typed["due_on"], meeting=typed["meeting"], by=actor,
            )  # fmt: skip
        except WordsError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已布置，编号 %(number)s。") % {"number": made.number})
            return HttpResponseRedirect(reverse("tasks:task", args=[made.number]))
    sought = (request.POST if request.method == "POST" else request.GET).get("q", "")[:40].replace("\x00", "")
    bodies = queries.owners_for(actor, sought)
    if not sought.strip():
        bodies = bodies.filter(level=actor.area_level)
    context = {
        "form": form,
        "q": sought,
        "bodies": list(bodies[:MOST_BODIES]),
        "chosen": request.POST.getlist("co_owners"),
    }
    return pages.page(request, "tasks/new.jinja", context, status=422 if form.errors else 200)


def meetings(request: HttpRequest) -> HttpResponse:
    """会议 — what was recorded, and a form for the next for those who give tasks."""
    actor = _reader(request)
    form = MeetingForm(request.POST or None, initial={"held_on": clock.today()})
    if request.method == "POST":
        require(actor, "tasks.give")
        if form.is_valid():
            try:
                service.record_meeting(**form.cleaned_data, by=actor)
            except WordsError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("已记下。"))
                return HttpResponseRedirect(reverse("tasks:meetings"))
    context = {
        "form": form,
        "may_give": actor.has("tasks.give"),
        "meetings": [(each, queries.group_name(each.group)) for each in queries.meetings_of(actor)[:50]],
    }
    return pages.page(request, "tasks/meetings.jinja", context, status=422 if form.errors else 200)


# --- The monthly list ---------------------------------------------------------------------------------------------
@require_GET
def monthly(request: HttpRequest) -> HttpResponse:
    """月度台账 — open, late and done by group: on the page, on paper, or (format=csv) as a table."""
    actor = _reader(request)
    today = clock.today()
    first, after = rules.months_around(month_from(request.GET.get("month", "")) or today)
    group = request.GET.get("group", "")
    months = queries.monthly(group if rulebook.current(rules.WorkGroups).list.find(group) else "", first, by=actor)
    if request.GET.get("format") == "csv":
        disposition = content_disposition_header(as_attachment=True, filename=f"tasks-{first:%Y-%m}.csv")
        headers = {"Content-Disposition": disposition} if disposition else {}
        return HttpResponse(telling.monthly_csv(months), content_type="text/csv; charset=utf-8", headers=headers)
    context = {
        "months": [each for each in months if each.n],
        "every": months,
        "month": first,
        "earlier": f"{first - timedelta(days=1):%Y-%m}",
        "later": f"{after:%Y-%m}" if after <= today else "",
        "words": telling.standing_words,
        "grade_name": queries.grade_name,
        "issuer": actor.area_name,
    }
    return pages.page(request, "tasks/monthly.jinja", context)
