"""Every read of notices and front pages. For neighbours by place; for staff from visible_to(actor)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.mechanisms import flow, journal, rulebook, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.words import title_words
from linli.mechanisms.territory import Node
from linli.mechanisms.territory import queries as places
from linli.work.announcements import rules
from linli.work.announcements.flow import LIFE, State
from linli.work.announcements.models import Announcement, FrontPage, FrontPicture, Wording
from linli.work.announcements.rules import Kind, Kinds

MOST_LISTED = 200
MOST_PAST = 50
VIEWS = ("standing", "ended", "withdrawn", "all")


# --- For neighbours -----------------------------------------------------------------------------------------------
def concerning(area: Node, *, limit: int = 20) -> list[Announcement]:
    """What stands and concerns whoever lives here: told to this place, to what it lies in, or to a part of it.

    What begins or began nearest to now stands first: tomorrow's water cut before the road works of a month. Withdrawn
    and over is not shown, whether or not the timer has marked it.
    """
    now = clock.now()
    rows = _of(area).filter(state=State.PUBLISHED, until_at__gt=now).order_by("-published_at", "-id")[:MOST_LISTED]
    return sorted(rows, key=lambda each: (abs(each.begins_at - now), each.pk))[:limit]


def past(area: Node, *, limit: int = MOST_PAST) -> list[Announcement]:
    """What stood once, the last first: over or withdrawn."""
    rows = _of(area).filter(~Q(state=State.PUBLISHED) | Q(until_at__lte=clock.now()))
    return list(rows.order_by("-until_at", "-id")[:limit])


def fed(area: Node, *, limit: int = MOST_PAST) -> list[Announcement]:
    """Everything of late, newest first, for a feed: whoever follows learns of a withdrawal too."""
    return list(_of(area).order_by("-published_at", "-id")[:limit])


def _of(area: Node) -> QuerySet[Announcement]:
    here = Q(area__in=area.lineage) | Q(area__path__startswith=area.path)
    return Announcement.objects.filter(here).select_related("area", "body")


def public_one(number: str) -> Announcement:
    """One notice by its number, whatever became of it; or 404."""
    found = None
    if "\x00" not in number:
        found = Announcement.objects.select_related("area", "body").filter(number=number[:20]).first()
    if found is None:
        raise Http404(_("没有这份告知。"))
    return found


def wordings(announcement: Announcement) -> list[Wording]:
    """All its editions, the one that holds first."""
    return list(announcement.wordings.order_by("-edition"))


def latest(announcements: Iterable[Announcement]) -> dict[int, Wording]:
    """The edition that holds of each, by the notice's id."""
    wanted = {each.pk: each.edition for each in announcements}
    rows = Wording.objects.filter(announcement__in=wanted)
    return {each.announcement_id: each for each in rows if each.edition == wanted[each.announcement_id]}


def kinds() -> tuple[Kind, ...]:
    """The kinds of notices, as they are today."""
    return rulebook.current(Kinds).list.items


def kind_name(code: str) -> str:
    """A kind by name; by its code once the list has dropped it."""
    item = rulebook.current(Kinds).list.find(code)
    return rulebook.label(item) if item else code


# --- 街道主页 -----------------------------------------------------------------------------------------------------
def township(word: str) -> Node:
    """The township or street whose front page this is, by its code or short address; else 404."""
    found = None
    if rules.is_alias(word):
        page = FrontPage.objects.filter(alias=word).values_list("area_id", flat=True).first()
        found = territory.area(page) if page else None
    elif word.isascii() and word.isalnum() and len(word) <= 20:
        found = territory.by_code(word)
    if found is None or found.level != rules.TOWNSHIP or found.functional or found.valid_to is not None:
        raise Http404(_("没有这个乡镇（街道）。"))
    return found


def township_of(area: Node) -> Node | None:
    """The township or street an area is or lies in; None above that tier."""
    lineage = (territory.area(each) for each in area.lineage)
    return next((each for each in lineage if each.level == rules.TOWNSHIP and not each.functional), None)


