"""A calendar file as RFC 5545 wants it: folded by octets, escaped, its identities steady."""

from datetime import UTC, date, datetime, timedelta

from linli.kernel import icalendar
from linli.kernel.icalendar import Event

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")


def test_no_line_is_wider_than_75_octets_and_no_character_is_broken():
    long = "柳林街道槐花社区小区门口的路灯坏了三天，晚上看不见路，请尽快来修；" * 5
    written = icalendar.write([Event("a@linli", NOON, 3, NOON, long)], product="test")
    assert written.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    assert f"SUMMARY:{long}" in unfolded(written)


def test_marks_and_breaks_are_escaped_and_nothing_can_be_slipped_in():
    event = Event("b@linli", NOON, 1, NOON, "甲;乙,丙\\丁\r\nEND:VEVENT", location="一楼\n二楼\x00")
    lines = unfolded(icalendar.write([event], product="test"))
    assert "SUMMARY:甲\\;乙\\,丙\\\\丁\\nEND:VEVENT" in lines
    assert "LOCATION:一楼\\n二楼" in lines
    assert lines.count("END:VEVENT") == 1


def test_a_deadline_takes_no_time_and_a_day_is_a_whole_day():
    lines = unfolded(
        icalendar.write(
            [
                Event("c@linli", NOON, 1, NOON, "期限"),
                Event("d@linli", NOON, 1, date(2026, 12, 31), "一天"),
                Event("e@linli", NOON, 2, NOON, "会", ends=NOON + timedelta(hours=1), cancelled=True),
            ],
            product="test",
            name="我的期限",
            refresh=timedelta(hours=1),
        )
    )
    assert "DTSTART:20261123T040000Z" in lines
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert lines.count("TRANSP:TRANSPARENT") == 2
    assert lines.count("STATUS:CANCELLED") == 1
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines
