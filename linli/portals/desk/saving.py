"""常用筛选 — saved views: kept, shared, edited, taken over. They hold what to ask, never what was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from linli.kernel import clock, text
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Appointment
from linli.mechanisms.access.queries import in_office
from linli.portals.desk.models import Phrase, SavedView, Sharing
from linli.portals.desk.rules import DeskView, DeskViews

MOST = 40
"""So many views one person keeps; more are not found again."""
LONGEST = 20
KEPT = ("view", "area", "category", "risk", "q", "order")
"""What of an address is kept: never a cursor, never anything that names a person."""


class BadNameError(ValueError):
    """The name is missing, too long or taken, or there are too many; the sentence says which."""


@dataclass(frozen=True)
class Offered:
    """A view in the queue's bar: one's own, a colleague's, or the post's default."""

    name: str
    asked: str
    whose: str = ""
    """Who shares it; empty for one's own and for a default."""


def canonical(asked: str | Mapping[str, str]) -> str:
    """The part of an address that is kept, always in the same order and without what is empty."""
    pairs = dict(parse_qsl(asked.lstrip("?"), keep_blank_values=False)) if isinstance(asked, str) else dict(asked)
    kept = {name: text.clean(pairs[name])[:100] for name in KEPT if pairs.get(name)}
    return urlencode({name: value for name, value in kept.items() if value})


def offered(actor: Actor) -> list[Offered]:
    """Own views first, then those shared with the post's body or area, then the post's defaults. One statement."""
    found = _reached(actor).order_by("turn", "id").values_list("name", "asked", "person_id", "person__name")
    rows = list(found[: 3 * MOST])
    own = [Offered(name, asked) for name, asked, keeper, _name in rows if keeper == actor.person_id]
    shared = [Offered(name, asked, whose) for name, asked, keeper, whose in rows if keeper != actor.person_id]
    return own + shared + defaults(actor.post)


def defaults(post: str) -> list[Offered]:
    """What the city's list gives a kind of post to begin with; nothing before a city has such a list."""
    try:
        items = rulebook.current(DeskViews).list.items
    except rulebook.NoRuleError:
        return []
    return [Offered(rulebook.label(each), _address(each)) for each in items if post in each.posts]


def _address(item: DeskView) -> str:
    risk = "" if item.risk is None else str(item.risk)
    asked = {"view": item.view, "category": item.category or "", "risk": risk, "q": item.words, "order": item.order}
    return canonical(asked)


def managed(actor: Actor) -> list[SavedView]:
    """What the page of views lists: own and shared ones, with whose they are."""
    return list(_reached(actor).select_related("person", "body", "area").order_by("turn", "id"))


def _reached(actor: Actor) -> "QuerySet[SavedView]":
    return SavedView.objects.filter(reached_by(actor))


def reached_by(actor: Actor) -> Q:
    """Own rows, those shared with the actor's body, and those shared with an area the actor's own lies in."""
    around = [int(each) for each in actor.area_path.split("/") if each]
    return Q(person_id=actor.person_id) | Q(body_id=actor.body_id, body__isnull=False) | Q(area_id__in=around)


# --- Writing ----------------------------------------------------------------------------------------------------------
def keep(asked: str, *, name: str, sharing: str, by: Actor) -> SavedView:
    """存成常用 — under a name of one's own. Raises BadNameError."""
    name = named(name)
    if SavedView.objects.filter(person_id=person_of(by)).count() >= MOST:
        raise BadNameError(_("已经存了 %(most)s 个常用筛选，请先删去几个不用的。") % {"most": MOST})
    last = SavedView.objects.filter(person_id=person_of(by)).aggregate(last=Max("turn"))["last"]
    row = SavedView(person_id=person_of(by), asked=canonical(asked), turn=(last or 0) + 1)
    return _put(row, name, sharing, by)


def edit(view: SavedView, *, name: str, sharing: str, by: Actor) -> SavedView:
    """改名、改给谁用. Raises BadNameError, Refused for what is somebody else's."""
    own(view, by)
    return _put(view, named(name), sharing, by)


