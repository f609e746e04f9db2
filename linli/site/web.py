"""The site's own pages: the components, the two switches in the header, and the pages for when something is refused."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock
from linli.mechanisms.access import Refused, pages, public
from linli.mechanisms.access.sealing import Unreadable
from linli.mechanisms.flow import Lifecycle, NotNow, Stale
from linli.mechanisms.journal import Heard

YEAR = 365 * 24 * 3600


# --- The switches ----------------------------------------------------------------------------------------------------
def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"


def _remember(request: HttpRequest, name: str, value: str) -> HttpResponse:
    response = HttpResponseRedirect(_back(request))
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """中文 or English, remembered by the device."""
    wanted = request.POST.get("language", "")
    known = {code for code, _name in settings.LANGUAGES}
    return _remember(request, settings.LANGUAGE_COOKIE_NAME, wanted if wanted in known else settings.LANGUAGE_CODE)


@public
@require_POST
def large(request: HttpRequest) -> HttpResponse:
    """大字 — larger type, larger targets, fewer choices; remembered by the device."""
    return _remember(request, pages.LARGE_COOKIE, "1" if request.POST.get("large") == "1" else "0")


# --- When something is refused -----------------------------------------------------------------------------------------
class Refusals:
    """Turns what the layers below refuse into pages: who may not, what is not now, what is too large."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Once per process."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on. Nothing of ours has a name with NUL in it, and no database takes one."""
        return missing(request) if "\x00" in request.path_info else self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a refusal; anything else is a fault of ours and goes on to the 500 page."""
        match error:
            case Refused():
                return pages.refusal(request, 403, str(error))
            case Stale():
                changes = [
                    {"at": heard.at, "who": heard.author.office or heard.author.post, "what": _in_words(heard)}
                    for heard in error.changed
                ]
                return pages.refusal(request, 409, str(error), {"stale": True, "changes": changes})
            case NotNow():
                return pages.refusal(request, 409, str(error), {"stale": False})
            case Unreadable():
                return pages.refusal(request, 503, str(error))
            case RequestDataTooBig() | TooManyFilesSent() | TooManyFieldsSent():
                return pages.refusal(request, 413, "")
        return None


@cache
def _lifecycles() -> dict[str, Lifecycle]:
    """Every lifecycle of the installed apps, by the kind of its subjects."""
    found = {}
    for app in apps.get_app_configs():
        if app.name.startswith("linli.") and module_has_submodule(app.module, "flow"):
            for one in vars(import_module(f"{app.name}.flow")).values():
                if isinstance(one, Lifecycle):
                    found[one.kind] = one
    return found


def _in_words(heard: Heard) -> str:
    """派单 for an entry that "assign" made."""
    life = _lifecycles().get(heard.subject.partition(":")[0])
    move = life.moves.get(heard.move) if life else None
    return str(move.label) if move else _("有更新")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when what came was too large to read."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent):
        return pages.refusal(request, 413, "")
    del exception
    return pages.refusal(request, 400, "")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return pages.refusal(request, 403, str(exception) if isinstance(exception, Refused) else "")


def missing(request: HttpRequest, exception: Exception | None = None, **_: object) -> HttpResponse:
    """404: nothing here, or nothing here for you; which of the two is not said."""
    del exception
    return pages.refusal(request, 404, "")


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault, said plainly. Uses nothing that may be what broke: no database, no actor, no session."""
    return HttpResponse(pages.render(request, "500.jinja"), status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or cookies are off."""
    del reason
    return pages.refusal(
        request,
        403,
        _("这个页面放得太久了，或者浏览器没有保存 Cookie，所以没有提交成功。"),
        {
            "remedy": _("回到上一页，刷新后再提交一次。写下的内容浏览器替您留着。"),
            "back": request.path,
            "back_label": _("重新打开这一页"),
        },
    )


