"""代报 — filing a matter for somebody else, from a counter, a telephone or a round."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from linli.engines.pictures import PictureError, accept
from linli.kernel.identifiers import new_follow_token
from linli.mechanisms.access import Actor, pages, require
from linli.mechanisms.access.words import told
from linli.work.matters import queries, rules, service
from linli.work.matters.forms import FilingForm
from linli.work.matters.models import Channel, Matter, Visibility
from linli.work.matters.service import photos
from linli.work.matters.web.page import actor_of


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
