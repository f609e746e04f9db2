"""我的个人信息 — everything held about whoever holds a matter's link: to read, to take along, to correct, to have deleted.

There is no account: the link proves it. Other matters whose page of this kind was opened in the same browser stand
beside, known by a signed cookie that ends with the browser; one telephone number alone opens nothing.
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from linli.kernel import text
from linli.mechanisms import territory
from linli.mechanisms.access import Actor, pages, public
from linli.mechanisms.flow import NotNow
from linli.portals.resident import limits
from linli.portals.resident.forms import Typed, phone_from
from linli.portals.resident.limits import TooOften
from linli.portals.resident.web.common import hour_of, place_name, say_too_often, secret
from linli.portals.resident.web.following import own
from linli.work.matters import persons, queries, service, words
from linli.work.matters.service.privacy import WrongContactError
from linli.work.matters.words import WordsError

if TYPE_CHECKING:
    from linli.work.matters.models import Matter

COOKIE, SALT, MOST = "mine", "resident.mine", 20

PART_WORDS = {
    "contact": gettext_lazy("称呼和联系方式"),
    "words": gettext_lazy("文字里的个人信息"),
    "photos": gettext_lazy("照片"),
}


class ContactForm(forms.Form):
    """更正联系方式 — a field left empty is taken away."""

    name = Typed(label=gettext_lazy("称呼"), most=40, required=False)
    phone = Typed(label=gettext_lazy("电话"), most=30, required=False)
    email = Typed(label=gettext_lazy("电子邮箱"), most=120, required=False)

    def clean_phone(self) -> str:
        """As everywhere a resident writes one."""
        typed = self.cleaned_data["phone"]
        return phone_from(typed) if typed else ""


def numbers_of(request: HttpRequest) -> list[str]:
    """The matters whose page of this kind this browser has opened."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
    except signing.BadSignature:
        return []
    return [each for each in found if isinstance(each, str)][:MOST] if isinstance(found, list) else []


def _remembered(request: HttpRequest, response: HttpResponse, number: str) -> HttpResponse:
    known = numbers_of(request)
    if number not in known:
        value = signing.dumps([number, *known][:MOST], salt=SALT)
        response.set_cookie(COOKIE, value, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


def _others(request: HttpRequest, number: str) -> "list[Matter]":
    rows = [queries.by_link(each, words.follow_token(each)) for each in numbers_of(request) if each != number]
    return sorted(rows, key=lambda row: row.registered_at, reverse=True)


@public
@secret
@require_safe
@own
def mine(request: HttpRequest, matter: "Matter", token: str) -> HttpResponseBase:
    """我的个人信息."""
    return _remembered(request, _show(request, matter, token), matter.number)


def _show(
    request: HttpRequest,
    matter: "Matter",
    token: str,
    *,
    form: ContactForm | None = None,
    asking: str = "",
    wait: str = "",
    status: int = 200,
) -> HttpResponse:
    held = persons.held(matter)
    first = {"name": held.name, "phone": held.phone, "email": held.email}
    township = next((each for each in (matter.township_id, matter.county_id) if each), None)
    context: dict[str, Any] = {
        "matter": matter,
        "token": token,
        "each": held,
        "place_name": place_name(territory.area(township)) if township else place_name(None),
        "others": [
            {"matter": row, "token": words.follow_token(row.number), "looks": len(persons.looks(row))}
            for row in _others(request, matter.number)
        ],
        "form": form or ContactForm(initial=first),
        "correct_open": form is not None,
        "asking": asking,
        "erase_open": bool(asking),
        "typed": request.POST,
        "part_words": PART_WORDS,
        "wait": wait,
    }
    return pages.page(request, "resident/mine.jinja", context, status=status)


@public
@secret
@require_safe
@own
def copy(request: HttpRequest, matter: "Matter", token: str) -> HttpResponseBase:
    """抄一份 — the same as a file, with the other matters of this browser."""
    del token
    document = persons.document(persons.held(each) for each in (matter, *_others(request, matter.number)))
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="personal-data.json"'
    response["Cache-Control"] = "no-store"
    return response


def _back(matter: "Matter", token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("resident:mine", args=[matter.number, token]))


@public
@secret
@own
def correct(request: HttpRequest, matter: "Matter", token: str) -> HttpResponseBase:
    """更正 — who may change it is who holds the link; who looked at what stood there before stays on record."""
    if request.method != "POST":
        return _back(matter, token)
    form = ContactForm(request.POST)
    try:
        limits.take(request, "add")
        if not form.is_valid():
            return _show(request, matter, token, form=form, status=422)
        typed = form.cleaned_data
        service.correct(matter, name=typed["name"], phone=typed["phone"], email=typed["email"], by=Actor.resident())
    except TooOften as error:
        return say_too_often(_show(request, matter, token, form=form, wait=hour_of(error)), error)
    except WrongContactError as error:
        form.add_error(error.field, str(error))
        return _show(request, matter, token, form=form, status=422)
    except NotNow as error:
        messages.info(request, str(error))
        return _back(matter, token)
    messages.success(request, _("改好了。以后按新的联系您。"))
    return _back(matter, token)


@public
@secret
@own
def erase(request: HttpRequest, matter: "Matter", token: str) -> HttpResponseBase:
    """申请删除 — decided within a limit that is told at once."""
    if request.method != "POST":
        return _back(matter, token)
    try:
        limits.take(request, "add")
        why = text.clean(request.POST.get("why", ""))[:500]
        service.ask_erasure(matter, scope=request.POST.get("scope", ""), why=why, by=Actor.resident())
    except TooOften as error:
        return say_too_often(_show(request, matter, token, wait=hour_of(error)), error)
    except WordsError as error:
        return _show(request, matter, token, asking=str(error), status=422)
    except NotNow as error:
        messages.info(request, str(error))
        return _back(matter, token)
    messages.success(request, _("收到了，会按期限答复您，答复写在这一页。"))
    return _back(matter, token)


@public
@secret
@own
def forget(request: HttpRequest, matter: "Matter", token: str) -> HttpResponseBase:
    """这台设备不再记着 — the list of matters beside each other goes from this browser."""
    if request.method != "POST":
        return _back(matter, token)
    messages.success(request, _("这台设备不再记着您打开过哪几件。"))
    response = HttpResponseRedirect(reverse("resident:follow", args=[matter.number, token]))
    response.delete_cookie(COOKIE, samesite="Lax")
    return response
