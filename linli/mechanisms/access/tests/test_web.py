"""My posts, and the people of my area, as pages."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.kernel import clock
from linli.mechanisms.access import service
from linli.mechanisms.access.models import Appointment, Person

PAGES = ["access:me", "access:people", "access:open_account"]


def text_of(response) -> str:
    return response.content.decode()


# --- Who gets in ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_is_led_to_sign_in(client, db, name):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["access:people", "access:open_account"])
def test_a_dispatcher_may_not_administer_people(signed_in, name):
    response = signed_in("li").get(reverse(name))
    assert response.status_code == 403


def test_a_person_without_any_post_is_told_so_and_may_still_sign_out(client, cast):
    client.force_login(Person.objects.create_user("nobody", "x", name="新来的"))
    assert "没有在任岗位" in text_of(client.get(reverse("access:me")))
    assert client.get(reverse("account_logout")).status_code == 200
    refused = client.get(reverse("site:pieces"))
    assert refused.status_code == 200


def test_a_disabled_account_is_a_stranger_from_the_next_click(signed_in, cast):
    client = signed_in("wang")
    assert client.get(reverse("access:me")).status_code == 200
    service.close_account(cast.wang, by=cast.actor("feng"))
    assert client.get(reverse("access:me")).status_code == 302


def test_an_expired_appointment_has_no_power_left(signed_in, cast):
    yesterday = clock.today() - timedelta(days=1)
    client = signed_in("feng")
    assert client.get(reverse("access:people")).status_code == 200
    Appointment.objects.filter(pk=cast.terms["feng"].pk).update(to_on=yesterday)
    assert client.get(reverse("access:people")).status_code == 403


# --- My posts --------------------------------------------------------------------------------------------------------------
def test_the_post_chosen_is_the_post_acted_from(signed_in, cast):
    second = Appointment.objects.create(person=cast.li, post=cast.posts["feng"], from_on=date(2026, 1, 1))
    client = signed_in("li")
    assert client.get(reverse("access:people")).status_code == 403
    assert client.post(reverse("access:act", args=[second.pk])).status_code == 302
    assert client.get(reverse("access:people")).status_code == 200


def test_the_post_of_another_cannot_be_chosen(signed_in, cast):
    assert signed_in("li").post(reverse("access:act", args=[cast.terms["feng"].pk])).status_code == 404


def test_a_delegation_is_given_with_a_form_and_kept_when_wrong(signed_in, cast):
    client = signed_in("li")
    today = clock.today()
    page = reverse("access:delegate", args=[cast.terms["li"].pk])
    wrong = client.post(page, {"to": cast.feng.pk, "from_on": today, "to_on": "9999-01-01", "reason": "年休假\u202e"})
    assert wrong.status_code == 422
    assert "超过一年" in text_of(wrong)
    assert "年休假" in text_of(wrong)
    right = client.post(page, {"to": cast.feng.pk, "from_on": today, "to_on": today, "reason": "年休假"})
    assert right.status_code == 302
    client.force_login(cast.feng)
    assert "代李调度" in text_of(client.get(reverse("access:me")))


def test_a_stranger_to_the_post_is_not_a_delegate(signed_in, cast):
    page = reverse("access:delegate", args=[cast.terms["li"].pk])
    today = clock.today()
    response = signed_in("li").post(page, {"to": cast.qian.pk, "from_on": today, "to_on": today, "reason": "年休假"})
    assert response.status_code == 422


def test_nobody_lends_the_post_of_another(signed_in, cast):
    assert signed_in("wang").post(reverse("access:delegate", args=[cast.terms["li"].pk]), {}).status_code == 404


# --- People of my area -----------------------------------------------------------------------------------------------------
def test_the_list_holds_ones_own_area_and_no_other(signed_in, cast):
    text = text_of(signed_in("feng").get(reverse("access:people")))
    assert "王网格员" in text
    assert "周书记" in text
    assert "钱路人" not in text
    assert "郑区长" not in text


def test_people_are_found_by_name(signed_in, cast):
    client = signed_in("feng")
    text = text_of(client.get(reverse("access:people"), {"q": "周书"}))
    assert "周书记" in text
    assert "王网格员" not in text
    assert "没有找到" in text_of(client.get(reverse("access:people"), {"q": "钱路人"}))


@pytest.mark.parametrize("page", ["x", "-1", "0", "99999999999999999999", "²"])
def test_a_page_that_is_not_there_does_no_harm(signed_in, cast, page):
    assert signed_in("feng").get(reverse("access:people"), {"page": page, "q": "\x00<script>"}).status_code == 200


def test_a_person_elsewhere_is_not_disclosed(signed_in, cast):
    client = signed_in("feng")
    assert client.get(reverse("access:person", args=[cast.qian.pk])).status_code == 404
    assert client.get("/people/99999999999999999999/").status_code == 404
    for name in ("reset_password", "close_account", "restore_account", "appoint"):
        assert client.post(reverse(f"access:{name}", args=[cast.qian.pk])).status_code == 404
    assert Person.objects.get(pk=cast.qian.pk).is_active


def test_an_administrator_appoints_and_relieves(signed_in, cast):
    client = signed_in("feng")
    page = reverse("access:person", args=[cast.wang.pk])
    found = text_of(client.get(page, {"q": "槐花社区"}))
    assert f'value="{cast.posts["zhou"].pk}"' in found
    today = clock.today().isoformat()
    assert (
        client.post(
            reverse("access:appoint", args=[cast.wang.pk]), {"post": cast.posts["zhou"].pk, "from_on": today}
        ).status_code
        == 302
    )
    term = Appointment.objects.get(person=cast.wang, post=cast.posts["zhou"])
    assert client.post(reverse("access:relieve", args=[cast.wang.pk, term.pk]), {"to_on": today}).status_code == 302
    term.refresh_from_db()
    assert term.to_on == clock.today()


@pytest.mark.parametrize("post", ["qian", "zheng"])
def test_a_post_outside_the_area_is_not_offered_nor_taken(signed_in, cast, post):
    form = {"post": cast.posts[post].pk, "from_on": clock.today().isoformat()}
    assert signed_in("feng").post(reverse("access:appoint", args=[cast.wang.pk]), form).status_code == 404


def test_nobody_appoints_themselves_by_hand(signed_in, cast):
    form = {"post": cast.posts["li"].pk, "from_on": clock.today().isoformat()}
    response = signed_in("feng").post(reverse("access:appoint", args=[cast.feng.pk]), form)
    assert response.status_code == 422
    assert "不能任命自己" in text_of(response)


def test_an_account_is_opened_and_its_password_shown_once(signed_in, cast, client):
    client = signed_in("feng")
    page = reverse("access:open_account")
    assert "网格员" in text_of(client.get(page, {"q": "网格员"}))
    response = client.post(page, {"post": cast.posts["wang"].pk, "name": "陈网格员", "username": "chen"})
    password = re.search(r"<code class=\"address\">([a-z0-9-]{14})</code>", text_of(response)).group(1)
    assert "no-store" in response["Cache-Control"]
    client.logout()
    signed = client.post(reverse("account_login"), {"login": "chen", "password": password})
    assert signed.status_code == 302
    led = client.get(reverse("access:me"))
    assert led["Location"] == reverse("account_change_password")
    client.post(
        reverse("account_change_password"),
        {"oldpassword": password, "password1": "huaihua-2026-wangge", "password2": "huaihua-2026-wangge"},
    )
    assert client.get(reverse("access:me")).status_code == 200
    assert not Person.objects.get(username="chen").must_change_password


@pytest.mark.parametrize("username", ["", "王", "A", "a b", "x" * 61, "../etc", "<b>"])
def test_a_bad_username_is_refused_and_what_was_typed_is_kept(signed_in, cast, username):
    form = {"post": cast.posts["wang"].pk, "name": "陈网格员", "username": username}
    response = signed_in("feng").post(reverse("access:open_account"), form)
    assert response.status_code == 422
    assert "陈网格员" in text_of(response)


def test_a_reset_password_ends_the_sessions(signed_in, cast, django_user_model):
    from django.test import Client

    other = Client()
    other.force_login(cast.wang)
    assert other.get(reverse("access:me")).status_code == 200
    response = signed_in("feng").post(reverse("access:reset_password", args=[cast.wang.pk]))
    assert "一次性密码" in text_of(response)
    assert other.get(reverse("access:me")).status_code == 302


def test_the_number_of_statements_does_not_grow_with_people(signed_in, cast, django_assert_num_queries):
    client = signed_in("feng")
    client.get(reverse("access:people"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("access:people"))
    for n in range(30):
        person = Person.objects.create_user(f"p{n}", None, name=f"第{n}位")
        Appointment.objects.create(person=person, post=cast.posts["wang"], from_on=date(2026, 1, 1))
    with django_assert_num_queries(len(few)):
        client.get(reverse("access:people"))


# --- Taking a delegation back --------------------------------------------------------------------------------------------
@pytest.fixture
def lent(cast):
    """李调度 is away for a week; 周书记 stands in."""
    day = clock.today()
    return service.delegate(
        cast.terms["li"], to=cast.zhou, from_on=day, to_on=day + timedelta(days=6), reason="年休假", by=cast.actor("li")
    )


@pytest.mark.parametrize(("who", "button"), [("li", "提前收回"), ("zhou", "不再代理")])
def test_both_sides_find_the_button_and_it_works(signed_in, lent, who, button):
    client = signed_in(who)
    assert button in client.get("/me/").content.decode()
    assert client.post(f"/me/delegations/{lent.pk}/recall").status_code == 302
    lent.refresh_from_db()
    assert lent.recalled_at is not None
    assert button not in client.get("/me/").content.decode()


def test_an_administrator_takes_it_back_on_the_persons_page(signed_in, cast, lent):
    client = signed_in("feng")
    assert "提前收回" in client.get(f"/people/{cast.li.pk}/").content.decode()
    assert client.post(f"/people/{cast.li.pk}/delegations/{lent.pk}/recall").status_code == 302
    lent.refresh_from_db()
    assert lent.recalled_at is not None


@pytest.mark.parametrize("who", ["wang", "qian", "zheng"])
def test_others_do_not_even_find_it(signed_in, cast, lent, who):
    client = signed_in(who)
    assert client.post(f"/me/delegations/{lent.pk}/recall").status_code == 404
    assert client.post(f"/people/{cast.li.pk}/delegations/{lent.pk}/recall").status_code in {403, 404}
    lent.refresh_from_db()
    assert lent.recalled_at is None


def test_a_session_at_a_post_taken_back_goes_on_from_ones_own(signed_in, cast, lent):
    client = signed_in("zhou")
    client.post(f"/me/posts/{cast.terms['li'].pk}/act")
    service.recall(lent, by=cast.actor("li"))
    assert client.get("/me/").wsgi_request.actor.post == "secretary"
