"""催一催，请再看一次 — what a resident may do when it is slow, or when it was said not to belong here."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from linli.mechanisms.access import Actor, public
from linli.mechanisms.flow import NotNow
from linli.portals.resident import along
from linli.portals.resident.forms import SecondLookForm
from linli.portals.resident.web.common import secret
from linli.portals.resident.web.following import back, own, sending, show
from linli.work.matters import service
from linli.work.matters.flow import State

if TYPE_CHECKING:
    from linli.work.matters.models import Matter


@public
@secret
@own
@sending
def second_look(request: HttpRequest, matter: "Matter", token: str) -> HttpResponse:
    """请再看一次 — by a level above, by somebody who had no hand in it; once."""
    form = SecondLookForm(request.POST, auto_id="id_look_%s")
    if not form.is_valid():
        return show(request, matter, token, looking=form, status=422)
    if matter.state == State.SECOND_LOOK:
        return back(request, matter, token, _("已经请上一级看了。"))
    try:
        service.ask_second_look(matter, why=form.cleaned_data["why"], by=Actor.resident())
    except NotNow as error:
        return show(request, matter, token, looking=form, moved=str(error), status=409)
    return back(request, matter, token, _("已经请上一级、没有经手的人再看一次，看过会写明理由。"))


@public
@secret
@own
@sending
def urge(request: HttpRequest, matter: "Matter", token: str) -> HttpResponse:
    """催一催 — once in a while; whoever has it and their head are told. The date stays."""
    try:
        matter = service.urge(matter, by=Actor.resident())
    except NotNow as error:
        return show(request, matter, token, moved=str(error), status=409)
    lead = along.follow(matter).lead
    return back(request, matter, token, _("已转告%(body)s经办的人和负责人。") % {"body": lead.handler.short_name})
