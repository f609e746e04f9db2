"""Who may appoint whom to what; delegations; terms that end; accounts."""

from datetime import date, datetime, timedelta

import pytest

from linli.kernel import clock
from linli.mechanisms import territory
from linli.mechanisms.access import Actor, Refused, queries, require, service
from linli.mechanisms.access.models import Person
from linli.mechanisms.journal.models import Entry

DAY = date(2026, 10, 13)


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with clock.at(datetime(2026, 10, 13, 10, tzinfo=clock.CITY)):
        yield


def facts(subject: str) -> list[str]:
    return [entry.fact for entry in Entry.objects.filter(subject=subject).order_by("seq")]


# --- Appointing ----------------------------------------------------------------------------------------------------------
def test_an_administrator_appoints_in_their_own_area(cast):
    term = service.appoint(cast.li, to=cast.posts["wang"], from_on=DAY, by=cast.actor("feng"))
    assert term.from_on == DAY
    assert any("Appointed" in fact for fact in facts(f"post:{term.post_id}"))
    assert term in [each for each, _behalf in queries.appointments_of(cast.li)]


def test_qian_may_not_appoint_in_the_next_township(cast):
    with pytest.raises(Refused, match="不在您管的区域里"):
        service.appoint(cast.li, to=cast.posts["wang"], from_on=DAY, by=cast.actor("qian"))


def test_an_administrator_may_not_appoint_above_their_own_area(cast):
    with pytest.raises(Refused, match="不在您管的区域里"):
        service.appoint(cast.li, to=cast.posts["zheng"], from_on=DAY, by=cast.actor("feng"))


def test_nobody_appoints_themselves(cast):
    with pytest.raises(Refused, match="不能任命自己"):
        service.appoint(cast.feng, to=cast.posts["li"], from_on=DAY, by=cast.actor("feng"))


def test_nobody_makes_themselves_a_delegate(cast):
    with pytest.raises(Refused, match="不能指定自己"):
        service.delegate(cast.terms["li"], to=cast.feng, from_on=DAY, to_on=DAY, reason="年休假", by=cast.actor("feng"))


def test_a_dispatcher_may_not_appoint(cast):
    with pytest.raises(Refused, match=r"access\.appoint"):
        service.appoint(cast.wang, to=cast.posts["li"], from_on=DAY, by=cast.actor("li"))


def test_one_post_is_not_held_twice_at_once(cast):
    with pytest.raises(Refused, match="已经在"):
        service.appoint(cast.wang, to=cast.posts["wang"], from_on=DAY, by=cast.actor("feng"))


def test_a_disabled_account_is_not_appointed(cast):
    service.close_account(cast.wang, by=cast.actor("feng"))
    cast.wang.refresh_from_db()
    with pytest.raises(Refused, match="已停用"):
        service.appoint(cast.wang, to=cast.posts["li"], from_on=DAY, by=cast.actor("feng"))


# --- Relieving -----------------------------------------------------------------------------------------------------------
def test_a_relieved_person_acts_until_the_end_of_the_last_day(cast):
    service.relieve(cast.terms["wang"], to_on=DAY, by=cast.actor("feng"))
    assert queries.appointments_of(cast.wang)
    assert queries.appointments_of(cast.wang, on=DAY + timedelta(days=1)) == []


def test_qian_may_not_relieve(cast):
    with pytest.raises(Refused, match="不在您管的区域里"):
        service.relieve(cast.terms["wang"], to_on=DAY, by=cast.actor("qian"))
    cast.terms["wang"].refresh_from_db()
    assert cast.terms["wang"].to_on is None


def test_a_term_does_not_end_before_it_began(cast):
    with pytest.raises(Refused, match="不能早于"):
        service.relieve(cast.terms["wang"], to_on=date(2025, 12, 31), by=cast.actor("feng"))


# --- Delegating ----------------------------------------------------------------------------------------------------------
def test_a_delegate_has_the_post_during_the_delegation_and_not_after(cast):
    service.delegate(
        cast.terms["li"], to=cast.zhou, from_on=DAY, to_on=DAY + timedelta(days=2), reason="年休假", by=cast.actor("li")
    )
    lent = [each for each in queries.appointments_of(cast.zhou) if each[1]]
    assert [(each.pk, behalf) for each, behalf in lent] == [(cast.terms["li"].pk, "李调度")]
    actor = queries.actor_for(cast.zhou, *lent[0][:1], on_behalf_of=lent[0][1])
    assert actor.has("matters.assign")
    assert actor.author.name == "周书记（代李调度）"
    assert not [each for each in queries.appointments_of(cast.zhou, on=DAY + timedelta(days=3)) if each[1]]


