"""跟进 — one's own matter by its secret link: the steps, the reply, adding, taking back, and the last word."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from linli.facts.matters import MatterSpokenFor
from linli.kernel import clock
from linli.kernel.rules import RuleItem
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor, pages, public
from linli.mechanisms.access.words import office_words
from linli.mechanisms.flow import NotNow
from linli.mechanisms.journal import seals
from linli.portals.resident import along, devices, holding, limits, steps, where
from linli.portals.resident.forms import (
    MOST_PHOTOS,
    AddForm,
    RateForm,
    ReopenForm,
    SecondLookForm,
    WithdrawForm,
    is_key,
    new_key,
)
from linli.portals.resident.limits import TooOften
from linli.portals.resident.web.common import came_whole, city_name, hour_of, inline, place_name, say_too_often, secret
from linli.work.matters import exclusions, proposals, queries, service, supervision, together
from linli.work.matters.flow import LIFE, State
from linli.work.matters.rules import Outcomes, Ratings, RevealReasons
from linli.work.matters.service.photos import TooManyPhotosError
from linli.work.matters.web import consent_words
from linli.work.notices import queries as told
from linli.work.notices import service as notices

if TYPE_CHECKING:
    from linli.work.matters.models import Matter

Page = Callable[[HttpRequest, "Matter", str], HttpResponseBase]


def own(page: Page) -> Callable[[HttpRequest, str, str], HttpResponseBase]:
    """A page about the matter of a secret link; a link that is not right is told so in plain words."""

    @wraps(page)
    def with_matter(request: HttpRequest, number: str, token: str) -> HttpResponseBase:
        try:
            matter = queries.by_link(number, token)
        except Http404:
            sentence = _("没有找到这件事：链接可能少了几个字，或者不是您收到的那个链接。")
            return pages.refusal(request, 404, sentence)
        if not came_whole(request):
            return pages.refusal(
                request, 400, _("文字的编码不对，有几个字在路上坏了，没有收下。请用手机自带的浏览器再发一次。")
            )
        return page(request, matter, token)

    return with_matter


def sending(page: Page) -> Page:
    """A page of these is what was sent and refused; opened anew (大字, EN, the address bar) it is the matter's own page."""

    @wraps(page)
    def guarded(request: HttpRequest, matter: "Matter", token: str) -> HttpResponseBase:
        if request.method != "POST":
            return HttpResponseRedirect(reverse("resident:follow", args=[matter.number, token]))
        return page(request, matter, token)

    return guarded


@public
@require_safe
def links_only(request: HttpRequest) -> HttpResponse:
    """There is no looking up by number and telephone: whoever knows both would read somebody else's matter."""
    return pages.page(request, "resident/links_only.jinja", {"place_name": place_name(None)})


@public
@secret
@require_safe
@own
def sent(request: HttpRequest, matter: "Matter", token: str) -> HttpResponse:
    """收到了 — what the resident is told: number, who has it, the rule, the date, the link."""
    limit, _rule = proposals.limit_for("handle", category=matter.category, risk=matter.risk)
    address = f"{settings.BASE_URL}{reverse('resident:follow', args=[matter.number, token])}"
    context = _about(matter, token) | {
        "limit_words": rulebook.limit_words(limit),
        "urgent": matter.risk >= 3,
        "today": clock.today(),
        "fresh": matter.moved_at == matter.registered_at,
        "city_name": city_name(),
        "soon": matter.due_at - matter.registered_at < timedelta(days=2),
        "address": address,
        "spelled": unquote(address).partition("://")[2],
    }
    response = pages.page(request, "resident/sent.jinja", context)
    return where.remember(response, territory.area(matter.place_ids[0]))


@public
@secret
@require_safe
@own
def follow(request: HttpRequest, matter: "Matter", token: str) -> HttpResponse:
    """像查快递一样 — where it is, what was said, what comes next."""
    return devices.marked(request, show(request, matter, token, solved=request.GET.get("solved", "")))


