"""发给社区 — the home page: one sentence, a place, one button; and the page that says it arrived."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.engines.pictures import Picture
from linli.kernel import text
from linli.mechanisms import territory
from linli.mechanisms.access import Actor, pages, public
from linli.mechanisms.territory import Node, Slots
from linli.mechanisms.territory import queries as places
from linli.mechanisms.territory.models import Level
from linli.portals.resident import alike, devices, holding, limits, where
from linli.portals.resident.forms import ANONYMOUS, LONGEST_PLACE, MOST_PHOTOS, ReportForm, is_key, new_key
from linli.portals.resident.limits import TooOften
from linli.portals.resident.web.common import (
    area_from,
    area_words,
    came_whole,
    city_name,
    grid_from,
    hour_of,
    inline,
    is_large,
    place_name,
    say_too_often,
)
from linli.work.announcements import telling
from linli.work.matters import proposals, queries, service
from linli.work.matters.proposals import NobodyAnswersError
from linli.work.matters.service import NeedsPlaceError, OutsideCityError, Registered, Report, SentTwiceError
from linli.work.notices import service as notices

MOST_SUGGESTIONS = 8


@public
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """有什么事，说一句就行 — the form, or what was sent with it."""
    if request.method == "POST":
        return devices.marked(request, _Sending(request).answer())
    scanned = request.GET.get("g", "")
    here = grid_from(scanned) if scanned else None
    chosen = None if here else area_from(request.GET.get("area", ""))
    form = ReportForm(initial={"visibility": ANONYMOUS})
    context: dict[str, Any] = {"unknown_code": bool(scanned) and here is None}
    return devices.marked(request, _page(request, form, key=new_key(), here=here, chosen=chosen, **context))


class _Sending:
    """One sending of the form. Whatever is refused, the same page comes back with everything still in it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.here = grid_from(request.POST.get("g", ""))
        self.chosen = area_from(request.POST.get("area", ""))
        self.within = area_from(request.POST.get("within", ""))
        self.key = request.POST.get("key", "")
        self.form = ReportForm(request.POST, request.FILES)
        self.photos: tuple[Picture, ...] = ()

    def answer(self) -> HttpResponse:
        """Register it, or say beside the field what is wrong."""
        tapped = "into" in self.request.POST or "look" in self.request.POST
        try:
            if not tapped or self.request.FILES:  # A tap looks at nothing: it costs what opening the page costs.
                limits.take(self.request, "try")
        except TooOften as error:
            self.form = ReportForm(self.request.POST)  # Photos are not looked at: looking is the work to be saved.
            return self._too_often(error)
        if not is_key(self.key):
            self.key = new_key()
            self.form.add_error(None, _("页面里有一处对不上，已经替您换好。内容都在，请再按一次“发给社区”。"))
        whole = came_whole(self.request)
        if not whole:
            self.form.add_error("text", _("文字的编码不对，有几个字在路上坏了。请把它们改过来再发。"))
        self._gather_photos()
        if whole and tapped:
            return self._narrowed()
        return self._sent()

    def _sent(self) -> HttpResponse:
        if self.request.POST.get("area") and self.chosen is None:
            sentence = _("选的地方认不出来，请重新选一个，或者直接写地方的名字。")
            return self._ask_where(sentence, where.narrow(self.within, sentence))
        if not self.form.is_valid():
            if "point" not in self.form.cleaned_data:
                self._blank("lon", "lat")
            return self._again(where=self._still_asked())
        report = self._report()
        if not queries.is_submitted(self.key):
            found = [] if self.request.POST.get("anyway") else _waiting_already(report)
            if found:
                return self._again(alike=found, status=200)
            try:
                limits.take(self.request, "report")
            except TooOften as error:
                return self._too_often(error)
        return self._register(report)

    def _register(self, report: Report) -> HttpResponse:
        try:
            done = self._registered(report)
        except NeedsPlaceError as error:
            return self._ask_where(str(error), where.offer(report.text, report.place_text, within=self.within))
        except (OutsideCityError, NobodyAnswersError) as error:
            self._blank("lon", "lat")  # Else the same pin would be refused again.
            return self._ask_where(str(error), where.narrow(self.within, str(error)))
        except SentTwiceError as error:
            holding.drop(self.key)
            self.key = new_key()
            self.form.add_error(None, str(error))
        else:
            holding.drop(self.key)
            return HttpResponseRedirect(reverse("resident:sent", args=[done.matter.number, done.token]))
        return self._again()

    def _registered(self, report: Report) -> Registered:
        """With the way the resident wants to hear of it, if that is not the page: both are written, or neither is."""
        if not (settings.SMS_URL and self.form.cleaned_data["sms"] and report.phone):
            return service.register(report, by=Actor.stranger())
        with transaction.atomic():
            done = service.register(report, by=Actor.stranger())
            if not done.again:
                notices.choose_channel(done.matter.number, "sms")
        return done

    def _narrowed(self) -> HttpResponse:
        """One tap on the way to a place, or a name looked up: nothing is sent yet, and nothing typed is judged yet."""
        for name in [each for each in self.form.errors if each != "photos"]:
            del self.form.errors[name]
        if "look" in self.request.POST:
            wording = text.clean(self.request.POST.get("place", ""))[:LONGEST_PLACE]
            found = where.look(wording, within=self.within)
        else:
            found = area_from(self.request.POST["into"]) or where.narrow(None)
        self.here = self.chosen = None
        if isinstance(found, Node) and found.level < Level.COMMUNITY:
            found = where.narrow(found)
        if isinstance(found, where.Offer):
            return self._again(where=found, looked=self._looked_up(), status=200)
        self.chosen = found
        if self.form["place"].value() in (self._looked_up(), found.name, found.full_name, area_words(found)):
            self._blank("place")  # What was looked for stands beside 位置 now.
        return self._again(status=200)

    def _blank(self, *fields: str) -> None:
        """Give these fields back empty: what stood in them is said, or was wrong."""
        assert isinstance(self.form.data, QueryDict)
        typed = self.form.data.copy()
        for name in fields:
            typed[name] = ""
        self.form.data = typed

    def _looked_up(self) -> str:
        """The name last looked for: it names a place, it does not describe one."""
        return str(self.request.POST.get("place" if "look" in self.request.POST else "looked", ""))

    def _ask_where(self, wrong: str, offer: where.Offer) -> HttpResponse:
        self.form.add_error("place", wrong)
        self.chosen = None
        return self._again(where=offer, asked=True)

    def _still_asked(self) -> where.Offer | None:
        """Something else was wrong while one was on the way to a place: one goes on from there."""
        return where.narrow(self.within) if self.within and not self.chosen and not self.here else None

    def _gather_photos(self) -> None:
        """Those held from an earlier sending, less those no longer wanted, and the new ones."""
        self.form.is_valid()
        photos = holding.with_held(self.key, self.form.pictures, dropped=self.request.POST.getlist("drop"))
        if len(photos) > MOST_PHOTOS:
            self.form.add_error("photos", _("最多 %(most)s 张照片；多出来的没有留下。") % {"most": MOST_PHOTOS})
        self.photos = photos[:MOST_PHOTOS]

    def _report(self) -> Report:
        typed = self.form.cleaned_data
        area = self.chosen or self._here_unless_elsewhere(typed["place"])
        said = Report(
            text=typed["text"],
            key=self.key,
            channel="qr" if self.here else "page",
            area_id=area.id if area else None,
            point=typed["point"],
            place_text=typed["place"],
            visibility=typed["visibility"],
            name=typed["name"],
            phone=typed["phone"] if typed["visibility"] != ANONYMOUS else "",
            language=get_language() or "zh-hans",
            public=typed["public"],
            pictures=self.photos,
        )
        return replace(said, **self.form.spoken())

    def _here_unless_elsewhere(self, place: str) -> Node | None:
        """The scanned card says where, unless the resident writes the name of somewhere else."""
        named = territory.find(place) if self.here and place else []
        if self.here and proposals.is_certain(named):
            inside = named[0].area.id in self.here.lineage or self.here.id in named[0].area.lineage
            return self.here if inside else None
        return self.here

    def _again(self, status: int = 422, **more: Any) -> HttpResponse:
        if self.form.pictures or "drop" in self.request.POST or self.key != self.request.POST.get("key"):
            holding.keep(self.key, self.photos)  # Else they lie there as they are.
        return _page(
            self.request, self.form, key=self.key, here=self.here, chosen=self.chosen, photos=self.photos, status=status, **more
        )  # fmt: skip

    def _too_often(self, error: TooOften) -> HttpResponse:
        sentence = _("发得太密了。%(hour)s 以后可以再发；写的内容都留着。急事请打社区电话，危险请拨 110、119、120。")
        photos = self.photos or holding.held(self.key)
        if self.photos:
            holding.keep(self.key, self.photos)
        self.form.is_valid()
        response = _page(
            self.request,
            self.form,
            key=self.key if is_key(self.key) else new_key(),
            here=self.here,
            chosen=self.chosen,
            photos=photos,
            wait=sentence % {"hour": hour_of(error)},
            photos_lost=bool(self.request.FILES) and not self.photos,
        )
        return say_too_often(response, error)


