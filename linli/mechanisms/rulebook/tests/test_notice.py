"""The State Council's notice, as its wording has varied over the years."""

from datetime import date, datetime, time

import pytest

from linli.kernel import clock
from linli.kernel.calendar import Limit, Unit, WorkingCalendar, Year
from linli.mechanisms.rulebook import notice
from linli.mechanisms.rulebook.rules import CalendarYear

NOTICES = {
    2023: """\
一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。鼓励安排职工在除夕（1月20日）休息。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。""",
    2025: """\
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。""",
}
EXPECTED = {
    2023: (27, {date(2023, 1, 28), date(2023, 1, 29), date(2023, 4, 23), date(2023, 5, 6), date(2023, 6, 25),
                date(2023, 10, 7), date(2023, 10, 8)}),
    2025: (28, {date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11)}),
}  # fmt: skip


def year_of(number: int, items: tuple[dict[str, object], ...]) -> CalendarYear:
    return CalendarYear.model_validate(
        {"list": f"calendar/{number}", "title": f"{number}年工作日历", "in_force": f"{number}-01-01", "basis": "通知",
         "status": "adopted", "items": items}
    )  # fmt: skip


@pytest.mark.parametrize("number", NOTICES)
def test_the_notice_is_read_as_published(number: int) -> None:
    found = notice.read(number, NOTICES[number])
    assert found.problems == ()
    year = year_of(number, found.items)
    assert (len(year.holidays), set(year.make_up_days)) == EXPECTED[number]


def test_a_limit_over_the_long_holiday_is_counted_by_the_notice() -> None:
    """domain.md C.1, the second row."""
    year = year_of(2025, notice.read(2025, NOTICES[2025]).items)
    calendar = WorkingCalendar({2025: Year(2025, year.holidays, year.make_up_days)})
    due = calendar.due(datetime(2025, 9, 30, 10, tzinfo=clock.CITY), Limit(5, Unit.WORKING_DAYS))
    assert due.at == datetime.combine(date(2025, 10, 14), time(23, 59, 59), clock.CITY)


def test_last_years_notice_is_noticed() -> None:
    assert any("年份对吗" in problem for problem in notice.read(2026, NOTICES[2025]).problems)


def test_something_else_is_not_a_notice() -> None:
    (problem,) = notice.read(2026, "今天天气不错：放假1天").problems
    assert "没有读到任何节日安排" in problem