@public
@secret
@own
@sending
def add(request: HttpRequest, matter: "Matter", token: str) -> HttpResponse:
    """补充 — more words or photos. Whatever is refused, the photos need not be chosen again."""
    key = request.POST.get("key", "")
    key = key if is_key(key) else new_key()
    try:
        limits.take(request, "add")
    except TooOften as error:
        form = AddForm(
            request.POST, auto_id="id_add_%s"
        )  # New photos are not looked at: looking is the work to be saved.
        form.held = holding.held(key)
        form.is_valid()
        page = show(request, matter, token, adding=form, key=key, wait=hour_of(error), lost=bool(request.FILES))
        return say_too_often(page, error)
    form = _adding(request, matter, key)

    def again(status: int, moved: str = "") -> HttpResponse:
        holding.keep(key, form.held)
        return show(request, matter, token, adding=form, key=key, moved=moved, status=status)

    if not form.is_valid():
        return again(422)
    said, there = form.cleaned_data["text"], {each.sha256 for each in queries.photos_of(matter)}
    fresh = tuple(each for each in form.held if sha256(each.jpeg).hexdigest() not in there)
    if not fresh and (not said or _said_already(matter, said)):
        holding.drop(key)
        return back(request, matter, token, _("刚才已经收到了。"))
    try:
        service.add(matter, said=said, pictures=fresh, by=Actor.resident())
    except TooManyPhotosError as error:  # Somebody else added photos this moment.
        form.add_error("photos", str(error))
        return again(422)
    except NotNow as error:
        return again(409, moved=str(error))
    holding.drop(key)
    return back(request, matter, token, _("补上了，正在办的人马上能看到。"))


def _adding(request: HttpRequest, matter: "Matter", key: str) -> AddForm:
    """The form with its photos gathered: those held, less those no longer wanted, and the new ones, as many as go."""
    left = MOST_PHOTOS - len(queries.photos_of(matter))
    form = AddForm(request.POST, request.FILES, auto_id="id_add_%s")
    form.held = holding.with_held(key, (), dropped=request.POST.getlist("drop"))
    form.is_valid()
    form.held += form.pictures
    if len(form.held) > left:
        form.held = form.held[:left]
        form.add_error(
            "photos",
            ngettext("还能加 %(num)s 张；多出来的没有留下。", "还能加 %(num)s 张；多出来的没有留下。", left)
            % {"num": left},
        )
    return form


@public
@secret
@own
@sending
def withdraw(request: HttpRequest, matter: "Matter", token: str) -> HttpResponse:
    """撤回 — asked once more on the page before it comes here."""
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return show(request, matter, token, withdrawing=form, status=422)
    if matter.state == State.WITHDRAWN:
        return back(request, matter, token, _("已经撤回了。"))
    try:
        service.withdraw(matter, why=form.cleaned_data["why"], by=Actor.resident())
    except NotNow as error:
        return show(request, matter, token, withdrawing=form, moved=str(error), status=409)
    return back(request, matter, token, _("已经撤回，不再办理。记录还在这里。"))


@public
@secret
@own
@sending
def rate(request: HttpRequest, matter: "Matter", token: str) -> HttpResponse:
    """评价 — solved, and how satisfied."""
    form = RateForm(request.POST)
    if not form.is_valid():
        return show(request, matter, token, rating=form, solved="yes", status=422)
    followed = along.follow(matter)
    if followed.has_rated(form.cleaned_data["satisfaction"]):
        return back(request, matter, token, _("您的评价已经收到了。"))
    try:
        typed = form.cleaned_data
        service.rate(matter, satisfaction=typed["satisfaction"], comment=typed["comment"], by=Actor.resident())
    except NotNow as error:
        return show(request, matter, token, rating=form, solved="yes", moved=str(error), status=409)
    done = _("谢谢您的评价，记下了。") if followed.held else _("谢谢您的评价。这件事办结了。")
    return back(request, matter, token, done)


