"""Tokens: who issues and revokes them, what is kept of them, and that one never does more than its post."""

import argparse
from datetime import timedelta

import pytest

from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Appointment, Person, Post
from linli.portals.openapi import commands, queries, service
from linli.portals.openapi.models import Token
from linli.portals.openapi.tests.conftest import problem

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("command-line")


def appointment(cast, username):
    return access.appointments_of(cast.people[username])[0][0]


def issue(cast, username, *, by=None, powers=("matters.read",), days=30, name="数据中台"):
    return service.issue(
        name=name, appointment=appointment(cast, username), powers=powers, until=clock.today() + timedelta(days=days),
        by=by or cast.actor(username),
    )  # fmt: skip


def test_a_token_is_kept_as_a_digest_only(cast):
    token, secret = issue(cast, "li")
    assert queries.token_for(secret) == token
    assert secret not in str(Token.objects.values().get())
    assert queries.token_for(secret[:-1]) is None
    assert queries.token_for(token.digest) is None


def test_the_journal_tells_of_tokens_without_the_token(cast):
    token, secret = issue(cast, "li")
    service.revoke(token, by=cast.actor("li"))
    story = journal.history(f"token:{token.pk}")
    assert [heard.fact.name for heard in story] == ["openapi.TokenIssued", "openapi.TokenRevoked"]
    assert story[0].author.name == "李调度"
    assert secret not in str([heard.fact for heard in story])


def test_only_the_holder_issues_one_for_a_post(cast):
    with pytest.raises(Refused, match="自己发放"):
        issue(cast, "li", by=cast.actor("ma"))
    with pytest.raises(Refused, match="没有"):
        issue(cast, "wang")  # A grid worker's post has not the power.


def test_no_token_holds_a_power_its_post_has_not(cast):
    for powers in (("access.appoint",), ("matters.read", "matters.settle"), ()):
        with pytest.raises(Refused, match="岗位现有的权限"):
            issue(cast, "li", powers=powers)


@pytest.mark.parametrize("days", [-1, 367])
def test_a_token_ends_within_a_year(cast, days):
    with pytest.raises(Refused, match="一年"):
        issue(cast, "li", days=days)


def test_a_post_that_loses_a_power_takes_it_from_its_tokens(cast, caller):
    li = caller("li")
    Token.objects.filter(pk=li.token.pk).update(powers=["matters.read", "access.appoint", "matters.settle"])
    powers = li.get("/me").json()["powers"]
    assert powers == ["matters.read"]


def test_a_token_says_from_which_post_it_acts(caller):
    told = caller("li", powers=["matters.read", "matters.assign"]).get("/me").json()
    assert (told["token"], told["person"], told["post"], told["scope"]) == (
        "数据中台",
        "李调度",
        "township_dispatcher",
        "area",
    )
    assert told["powers"] == ["matters.assign", "matters.read"]


def test_what_a_token_does_is_signed_as_the_post_by_the_token(caller, make):
    matter = make.raised()
    done = caller("li").post(f"/matters/{matter.number}/add", {"said": "又打来电话"})
    assert done.status_code == 200
    author = journal.history(matter.subject)[-1].author
    assert (author.post, author.name) == ("调度员", "李调度（凭令牌“数据中台”）")


def test_a_use_is_noted(caller):
    li = caller("li")
    assert li.token.used_at is None
    li.get("/me")
    noted = Token.objects.get(pk=li.token.pk).used_at
    assert noted is not None
    li.get("/me")
    assert Token.objects.get(pk=li.token.pk).used_at == noted  # Not written each time.


def shut_out(caller_made):
    return problem(caller_made.get("/me"), 401, "unauthorised")


def test_a_token_past_its_day_is_none(caller):
    li = caller("li", until=clock.today())
    assert li.get("/me").status_code == 200
    Token.objects.update(until=clock.today() - timedelta(days=1))
    shut_out(li)


def test_a_revoked_token_is_none_from_the_next_call_on(caller, cast):
    li = caller("li")
    service.revoke(li.token, by=cast.actor("li"))
    shut_out(li)
    with pytest.raises(Refused, match="已经吊销"):
        service.revoke(li.token, by=cast.actor("li"))


def test_a_token_ends_with_its_holders_appointment(caller, cast):
    li = caller("li")
    Appointment.objects.filter(person=cast.people["li"]).update(to_on=clock.today() - timedelta(days=1))
    shut_out(li)


