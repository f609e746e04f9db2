"""个人信息 — on officials' screens: what neighbours see, what is held back, whose request waits, who asked for a copy."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel import clock, masking, text
from linli.kernel.rules import UnknownCodeError
from linli.mechanisms import rulebook
from linli.mechanisms.access import Refused, pages, require
from linli.mechanisms.access.models import Reveal
from linli.mechanisms.flow import NotNow
from linli.work.matters import persons, queries, service
from linli.work.matters.flow import ERASURE, LIFE
from linli.work.matters.forms import PHONE, number_from
from linli.work.matters.models import Erasure, Matter
from linli.work.matters.web.page import actor_of
from linli.work.matters.words import WordsError

CHECKED_FOR = timedelta(hours=2)
"""For so long an identity that was checked counts, so that a request can be taken in the same conversation."""

KINDS = {
    "citizen_number": gettext_lazy("身份证号"),
    "bank_card": gettext_lazy("银行卡号"),
    "mobile": gettext_lazy("手机号"),
    "landline": gettext_lazy("座机号"),
    "email": gettext_lazy("电子邮箱"),
    "account": gettext_lazy("社交账号"),
    "plate": gettext_lazy("车牌号"),
    "name": gettext_lazy("姓名"),
}
PARTS = {
    "contact": gettext_lazy("称呼和联系方式"),
    "words": gettext_lazy("文字里的个人信息"),
    "photos": gettext_lazy("照片"),
}


@dataclass(frozen=True)
class Found:
    """What the system found in public words, how it is shown, and what kind of thing it is."""

    words: str
    shown: str
    kind: str


# --- One matter ---------------------------------------------------------------------------------------------------
@require_GET
def privacy(request: HttpRequest, number: str) -> HttpResponse:
    """个人信息 — of one matter: the public words, the periods, the holds, the looks. Nothing in clear."""
    return _privacy(request, queries.get(actor_of(request), number))


def _privacy(
    request: HttpRequest, matter: Matter, *, wrong: str = "", failed: str = "", status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    moves = {move.name for move in queries.open_moves(matter, actor)}
    if not moves & {"mask", "hold", "disclose", "erase"} and not actor.has("journal.read"):
        raise Refused(_("您的岗位不管个人信息的公开和保存。"))
    found = [
        Found(
            said[span.start : span.end],
            masking.mask_span(said[span.start : span.end], span.kind),
            str(KINDS[span.kind]),
        )
        for said in (matter.title, matter.place_text)
        for span in masking.find_personal(said)
    ]
    context = {
        "matter": matter,
        "moves": moves,
        "found": found,
        "kept_words": [each.words for each in found if each.words in matter.shown_title + matter.shown_place],
        "shown_title": queries.public_title(matter),
        "shown_place": queries.public_place(matter),
        "settled": bool(matter.shown_title or matter.shown_place),
        "held": persons.held(matter),
        "hold": persons.hold_on(matter),
        "part_words": PARTS,
        "looks": persons.looks(matter),
        "typed": request.POST,
        "wrong": wrong,
        "failed": failed,
    }
    return pages.page(request, "matters/privacy.jinja", context, status=status)


def _then(request: HttpRequest, number: str, say: str) -> HttpResponse:
    messages.success(request, say)
    return HttpResponseRedirect(reverse("matters:privacy", args=[number]))


@require_POST
def mask(request: HttpRequest, number: str) -> HttpResponse:
    """核定公开字句."""
    matter = queries.get(actor_of(request), number)
    hide = [each for line in request.POST.get("hide", "").splitlines() for each in line.replace("、", " ").split()]
    try:
        service.mask(matter, keep=request.POST.getlist("keep"), hide=hide, by=actor_of(request))
    except WordsError as error:
        return _privacy(request, matter, wrong=str(error), failed="mask", status=422)
    return _then(request, number, _("邻居现在看到的，就是您核定的这样。"))


@require_POST
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """暂缓清除."""
    matter = queries.get(actor_of(request), number)
    try:
        service.hold(matter, reason=request.POST.get("reason", ""), by=actor_of(request))
    except WordsError as error:
        return _privacy(request, matter, wrong=str(error), failed="hold", status=422)
    return _then(request, number, _("已暂缓清除，解除以前不会清除。"))


@require_POST
def release(request: HttpRequest, number: str) -> HttpResponse:
    """解除暂缓."""
    matter = queries.get(actor_of(request), number)
    try:
        service.release(matter, why=request.POST.get("why", ""), by=actor_of(request))
    except WordsError as error:
        return _privacy(request, matter, wrong=str(error), failed="release", status=422)
    return _then(request, number, _("已解除，到了期限就清除。"))


# --- A person at the counter ----------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """本人来查 — after the identity was checked, everything held under one phone, on the page or as a file."""
    actor = actor_of(request)
    require(actor, LIFE.disclose.power)
    typed = {name: text.clean(request.POST.get(name, "")) for name in ("phone", "checked")}
    wrong: dict[str, str] = {}
    found: list[persons.Held] | None = None
    if request.method == "POST":
        if not PHONE.fullmatch(typed["phone"].replace(" ", "")):
            wrong["phone"] = _("电话不像一个号码。手机写11位，座机写 0543-1234567。")
        if len(typed["checked"]) < 4:
            wrong["checked"] = _("请写明怎么核对的身份，例如：看了身份证原件，并回拨了这个电话。")
        if not wrong:
            matters = persons.of_phone(actor, typed["phone"])
            for matter in matters:
                service.disclose(matter, checked=typed["checked"], by=actor)
            found = [persons.held(queries.get(actor, matter.number)) for matter in matters]
            if request.POST.get("as") == "file" and found:
                return _file(persons.document(found))
    context = {
        "typed": typed,
        "wrong": wrong,
        "found": found,
        "part_words": PARTS,
        "may_ask": actor.has(ERASURE.ask_erasure.power),
    }
    return pages.page(request, "matters/people.jinja", context, status=422 if wrong else 200)


def _file(document: dict[str, Any]) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename="personal-data.json")
    response = HttpResponse(
        json.dumps(document, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def ask_erasure(request: HttpRequest, number: str) -> HttpResponse:
    """代本人申请删除 — only right after the identity was checked by the same official."""
    actor = actor_of(request)
    matter = queries.get(actor, number)
    checked = Reveal.objects.filter(
        subject=matter.subject, field="copy", person_id=actor.person_id or 0, at__gte=clock.now() - CHECKED_FOR
    )
    if not checked.exists():
        raise Refused(_("请先在“本人来查”里核对身份，再代为申请。"))
    try:
        row = service.ask_erasure(
            matter, scope=request.POST.get("scope", ""), why=request.POST.get("why", ""), by=actor
        )
    except WordsError as error:
        back = {"back": reverse("matters:people"), "back_label": _("回到“本人来查”")}
        return pages.refusal(request, 400, str(error), back)
    messages.success(request, _("已登记，申请编号 %(number)s。") % {"number": row.number})
    return HttpResponseRedirect(reverse("matters:erasures"))


# --- Requests to delete ---------------------------------------------------------------------------------------------
@require_GET
def erasures(request: HttpRequest) -> HttpResponse:
    """删除申请 — those that wait, the most urgent first, and what was decided lately."""
    actor = actor_of(request)
    require(actor, ERASURE.ask_erasure.power)
    context = {
        "waiting": persons.erasures(actor, waiting=True),
        "decided": persons.erasures(actor, waiting=False),
        "may_decide": actor.has(ERASURE.grant.power),
    }
    return pages.page(request, "matters/erasures.jinja", context)


@require_http_methods(["GET", "POST"])
def erasure(request: HttpRequest, number: str) -> HttpResponse:
    """One request, and the decision on it."""
    actor = actor_of(request)
    require(actor, ERASURE.ask_erasure.power)
    row = persons.erasure(actor, number)
    if request.method == "GET":
        return _erasure(request, row)
    said, version = request.POST.get("said", ""), number_from(request.POST, "version")
    try:
        if request.POST.get("decision") == "grant":
            service.grant(row, said=said, by=actor, expected=version)
        else:
            service.refuse(row, reason=request.POST.get("reason", ""), said=said, by=actor, expected=version)
    except UnknownCodeError:
        return _erasure(request, row, wrong=_("请选依法的情形。"), status=422)
    except WordsError as error:
        return _erasure(request, row, wrong=str(error), status=422)
    except NotNow as error:
        return _erasure(request, persons.erasure(actor, number), wrong=str(error), status=409)
    messages.success(request, _("已答复，本人在链接里看得到。"))
    return HttpResponseRedirect(reverse("matters:erasure", args=[number]))


def _erasure(request: HttpRequest, row: Erasure, *, wrong: str = "", status: int = 200) -> HttpResponse:
    context = {
        "row": row,
        "matter": row.matter,
        "hold": persons.hold_on(row.matter),
        "refusals": persons.refusals(),
        "may_decide": actor_of(request).has(ERASURE.grant.power) and row.state == "asked",
        "by_rule": queries.cited(row.rule, "erase"),
        "reason": next((rulebook.label(each) for each in persons.refusals() if each.code == row.reason), ""),
        "typed": request.POST,
        "wrong": wrong,
    }
    return pages.page(request, "matters/erasure.jinja", context, status=status)