@public
@secret
@own
@sending
def reopen(request: HttpRequest, matter: "Matter", token: str) -> HttpResponse:
    """没解决 — the resident's no outranks our done."""
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return show(request, matter, token, reopening=form, solved="no", status=422)
    if along.follow(matter).lead.is_in_hand and _said_already(matter, form.cleaned_data["why"]):
        return back(request, matter, token, _("刚才已经收到了，正在重新办。"))
    try:
        service.reopen(matter, why=form.cleaned_data["why"], by=Actor.resident())
    except NotNow as error:
        return show(request, matter, token, reopening=form, solved="no", moved=str(error), status=409)
    return back(request, matter, token, _("知道了，重新办。新的期限已经开始算。"))


@public
@secret
@own
@sending
def channel(request: HttpRequest, matter: "Matter", token: str) -> HttpResponse:
    """怎么告诉您 — on the page only, or by text message too."""
    chosen = request.POST.get("channel", "")
    if chosen not in notices.CHANNELS or (chosen == "sms" and not _may_text(matter)):
        return show(request, matter, token, status=422)
    notices.choose_channel(matter.number, chosen)
    said = _("记下了，有进展会发短信告诉您。") if chosen == "sms" else _("记下了，不再发短信；进展在这个页面上看。")
    return back(request, matter, token, said)


def _may_text(matter: "Matter") -> bool:
    """Is there a gateway, and did they leave a number?"""
    return bool(settings.SMS_URL) and matter.visibility != "anonymous"


@public
@secret
@require_safe
@own
def proof_page(request: HttpRequest, matter: "Matter", token: str) -> HttpResponse:
    """验真 — what was sealed, and how to check it without believing us."""
    found = seals.proof(matter.subject)
    context = {
        "matter": matter,
        "token": token,
        "proof": found,
        "head_hash": bytes(found.head.hash).hex() if found else "",
        "root": bytes(found.seal.root).hex() if found else "",
        "place_name": place_name(None),
    }
    return pages.page(request, "resident/proof.jinja", context)


