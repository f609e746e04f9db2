"""A notice from being published until its time is over: state, journal, and who may."""

from dataclasses import replace
from datetime import timedelta

import pytest

from linli.engines.pictures import Picture
from linli.kernel import clock
from linli.mechanisms import flow, journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import timers
from linli.mechanisms.rulebook import RuleRef
from linli.work.announcements import queries, service
from linli.work.announcements.flow import State
from linli.work.announcements.models import Announcement, FrontPage, FrontPicture, Wording
from linli.work.announcements.tests.conftest import MONDAY, WATER, node
from linli.work.announcements.words import WordsError
from tests import place

PICTURE = Picture(b"\xff\xd8 a picture \xff\xd9", 1600, 640, b"\xff\xd8 small \xff\xd9")


def last(announcement):
    return journal.history(announcement.subject)[-1].fact


# --- 发布 ---------------------------------------------------------------------------------------------------------
def test_a_notice_is_published_by_its_rule_and_its_words_stay_out_of_the_journal(publish, cast):
    made = publish()
    assert (made.number, made.state, made.edition, made.body) == (
        "告26-0001", State.PUBLISHED, 1, cast.bodies["liulin_desk"],
    )  # fmt: skip
    fact = last(made)
    assert RuleRef.parse(fact.rule)[1] == "water"
    assert "阀门" not in str(fact.payload())
    assert timers.armed(made.subject) == {service.END: WATER.until_at}
    held = made.wordings.get()
    assert (held.text, held.office) == (WATER.text, "柳林街道综治中心 调度员")
    assert publish().number == "告26-0002"


@pytest.mark.parametrize("code", [place.LIULIN, place.HUAIHUA, place.HUAIHUA_2])
def test_a_street_tells_any_place_down_to_a_grid(publish, code):
    assert publish(area=node(code)).area.code == code


@pytest.mark.parametrize(
    ("username", "code"),
    [("li", place.COUNTY), ("li", place.XINGHUA), ("li", place.XINGHUA_1), ("zhou", place.LIULIN), ("zhou", place.LIUAN_1), ("qian", place.HUAIHUA)],
)  # fmt: skip
def test_nobody_tells_a_place_outside_their_scope(publish, cast, username, code):
    with pytest.raises(Refused, match="管辖范围"):
        publish(area=node(code), by=cast.actor(username))
    assert not Announcement.objects.exists()


@pytest.mark.parametrize("username", ["wang", "wu", "zheng", "sun", "zhao"])
def test_whoever_has_no_such_power_publishes_nothing(publish, cast, username):
    with pytest.raises(Refused):
        publish(by=cast.actor(username))


def test_a_secretary_tells_the_own_community(publish, cast):
    assert publish(by=cast.actor("zhou")).body == cast.bodies["huaihua"]


@pytest.mark.parametrize(
    ("field", "said", "found"),
    [
        ("text", "有事打13812345678", "手机号"), ("text", "联系人：王秀英", "姓名"), ("title", "寻找鲁M12345车主", "车牌"),
        ("text", "身份证１１０１０１１９９００３０７４５１５拾到", "身份证号"), ("text", "发到 ok@example.com", "邮箱"), ("phone", "138 1234 5678", "手机号"),
    ],
)  # fmt: skip
def test_what_is_somebodys_own_is_refused_beside_its_field(publish, field, said, found):
    with pytest.raises(WordsError, match=found) as refused:
        publish(replace(WATER, **{field: said}))
    assert refused.value.field == field
    assert not Wording.objects.exists()