def _page(
    request: HttpRequest,
    form: ReportForm,
    *,
    key: str,
    here: Node | None = None,
    chosen: Node | None = None,
    photos: tuple[Picture, ...] = (),
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    said = form["text"].value() or ""
    place = here or chosen
    offer: where.Offer | None = more.get("where")
    last = where.last(request) if place is None else None
    context = {
        "form": form,
        "key": key,
        "here": here,
        "place_words": area_words(place) if place else "",
        "around": places.centre(here.id) if here else None,
        "outlines": _outlines(place or (offer.within if offer else None)),
        "near": queries.public_count(here.id) if here else None,
        "chosen": chosen,
        "held": inline(photos),
        "place_name": place_name(place),
        "city_name": city_name(),
        "urgent": bool(form.is_bound and said) and is_urgent(str(said)),
        "simple": is_large(request),
        "unknown_code": False,
        "where": None,
        "asked": False,
        "looked": "",
        "last": last,
        "told": telling.lines_at(place or last) if request.method == "GET" else [],
        "alike": (),
        "wait": "",
        "photos_lost": False,
        "most_photos": MOST_PHOTOS,
        "texts": bool(settings.SMS_URL),
    }
    return pages.page(request, "resident/home.jinja", context | more, status=status)


def _outlines(area: Node | None) -> str:
    """Thin lines for the map on which one points: around the place already known, else the counties."""
    area = area or places.city()
    return f"{reverse('resident:outlines')}?area={area.id}" if area else ""


def is_urgent(said: str) -> bool:
    """Do these words mean somebody may be in danger?"""
    return proposals.propose(text.clean(said)[:2000], slots=Slots()).risk >= 3


def _waiting_already(report: Report) -> list[alike.Alike]:
    """Open public matters here that say very nearly the same."""
    return alike.alike(report.text, area_id=_area_named(report), point=report.point)


def _area_named(report: Report) -> int | None:
    """Where the report is, as far as can be said without asking."""
    if report.area_id is not None or report.point is not None:
        return report.area_id
    for wording in (report.place_text, report.text):
        named = territory.find(wording) if wording else []
        if proposals.is_certain(named):
            return named[0].area.id
    return None


@public
@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Villages, communities and townships whose name has these characters in it, for the place field."""
    asked = text.folded(text.clean(request.GET.get("q", "")))[:40].replace(" ", "")
    found: list[Node] = []
    if len(asked) >= (3 if asked.isascii() else 1):
        named = [each.area for each in territory.find(asked) if each.area.level >= 3]
        found = list(dict.fromkeys([*named, *where.like(asked)]))[:MOST_SUGGESTIONS]
    answer = JsonResponse({"places": [area_words(area) for area in found]})
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@public
@require_POST
def likewise(request: HttpRequest) -> HttpResponse:
    """While it is being typed: matters near here that sound related, and 110 when the words sound dangerous."""
    said = text.clean(request.POST.get("text", ""))[:2000]
    form = ReportForm(request.POST)
    form.is_valid()
    point = form.cleaned_data.get("point")
    here = area_from(request.POST.get("area", "")) or grid_from(request.POST.get("g", ""))
    place = Report(
        text=said, key="", area_id=here.id if here else None, point=point, place_text=form.cleaned_data.get("place", "")
    )
    found = alike.alike(said, area_id=_area_named(place), point=point, least=alike.RELATED) if len(said) >= 4 else []
    context = {"alike": found, "urgent": len(said) >= 2 and is_urgent(said)}
    return HttpResponse(pages.render(request, "resident/likewise.jinja", context))
