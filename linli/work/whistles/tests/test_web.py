"""The pages of a whistle and its verbs, each with who may not."""

from datetime import timedelta

import pytest
from django.urls import reverse

from linli.kernel import clock
from linli.mechanisms.flow import timers
from linli.mechanisms.territory.models import Area
from linli.work.whistles.flow import State
from linli.work.whistles.models import Summons, Whistle
from linli.work.whistles.tests.conftest import MORNING
from tests import place

pytestmark = pytest.mark.django_db
VERBS = ("acknowledge", "arrive", "explain", "report", "agree", "conclude", "rate", "judge", "withdraw")


def path(verb, whistle):
    return reverse(f"whistles:{verb}", args=[whistle.number])


def form(district, **rest):
    return {
        "kind": "emergency",
        "area": str(Area.objects.get(code=place.HUAIHUA).pk),
        "place_text": "东门",
        "what": "树倒了压着车",
        "body": [str(district.bodies["police"].pk), str(district.bodies["fire"].pk)],
        "key": "form-one",
        **rest,
    }


def test_a_dispatcher_sounds_a_whistle_from_the_form(district, sign_in):
    client = sign_in("li")
    page = client.get(reverse("whistles:new")).content.decode()
    assert "柳河区交警大队" in page
    assert "杏花镇执法中队" not in page
    response = client.post(reverse("whistles:new"), form(district, matters="滨26-0407-0001"))
    whistle = Whistle.objects.get()
    assert response["Location"] == path("whistle", whistle)
    assert whistle.matters == ["滨26-0407-0001"]
    assert whistle.called.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [("what", ""), ("kind", "party"), ("body", []), ("body", ["999999"]), ("arrive_by", "soon"), ("arrive_by", "2020-01-01T09:00")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(district, sign_in, field, value):
    response = sign_in("li").post(reverse("whistles:new"), form(district, **{field: value}))
    assert response.status_code == 422
    assert "东门" in response.content.decode()
    assert not Whistle.objects.exists()


def test_another_townships_place_is_not_offered_nor_taken(district, sign_in):
    village = Area.objects.get(code=place.VILLAGE)
    sign_in("li").post(reverse("whistles:new"), form(district, area=str(village.pk)))
    assert not Whistle.objects.filter(area=village).exists()


@pytest.mark.parametrize("who", ["wang", "wu", "zheng", "sun", "lu", "jiang"])
def test_nobody_else_opens_the_form(district, sign_in, who):
    client = sign_in(who)
    assert client.get(reverse("whistles:new")).status_code == 403
    assert client.post(reverse("whistles:new"), form(district)).status_code == 403


@pytest.mark.parametrize("verb", ["whistle", *VERBS])
@pytest.mark.parametrize("who", ["qian", "xing", "wu", "wang"])
def test_whoever_it_does_not_concern_is_not_told_that_it_exists(district, sign_in, verb, who):
    client = sign_in(who)
    whistle = district.whistle()
    answer = client.get(path(verb, whistle)) if verb == "whistle" else client.post(path(verb, whistle))
    assert answer.status_code == 404


@pytest.mark.parametrize("verb", ["whistle", *VERBS])
def test_a_stranger_is_sent_to_sign_in(district, client, verb):
    assert "/login/" in client.post(path(verb, district.whistle()))["Location"]


def test_in_the_street_two_buttons(district, sign_in):
    whistle = district.whistle()
    client = sign_in("lu")
    for verb in ("acknowledge", "arrive"):
        assert path(verb, whistle) in client.get(path("whistle", whistle)).content.decode()
        assert client.post(path(verb, whistle), {}).status_code == 302
        assert path(verb, whistle) not in client.get(path("whistle", whistle)).content.decode()
    again = client.post(path("arrive", whistle), {})
    assert again.status_code == 409
    assert "已经点过" in again.content.decode()


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        ("li", {"withdraw"}),
        ("lu", {"acknowledge", "arrive", "explain", "report"}),
        ("jiang", set()),
        ("zheng", set()),
        ("sun", set()),
    ],
)
def test_only_what_one_may_do_now_is_offered(district, sign_in, who, offered):
    whistle = district.whistle()
    page = sign_in(who).get(path("whistle", whistle)).content.decode()
    assert {verb for verb in VERBS if path(verb, whistle) in page} == offered


def test_to_the_end_by_pages_alone(district, sign_in):
    whistle = district.whistle()
    ids = [district.bodies[each].pk for each in ("police", "fire")]
    steps = [
        ("lu", "arrive", {}),
        ("huo", "explain", {"reason": "on-the-way", "said": "堵在桥上"}),
        ("huo", "arrive", {}),
        ("li", "agree", {"plan": "封路，切树"}),
        ("lu", "report", {"action": "封了一小时"}),
        ("li", "conclude", {"conclusion": "路通了", **{f"conclusion_{each}": "来了" for each in ids}}),
        ("lu", "judge", {"justified": "no", "reason": "own-power"}),
        ("li", "rate", {f"score_{each}": "5" for each in ids}),
        ("huo", "judge", {"justified": "yes"}),
    ]
    for who, verb, typed in steps:
        version = Whistle.objects.get(pk=whistle.pk).version
        answer = sign_in(who).post(path(verb, whistle), {"version": version, **typed})
        assert answer.status_code == 302, (verb, answer.content.decode())
    whistle.refresh_from_db()
    assert whistle.state == State.RATED
    page = sign_in("zheng").get(path("whistle", whistle)).content.decode()
    assert "镇街自己有权办" in page
    assert "堵在桥上" in page


@pytest.mark.parametrize(("verb", "typed"), [("agree", {"plan": ""}), ("withdraw", {"reason": ""})])
def test_a_form_comes_back_with_what_is_missing(district, sign_in, verb, typed):
    whistle = district.whistle()
    answer = sign_in("li").post(path(verb, whistle), typed)
    assert answer.status_code == 422
    assert "请写明" in answer.content.decode()


def test_a_stale_form_is_refused(district, sign_in):
    whistle = district.whistle()
    stale = whistle.version
    sign_in("lu").post(path("arrive", whistle))
    answer = sign_in("li").post(path("agree", whistle), {"plan": "封路，切树", "version": stale})
    assert answer.status_code == 409
    assert "封路，切树" in answer.content.decode()


def test_the_list_marks_who_is_silent(district, sign_in):
    with clock.at(MORNING):
        whistle = district.whistle()
    client = sign_in("li")
    with clock.at(MORNING + timedelta(minutes=11)):
        timers.run_once()
        page = client.get(reverse("whistles:list")).content.decode()
        one = client.get(path("whistle", whistle)).content.decode()
    assert "没有回应" in page
    assert "已报县区" in one
    assert Summons.objects.filter(whistle=whistle, escalated_at__isnull=False).count() == 2


def test_the_list_costs_the_same_for_many(district, sign_in, django_assert_max_num_queries):
    for _ in range(6):
        district.whistle()
    client = sign_in("li")
    client.get(reverse("whistles:list"))
    with django_assert_max_num_queries(12):
        client.get(reverse("whistles:list"))


@pytest.mark.parametrize("who", ["wang", "zhou"])
def test_a_post_without_the_power_opens_no_list(district, sign_in, who):
    client = sign_in(who)
    for name in ("list", "statistics"):
        assert client.get(reverse(f"whistles:{name}")).status_code == 403


def test_statistics_say_n_and_rank_nobody(district, sign_in):
    district.done()
    page = sign_in("zheng").get(reverse("whistles:statistics")).content.decode()
    assert "不排名" in page
    assert "柳河区交警大队" in page
