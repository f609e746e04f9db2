"""接电话: one screen by keyboard alone, from the caller's number to a matter's number. Parse, call, render."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.kernel import text
from linli.kernel.identifiers import new_follow_token
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor, pages, require
from linli.mechanisms.territory import Node
from linli.portals.desk.forms import PhoneForm
from linli.portals.desk.web_views import actor_of
from linli.work.matters import proposals, queries, related, service
from linli.work.matters.rules import URGENT, Categories

PAGE = "desk/phone.jinja"
MOST_PLACES = 8


def phone(request: HttpRequest) -> HttpResponse:
    """接电话登记 — file it and take the next call, or file it and open it."""
    actor = actor_of(request)
    require(actor, "matters.register")
    first = {"channel": "phone", "key": new_follow_token()}
    if request.method != "POST":
        return _page(request, PhoneForm(initial=first), {})
    form = PhoneForm(request.POST)
    if "look" in request.POST:  # Nothing is sent yet, and nothing typed is judged yet.
        said, wording = request.POST.get("text", ""), request.POST.get("place_text", "")
        form.is_valid()
        form.errors.clear()
        return _page(
            request, form, _reading(actor, said, request.POST.get("phone", "")) | {"places": places(wording, actor)}
        )
    if not form.is_valid():
        return _page(request, form, _reading(actor, request.POST.get("text", ""), ""), status=422)
    return _file(request, form, actor)


def _file(request: HttpRequest, form: PhoneForm, actor: Actor) -> HttpResponse:
    more: dict[str, Any] = {}
    said, wording = form.cleaned_data["text"], form.cleaned_data["place_text"]
    try:
        done = service.register(_report(form, request, actor), by=actor)
    except (service.NeedsPlaceError, service.OutsideCityError) as error:
        form.add_error("place_text", str(error))
        more = _reading(actor, said, "") | {"places": places(wording, actor)}
    except (service.SentTwiceError, proposals.NobodyAnswersError) as error:
        form.add_error(None, str(error))
    else:
        return _filed(request, done.matter.number, done.matter.handler.short_name, actor)
    return _page(request, form, more, status=422)


def _filed(request: HttpRequest, number: str, body: str, actor: Actor) -> HttpResponse:
    """The matter's page, if it was asked for and may be seen; else the empty form, with the number to be read out."""
    if "open" in request.POST and number in queries.among(actor, [number]):
        return HttpResponseRedirect(reverse("matters:matter", args=[number]))
    said = _("已登记 %(number)s，由%(body)s负责。请把编号告诉来电人。") % {"number": number, "body": body}
    messages.success(request, said)
    return HttpResponseRedirect(f"{reverse('desk:phone')}?filed={number}")


def _page(request: HttpRequest, form: PhoneForm, more: dict[str, Any], *, status: int = 200) -> HttpResponse:
    chosen = _area(request.POST.get("area", ""))
    context = (
        {
            "form": form,
            "chosen": chosen,
            "filed": next(iter(queries.among(actor_of(request), [text.clean(request.GET.get("filed", ""))[:20]])), "")
            if "filed" in request.GET
            else "",
            "suggest": reverse("resident:suggest"),
            "may_look": actor_of(request).has("matters.reveal"),
            "typed_phone": request.POST.get("phone", ""),
        }
        | {"places": [], "earlier_count": 0, "proposed": None, "urgent": False, "said": False}
        | more
    )
    return pages.page(request, PAGE, context, status=status)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """While it is typed: what kind it sounds like, whether it sounds dangerous, how often this number has called."""
    actor = actor_of(request)
    require(actor, "matters.register")
    more = _reading(actor, request.POST.get("text", ""), request.POST.get("phone", ""))
    context = {"may_look": actor.has("matters.reveal"), "typed_phone": request.POST.get("phone", "")} | more
    return HttpResponse(pages.render(request, PAGE, context, block="read"))


@require_POST
def earlier(request: HttpRequest) -> HttpResponse:
    """这位来电人以前反映过的 — after the purpose is on record in each of them; the form comes back as it was typed."""
    actor = actor_of(request)
    number = _number(request.POST.get("phone", ""))
    found = service.look_up(number, purpose=_("来电核对以前反映过的事"), by=actor)
    form = PhoneForm(request.POST)
    form.is_valid()
    form.errors.clear()
    listed = [(each, queries.tone_of(each), queries.place_words(each)) for each in found]
    return _page(request, form, _reading(actor, request.POST.get("text", ""), number) | {"earlier": listed})


def _reading(actor: Actor, said: str, number: str) -> dict[str, Any]:
    said = text.clean(said)[:2000]
    more: dict[str, Any] = {"said": len(said) >= 2, "proposed": None, "urgent": False, "earlier_count": 0}
    if more["said"]:
        guess = proposals.propose(said, slots=territory.slots(actor.area_id or 0))
        found = rulebook.current(Categories).list.find(guess.category)
        more |= {"proposed": rulebook.label(found) if found else guess.category, "share": guess.confidence}
        more |= {"reasons": guess.reasons, "urgent": guess.risk >= URGENT}
    if number := _number(number):
        more["earlier_count"] = related.count_by_phone(actor, number)
    return more


def _number(typed: str) -> str:
    """A whole telephone number, or nothing: half of one is not looked for."""
    number = "".join(each for each in typed[:30] if each.isdigit() or each == "-")
    return number if 7 <= sum(each.isdigit() for each in number) <= 18 else ""


def places(wording: str, actor: Actor) -> list[Node]:
    """What a name may mean, here first; without scripts these are tapped, with them they are offered while typing."""
    wording = text.clean(wording)[:60]
    if not wording:
        return []
    named = territory.find(wording, actor.area_id) or territory.find(wording)
    found = [each.area for each in named]
    folded = text.folded(wording).replace(" ", "")
    for area in territory.areas(4, actor.area_id):
        if len(found) >= MOST_PLACES:
            break
        if folded in area.name or folded in area.pinyin_key.replace(" ", ""):
            found.append(area)
    return list(dict.fromkeys(each for each in found if not each.functional))[:MOST_PLACES]


def _area(typed: str) -> Node | None:
    try:
        return territory.area(int(typed)) if typed.isascii() and typed.isdigit() and len(typed) <= 10 else None
    except LookupError:
        return None


def _report(form: PhoneForm, request: HttpRequest, actor: Actor) -> service.Report:
    typed = form.cleaned_data
    behalf = None
    name, number = typed["name"], typed["phone"]
    if typed["behalf"]:
        behalf = service.Behalf(
            speaker=name, relation=typed["relation"], how=typed["how"], agreed_at=typed["agreed_at"], phone=number
        )
        name, number = typed["person_name"], typed["person_phone"]
    chosen = _area(request.POST.get("area", ""))
    area_id = chosen.id if chosen else None
    if area_id is None and not typed["place_text"]:
        area_id = actor.area_id
    return service.Report(
        typed["text"], typed["key"], channel=typed["channel"], place_text=typed["place_text"], category=typed["category"],
        area_id=area_id, visibility="named" if name else "pseudonym" if number else "anonymous", name=name, phone=number,
        behalf=behalf,
    )  # fmt: skip
