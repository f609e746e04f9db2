"""热线对接 — the page: files in and out, what waits, comparisons, and handing back."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from linli.engines import sheets
from linli.gateways.hotline import handing_over, queries, reading, reconciling, sending, service
from linli.gateways.hotline.models import HandOver, Ticket
from linli.gateways.hotline.service import POWER
from linli.kernel import clock, text
from linli.mechanisms.access import Actor, exports, pages, require
from linli.mechanisms.flow import NotNow

MOST_IN_A_FILE = 5_000


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, POWER)
    return actor


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The traffic of the last days."""
    return _page(request, _actor(request))


def _page(request: HttpRequest, actor: Actor, *, status: int = 200, **more: Any) -> HttpResponse:
    words = text.clean(request.GET.get("q", ""))[:40]
    context: dict[str, Any] = {
        "days": queries.days(),
        "lines": queries.newest(actor, words=words),
        "refused": queries.refused(),
        "overs": queries.handed_over(actor),
        "over_waiting": len(queries.to_hand_over(actor)),
        "waiting": sending.waiting().count(),
        "connected": bool(settings.HOTLINE_URL and settings.HOTLINE_SECRET),
        "yesterday": clock.today() - timedelta(days=1),
        "reasons": queries.reasons(),
        "q": words,
        "wrong": "",
        "failed": "",
        "typed": {},
    }
    return pages.page(request, "hotline/index.jinja", context | more, status=status)


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """收一个文件 — all rows that can be; the others come back as a table, each with what to mend, to be sent again."""
    actor = _actor(request)
    upload = request.FILES.get("file")
    if upload is None:
        return _page(request, actor, status=422, wrong=_("请先选一个文件（CSV 或 XLSX）。"))
    try:
        if (upload.size or 0) > reading.MOST_BYTES:
            raise reading.WrongError(
                _("文件太大，最大 %(most)s MB；请分几次送。") % {"most": reading.MOST_BYTES // 1_000_000}
            )
        table = reading.from_file(upload.name or "", upload.read())
    except reading.WrongError as error:
        return _page(request, actor, status=422, wrong=str(error))
    done = service.take(table.rows, way="file")
    wrong = [each for each in done if each.result == "wrong"]
    if wrong:
        lines = reading.written(((each.line, each.remedy, each.given) for each in wrong), table.headings)
        return pages.page(
            request, "hotline/taken.jinja",
            {"done": done, "wrong": wrong, "accepted": sum(each.result == "accepted" for each in done), "again": sum(each.result == "again" for each in done), "table": _as_text(table.headings, lines)},
        )  # fmt: skip
    n = sum(each.result == "accepted" for each in done)
    messages.success(
        request,
        ngettext("收下 %(n)s 张工单，已登记。", "收下 %(n)s 张工单，已登记。", n) % {"n": n}
        + _("另有 %(n)s 张以前收过。") % {"n": len(done) - n},
    )
    return HttpResponseRedirect(reverse("hotline:index"))


def _as_text(headings: tuple[str, ...], lines: list[list[Any]]) -> str:
    """The rows to be mended, as a table one can copy into a file and send again."""
    return b"".join(sheets.as_csv([_("行号"), _("怎么改"), *headings], lines, marked=False)).decode()


@require_POST
def give(request: HttpRequest) -> HttpResponse:
    """取回传文件 — for a hotline without an interface: all that waits, in one table; from then on it counts as handed over."""
    _actor(request)
    waiting = list(sending.waiting().select_related("ticket").order_by("id")[:MOST_IN_A_FILE])
    columns = [heading for _name, heading in sending.COLUMNS]
    content = b"".join(sheets.as_csv(columns, sending.as_lines(waiting)))
    now = clock.now()
    response = exports.download(content, name=f"12345-{now:%Y%m%d-%H%M}.csv", content_type=sheets.CSV)
    sending.mark_sent([each.pk for each in waiting], at=now)
    return response


@require_POST
def give_over(request: HttpRequest) -> HttpResponse:
    """取移交文件 — for a hotline without an interface: all that is to be handed over; from then on it counts as given."""
    actor = _actor(request)
    rows = queries.to_hand_over(actor)[:MOST_IN_A_FILE]
    content = b"".join(sheets.as_csv(*handing_over.as_table(rows)))
    now = clock.now()
    response = exports.download(content, name=f"12345-over-{now:%Y%m%d-%H%M}.csv", content_type=sheets.CSV)
    handing_over.mark_sent(rows, by=actor, at=now)
    return response


@require_POST
def hear(request: HttpRequest) -> HttpResponse:
    """收进展文件 — the hotline's numbers and how far it is, from a table."""
    actor = _actor(request)
    upload = request.FILES.get("file")
    if upload is None:
        return _page(request, actor, status=422, wrong=_("请先选一个文件（CSV 或 XLSX）。"))
    try:
        rows = reading.from_lines(upload.name or "", upload.read(reading.MOST_BYTES + 1), handing_over.COLUMNS)
    except reading.WrongError as error:
        return _page(request, actor, status=422, wrong=str(error))
    done = handing_over.hear(rows)
    wrong = [
        _("第 %(line)s 行：%(why)s") % {"line": line, "why": each.remedy}
        for line, each in enumerate(done, start=2)
        if each.result == "wrong"
    ]
    if wrong:
        return _page(request, actor, status=422, wrong=" ".join(wrong[:20]))
    n = sum(each.result == "done" for each in done)
    messages.success(
        request, _("听到 %(n)s 条进展，居民看得到了；另有 %(again)s 条以前听过。") % {"n": n, "again": len(done) - n}
    )
    return HttpResponseRedirect(reverse("hotline:index"))


@require_POST
def over_again(request: HttpRequest, number: str) -> HttpResponse:
    """再移交一次 — what the hotline refused, after it was mended there."""
    actor = _actor(request)
    row = HandOver.objects.filter(number=number).order_by("-id").first() if "\x00" not in number else None
    if row is None or not any(each.row.pk == row.pk for each in queries.handed_over(actor)):
        return pages.refusal(request, 404, _("没有移交过这一件，或不在您的管辖范围内。"))
    if row.foreign or row.recalled_at is not None:
        return pages.refusal(request, 409, _("这一件热线已经收下，或者已经收回。"), {"back": reverse("hotline:index")})
    handing_over.send_again(row)
    messages.success(request, _("已排队，再移交一次。"))
    return HttpResponseRedirect(reverse("hotline:index"))


@require_POST
def compare(request: HttpRequest) -> HttpResponse:
    """对账 — one day again, by a tap; with a file of theirs where they cannot be asked."""
    actor = _actor(request)
    day = reading.day_of(request.POST.get("day", ""))
    if day is None or day > clock.today():
        return _page(request, actor, status=422, wrong=_("请选要对哪一天的账，不能是将来的。"))
    upload = request.FILES.get("file")
    try:
        theirs = reading.from_file(upload.name or "", upload.read(reading.MOST_BYTES + 1)).rows if upload else None
    except reading.WrongError as error:
        return _page(request, actor, status=422, wrong=str(error))
    found = reconciling.compare(day, theirs=theirs)
    if found.problem:
        messages.warning(request, _("没有对成：%(why)s") % {"why": found.problem})
    elif found.is_even:
        messages.success(request, _("两边一样，%(n)s 张。") % {"n": found.theirs})
    else:
        messages.warning(request, _("两边不一样，差在哪里列在下面。"))
    return HttpResponseRedirect(f"{reverse('hotline:index')}#day-{day:%Y-%m-%d}")


@require_POST
def send_again(request: HttpRequest, number: str) -> HttpResponse:
    """再回传一次 — the last message of a ticket."""
    actor = _actor(request)
    ticket = Ticket.objects.filter(number=number).first() if "\x00" not in number else None
    if ticket is None or not queries.newest(actor, words=ticket.number):
        return pages.refusal(request, 404, _("没有这张工单，或不在您的管辖范围内。"))
    service.send_again(ticket)
    messages.success(request, _("已排队，再回传一次。"))
    return HttpResponseRedirect(reverse("hotline:index"))


@require_POST
def hand_back(request: HttpRequest, number: str) -> HttpResponse:
    """退回热线 — with a reason; it goes back when the hotline agrees."""
    actor = _actor(request)
    try:
        service.hand_back(number, reason=request.POST.get("reason", ""), words=request.POST.get("words", ""), by=actor)
    except reading.WrongError as error:
        typed = {name: request.POST.get(name, "") for name in ("reason", "words")}
        return _page(request, actor, status=422, wrong=str(error), failed=number, typed=typed)
    except NotNow as error:
        return pages.refusal(request, 409, str(error), {"back": reverse("hotline:index")})
    messages.success(request, _("已向热线申请退回。热线同意以前，这一件照常办、照常计时。"))
    return HttpResponseRedirect(reverse("hotline:index"))