def move(view: SavedView, *, up: bool, by: Actor) -> None:
    """往前、往后 — its place in the bar, which is the key it answers to."""
    own(view, by)
    mine = list(SavedView.objects.filter(person_id=person_of(by)).order_by("turn", "id"))
    at = next(n for n, each in enumerate(mine) if each.pk == view.pk)
    to = min(max(at + (-1 if up else 1), 0), len(mine) - 1)
    mine.insert(to, mine.pop(at))
    for n, each in enumerate(mine, start=1):
        each.turn = n
    SavedView.objects.bulk_update(mine, ["turn"])


def delete(view: SavedView, *, by: Actor) -> None:
    """删去."""
    own(view, by)
    view.delete()


def take_over(view: SavedView, *, by: Actor) -> SavedView:
    """接过来 — a shared view whose keeper has left; while they are in office, one keeps a copy of one's own."""
    if view.person_id != by.person_id and still_here(view):
        name = view.name if not _taken(view.name, by) else f"{view.name[: LONGEST - 2]}·2"
        return keep(view.asked, name=name, sharing=Sharing.OWN, by=by)
    if _taken(view.name, by) and view.person_id != by.person_id:
        view.name = f"{view.name[: LONGEST - 2]}·2"
    view.person_id, view.at = person_of(by), clock.now()
    try:
        with transaction.atomic():
            view.save(update_fields=["person", "name", "at"])
    except IntegrityError:
        raise BadNameError(_("您已经有一个叫这个名字的，请先改一个名字。")) from None
    return view


def still_here(row: SavedView | Phrase) -> bool:
    """Does its keeper still hold a post where it is shared?"""
    day = clock.today()
    held = Appointment.objects.filter(in_office(day), person_id=row.person_id, person__is_active=True)
    if row.body_id is not None:
        return held.filter(post__body_id=row.body_id).exists()
    if row.area is not None:
        return held.filter(post__area__path__startswith=row.area.path).exists()
    return held.exists()


def get(pk: int, *, by: Actor) -> SavedView:
    """One that the actor finds in their bar, or 404."""
    found = _reached(by).select_related("area").filter(pk=pk).first()
    if found is None:
        raise Http404("没有这个常用筛选。")
    return found


# --- Shared with standard texts -----------------------------------------------------------------------------------------
def named(name: str) -> str:
    """A name that can be shown in a bar. Raises BadNameError."""
    name = text.clean(name)
    if not name or "\n" in name:
        raise BadNameError(_("请起一个名字，几个字就行。"))
    if len(name) > LONGEST:
        raise BadNameError(_("名字最多 %(most)s 个字，现在是 %(n)s 个。") % {"most": LONGEST, "n": len(name)})
    return name


def person_of(by: Actor) -> int:
    """The person who acts. Raises Refused for who is nobody in particular."""
    if by.person_id is None:
        raise Refused(_("请以本人的岗位登录。"))
    return by.person_id


def own(row: SavedView | Phrase, by: Actor) -> None:
    """Only its keeper changes it. Raises Refused."""
    if row.person_id != by.person_id:
        raise Refused(_("这是%(who)s存的，只有本人能改。可以先拿一份自己的。") % {"who": row.person.name})


def share(row: SavedView | Phrase, sharing: str, by: Actor) -> None:
    """Who else finds it: nobody, the post's body or the post's area."""
    row.body_id = by.body_id if sharing == Sharing.BODY else None
    row.area_id = by.area_id if sharing == Sharing.AREA else None


def _taken(name: str, by: Actor) -> bool:
    return SavedView.objects.filter(person_id=person_of(by), name=name).exists()


def _put(row: SavedView, name: str, sharing: str, by: Actor) -> SavedView:
    row.name, row.at = name, clock.now()
    share(row, sharing, by)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise BadNameError(_("您已经有一个叫“%(name)s”的，请换个名字。") % {"name": name}) from None
    return row
