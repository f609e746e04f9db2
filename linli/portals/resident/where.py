"""在哪里 — what the form offers when it does not know where: a few taps from county to village, a name, the last place."""

from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from linli.kernel import text
from linli.mechanisms import territory
from linli.mechanisms.rulebook import city
from linli.mechanisms.territory import Node
from linli.mechanisms.territory import queries as places
from linli.mechanisms.territory.models import Level
from linli.portals.resident.devices import YEAR
from linli.work.matters import proposals
from linli.work.matters.proposals import NobodyAnswersError

COOKIE, NEAR = "where", "near"
"""The place this device last sent something from, and the one it last looked around: codes, kept there and nowhere else."""
MOST_NAMED = 12
LONG = 40
"""A longer list stands under the letters its names begin with."""

Response = TypeVar("Response", bound=HttpResponseBase)


@dataclass(frozen=True)
class Call:
    """打电话 — whom one may call who would rather speak than tap."""

    name: str
    phone: str
    illustrative: bool = False


@dataclass(frozen=True)
class Offer:
    """What stands on the page to be tapped, and the sentence above it."""

    sentence: str
    within: Node | None = None
    choices: list[Node] = field(default_factory=list)
    whole_names: bool = False
    """The choices lie in different places: each says what it lies in."""

    @property
    def trail(self) -> list[Node]:
        """From the county down to where one is; tapped, they lead back up."""
        return [territory.area(each) for each in self.within.lineage[1:]] if self.within else []

    @property
    def groups(self) -> list[tuple[str, list[Node]]]:
        """The choices, under the letters their names begin with when there are many."""
        if self.whole_names or any(each.level < Level.COMMUNITY for each in self.choices):
            return [("", self.choices)]  # The likeliest first; counties and townships in the order everybody knows.
        ordered = sorted(self.choices, key=lambda each: each.pinyin_key)
        if len(ordered) <= LONG:
            return [("", ordered)]
        return [
            (letter, list(found)) for letter, found in groupby(ordered, key=lambda each: each.pinyin_key[:1].upper())
        ]

    @property
    def calls(self) -> list[Call]:
        """The body that receives matters here, and the city's line."""
        found = []
        if self.within is not None and self.within.level >= Level.TOWNSHIP:
            try:
                body = proposals.first_receiver(self.within.level, territory.slots(self.within.id))
            except NobodyAnswersError:
                body = None
            if body is not None and body.phone:
                found.append(Call(body.short_name, body.phone, body.illustrative))
        hotline = city.head().contact.hotline
        return [*found, Call(_("政务服务热线"), hotline)] if hotline else found


def parts(area: Node | None) -> list[Node]:
    """What one may tap next: counties, then townships, then villages and communities; below those, nothing."""
    outer = area or places.city()
    inner = territory.children(outer.id) if outer else []
    return [each for each in inner if each.level <= Level.COMMUNITY and not each.functional]


def narrow(area: Node | None, sentence: str = "") -> Offer:
    """The next taps inside an area; from nowhere, the counties."""
    ask = (
        _("点一下是哪个村、哪个社区。")
        if area and area.level == Level.TOWNSHIP
        else _("点一下是哪里，一步步到村、社区。")
    )
    return Offer(sentence or ask, area, parts(area))


def offer(said: str, wording: str, *, within: Node | None) -> Offer:
    """What to tap when the words did not say it: the places they may mean; if they name none, the parts of `within`."""
    for written in (wording, said):
        found = named(written, within) if written else []
        if len(found) == 1:
            return Offer(_("是这里吗？是就点一下。"), within, found, whole_names=True)
        if found:
            return Offer(_("这个名字不止一处，点一下是哪一个。"), within, found, whole_names=True)
    return narrow(within, _("还不知道在哪里。点一下，或者写上村、社区的名字。"))


def look(wording: str, *, within: Node | None) -> "Node | Offer":
    """找 — the one place a name means, or what to choose from."""
    found: list[Node] = []
    for inside in dict.fromkeys((within, None)):  # Here first; nothing of that name here: everywhere.
        found = found or named(wording, inside) or like(text.folded(wording), inside)[:MOST_NAMED]
    if len(found) == 1:
        return found[0]
    if found:
        return Offer(_("找到 %(n)s 处，点一下是哪一个。") % {"n": len(found)}, within, found, whole_names=True)
    if not wording:
        return narrow(within)
    return narrow(within, _("没有找到“%(name)s”。换个写法，或者在下面点。") % {"name": wording})


def named(wording: str, within: Node | None = None) -> list[Node]:
    """The places these words name, the likeliest first; only one, if they cannot mean another."""
    hits = territory.find(wording, within.id if within else None)
    if proposals.is_certain(hits):
        return [hits[0].area]
    found = [each.area for each in hits]
    above = {each for area in found for each in area.lineage[:-1]}
    return [area for area in found if area.id not in above and not area.functional][:MOST_NAMED]


def like(asked: str, within: Node | None = None) -> list[Node]:
    """Townships, villages and communities with these characters or this pinyin in their name."""
    asked = asked.replace(" ", "")
    if len(asked) < (3 if asked.isascii() else 1):
        return []
    first: list[Node] = []
    then: list[Node] = []
    inside = within.id if within else None
    for area in (*territory.areas(Level.TOWNSHIP, inside), *territory.areas(Level.COMMUNITY, inside)):
        key = area.pinyin_key.replace(" ", "") if asked.isascii() else area.name
        if key.startswith(asked):
            first.append(area)
        elif asked in key:
            then.append(area)
        if len(first) + len(then) > 200:
            break
    return first + then


def last(request: HttpRequest, cookie: str = COOKIE) -> Node | None:
    """上次的地方 — the place this device keeps, if it still stands; a county is too large to be one."""
    code = request.COOKIES.get(cookie, "")
    area = territory.by_code(code) if code.isascii() and code.isalnum() and len(code) <= 20 else None
    return area if area and area.level >= Level.TOWNSHIP else None


def remember(response: Response, area: Node, cookie: str = COOKIE) -> Response:
    """Let the device keep the place, as a village or community at the finest: not where somebody stands."""
    if area.level > Level.COMMUNITY:
        area = next((each for each in territory.ancestors(area.id) if each.level == Level.COMMUNITY), area)
    response.set_cookie(
        cookie, area.code, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def forget(response: Response) -> Response:
    """The device no longer keeps what it looked around."""
    response.delete_cookie(NEAR, samesite="Lax")
    return response
