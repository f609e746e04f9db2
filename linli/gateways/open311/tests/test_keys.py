"""Issuing and revoking keys: who may, what is kept, what the journal says; and the command."""

import argparse

import pytest
from django.core.exceptions import ObjectDoesNotExist

from linli.gateways.open311 import commands, queries, service
from linli.gateways.open311.models import ApiKey
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.territory import queries as places
from tests import place

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast, capsys):
    """run("list") is `linli open311 list`, on this database: its code and what it printed."""

    def command(*words):
        parser = argparse.ArgumentParser()
        commands.arguments(parser)
        code = commands.run(parser.parse_args(words))
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return command


def test_a_key_is_kept_as_a_digest_only(keep):
    key, secret = keep()
    assert queries.key_for(secret) == key
    assert secret not in str(ApiKey.objects.values().get())
    assert queries.key_for(secret[:-1]) is None
    assert queries.key_for(key.digest) is None


def test_the_journal_tells_of_keys(keep, cast):
    key, secret = keep()
    service.revoke(key, by=Actor.system("command-line"))
    story = journal.history(f"api-key:{key.pk}")
    assert [heard.fact.name for heard in story] == ["open311.ApiKeyIssued", "open311.ApiKeyRevoked"]
    assert story[0].fact.body == cast.bodies["liulin_desk"].pk
    assert secret not in str([heard.fact for heard in story])


def test_who_appoints_there_may_issue_and_revoke_and_is_noted(cast):
    here = places.by_code(place.LIULIN)
    who = cast.people["feng"]
    by = Actor(
        "staff",
        name=who.name,
        person_id=who.pk,
        scope="area",
        area_path=here.path,
        powers=frozenset({"access.appoint"}),
    )
    key, _secret = service.issue(name="随手拍", body=cast.bodies["liulin_desk"], area=here, by=by)
    assert key.issued_by == who
    assert service.revoke(key, by=by).revoked_at is not None
    assert {heard.author.person_id for heard in journal.history(f"api-key:{key.pk}")} == {who.pk}


@pytest.mark.parametrize("who", ["li", "wang", "sun", "qian"])
def test_who_does_not_appoint_may_not_issue_or_revoke(cast, keep, who):
    key, _secret = keep()
    with pytest.raises(Refused):
        service.issue(name="x", body=cast.bodies["liulin_desk"], area=places.by_code(place.LIULIN), by=cast.actor(who))
    with pytest.raises(Refused):
        service.revoke(key, by=cast.actor(who))
    assert ApiKey.objects.get().revoked_at is None


def test_who_appoints_elsewhere_may_not_issue_or_revoke(cast, keep):
    key, _secret = keep()
    there = places.by_code(place.XINGHUA)
    by = Actor("staff", name="邻镇", scope="area", area_path=there.path, powers=frozenset({"access.appoint"}))
    with pytest.raises(Refused, match="不在您管的区域"):
        service.issue(name="x", body=cast.bodies["liulin_desk"], area=places.by_code(place.LIULIN), by=by)
    with pytest.raises(Refused, match="不在您管的区域"):
        service.revoke(key, by=by)


def test_a_body_gets_no_key_for_where_it_is_not(keep):
    with pytest.raises(Refused, match="管不到"):
        keep("liulin_desk", place.XINGHUA)


def test_a_key_is_revoked_once(keep):
    key, secret = keep()
    service.revoke(key, by=Actor.system("command-line"))
    assert queries.key_for(secret) is None
    with pytest.raises(Refused):
        service.revoke(key, by=Actor.system("command-line"))


def test_the_command_issues_lists_and_revokes(run):
    code, said = run("issue", "--name", "随手拍", "--body", "柳林街道综治中心")
    assert code == 0
    secret = said.partition("api_key")[2].split()[0]
    key = queries.key_for(secret)
    assert key is not None
    assert key.area.code == place.LIULIN
    code, said = run("list")
    assert "有效" in said
    assert "没有用过" in said
    assert secret not in said
    assert run("revoke", str(key.pk))[0] == 0
    assert "吊销" in run("list")[1]
    assert queries.key_for(secret) is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("issue", "--name", "x", "--body", "没有的单位"), "没有这个单位"),
        (("issue", "--name", "x", "--body", "柳林街道综治中心", "--area", "1"), "没有这个区域"),
        (("issue", "--name", "x", "--body", "柳林街道综治中心", "--area", place.XINGHUA), "管不到"),
        (("revoke", "77"), "没有第 77 号"),
    ],
)
def test_the_command_says_what_is_wrong(run, words, said):
    code, printed = run(*words)
    assert code == 1
    assert said in printed
    with pytest.raises(ObjectDoesNotExist):
        ApiKey.objects.get()