@public
@secret
@require_safe
@own
def proof(request: HttpRequest, matter: "Matter", token: str) -> HttpResponseBase:
    """Everything a stranger needs to check the seal with a few lines of any language."""
    del request, token
    found = seals.proof(matter.subject)
    if found is None:
        raise Http404("这一件还没有封存；每天零点以后封存前一天的记录。")
    response = JsonResponse(found.document(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'inline; filename="proof.json"'
    return response


def _about(matter: "Matter", token: str) -> dict[str, Any]:
    """What both pages about one matter say."""
    followed = along.follow(matter)
    lead = followed.lead
    township = next((each for each in (matter.township_id, matter.county_id) if each), None)
    overdue = lead.is_in_hand and lead.due_at < clock.now()
    return {
        "matter": matter,
        "lead": lead,
        "followed": followed,
        "token": token,
        "place": queries.place_words(matter),
        "place_name": place_name(territory.area(township)) if township else place_name(None),
        "overdue": overdue,
        "pressed": supervision.told(lead.grade),
        "tone": steps.tone_of(lead.state, overdue=overdue),
        "word": steps.word_of(lead.state, overdue=overdue),
        "rule": steps.rule_of(lead.due_rule, "handle"),
    }


def show(
    request: HttpRequest,
    matter: "Matter",
    token: str,
    *,
    solved: str = "",
    adding: AddForm | None = None,
    key: str = "",
    lost: bool = False,
    withdrawing: WithdrawForm | None = None,
    rating: RateForm | None = None,
    reopening: ReopenForm | None = None,
    looking: SecondLookForm | None = None,
    moved: str = "",
    wait: str = "",
    status: int = 200,
) -> HttpResponse:
    def photo_url(key: str, *, small: bool = False) -> str:
        return f"{reverse('resident:photo', args=[key])}?n={matter.number}&t={token}{'&small=1' if small else ''}"

    if moved:
        matter.refresh_from_db()
    photos = queries.photos_of(matter)
    moves = {move.name for move in LIFE.open_from(matter.state)}
    looks = queries.looks_at(matter)
    purposes = rulebook.current(RevealReasons).list
    about = _about(matter, token)
    followed, lead = about["followed"], about["lead"]
    outcome = rulebook.current(Outcomes).list.find(lead.outcome)
    ratings = rulebook.current(Ratings).list.items
    story = followed.story()
    context = about | {
        "steps": steps.steps_of(lead, story, photos, photo_url),
        "papers": queries.attachments_of(matter, for_resident=True)
        if any(each.move == "attach" for each in story)
        else [],
        "consent": consent_words(matter) if any(isinstance(each.fact, MatterSpokenFor) for each in story) else "",
        "parts": _parts(lead),
        "asked": followed.asked,
        "solved": solved if solved in {"yes", "no"} else "",
        "may_add": "add" in moves,
        "may_withdraw": "withdraw" in moves,
        "may_reopen": "reopen" in moves or followed.may_reopen,
        "adding": adding or AddForm(),
        "key": key or new_key(),
        "held": inline(adding.held) if adding else [],
        "photos_lost": lost,
        "add_open": adding is not None,
        "withdrawing": withdrawing or WithdrawForm(),
        "withdraw_open": withdrawing is not None,
        "rating": rating or RateForm(),
        "ratings": [(str(each.score), rulebook.label(each)) for each in sorted(ratings, key=lambda each: -each.score)],
        "reopening": reopening or ReopenForm(),
        "looks": [
            {
                "office": office_words(each.office),
                "at": each.at,
                "purpose": _named(purposes.find(each.purpose), each.purpose),
            }
            for each in looks
        ],
        "outcome": _named(outcome, ""),
        "sealed": seals.newest(matter.subject),
        "looking": looking or SecondLookForm(),
        "may_urge": "urge" in moves or ("urge_along" in moves and lead.state in LIFE.urge.sources),
        "urge_again": exclusions.next_urging(matter),
        "now": clock.now(),
        "moved": moved,
        "wait": wait,
        "may_text": _may_text(matter),
        "channel": told.channel_of(matter.number) if _may_text(matter) else "page",
        "photos_left": max(0, MOST_PHOTOS - len(photos)),
    }
    if matter.state in {State.EXCLUDED, State.SECOND_LOOK}:
        context |= exclusions.told(matter)
        context["may_look"] = "ask_second_look" in moves and exclusions.may_ask_again(matter)
    return pages.page(request, "resident/follow.jinja", context, status=status)


def _parts(lead: "Matter") -> list[dict[str, Any]]:
    """Every part of a matter that several bodies have: whose, how far, until when, what came of it."""
    if lead.state != State.SPLIT:
        return []
    now = clock.now()
    return [
        {
            "suffix": each.number.rpartition("-")[2],
            "what": each.title,
            "body": each.handler,
            "tone": steps.tone_of(each.state, overdue=each.is_in_hand and each.due_at < now),
            "word": steps.word_of(each.state, overdue=each.is_in_hand and each.due_at < now),
            "due_at": each.due_at if each.is_in_hand else None,
            "reply": each.reply,
        }
        for each in together.parts_of(lead)
    ]


def _named(item: RuleItem | None, otherwise: str) -> str:
    return rulebook.label(item) if item is not None else otherwise


def _said_already(matter: "Matter", said: str) -> bool:
    """The same words a moment ago: a second tap, not a second wish."""
    last = queries.story(matter, for_resident=True)[-1]
    return bool(said) and last.said == said and last.move in {"add", "reopen", "reopen_for_triage", "reopen_along"}


def back(request: HttpRequest, matter: "Matter", token: str, say: str) -> HttpResponse:
    messages.success(request, say)
    return HttpResponseRedirect(reverse("resident:follow", args=[matter.number, token]))