def test_a_delegation_ends_with_the_term_it_came_from(cast):
    service.delegate(
        cast.terms["li"], to=cast.zhou, from_on=DAY, to_on=DAY + timedelta(days=9), reason="年休假", by=cast.actor("li")
    )
    service.relieve(cast.terms["li"], to_on=DAY, by=cast.actor("feng"))
    assert not [each for each in queries.appointments_of(cast.zhou, on=DAY + timedelta(days=1)) if each[1]]


def test_wang_may_not_lend_the_post_of_li(cast):
    with pytest.raises(Refused):
        service.delegate(cast.terms["li"], to=cast.zhou, from_on=DAY, to_on=DAY, reason="年休假", by=cast.actor("wang"))


def test_a_delegation_does_not_end_before_it_begins(cast):
    with pytest.raises(Refused, match="不能早于"):
        service.delegate(
            cast.terms["li"],
            to=cast.zhou,
            from_on=DAY,
            to_on=DAY - timedelta(days=1),
            reason="年休假",
            by=cast.actor("li"),
        )


@pytest.mark.parametrize("who", ["li", "zhou", "feng"])
def test_a_delegation_is_taken_back_early(cast, who):
    """By whoever lent the post, whoever borrowed it, and whoever appoints there; the next click is without it."""
    lent = service.delegate(
        cast.terms["li"], to=cast.zhou, from_on=DAY, to_on=DAY + timedelta(days=9), reason="年休假", by=cast.actor("li")
    )
    service.recall(lent, by=cast.actor(who))
    assert not [each for each in queries.appointments_of(cast.zhou) if each[1]]
    assert not queries.delegations_of(cast.li).exists()
    assert facts(f"post:{cast.posts['li'].pk}")[-1] == "access.Recalled"


@pytest.mark.parametrize("who", ["wang", "qian", "zheng"])
def test_others_may_not_take_a_delegation_back(cast, who):
    lent = service.delegate(
        cast.terms["li"], to=cast.zhou, from_on=DAY, to_on=DAY + timedelta(days=9), reason="年休假", by=cast.actor("li")
    )
    with pytest.raises(Refused):
        service.recall(lent, by=cast.actor(who))
    lent.refresh_from_db()
    assert lent.recalled_at is None


def test_what_has_ended_is_not_taken_back(cast):
    lent = service.delegate(
        cast.terms["li"], to=cast.zhou, from_on=DAY, to_on=DAY, reason="年休假", by=cast.actor("li")
    )
    with clock.at(datetime(2026, 10, 14, 10, tzinfo=clock.CITY)), pytest.raises(Refused, match="已经结束"):
        service.recall(lent, by=cast.actor("li"))
    service.recall(lent, by=cast.actor("li"))
    with pytest.raises(Refused, match="已经结束"):
        service.recall(lent, by=cast.actor("li"))


def test_whoever_stood_in_for_a_superior_until_just_now_may_be_administered(cast):
    lent = service.delegate(
        cast.terms["zheng"], to=cast.li, from_on=DAY, to_on=DAY, reason="出差", by=cast.actor("zheng")
    )
    service.recall(lent, by=cast.actor("zheng"))
    assert service.reset_password(cast.li, by=cast.actor("feng"))


# --- Bodies and posts ------------------------------------------------------------------------------------------------------
def area_of(name):
    return next(area for level in range(1, 6) for area in territory.areas(level) if area.name == name)


def test_a_body_and_its_posts_are_established(cast):
    by = cast.actor("feng")
    body = service.establish_body(
        name="柳林街道城市管理办公室",
        short_name="柳林城管办",
        kind="government",
        functions=["urban"],
        area=area_of("柳林街道"),
        by=by,
    )
    post = service.establish_post(kind="dispatcher", body=body, area=area_of("柳林街道"), by=by)
    assert (body.level, post.title) == (3, "调度员")
    assert facts(f"body:{body.pk}") == ["access.BodyEstablished"]
    assert facts(f"post:{post.pk}") == ["access.PostEstablished"]
    assert service.appoint(cast.wang, to=post, from_on=DAY, by=by)


@pytest.mark.parametrize(("who", "where"), [("qian", "柳林街道"), ("feng", "柳河区"), ("li", "柳林街道")])
def test_a_body_is_not_established_elsewhere(cast, who, where):
    with pytest.raises(Refused):
        service.establish_body(name="新办", kind="government", area=area_of(where), by=cast.actor(who))


@pytest.mark.parametrize(
    ("kind", "where", "says"),
    [
        ("dispatcher", "槐花社区", "不设在"),
        ("nobody", "柳林街道", "没有"),
        ("admin", "柳林街道", "已经有"),
        ("admin", "柳河区", "管不到"),
    ],
)
def test_a_post_stands_only_where_its_kind_does(cast, kind, where, says):
    with pytest.raises(Refused, match=says):
        service.establish_post(kind=kind, body=cast.posts["feng"].body, area=area_of(where), by=cast.actor("feng"))


# --- Accounts ------------------------------------------------------------------------------------------------------------
def test_an_account_is_opened_with_a_password_to_be_changed(cast):
    person, password = service.open_account(
        username="chen", name="陈网格员", post=cast.posts["wang"], from_on=DAY, by=cast.actor("feng")
    )
    assert person.check_password(password)
    assert person.must_change_password
    assert len(password.replace("-", "")) == 12
    assert "Opened" in facts(f"person:{person.pk}")[0]


def test_an_account_is_not_opened_for_a_post_elsewhere(cast):
    with pytest.raises(Refused, match="不在您管的区域里"):
        service.open_account(username="chen", name="陈", post=cast.posts["qian"], from_on=DAY, by=cast.actor("feng"))
    assert not Person.objects.filter(username="chen").exists()


def test_a_username_is_taken_in_any_case_of_letters(cast):
    with pytest.raises(Refused, match="已经有人用"):
        service.open_account(username="WANG", name="王", post=cast.posts["wang"], from_on=DAY, by=cast.actor("feng"))


@pytest.mark.parametrize("verb", [service.reset_password, service.close_account, service.restore_account])
def test_nobody_administers_whoever_also_sits_above_them(cast, verb):
    # Otherwise the township's administrator could become the county's leader by way of a part-time post.
    service.appoint(cast.zheng, to=cast.posts["li"], from_on=DAY, by=Actor.system("pack"))
    with pytest.raises(Refused, match="不在您管的区域里"):
        verb(cast.zheng, by=cast.actor("feng"))


def test_nobody_administers_whoever_stands_in_for_a_superior(cast):
    service.delegate(cast.terms["zheng"], to=cast.li, from_on=DAY, to_on=DAY, reason="出差", by=cast.actor("zheng"))
    with pytest.raises(Refused, match="不在您管的区域里"):
        service.reset_password(cast.li, by=cast.actor("feng"))


@pytest.mark.parametrize("verb", [service.reset_password, service.close_account, service.restore_account])
@pytest.mark.parametrize("username", ["wang", "li", "qian"])
def test_who_may_not_appoint_there_may_not_administer(cast, verb, username):
    with pytest.raises(Refused):
        verb(cast.zhou, by=cast.actor(username))


# --- Looking at identities -------------------------------------------------------------------------------------------------
def test_a_look_is_remembered_for_half_an_hour(cast):
    actor = cast.actor("li")
    service.write_reveal("matter:1", field="phone", purpose="电话核实漏水位置", by=actor, at=clock.now())
    assert queries.reveals_of("matter:1", actor) == {"phone"}
    assert queries.reveals_of("matter:2", actor) == frozenset()
    assert queries.reveals_of("matter:1", cast.actor("wang")) == frozenset()
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert queries.reveals_of("matter:1", actor) == frozenset()


def test_a_stranger_looks_at_nothing():
    with pytest.raises(Refused, match="岗位登录"):
        service.write_reveal("matter:1", field="phone", purpose="电话核实", by=Actor.stranger(), at=clock.now())
    with pytest.raises(Refused):
        require(Actor.stranger(), "access.appoint")
