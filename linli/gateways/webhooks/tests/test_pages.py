"""Who subscribes, who sees it, who may stop it: pages and commands."""

import argparse
from datetime import timedelta

import pytest

from linli.gateways.webhooks import commands, queries, service
from linli.gateways.webhooks.models import Subscription
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Refused
from linli.mechanisms.territory import queries as places
from tests import place

pytestmark = pytest.mark.django_db
FORM = {
    "name": "数据中台",
    "address": "https://outside.example/hook",
    "area": place.LIULIN,
    "wanted": ["matters.MatterAssigned"],
}


@pytest.fixture
def made(cast):
    """One of 柳林街道, subscribed by 李调度."""
    return service.subscribe(
        name="数据中台", address=FORM["address"], wanted=FORM["wanted"], body=cast.bodies["liulin_desk"],
        area=places.by_code(place.LIULIN), by=cast.actor("li"),
    )[0]  # fmt: skip


def test_a_dispatcher_subscribes_and_sees_the_secret_once(sign_in, cast):
    client = sign_in("li")
    assert "matters.MatterAssigned" in client.get("/webhooks/new/").content.decode()
    shown = client.post("/webhooks/new/", FORM)
    made = Subscription.objects.get()
    assert shown["Cache-Control"] == "no-store"
    assert service.secret_of(made) in shown.content.decode()
    page = client.get(f"/webhooks/{made.pk}/").content.decode()
    assert service.secret_of(made) not in page
    assert (made.body, made.area_id, made.kinds) == (
        cast.bodies["liulin_desk"], places.by_code(place.LIULIN).id, FORM["wanted"],
    )  # fmt: skip
    story = journal.history(f"webhook:{made.pk}")
    assert (story[0].fact.name, story[0].author.name, story[0].fact.host) == (
        "webhooks.Subscribed",
        "李调度",
        "outside.example",
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"address": "http://outside.example/"}, "https://"), ({"wanted": []}, "至少选一种"), ({"wanted": ["access.IdentityRevealed"]}, "IdentityRevealed"),
        ({"area": place.XINGHUA}, place.XINGHUA), ({"name": " "}, "系统"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_the_form(sign_in, wrong, says):
    response = sign_in("li").post("/webhooks/new/", FORM | wrong)
    assert response.status_code == 422
    assert not Subscription.objects.exists()


def test_pages_act(sign_in, made):
    client = sign_in("li")
    here = f"/webhooks/{made.pk}/"
    before = service.secret_of(made)
    assert client.post(here + "stop").status_code == 302
    assert "停着" in client.get("/webhooks/").content.decode()
    assert client.post(here + "replay", {"entry": "1"}).status_code == 422
    assert client.post(here + "resume").status_code == 302
    renewed = client.post(here + "renew").content.decode()
    made.refresh_from_db()
    assert service.secret_of(made) in renewed
    assert service.secret_of(made) != before
    for form, status in (
        ({"since": "2026-11-01"}, 302),
        ({"entry": "1"}, 302),
        ({}, 422),
        ({"since": "x"}, 422),
        ({"entry": "1", "since": "2026-11-01"}, 422),
    ):
        assert client.post(here + "replay", form).status_code == status, form
    moves = [each.fact.name.rpartition(".")[2] for each in journal.history(f"webhook:{made.pk}")]
    assert moves == [
        "Subscribed",
        "SubscriptionStopped",
        "SubscriptionResumed",
        "SecretRenewed",
        "SubscriptionReplayed",
        "SubscriptionReplayed",
    ]


@pytest.mark.parametrize("rest", ["", "stop", "resume", "renew", "replay"])
def test_a_passer_by_finds_no_such_subscription(sign_in, made, rest):
    client = sign_in("qian")
    answer = client.post(f"/webhooks/{made.pk}/{rest}") if rest else client.get(f"/webhooks/{made.pk}/")
    assert answer.status_code == 404
    assert "数据中台" not in client.get("/webhooks/").content.decode()
    assert sign_in("wu").get("/webhooks/").status_code == 403


def test_the_service_decides_again(made, cast):
    for stranger in ("qian", "wu", "sun"):
        with pytest.raises(Refused):
            service.stop(made, by=cast.actor(stranger))
    with pytest.raises(Refused, match="不在您管的区域里"):
        service.subscribe(
            name="数据中台", address=FORM["address"], wanted=FORM["wanted"], body=cast.bodies["liulin_desk"],
            area=places.by_code(place.XINGHUA), by=cast.actor("li"),
        )  # fmt: skip
    assert not queries.visible_to(cast.actor("qian")).exists()
    assert queries.visible_to(cast.actor("jiang")).exists()


@pytest.fixture
def run(cast, capsys):
    """run("list") is `linli webhooks list`, on this database: its code and what it printed."""

    def command(*words):
        parser = argparse.ArgumentParser()
        commands.arguments(parser)
        code = commands.run(parser.parse_args(words))
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return command


def test_the_command_lists_stops_resumes_and_replays(run, made):
    number = str(made.pk)
    assert "在推" in run("list")[1]
    assert run("stop", number) == (0, "已停：数据中台。\n")
    assert "停着" in run("list")[1]
    assert run("replay", number, "--from-entry", "1")[0] == 1
    assert run("resume", number) == (0, "已恢复：数据中台。\n")
    day = str(clock.today() - timedelta(days=1))
    assert run("replay", number, "--since", day) == (0, "已排上补推：数据中台。\n")
    assert run("replay", number, "--since", "昨天")[0] == 1
    assert run("replay", number)[0] == 1
    assert run("stop", "999999") == (1, "没有第 999999 号推送；linli webhooks list 列出全部。\n")