def test_a_token_ends_with_its_holders_account(caller, cast):
    li = caller("li")
    Person.objects.filter(username="li").update(is_active=False)
    shut_out(li)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic bGk6eA==", "Bearer linli_nobody", "Bearer \u00e9", "linli_x"]
)
def test_without_a_good_token_there_is_nothing(client, city, header):
    response = client.get("/api/v1/matters", headers={"Authorization": header} if header else {})
    problem(response, 401, "unauthorised")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_session_opens_nothing(sign_in):
    problem(sign_in("li").get("/api/v1/matters"), 401, "unauthorised")


def test_whoever_appoints_revokes_and_others_do_not_even_see_it(cast, caller):
    li = caller("li")
    for stranger in ("wu", "qian", "ma"):
        assert queries.revocable(cast.actor(stranger), li.token.pk) is None
        with pytest.raises(Refused, match="持有人"):
            service.revoke(li.token, by=cast.actor(stranger))
    service.revoke(li.token, by=keeper(cast))
    assert journal.history(f"token:{li.token.pk}")[-1].author.post == "岗位管理员"


def keeper(cast):
    """任管理 at 柳林街道's desk, who appoints."""
    post, _new = Post.objects.get_or_create(
        kind="personnel_keeper", body=cast.bodies["liulin_desk"], area=cast.bodies["liulin_desk"].area, defaults={"title": "岗位管理员"}
    )  # fmt: skip
    person = Person.objects.create_user("ren", None, name="任管理")
    term = Appointment.objects.create(person=person, post=post, from_on=clock.today())
    return access.actor_for(person, term)


# --- Pages -------------------------------------------------------------------------------------------------------------
def test_a_token_is_issued_on_the_page_and_shown_once(sign_in, cast):
    client = sign_in("li")
    form = {
        "name": "数据中台",
        "powers": ["matters.read", "matters.assign"],
        "until": str(clock.today() + timedelta(days=9)),
    }
    shown = client.post("/api/tokens/", form)
    assert shown["Cache-Control"] == "no-store"
    token = Token.objects.get()
    (secret,) = [each for each in shown.content.decode().split() if f"{token.prefix}" in each]
    assert token.appointment == appointment(cast, "li")
    again = client.get("/api/tokens/").content.decode()
    assert "数据中台" in again
    assert token.prefix in again
    assert secret not in again


def test_the_page_revokes(sign_in, cast):
    token, _secret = issue(cast, "li")
    client = sign_in("li")
    assert client.post(f"/api/tokens/{token.pk}/revoke").status_code == 302
    assert "已吊销" in client.get("/api/tokens/").content.decode()
    assert client.post(f"/api/tokens/{token.pk}/revoke").status_code == 403


def test_a_passer_by_sees_and_revokes_nothing(sign_in, cast):
    token, _secret = issue(cast, "li", name="只有李知道")
    client = sign_in("qian")
    assert "只有李知道" not in client.get("/api/tokens/").content.decode()
    assert client.post(f"/api/tokens/{token.pk}/revoke").status_code == 404
    assert sign_in("wang").get("/api/tokens/").status_code == 403


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "系统"), ({"powers": []}, "至少选一项"), ({"powers": ["access.appoint"]}, "access.appoint"),
        ({"until": "2050-01-01"}, "一年以内"), ({"until": "昨天"}, ""),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_beside_the_form(sign_in, wrong, says):
    form = {"name": "数据中台", "powers": ["matters.read"], "until": str(clock.today())} | wrong
    response = sign_in("li").post("/api/tokens/", form)
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not Token.objects.exists()


# --- The command -------------------------------------------------------------------------------------------------------
@pytest.fixture
def run(cast, capsys):
    """run("list") is `linli tokens list`, on this database: its code and what it printed."""

    def command(*words):
        parser = argparse.ArgumentParser()
        commands.arguments(parser)
        code = commands.run(parser.parse_args(words))
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return command


def test_the_command_issues_lists_and_revokes(run, client):
    code, said = run("issue", "--name", "数据中台", "--username", "li", "--powers", "matters.read,matters.assign")
    assert code == 0
    (secret,) = [word for word in said.split() if word.startswith("linli_")]
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).json()["person"] == "李调度"
    assert "没有用过" not in run("list")[1]
    number = Token.objects.get().pk
    assert run("revoke", str(number)) == (0, f"第 {number} 号令牌已吊销：数据中台。\n")
    assert "吊销" in run("list")[1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("issue", "--name", "x1", "--username", "nobody"), "没有在任"),
        (("issue", "--name", "x1", "--username", "li", "--until", "soon"), "--until"),
        (("issue", "--name", "x1", "--username", "li", "--powers", "access.appoint"), "至少选一项"),
        (("revoke", "999999"), "没有第 999999 号令牌"),
    ],
)
def test_the_command_says_why_not(run, words, says):
    code, said = run(*words)
    assert code == 1
    assert says in said
