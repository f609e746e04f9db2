"""The Jinja2 environment of every page of ours: where templates are found, and the words they may use."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest
from django.template.utils import get_app_template_dirs
from django.templatetags.static import static as django_static
from django.urls import NoReverseMatch, reverse
from django.utils.html import json_script
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, Undefined
from markupsafe import Markup, escape

from linli.kernel import clock, masking
from linli.kernel.rules import Worded
from linli.mechanisms import rulebook
from linli.mechanisms.access.words import office_words, title_words

WEEKDAYS = "一二三四五六日"
HAN = re.compile("[\u3400-\u9fff]")
ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class OurTemplates(FileSystemLoader):
    """Templates of ours end in .jinja; all others belong to Django's own engine (allauth's pages)."""

    def get_source(self, environment: Environment, template: str) -> Any:
        """Refuse, at once, a name that is not ours."""
        if not template.endswith(".jinja"):
            raise TemplateNotFound(template)
        return super().get_source(environment, template)


class Strict(StrictUndefined):
    """In tests and development a name nobody gave is an error; a key a dictionary lacks is only false when asked."""

    def __bool__(self) -> bool:  # type: ignore[override]  # Jinja says it never answers; here it sometimes does.
        """False for a missing key of a dictionary: pieces take `{"word": …}` with the optional keys left out."""
        if isinstance(self._undefined_obj, dict):
            return False
        return super().__bool__()


class Pieces:
    """Every macro of `templates/pieces/`, by its name, in every template: `{{ ui.status("done", _("已办结")) }}`.

    An object and not an import, because a block rendered alone for htmx does not see what its file imports.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._files: dict[str, str] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._files:
            self._look()
        try:
            file = self._files[name]
        except KeyError:
            raise AttributeError(f"no piece is called {name!r}; see /pieces/") from None
        piece = getattr(self._environment.get_template(file).module, name)
        if not self._environment.auto_reload:
            setattr(self, name, piece)  # The next time it is found without coming here.
        return piece

    def _look(self) -> None:
        names = self._environment.list_templates(filter_func=lambda name: name.startswith("pieces/"))
        for file in names:
            for name in vars(self._environment.get_template(file).module):
                if not name.startswith("_"):
                    self._files.setdefault(name, file)


static = lru_cache(maxsize=256)(django_static)
"""The address of a file of ours; which version of it is served does not change while the process runs."""


# --- What a template may call ----------------------------------------------------------------------------------------
def said(message: str, **values: object) -> Markup:
    """`_("…")` in a template: the sentence in the language of the page, with the values it names escaped into it."""
    return _said(message, get_language()) % values


@lru_cache(maxsize=4096)
def _said(message: str, language: str | None) -> Markup:
    """A page asks for a hundred sentences, and for the same ones as the page before."""
    del language  # What gettext answers in; part of what is remembered.
    return Markup(gettext(message))  # noqa: S704  Sentences are ours.


@lru_cache(maxsize=4096)
def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a view. A page asks for dozens, and for the same ones as the page before."""
    return reverse(name, args=args, kwargs=kwargs) if args or kwargs else reverse(name)


def url_if(name: str, *args: object) -> str:
    """The address of a view, or nothing where that app is not installed."""
    try:
        return url(name, *args)
    except NoReverseMatch:
        return ""


def here(request: HttpRequest, **changes: object) -> str:
    """This page's address with some of its query changed; None takes a part away."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        elif isinstance(value, (list, tuple)):
            query.setlist(name, [str(one) for one in value])
        else:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def qr(text: str) -> Markup:
    """A QR code as an inline drawing; medium error correction survives a scratched wall card."""
    drawing = segno.make(text, error="m", micro=False).svg_inline(
        scale=1, border=4, omitsize=True, svgclass="qr-drawing", lineclass="qr-dots"
    )
    return Markup(drawing)  # noqa: S704  segno draws paths; the text itself is not in the drawing.


# --- Filters ---------------------------------------------------------------------------------------------------------
def _in_city(moment: datetime) -> datetime:
    return moment.astimezone(clock.CITY)


def day(value: date | datetime | None) -> str:
    """10月14日 星期二; Tue 14 Oct. The year is said when it is not this one."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = _in_city(value).date()
    other_year = value.year != clock.today().year
    if rulebook.is_english():
        text = f"{ENGLISH_DAYS[value.weekday()]} {value.day} {ENGLISH_MONTHS[value.month - 1]}"
        return f"{text} {value.year}" if other_year else text
    text = f"{value.month}月{value.day}日 星期{WEEKDAYS[value.weekday()]}"
    return f"{value.year}年{text}" if other_year else text


def hour(value: datetime | None) -> str:
    """15:30."""
    return "–" if value is None else f"{_in_city(value):%H:%M}"


def when(value: datetime | None) -> str:
    """10月14日 星期二 15:30; Tue 14 Oct 15:30."""
    return "–" if value is None else f"{day(value)} {hour(value)}"


def iso(value: date | datetime) -> str:
    """For the `datetime` attribute of `<time>`."""
    return _in_city(value).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def _span(span: timedelta) -> tuple[str, int]:
    minutes = int(span.total_seconds() // 60)
    if minutes >= 24 * 60:
        return "days", minutes // (24 * 60)
    if minutes >= 60:
        return "hours", minutes // 60
    return "minutes", max(minutes, 1)


def until(due: datetime | None) -> str:
    """还有3天, 已超2天: what is left, or how far over, in the largest whole unit."""
    if due is None:
        return ""
    left = due - clock.now()
    unit, n = _span(abs(left))
    over = left < timedelta(0)
    match unit:
        case "days":
            words = ngettext("已超%(n)s天", "已超%(n)s天", n) if over else ngettext("还有%(n)s天", "还有%(n)s天", n)
        case "hours":
            words = (
                ngettext("已超%(n)s小时", "已超%(n)s小时", n) if over else ngettext("还有%(n)s小时", "还有%(n)s小时", n)
            )
        case _:
            words = (
                ngettext("已超%(n)s分钟", "已超%(n)s分钟", n) if over else ngettext("还有%(n)s分钟", "还有%(n)s分钟", n)
            )
    return words % {"n": n}


def ago(moment: datetime | None) -> str:
    """3天前, 5小时前, 刚刚."""
    if moment is None:
        return ""
    past = clock.now() - moment
    if past < timedelta(minutes=1):
        return gettext("刚刚")
    unit, n = _span(past)
    words = {
        "days": ngettext("%(n)s天前", "%(n)s天前", n),
        "hours": ngettext("%(n)s小时前", "%(n)s小时前", n),
        "minutes": ngettext("%(n)s分钟前", "%(n)s分钟前", n),
    }
    return words[unit] % {"n": n}


def overdue(due: datetime | None) -> bool:
    """Has this moment passed?"""
    return due is not None and due < clock.now()


def number(value: float | None, places: int | None = None) -> str:
    """12,345; with `places`, 12,345.60. Nothing known is a dash, never a zero."""
    if value is None:
        return "–"
    return f"{value:,}" if places is None else f"{value:,.{places}f}"


def percent(share: float | None, places: int = 0) -> str:
    """0.923 is 92%."""
    return "–" if share is None else f"{share * 100:.{places}f}%"


def masked_phone(text: str | None) -> str:
    """138****5678."""
    return masking.mask_phone(text) if text else "–"


def with_breaks(text: str) -> Markup:
    """What a person typed, its line breaks kept; nobody translates it."""
    return in_chinese(Markup("<br>").join(str(text).splitlines()))


def device(user_agent: str) -> str:
    """What a browser calls itself, in words somebody recognises: "Android 手机 · 微信"."""
    machines = (
        ("iPhone", gettext("苹果手机")), ("iPad", gettext("苹果平板")), ("HarmonyOS", gettext("鸿蒙设备")),
        ("Android", gettext("安卓手机")), ("Windows", gettext("Windows 电脑")), ("Macintosh", gettext("苹果电脑")),
        ("Linux", gettext("Linux 电脑")),
    )  # fmt: skip
    browsers = (
        ("MicroMessenger", gettext("微信")), ("DingTalk", gettext("钉钉")), ("QQBrowser", gettext("QQ 浏览器")),
        ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
    )  # fmt: skip
    found = [next((name for mark, name in kinds if mark in user_agent), "") for kinds in (machines, browsers)]
    return " · ".join(filter(None, found)) or gettext("认不出的设备")


def in_chinese(words: object) -> Markup:
    """A name or somebody's own words, which no page translates: said to be Chinese where the page is not."""
    text = escape(words)
    if not rulebook.is_english() or not HAN.search(text):
        return text
    return Markup('<span lang="zh">{}</span>').format(text)


def without(attributes: Mapping[str, object], *names: str) -> dict[str, object]:
    """A dictionary less some of its keys."""
    return {name: value for name, value in attributes.items() if name not in names}


FILTERS = {
    "day": day,
    "when": when,
    "hour": hour,
    "clock": hour,
    "iso": iso,
    "until": until,
    "ago": ago,
    "number": number,
    "percent": percent,
    "masked_phone": masked_phone,
    "with_breaks": with_breaks,
    "without": without,
    "device": device,
    "json_script": json_script,
    "label": rulebook.label,
    "post_title": title_words,
    "office": office_words,
    "zh": in_chinese,
}


def template_folders(first: Iterable[str | Path]) -> list[str]:
    """The site's own folder, then every app's."""
    return [str(folder) for folder in (*first, *get_app_template_dirs("templates"))]


def map_pairs(items: Iterable[object], value: str, label: str) -> list[tuple[object, object]]:
    """Things as a select's options: `bodies | map_pairs("pk", "name")`. Lines of a list say theirs in the reader's language."""
    return [
        (getattr(each, value), rulebook.label(each, label) if isinstance(each, Worded) else getattr(each, label))
        for each in items
    ]


def environment(**options: Any) -> Environment:
    """Django calls this once per process."""
    options["loader"] = OurTemplates(template_folders(options["loader"].searchpath))
    options["undefined"] = Strict if settings.DEBUG or settings.TESTING else Undefined
    made = Environment(  # noqa: S701  Django passes autoescape=True.
        **options, extensions=["jinja2.ext.i18n", "jinja2.ext.do"], trim_blocks=True, lstrip_blocks=True
    )
    install = made.install_gettext_callables  # type: ignore[attr-defined]  # The i18n extension adds it.
    install(gettext=gettext, ngettext=ngettext, pgettext=pgettext, npgettext=npgettext, newstyle=True)
    made.globals["_"] = said
    made.policies["ext.i18n.trimmed"] = True
    made.filters.update(FILTERS, map_pairs=map_pairs)
    made.tests["overdue"] = overdue
    made.globals.update(url=url, url_if=url_if, static=static, here=here, qr=qr, now=clock.now, settings_of=settings_of)
    made.globals["ui"] = Pieces(made)
    return made


def settings_of(name: str) -> Any:
    """The few settings a page may show."""
    allowed = {"BASEMAP": settings.BASEMAP, "BASE_URL": settings.BASE_URL, "MAP_NOTE": gettext(settings.MAP_NOTE)}
    return allowed[name]