def test_an_offices_landline_may_stand_in_the_text(publish):
    assert "0543-3221234" in publish(replace(WATER, text="请打 0543-3221234")).wordings.get().text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " \u200b"}, "title"), ({"title": "长" * 41}, "title"), ({"text": ""}, "text"), ({"text": "长" * 1001}, "text"),
        ({"until_at": WATER.begins_at}, "until_at"), ({"begins_at": MONDAY - timedelta(days=2), "until_at": MONDAY - timedelta(days=1)}, "until_at"),
        ({"until_at": WATER.begins_at + timedelta(days=31)}, "until_at"), ({"phone": "打社区"}, "phone"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_refused(publish, changed, field):
    with pytest.raises(WordsError) as refused:
        publish(replace(WATER, **changed))
    assert refused.value.field == field


def test_a_kind_nobody_listed_is_refused(publish):
    with pytest.raises(WordsError, match="种类"):
        publish(kind="gossip")


# --- 更正 ---------------------------------------------------------------------------------------------------------
def test_a_correction_is_a_new_edition_and_the_old_stays(publish, cast):
    made = publish()
    later = replace(WATER, text="改到后天停水。", until_at=WATER.until_at + timedelta(days=1))
    service.correct(made, later, by=cast.actor("zhou"), expected=1)
    made.refresh_from_db()
    assert (made.edition, made.until_at, made.version) == (2, later.until_at, 2)
    assert [each.text for each in queries.wordings(made)] == [later.text, WATER.text]
    assert last(made).edition == 2
    assert timers.armed(made.subject) == {service.END: later.until_at}


def test_a_correction_that_changes_nothing_is_refused(publish, cast):
    with pytest.raises(WordsError, match="一样"):
        service.correct(publish(), WATER, by=cast.actor("li"))


@pytest.mark.parametrize("username", ["qian", "wang", "zheng"])
def test_whoever_may_not_publish_there_corrects_and_withdraws_nothing(publish, cast, username):
    made = publish()
    with pytest.raises(Refused):
        service.correct(made, replace(WATER, text="不停了"), by=cast.actor(username))
    with pytest.raises(Refused):
        service.withdraw(made, reason="不停了", by=cast.actor(username))
    made.refresh_from_db()
    assert (made.edition, made.state) == (1, State.PUBLISHED)


def test_a_correction_over_somebody_elses_is_told_so(publish, cast):
    made = publish()
    service.correct(made, replace(WATER, text="改到后天。"), by=cast.actor("li"), expected=1)
    with pytest.raises(flow.Stale):
        service.correct(made, replace(WATER, text="改到大后天。"), by=cast.actor("zhou"), expected=1)


def test_a_correction_is_scanned_too(publish, cast):
    with pytest.raises(WordsError, match="手机号"):
        service.correct(publish(), replace(WATER, text="问13812345678"), by=cast.actor("li"))


# --- 撤下，到期 ----------------------------------------------------------------------------------------------------
def test_a_withdrawal_needs_its_reason_and_ends_it(publish, cast):
    made = publish()
    with pytest.raises(WordsError, match="为什么"):
        service.withdraw(made, reason=" ", by=cast.actor("li"))
    service.withdraw(made, reason="施工改期，另行告知", by=cast.actor("li"))
    made.refresh_from_db()
    assert (made.state, made.withdrawal) == (State.WITHDRAWN, "施工改期，另行告知")
    assert timers.armed(made.subject) == {}
    with pytest.raises(flow.NotNow):
        service.withdraw(made, reason="再撤一次", by=cast.actor("li"))


def test_a_notice_is_not_shown_after_its_hour_and_the_timer_ends_it_once(publish):
    made = publish()
    huaihua = node(place.HUAIHUA)
    assert queries.concerning(huaihua) == [made]
    with clock.at(WATER.until_at):
        assert queries.concerning(huaihua) == []
        assert queries.past(huaihua) == [made]
        assert timers.run_once() == 1
        assert timers.run_once() == 0
    made.refresh_from_db()
    assert made.state == State.ENDED
    assert [heard.move for heard in journal.history(made.subject)] == ["publish", "end"]


def test_after_its_hour_nothing_is_changed_even_before_the_timer_came(publish, cast):
    made = publish()
    with clock.at(WATER.until_at):
        for act in (
            lambda: service.correct(
                made, replace(WATER, until_at=WATER.until_at + timedelta(days=2)), by=cast.actor("li")
            ),
            lambda: service.withdraw(made, reason="迟了", by=cast.actor("li")),
        ):
            with pytest.raises(flow.NotNow, match="到期"):
                act()


def test_the_timer_of_a_corrected_notice_waits_for_its_new_end(publish, cast):
    made = publish()
    service.correct(made, replace(WATER, until_at=WATER.until_at + timedelta(hours=3)), by=cast.actor("li"))
    with clock.at(WATER.until_at):
        assert timers.run_once() == 0
    assert queries.public_one(made.number).state == State.PUBLISHED


def test_nobody_but_the_clock_ends_a_notice(publish, cast):
    made = publish()
    with clock.at(WATER.until_at), pytest.raises(Refused):
        service.end(made.subject, cast.actor("li"))


# --- Whom it concerns ---------------------------------------------------------------------------------------------
def test_a_place_hears_what_is_told_to_it_to_what_it_lies_in_and_to_its_parts(publish):
    street, community, grid, beside = (
        publish(area=node(code)) for code in (place.LIULIN, place.HUAIHUA, place.HUAIHUA_1, place.LIUAN)
    )
    assert queries.concerning(node(place.HUAIHUA_1)) == [street, community, grid]
    assert queries.concerning(node(place.HUAIHUA_2)) == [street, community]
    assert queries.concerning(node(place.HUAIHUA)) == [street, community, grid]
    assert queries.concerning(node(place.LIULIN)) == [street, community, grid, beside]
    assert queries.concerning(node(place.XINGHUA)) == []


def test_what_staff_see_ends_at_their_area(publish, cast):
    made = publish()
    assert list(queries.visible_to(cast.actor("li"))) == [made]
    assert list(queries.visible_to(cast.actor("zhou"))) == [made]
    for username in ("qian", "wang", "sun", "zhao"):
        assert not queries.visible_to(cast.actor(username)).exists()
    assert not queries.visible_to(Actor.stranger()).exists()


# --- 街道主页 -----------------------------------------------------------------------------------------------------
def front(by, *, area=place.LIULIN, **rest):
    said = {"welcome": "有事说一声", "alias": "liulin", "described": "", "picture": None}
    return service.set_front_page(node(area), **(said | rest), by=by)


def test_a_street_says_how_its_page_greets_and_is_found_by_its_short_address(cast, city):
    page = front(cast.actor("li"), picture=PICTURE, described="街道办事处的大门")
    assert queries.township("liulin").code == queries.township(place.LIULIN).code == place.LIULIN
    assert bytes(queries.picture(node(place.LIULIN)).jpeg) == PICTURE.jpeg
    fact = journal.history(page.subject)[-1].fact
    assert (fact.alias, fact.picture) == ("liulin", page.picture_id)
    assert "说一声" not in str(fact.payload())


def test_a_new_picture_replaces_the_old_and_may_be_dropped(cast, city):
    li = cast.actor("li")
    first = front(li, picture=PICTURE, described="大门").picture_id
    second = front(li, picture=PICTURE, described="大门").picture_id
    assert list(FrontPicture.objects.values_list("key", flat=True)) == [second] != [first]
    assert front(li, described="大门").picture_id == second  # Left as it is.
    assert front(li, drop=True).described == ""
    assert not FrontPicture.objects.exists()


@pytest.mark.parametrize("username", ["zhou", "wang", "wu", "zheng", "zhao"])
def test_whoever_has_no_such_power_changes_no_front_page(cast, city, username):
    with pytest.raises(Refused):
        front(cast.actor(username))
    assert not FrontPage.objects.exists()


def test_next_doors_page_is_not_mine_and_a_community_has_none(cast, city):
    with pytest.raises(Refused, match="管辖范围"):
        front(cast.actor("qian"))
    with pytest.raises(Refused, match="乡镇"):
        front(cast.actor("li"), area=place.HUAIHUA)


def test_a_short_address_is_small_letters_and_nobody_elses(cast, city):
    front(cast.actor("li"))
    with pytest.raises(WordsError, match="别的地方"):
        front(cast.actor("qian"), area=place.XINGHUA)
    for alias in ("12345", "a", "柳林", "liu_lin", "x" * 21):
        with pytest.raises(WordsError, match="小写字母"):
            front(cast.actor("li"), alias=alias)


def test_a_picture_without_words_and_words_with_a_number_are_refused(cast, city):
    with pytest.raises(WordsError, match="看不见"):
        front(cast.actor("li"), picture=PICTURE)
    with pytest.raises(WordsError, match="手机号"):
        front(cast.actor("li"), welcome="有事打13812345678")
