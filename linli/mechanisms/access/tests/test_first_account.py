"""`linli account first`: one account, once, and everything about it in the journal."""

import argparse
import json
from datetime import date

import pytest
from django.urls import reverse

from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor, Refused, commands, queries, service
from linli.mechanisms.access.models import Body, Person, Post
from linli.mechanisms.access.tests.conftest import AREAS, BY, KINDS
from linli.mechanisms.journal.models import Entry
from linli.mechanisms.territory import service as territory
from linli.mechanisms.territory.service import NewArea

ASKED = ("--username", "feng", "--name", "冯管理", "--body", "柳城市社会治理中心", "--post", "admin")


@pytest.fixture
def empty_city(db):
    """Rules and places, and nobody."""
    kinds = [kind | {"levels": [1, *kind["levels"]]} if kind["code"] == "admin" else kind for kind in KINDS]
    rulebook.enact("posts/posts", {"title": "岗位", "items": kinds}, in_force=date(2026, 1, 1), basis="测试用", by=BY)
    new = [NewArea(code=c, name=n, level=lv, kind=k, parent_code=p, nbs_code=None) for c, n, lv, k, p in AREAS[:3]]
    territory.establish(new, on=date(2026, 1, 1), source="测试", by=BY)


def run(*arguments):
    parser = argparse.ArgumentParser()
    commands.arguments(parser)
    return commands.run(parser.parse_args(["first", *arguments]))


def test_it_opens_an_account_that_can_appoint(empty_city, capsys):
    assert run(*ASKED, "--phone", "0543-1234567") == 0
    said = capsys.readouterr().out
    person = Person.objects.get(username="feng")
    password = next(line.split()[-1] for line in said.splitlines() if line.startswith("一次性密码"))
    assert person.check_password(password)
    assert person.must_change_password
    (appointment, _lent), *_ = queries.appointments_of(person)
    assert queries.actor_for(person, appointment).has("access.appoint")
    assert appointment.post.body.name == "柳城市社会治理中心"
    assert appointment.post.area.level == 1


def test_the_journal_says_that_it_came_from_the_command_line(empty_city):
    run(*ASKED)
    names = ("access.BodyEstablished", "access.PostEstablished", "access.AccountOpened", "access.Appointed")
    entries = {entry.fact: json.loads(entry.author) for entry in Entry.objects.filter(fact__in=names)}
    assert set(entries) == set(names)
    assert {(author["kind"], author["post"], author["person"]) for author in entries.values()} == {
        ("system", "command-line", None)
    }


def test_a_second_one_is_refused_by_name(empty_city, capsys):
    assert run(*ASKED) == 0
    assert run("--username", "li", "--name", "李", "--body", "另一个单位", "--post", "admin") == 1
    assert "冯管理" in capsys.readouterr().err
    assert Person.objects.count() == 1
    assert not Body.objects.filter(name="另一个单位").exists()


def test_the_service_refuses_too(cast):
    with pytest.raises(Refused, match="已经有能建号的人"):
        service.open_first_account(
            username="chen", name="陈", post="admin", body_name="柳林街道办", area=_township(), by=commands.COMMAND_LINE
        )


def _township():
    from linli.mechanisms import territory as places

    return places.areas(3)[0]


def test_nobody_with_a_post_may_use_it(cast):
    with pytest.raises(Refused, match="服务器上"):
        service.open_first_account(
            username="chen", name="陈", post="admin", body_name="柳林街道办", area=_township(), by=cast.actor("feng")
        )


def test_a_city_whose_last_administrator_has_gone_is_not_locked_out(cast, capsys):
    """Accounts there are, but nobody who could open another."""
    for username in ("zhou", "feng", "qian"):
        term = cast.terms[username]
        service.relieve(term, to_on=date(2026, 2, 1), by=Actor.system("pack"))
    code = _township().code
    assert (
        run(
            "--username",
            "new.feng",
            "--name",
            "新冯",
            "--body",
            "柳林街道办",
            "--area",
            code,
            "--post",
            "admin",
        )
        == 0
    )
    assert Post.objects.filter(kind="admin", area__code=code).count() == 1  # The chair that stood is used.
    assert "新冯" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"--username": "冯 管理"}, "用户名"),
        ({"--username": ""}, "--username"),
        ({"--post": "dispatcher"}, "不是能建号"),
        ({"--post": "emperor"}, "不是能建号"),
        ({"--area": "1"}, "没有这个区域"),
        ({"--email": "x"}, "电子邮箱"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(empty_city, capsys, changed, says):
    options = dict(zip(ASKED[::2], ASKED[1::2], strict=True)) | changed
    assert run(*(part for option in options.items() for part in option)) == 1
    assert says in capsys.readouterr().err
    assert (Person.objects.count(), Body.objects.count()) == (0, 0)


def test_an_empty_rulebook_says_what_comes_first(db, capsys):
    assert run(*ASKED) == 1
    assert "linli pack load" in capsys.readouterr().err


def test_the_first_sign_in_asks_for_a_password_of_ones_own(empty_city, client, capsys):
    run(*ASKED)
    client.force_login(Person.objects.get(username="feng"))
    answer = client.get(reverse("access:people"))
    assert answer.status_code == 302
    assert "password" in answer["Location"]