def locked_out(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    """429: too many in a short time."""
    return pages.refusal(request, 429, "")


# --- The components ----------------------------------------------------------------------------------------------------
class SampleForm(forms.Form):
    """One field of each kind."""

    text = forms.CharField(
        label=gettext_lazy("什么事"),
        max_length=500,
        widget=forms.Textarea,
        help_text=gettext_lazy("一句话就行，写清楚在哪里更好。"),
    )
    place = forms.CharField(label=gettext_lazy("在哪里"), max_length=100, required=False)
    how = forms.ChoiceField(
        label=gettext_lazy("怎么称呼您"),
        widget=forms.RadioSelect,
        choices=[
            ("named", gettext_lazy("留名")),
            ("phone", gettext_lazy("只留电话")),
            ("nobody", gettext_lazy("不留")),
        ],
        initial="named",
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("您想收到"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("sms", gettext_lazy("短信")), ("mail", gettext_lazy("邮件"))],
        required=False,
    )
    community = forms.ChoiceField(
        label=gettext_lazy("哪个社区"),
        choices=[("", gettext_lazy("请选")), ("1", gettext_lazy("槐花社区")), ("2", gettext_lazy("柳岸社区"))],
    )
    photo = forms.FileField(
        label=gettext_lazy("照片"), required=False, help_text=gettext_lazy("最多 3 张，每张 20 MB 以内。")
    )
    on = forms.DateField(label=gettext_lazy("哪一天"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    agree = forms.BooleanField(label=gettext_lazy("同意把这件事公开（不显示姓名电话）"), required=False)


def _sample_steps() -> Sequence[dict[str, Any]]:
    now = clock.now()
    return [
        {"tone": "done", "word": _("收到"), "at": now - timedelta(hours=30)},
        {
            "tone": "done",
            "word": _("网格员看过"),
            "at": now - timedelta(hours=28),
            "who": _("槐花社区 网格员"),
            "note": _("灯杆接线处烧了，需要换。"),
        },
        {
            "tone": "done",
            "word": _("转给城管办"),
            "at": now - timedelta(hours=27),
            "basis": _("派单目录 12.3"),
            "basis_url": "#basis",
        },
        {"tone": "hand", "word": _("正在修理"), "at_words": _("最晚 10月14日 星期二")},
        {"tone": "waiting", "word": _("请您评价")},
    ]


@public
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every piece in every state: for eyes, for screenshots, for whoever builds a page."""
    wrong = SampleForm({"text": "", "how": "nobody", "community": "", "place": _("黄河五路")})
    wrong.is_valid()
    context = {
        "form": SampleForm(auto_id="good_%s"),
        "wrong": wrong,
        "steps": _sample_steps(),
        "moment": clock.now(),
        "days": timedelta(days=1),
        "tones": [
            ("waiting", _("待派单")),
            ("hand", _("办理中")),
            ("overdue", _("已超期")),
            ("done", _("已办结")),
            ("refused", _("不予受理")),
            ("carried", _("挂账")),
        ],
    }
    return pages.page(request, "pieces.jinja", context)


@public
@require_safe
def sample_outlines(request: HttpRequest) -> HttpResponse:
    """Two grids that do not exist, for the map on the components page."""
    del request
    squares = [("a", _("槐花第一网格"), 118.000, False), ("b", _("槐花第二网格"), 118.012, True)]
    features = [
        {
            "type": "Feature",
            "properties": {"id": key, "name": name, "tone": "overdue" if urgent else ""},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[west, 37.38], [west + 0.012, 37.38], [west + 0.012, 37.39], [west, 37.39], [west, 37.38]]
                ],
            },
        }
        for key, name, west, urgent in squares
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@public
@require_safe
def sample_points(request: HttpRequest) -> HttpResponse:
    """Three matters that do not exist."""
    del request
    places = [
        ("1", _("路灯不亮"), "hand", _("办理中"), 118.004, 37.384),
        ("2", _("井盖松动"), "overdue", _("已超期"), 118.016, 37.386),
        ("3", _("树枝挡路"), "done", _("已办结"), 118.009, 37.3825),
    ]
    features = [
        {
            "type": "Feature",
            "properties": {"id": key, "title": title, "tone": tone, "word": word, "url": "#thing"},
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }
        for key, title, tone, word, lon, lat in places
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


urlpatterns = [
    path("language/", language, name="language"),
    path("large/", large, name="large"),
    path("pieces/", components, name="pieces"),
    path("pieces/outlines.json", sample_outlines, name="sample_outlines"),
    path("pieces/points.json", sample_points, name="sample_points"),
]
