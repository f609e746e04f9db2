"""Joint meetings: who may convene, what is written down, what a calendar gets, and who may not."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from linli.facts.whistles import MeetingConvened, MeetingHeld
from linli.kernel import clock
from linli.mechanisms import flow, journal
from linli.mechanisms.access import Refused
from linli.mechanisms.territory.models import Area
from linli.work.whistles import queries, service, telling
from linli.work.whistles.flow import MEETING, MeetingState
from linli.work.whistles.models import JointMeeting, Resolve
from linli.work.whistles.service import Line
from linli.work.whistles.tests.conftest import MORNING
from linli.work.whistles.words import WordsError
from tests import place

pytestmark = pytest.mark.django_db
TOMORROW = MORNING + timedelta(days=1)


def convene(district, *bodies, who="li", **rest):
    rest.setdefault("area_id", Area.objects.get(code=place.HUAIHUA).pk)
    rest.setdefault("topic", "夜市占道，谁划线、谁清扫、谁收费")
    rest.setdefault("starts_at", TOMORROW)
    rest.setdefault("key", f"meeting-{JointMeeting.objects.count()}")
    asked = [district.bodies[each] for each in bodies or ("police", "huaihua")]
    with clock.at(MORNING):
        return service.convene(place_text="综治中心二楼", bodies=asked, by=district.actor(who), **rest)


def hold(district, meeting, who="li", body="police", due=date(2026, 4, 20)):
    with clock.at(TOMORROW):
        return service.hold(meeting, lines=[Line("划好线", district.bodies[body], due)], by=district.actor(who))


def test_a_meeting_on_a_whistle(district):
    with clock.at(MORNING):
        whistle = district.whistle()
    meeting = convene(district, whistle=whistle)
    assert meeting.number == "会26-0407-001"
    fact = journal.history(meeting.subject)[0].fact
    assert isinstance(fact, MeetingConvened)
    assert fact.whistle == whistle.number
    assert set(fact.bodies) == set(meeting.invited.values_list("pk", flat=True))
    assert convene(district, key=meeting.key).pk == meeting.pk


def test_each_conclusion_has_an_owner_and_a_day(district):
    meeting = hold(district, convene(district))
    assert meeting.state == MeetingState.HELD
    assert Resolve.objects.get().body == district.bodies["police"]
    fact = journal.history(meeting.subject)[-1].fact
    assert isinstance(fact, MeetingHeld)
    assert fact.due_on == (date(2026, 4, 20),)
    with pytest.raises(flow.NotNow):
        hold(district, meeting)


def test_a_conclusion_is_not_given_to_who_was_not_there(district):
    with pytest.raises(Refused, match="没有参加"):
        hold(district, convene(district), body="fire")


def test_a_conclusion_is_not_due_before_it_is_written(district):
    with pytest.raises(WordsError, match="今天以前"):
        hold(district, convene(district), due=date(2026, 4, 1))


def test_the_county_convenes_too(district):
    assert convene(district, "liulin_desk", who="jiang").convener == district.bodies["county_desk"]


@pytest.mark.parametrize("who", ["qian", "lu", "zheng", "sun", "zhou", "wang", "zhao"])
def test_nobody_else_convenes_about_this_place(district, who):
    with pytest.raises(Refused):
        convene(district, who=who)


@pytest.mark.parametrize("who", ["qian", "lu", "jiang", "zheng", "zhao"])
@pytest.mark.parametrize("verb", ["hold", "cancel"])
def test_only_the_convener_ends_it(district, who, verb):
    meeting = convene(district)
    with pytest.raises(Refused):
        hold(district, meeting, who) if verb == "hold" else service.cancel(
            meeting, reason="不开了", by=district.actor(who)
        )


@pytest.mark.parametrize(
    ("who", "sees"),
    [("li", True), ("jiang", True), ("zheng", True), ("lu", True), ("huo", False), ("qian", False), ("xing", False), ("wang", False)],
)  # fmt: skip
def test_the_area_upwards_and_the_invited_see_it(district, sign_in, who, sees):
    meeting = convene(district)
    client = sign_in(who)
    assert queries.meetings_visible_to(district.actor(who)).filter(pk=meeting.pk).exists() is sees
    for name in ("meeting", "calendar"):
        assert client.get(reverse(f"whistles:{name}", args=[meeting.number])).status_code == (200 if sees else 404)


def test_a_calendar_reads_it(district):
    meeting = convene(district, topic="夜市占道；谁划线、谁清扫，谁收费" * 4 + "\n第二行, 逗号; 分号")
    lines = telling.calendar_file(meeting).split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "DTSTART:20260408T010000Z" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = telling.calendar_file(meeting).replace("\r\n ", "")
    assert "\\n第二行\\, 逗号\\; 分号" in whole
    assert "STATUS:CONFIRMED" in whole
    with clock.at(MORNING):
        meeting = service.cancel(meeting, reason="不开了", by=district.actor("li"))
    assert "STATUS:CANCELLED" in telling.calendar_file(meeting)


def test_from_the_form_to_the_conclusion_by_pages_alone(district, sign_in):
    with clock.at(MORNING):
        whistle = district.whistle()
        client = sign_in("li")
        page = client.get(reverse("whistles:convene"), {"whistle": whistle.number}).content.decode()
        assert whistle.number in page
        typed = {
            "whistle": whistle.number, "topic": "夜市占道", "starts_at": "2026-04-08T09:00", "place_text": "二楼",
            "body": [str(district.bodies["police"].pk), str(district.bodies["huaihua"].pk)], "key": "one",
        }  # fmt: skip
        assert client.post(reverse("whistles:convene"), {**typed, "starts_at": ""}).status_code == 422
        made = client.post(reverse("whistles:convene"), typed)
        meeting = JointMeeting.objects.get()
        assert made["Location"] == reverse("whistles:meeting", args=[meeting.number])
        assert "请打电话告诉" in client.get(made["Location"]).content.decode()
        to = reverse("whistles:hold", args=[meeting.number])
        first = {"version": meeting.version, "text_1": "划线", "body_1": str(district.bodies["police"].pk)}
        assert client.post(to, first).status_code == 422
        assert client.post(to, {**first, "due_on_1": "2026-04-20"}).status_code == 302
        assert "划线" in client.get(made["Location"]).content.decode()
        assert made["Location"] in client.get(reverse("whistles:meetings")).content.decode()
        assert client.post(to, {**first, "due_on_1": "2026-04-20"}).status_code == 409


def test_every_state_of_a_meeting_is_reached():
    assert {move.target for move in MEETING.moves.values()} == set(MeetingState)
