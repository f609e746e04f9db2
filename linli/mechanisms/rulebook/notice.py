"""Reading the State Council's notice (国务院办公厅关于…年部分节假日安排的通知) as it is published.

An official pastes its text; linli reads the days out of it, checks the weekdays and the counts the notice itself
gives, and shows what it understood before anything is enacted.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.mechanisms.rulebook.words import is_english

_HOLIDAYS = {
    "元旦": ("new-year", "New Year"),
    "春节": ("spring-festival", "Spring Festival"),
    "清明": ("tomb-sweeping", "Tomb-Sweeping Day"),
    "劳动": ("labour-day", "Labour Day"),
    "端午": ("dragon-boat", "Dragon Boat Festival"),
    "中秋": ("mid-autumn", "Mid-Autumn Festival"),
    "国庆": ("national-day", "National Day"),
}
_PARAGRAPH = re.compile(r"(?:[一二三四五六七八九十]+、\s*)?([一-鿿、和与]{2,12}?)\s*[：:]\s*(.+)")
_DAY = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:[（(]([^）)]*)[）)])?")
_SPAN = re.compile(rf"{_DAY.pattern}(?:\s*[至到—\-]+\s*{_DAY.pattern})?")
_COUNT = re.compile(r"(?:共|放假)\s*(\d{1,2})\s*天")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_WEEKDAYS = {char: number for number, char in enumerate("一二三四五六日")} | {"天": 6}


@dataclass(frozen=True)
class Notice:
    """What was understood: items ready for a calendar list, and sentences about what was not."""

    items: tuple[dict[str, Any], ...]
    problems: tuple[str, ...]


def read(year: int, text: str) -> Notice:
    """The days off and the make-up days of a notice for one year."""
    items: list[dict[str, Any]] = []
    problems: list[str] = []
    for line in text.splitlines():
        found = _PARAGRAPH.match(line.strip())
        if found is None or not any(word in found[1] for word in _HOLIDAYS):
            continue
        item = _item(year, found[1], found[2], problems)
        if item is not None and any(item["code"] == other["code"] for other in items):
            problems.append(_("“%(holiday)s”出现了两次。") % {"holiday": found[1]})
        elif item is not None:
            items.append(item)
    if not items and not problems:
        problems.append(_("没有读到任何节日安排。请从通知里复制“一、元旦：…”到“七、国庆节：…”这几段，每个节日一行。"))
    missing = [word for word in _HOLIDAYS if items and not any(word in item["name"] for item in items)]
    if missing:
        problems.append(
            _("没有读到：%(holidays)s。通知每年都有七个节日（两个节日连休时写在一段里），请核对。")
            % {"holidays": _("、").join(_HOLIDAYS[word][1] if is_english() else word for word in missing)}
        )
    return Notice(tuple(items), tuple(problems))


def _item(year: int, name: str, text: str, problems: list[str]) -> dict[str, Any] | None:
    words = [word for word in _HOLIDAYS if word in name]
    item: dict[str, Any] = {
        "code": "-".join(_HOLIDAYS[word][0] for word in words),
        "name": name,
        "name_en": " and ".join(_HOLIDAYS[word][1] for word in words),
        "make_up": [],
    }
    for sentence in re.split("[。；;]", text):
        if "上班" in sentence:
            item["make_up"] += [day for day, _, _ in _days(year, name, sentence, problems)]
        elif "放假" in sentence and "first" not in item:
            days = _days(year, name, sentence, problems)
            if not days:
                continue
            item["first"], item["last"] = days[0][0], days[0][1]
            length = (days[0][1] - days[0][0]).days + 1
            said = _COUNT.search(sentence)
            if said and int(said[1]) != length:
                problems.append(
                    _("%(holiday)s：通知写共 %(said)s 天，读出来是 %(n)s 天（%(first)s 至 %(last)s）。")
                    % {"holiday": name, "said": said[1], "n": length, "first": days[0][0], "last": days[0][1]}
                )
    if "first" not in item:
        problems.append(_("%(holiday)s：没有读到放假的日期。") % {"holiday": name})
        return None
    return item


def _days(year: int, name: str, sentence: str, problems: list[str]) -> list[tuple[date, date, str]]:
    """Every day or span of days in a sentence; a month or a year not said is the one said before."""
    found: list[tuple[date, date, str]] = []
    month = 0
    for match in _SPAN.finditer(sentence):
        groups = match.groups()
        first = _date(year, groups[0:4], month, name, problems)
        if first is None:
            continue
        month = first.month
        last = first
        if groups[6] is not None:
            # A span that began in the December before ends in the year itself.
            end = _date(year, groups[4:8], month, name, problems)
            if end is None:
                continue
            last = end
        month = last.month
        found.append((first, last, match[0]))
    return found


def _date(year: int, parts: tuple[str | None, ...], month_before: int, name: str, problems: list[str]) -> date | None:
    said_year, said_month, said_day, note = parts
    month = int(said_month or month_before or 0)
    try:
        day = date(int(said_year or year), month, int(said_day or 0))
    except ValueError:
        problems.append(
            _("%(holiday)s：“%(day)s”不是一个真实的日期。")
            % {"holiday": name, "day": f"{said_month or ''}月{said_day}日"}
        )
        return None
    weekday = _WEEKDAY.search(note or "")
    if weekday and _WEEKDAYS[weekday[1]] != day.weekday():
        problems.append(
            _("%(holiday)s：通知写 %(day)s 是周%(said)s，日历上是周%(is)s。年份对吗？")
            % {"holiday": name, "day": day, "said": weekday[1], "is": "一二三四五六日"[day.weekday()]}
        )
    return day
