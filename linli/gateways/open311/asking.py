"""What a caller asked, read with suspicion: every parameter as the specification names it, or the error it calls for."""

import hashlib
import math
import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from linli.kernel import clock, text
from linli.kernel.coordinates import Point
from linli.mechanisms import rulebook, territory
from linli.mechanisms.rulebook import city
from linli.work.matters.rules import Categories, Category
from linli.work.matters.words import LONGEST

FORM = "application/x-www-form-urlencoded"
LONGEST_SPAN = timedelta(days=90)
MOST = 1000
"""Requests in one answer, and ids that may be asked for at once; both limits are the specification's."""
FIRST_YEAR, LAST_YEAR = 2000, 2099
STATUSES = ("open", "closed")
LONGEST_ADDRESS, LONGEST_LINK = 120, 500
_BROKEN = "\ufffd"
_SPACE_FOR_PLUS = re.compile(r"(\d) (\d\d:?\d\d)$")
_PHONE = re.compile(r"\+?[\d()-]{5,20}")


class Wrong(Exception):  # noqa: N818  Reads as a sentence where it is raised.
    """The call cannot be answered as it is: the HTTP status, and a sentence for each thing that is wrong."""

    def __init__(self, status: int, *sentences: str, retry_after: int = 0) -> None:
        super().__init__("; ".join(sentences))
        self.status = status
        self.sentences = sentences
        self.retry_after = retry_after


# --- Every call --------------------------------------------------------------------------------------------------------
def read(request: HttpRequest) -> QueryDict:
    """The parameters of the query, and over them those of the body. Raises Wrong for bytes that are no UTF-8."""
    sent = [request.META.get("QUERY_STRING", "").encode("latin-1")]
    if request.method == "POST":
        if request.content_type not in {FORM, "multipart/form-data", ""}:  # Nothing sent says nothing of itself.
            raise Wrong(400, _("请用 %(form)s 发送。") % {"form": FORM})
        if request.content_type == FORM:
            sent.append(request.body)
    try:
        for each in sent:
            unquote_to_bytes(each).decode()
    except UnicodeDecodeError:
        raise Wrong(400, _("文字的编码不是 UTF-8。")) from None
    asked = request.GET.copy()
    if request.method == "POST":
        if request.FILES:
            raise Wrong(400, _("这里不收文件；照片可以写成 media_url。"))
        for name, values in request.POST.lists():
            asked.setlist(name, values)
    if any(_BROKEN in value for values in dict(asked.lists()).values() for value in values):
        raise Wrong(400, _("文字的编码不是 UTF-8。"))
    return asked


def word(asked: QueryDict, name: str) -> str:
    """One parameter, cleaned; one that is empty is one that is not there."""
    return text.clean(asked.get(name) or "")


def words(asked: QueryDict, name: str) -> list[str]:
    """A parameter that may come several times and with commas."""
    parts = (part.strip() for value in asked.getlist(name) for part in text.clean(value).split(","))
    return list(dict.fromkeys(part for part in parts if part))


def check_jurisdiction(asked: QueryDict) -> None:
    """One city answers here: its division code or its host name may be given, no other."""
    given = word(asked, "jurisdiction_id")
    host = (urlsplit(settings.BASE_URL).hostname or "").removeprefix("www.")
    if given and given.lower().removeprefix("www.") not in {city.head().city.code, host}:
        raise Wrong(404, _("没有这个 jurisdiction_id：%(given)s。") % {"given": given[:60]})


# --- Services ----------------------------------------------------------------------------------------------------------
def services() -> list[Category]:
    """The kinds of matters that may be filed here. Reports 举报 are not: nobody may stand between them and us."""
    return [item for item in rulebook.current(Categories).list.items if not item.is_report]


def service(code: str) -> Category:
    """One of them, or 404."""
    found = next((item for item in services() if item.code == code), None)
    if found is None:
        raise Wrong(404, _("没有这个 service_code：%(given)s。") % {"given": code[:60]})
    return found


# --- Which requests ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Sought:
    """What GET requests asks for. Numbers override everything else."""

    numbers: tuple[str, ...]
    codes: tuple[str, ...]
    statuses: tuple[str, ...]
    since: datetime
    until: datetime


def sought(asked: QueryDict) -> Sought:
    """Checked; without dates the most recent 90 days."""
    numbers = words(asked, "service_request_id")
    if len(numbers) > MOST:
        raise Wrong(400, _("一次最多问 %(most)s 个 service_request_id。") % {"most": MOST})
    codes = [service(code).code for code in words(asked, "service_code")]
    statuses = words(asked, "status")
    if not set(statuses) <= set(STATUSES):
        raise Wrong(400, _("status 只有 open 和 closed。"))
    since, until = moment(asked, "start_date"), moment(asked, "end_date", end=True)
    if until is None:
        until = clock.now() if since is None else min(since + LONGEST_SPAN, max(clock.now(), since))
    if since is None:
        since = until - LONGEST_SPAN
    if since > until:
        raise Wrong(400, _("start_date 不能晚于 end_date。"))
    if until - since > LONGEST_SPAN:
        raise Wrong(400, _("start_date 到 end_date 最多 90 天。"))
    return Sought(tuple(numbers), tuple(codes), tuple(statuses), since, until)