def front_page(area: Node) -> FrontPage:
    """How the street greets; an empty page where it has said nothing yet."""
    return FrontPage.objects.filter(area=area.id).first() or FrontPage(area_id=area.id, updated_at=clock.now())


def address_word(area: Node, page: FrontPage) -> str:
    """What stands in its address: the short one, else the code."""
    return page.alias or area.code


def picture(area: Node) -> FrontPicture:
    """The picture of a street's page; else 404."""
    found = FrontPicture.objects.filter(pk__in=FrontPage.objects.filter(area=area.id).values("picture")).first()
    if found is None:
        raise Http404(_("没有这张图片。"))
    return found


# --- For staff ----------------------------------------------------------------------------------------------------
def visible_to(actor: Actor) -> QuerySet[Announcement]:
    """The notices to areas within this post's scope."""
    if actor.kind == "system":
        return Announcement.objects.all()
    reads = actor.kind == "staff" and actor.has("announcements.publish")
    if not (reads and actor.scope == "area" and actor.area_path):
        return Announcement.objects.none()
    return Announcement.objects.filter(area__path__startswith=actor.area_path)


def get(actor: Actor, number: str) -> Announcement:
    """One notice, or 404: outside a post's scope it is read as everybody reads it."""
    rows = visible_to(actor).select_related("area", "body")
    found = rows.filter(number=number[:20]).first() if "\x00" not in number else None
    if found is None:
        raise Http404(_("没有这份告知，或不在您的管辖范围内。"))
    return found


def listed(actor: Actor, *, view: str = "standing") -> list[Announcement]:
    """What stands, what begins first at the top; what is over, the last first."""
    rows = visible_to(actor).select_related("area", "body").filter(_in_view(view))
    order = ("begins_at", "id") if view == "standing" else ("-until_at", "-id")
    return list(rows.order_by(*order)[:MOST_LISTED])


def counts(actor: Actor) -> dict[str, int]:
    """How many there are in each view."""
    return visible_to(actor).aggregate(**{view: Count("pk", filter=_in_view(view)) for view in VIEWS})


def _in_view(view: str) -> Q:
    now = clock.now()
    match view:
        case "ended":
            return Q(state=State.ENDED) | Q(state=State.PUBLISHED, until_at__lte=now)
        case "withdrawn":
            return Q(state=State.WITHDRAWN)
        case "all":
            return Q(pk__isnull=False)
        case _:
            return Q(state=State.PUBLISHED, until_at__gt=now)


def areas_for(actor: Actor) -> list[Node]:
    """The places this post may tell something: its own area, and its parts down to the grids, each under what it lies in."""
    if actor.area_id is None or actor.scope != "area":
        return []
    found = [territory.area(each) for each in places.subtree_ids(actor.area_id)]
    return sorted((each for each in found if not each.functional and each.level <= 5), key=lambda each: each.path)


def open_moves(announcement: Announcement, actor: Actor) -> dict[str, flow.Move]:
    """The moves this actor may make now; what the page offers. The service decides again."""
    if not announcement.stands or not access.reaches_area(actor, announcement.area.path):
        return {}
    return {move.name: move for move in LIFE.open_from(announcement.state) if actor.has(move.power)}


@dataclass(frozen=True)
class Happened:
    """One line of a notice's story."""

    at: datetime
    move: str
    label: str
    who: str


def story(announcement: Announcement) -> list[Happened]:
    """The journal of a notice as an official reads it."""
    lines = []
    for heard in journal.history(announcement.subject):
        author = heard.author
        office = " ".join(part for part in (author.office, title_words(author.post), author.name) if part)
        label = str(LIFE.moves[heard.move].label) if heard.move in LIFE.moves else heard.move
        lines.append(Happened(heard.at, heard.move, label, office if author.kind == "staff" else _("系统")))
    return lines


def standing_under(_key: str, codes: Iterable[str]) -> rulebook.Affected:
    """Standing notices of kinds that a change of the list would touch."""
    rows = Announcement.objects.filter(state=State.PUBLISHED, kind__in=list(codes)).order_by("until_at", "id")
    return rulebook.Affected("正在告知的", rows.count(), tuple(rows.values_list("number", flat=True)[:5]))
