"""短信的规则 — the registered wording, the quiet hours, and how many a number gets in a day."""

import re
from datetime import datetime, time, timedelta
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, model_validator

from linli.kernel import clock
from linli.kernel.rules import InEnglish, Named, RuleList, Words

PLACES = {"number", "body", "day", "reason"}
"""What a wording may name. Nothing a resident said is among them."""


def hour_from(value: Any) -> Any:
    """21:00."""
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        return time.fromisoformat(value)
    if isinstance(value, time) or value is None:
        return value
    raise ValueError(f'“{value}”不像一个钟点；请写成 "21:00" 这样，带引号')


Hour = Annotated[time, BeforeValidator(hour_from)]


class Template(Named):
    """短信模板 — one wording, as it was registered with the carrier."""

    text: Words
    text_en: InEnglish = ""
    template: str = ""
    """The provider's number for this wording."""

    @model_validator(mode="after")
    def _names_nothing_personal(self) -> Self:
        for said in (self.text, self.text_en):
            if unknown := set(re.findall(r"\{(\w*)\}", said)) - PLACES:
                raise ValueError(f"模板里只能用 {'、'.join(sorted(PLACES))}，不能用 {'、'.join(sorted(unknown))}")
        return self


class Templates(RuleList[Template]):
    """短信模板."""

    key: ClassVar[str] = "sms/templates"


class SmsLimit(Named):
    """短信的时间和条数 — one limit: hours between which nothing is sent, or a number."""

    from_hour: Hour | None = None
    until_hour: Hour | None = None
    most: int | None = None


class SmsLimits(RuleList[SmsLimit]):
    """短信的时间和条数."""

    key: ClassVar[str] = "sms/limits"

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        quiet, per_day, stale = (self.find(code) for code in ("quiet", "per_day", "stale"))
        if quiet is None or quiet.from_hour is None or quiet.until_hour is None:
            raise ValueError("缺少 quiet；请写明 from_hour 和 until_hour")
        for name, item in (("per_day", per_day), ("stale", stale)):
            if item is None or item.most is None or item.most < 1:
                raise ValueError(f"缺少 {name}；请写明 most，至少是 1")
        return self

    @property
    def per_day(self) -> int:
        """Most for one number in a day."""
        return self.item("per_day").most or 1

    @property
    def stale(self) -> timedelta:
        """How long it may wait before it is not worth sending."""
        return timedelta(hours=self.item("stale").most or 1)

    def may_be_sent_at(self, moment: datetime) -> datetime:
        """This moment, or the end of the quiet hours it lies in."""
        quiet = self.item("quiet")
        assert quiet.from_hour is not None
        assert quiet.until_hour is not None
        local = moment.astimezone(clock.CITY)
        begins, ends, now = quiet.from_hour, quiet.until_hour, local.time()
        if begins <= ends:
            is_quiet, over_night = begins <= now < ends, False
        else:
            is_quiet, over_night = now >= begins or now < ends, now >= begins
        if not is_quiet:
            return moment
        day = local.date() + timedelta(days=1) if over_night else local.date()
        return datetime.combine(day, ends, clock.CITY)


LISTS: tuple[type[RuleList[Any]], ...] = (Templates, SmsLimits)
"""Every list this gateway declares to the rulebook."""