def moment(asked: QueryDict, name: str, *, end: bool = False) -> datetime | None:
    """A moment in the W3C's form. Without an offset it is the city's time; a day alone begins or ends at midnight."""
    given = _SPACE_FOR_PLUS.sub(r"\1+\2", word(asked, name))  # Who forgets to write + as %2B sends a space.
    if not given:
        return None
    try:
        found = parse_datetime(given) if ":" in given else None
        day = parse_date(given) if found is None else None
    except ValueError:
        found = day = None
    if day is not None:
        found = datetime.combine(day, time.max if end else time.min)
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Wrong(400, _("%(name)s 要写成 2026-01-01T00:00:00+08:00 这样的时刻。") % {"name": name})
    return found.replace(tzinfo=clock.CITY) if found.tzinfo is None else found


# --- A new request -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Submitted:
    """What POST requests says, checked but not yet placed."""

    code: str
    said: str
    point: Point | None
    place: str
    area_id: int | None
    name: str
    phone: str
    email: str
    public: bool

    @property
    def digest(self) -> str:
        """The same for the same words at the same place by the same person."""
        parts = (
            self.code,
            self.said,
            self.point,
            self.place,
            self.area_id,
            self.name,
            self.phone,
            self.email,
            self.public,
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def submitted(asked: QueryDict) -> Submitted:
    """Everything that is wrong is said at once."""
    code = word(asked, "service_code")
    if not code:
        raise Wrong(400, _("缺少 service_code。"))
    category = service(code)
    problems: list[str] = []
    point, area_id = _point(asked, problems), _area(asked, problems)
    place = _short(asked, "address_string", LONGEST_ADDRESS, problems)
    detail = _short(asked, "attribute[place]", LONGEST_ADDRESS, problems)
    if point is None and area_id is None and not place and not problems:
        problems.append(_("缺少地点：请给出 lat 和 long，或者 address_string，或者 address_id。"))
    link = _link(asked, problems)
    # What only a picture would tell is filed under the name of its kind.
    said = "\n".join(part for part in (word(asked, "description") or category.name, link) if part)
    if len(said) > LONGEST:
        problems.append(_("%(name)s 最多 %(most)s 个字。") % {"name": "description", "most": LONGEST})
    shown = word(asked, "attribute[public]") or "yes"
    if shown not in {"yes", "no"}:
        problems.append(_("attribute[public] 只有 yes 和 no。"))
    names = [_short(asked, name, 40, problems) for name in ("last_name", "first_name")]
    phone, email = _phone(asked, problems), _email(asked, problems)
    if problems:
        raise Wrong(400, *problems)
    return Submitted(
        category.code, said, point, " ".join(part for part in (place, detail) if part)[:LONGEST_ADDRESS], area_id,
        full_name(*names), phone, email, shown == "yes",
    )  # fmt: skip


def full_name(last: str, first: str) -> str:
    """赵 and 秀英 are 赵秀英; Smith and John are John Smith."""
    return f"{first} {last}".strip() if (first + last).isascii() else f"{last}{first}"


def _short(asked: QueryDict, name: str, most: int, problems: list[str]) -> str:
    given = " ".join(word(asked, name).split())
    if len(given) > most:
        problems.append(_("%(name)s 最多 %(most)s 个字。") % {"name": name, "most": most})
    return given


def _point(asked: QueryDict, problems: list[str]) -> Point | None:
    given = [word(asked, name) for name in ("long", "lat")]
    if not any(given):
        return None
    try:
        east, north = map(float, given)
    except ValueError:
        east = north = math.nan
    if not (-180 <= east <= 180 and -90 <= north <= 90):  # Also false for what is no number.
        problems.append(_("lat 和 long 要成对，写成十进制的度（WGS 84）。"))
        return None
    return Point(east, north)


def _area(asked: QueryDict, problems: list[str]) -> int | None:
    """The code of an area, as requests show it in address_id."""
    given = word(asked, "address_id")
    if not given:
        return None
    found = territory.by_code(given) if given.isascii() and given.isalnum() and len(given) <= 20 else None
    if found is None or found.level < 3:
        problems.append(_("没有这个 address_id：%(given)s。") % {"given": given[:60]})
        return None
    return found.id


def _link(asked: QueryDict, problems: list[str]) -> str:
    """A link to a picture: kept as words for whoever handles the matter, never opened by us."""
    given = word(asked, "media_url")
    if not given:
        return ""
    try:
        parts = urlsplit(given)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        whole = False
    if not whole or len(given) > LONGEST_LINK or any(char.isspace() for char in given):
        problems.append(
            _("media_url 要是 http:// 或 https:// 开头的网址，最多 %(most)s 个字。") % {"most": LONGEST_LINK}
        )
        return ""
    return given


def _phone(asked: QueryDict, problems: list[str]) -> str:
    given = "".join(word(asked, "phone").split())
    if given and not _PHONE.fullmatch(given):
        problems.append(_("phone 写得不对。"))
        return ""
    return given[:20]


def _email(asked: QueryDict, problems: list[str]) -> str:
    given = word(asked, "email")
    try:
        if given:
            validate_email(given)
    except ValidationError:
        problems.append(_("email 写得不对。"))
        return ""
    if len(given) > 254:
        problems.append(_("email 写得不对。"))
    return given
