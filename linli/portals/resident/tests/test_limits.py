"""How often a stranger may post."""

from datetime import datetime, timedelta

import pytest
from django.test import RequestFactory

from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.mechanisms.access.addresses import address_of
from linli.portals.resident import limits
from linli.portals.resident.models import Bucket
from linli.portals.resident.tests.conftest import SENTENCE
from linli.work.matters.models import Matter
from tests import place

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 2, 9, tzinfo=clock.CITY)


@pytest.fixture
def few(settings):
    """Two reports an hour from a device, three from an address."""
    settings.PUBLIC_LIMITS = settings.PUBLIC_LIMITS | {
        "report": {"device": (2, 3600), "address": (3, 3600)},
        "support": {"device": (1, 3600), "address": (9, 3600)},
    }


def ask(actor=None, device="d" * 22, address="192.0.2.1", **headers):
    request = RequestFactory().post("/", REMOTE_ADDR=address, headers=headers)
    request.actor = actor or Actor.stranger()
    if device:
        request.COOKIES["device"] = device
    return request


def test_a_device_waits_when_its_bucket_is_empty(few):
    with clock.at(NINE):
        limits.take(ask(), "report")
        limits.take(ask(), "report")
        with pytest.raises(limits.TooOften) as refused:
            limits.take(ask(), "report")
    assert refused.value.until == NINE + timedelta(minutes=30)
    with clock.at(NINE + timedelta(minutes=30, seconds=1)):
        limits.take(ask(), "report")


def test_an_address_waits_whatever_its_devices_are_called(few):
    with clock.at(NINE):
        for device in ("a" * 22, "b" * 22, "c" * 22):
            limits.take(ask(device=device), "report")
        with pytest.raises(limits.TooOften):
            limits.take(ask(device="e" * 22), "report")
        limits.take(ask(device="e" * 22, address="192.0.2.2"), "report")


def test_a_browser_without_cookies_is_one_device(few):
    with clock.at(NINE):
        limits.take(ask(device=""), "report")
        limits.take(ask(device="not ours"), "report")
        with pytest.raises(limits.TooOften):
            limits.take(ask(device=""), "report")


def test_staff_never_wait(few):
    for _ in range(9):
        limits.take(ask(actor=Actor("staff")), "report")
    assert not Bucket.objects.exists()


def test_nobody_can_be_read_from_a_bucket(few):
    limits.take(ask(), "report")
    assert not Bucket.objects.filter(key__contains="192").exists()
    assert not Bucket.objects.filter(key__contains="ddd").exists()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "<script>", "unknown"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, forwarded, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert address_of(ask(**{"X-Forwarded-For": forwarded})) == address


def test_a_phone_is_known_by_its_network():
    assert address_of(ask(address="2001:db8:1:2:3:4:5:6")) == address_of(ask(address="2001:db8:1:2::9"))
    assert address_of(ask(address="::ffff:192.0.2.1")) == "192.0.2.1"


def test_over_the_limit_says_when_to_go_on_and_keeps_everything(few, client, say, photo):
    with clock.at(NINE):
        say(g=place.HUAIHUA_1)
        say(g=place.HUAIHUA_1, text="楼道里堆满了杂物")
        answer = say(
            g=place.HUAIHUA_1, text="井盖松了，会绊倒人", phone="13812345678", visibility="pseudonym", photos=photo()
        )
    page = answer.content.decode()
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 1000
    assert "09:31 以后可以再发" in page
    assert "井盖松了，会绊倒人" in page
    assert "13812345678" in page
    assert "已经收下 1 张照片" in page
    assert Matter.objects.count() == 2


def test_too_many_tries_are_not_looked_at(settings, client, say):
    settings.PUBLIC_LIMITS = settings.PUBLIC_LIMITS | {"try": {"device": (1, 3600), "address": (9, 3600)}}
    with clock.at(NINE):
        say(text="")
        answer = say(g=place.HUAIHUA_1)
    assert answer.status_code == 429
    assert SENTENCE in answer.content.decode()
    assert not Matter.objects.exists()


def test_a_form_sent_twice_counts_once(few, client, say):
    with clock.at(NINE):
        for _ in range(4):
            assert say(key="k" * 32, g=place.HUAIHUA_1).status_code == 200


def test_supporting_is_limited_too(few, client, make):
    first, second = make.matter(public=True), make.matter(text="井盖松了，会绊倒人", public=True)
    with clock.at(NINE):
        client.get("/")
        assert client.post(f"/p/{first.number}/support/").status_code == 302
        answer = client.post(f"/p/{second.number}/support/")
    assert answer.status_code == 429
    assert "10:01 以后再来" in answer.content.decode()


def test_old_buckets_are_thrown_away(few, monkeypatch):
    with clock.at(NINE):
        limits.take(ask(), "report")
    monkeypatch.setattr(limits._Sweeping, "last", float("-inf"))
    with clock.at(NINE + timedelta(days=2)):
        limits.take(ask(address="192.0.2.9", device="z" * 22), "report")
    assert Bucket.objects.count() == 2


def test_the_table_is_not_written_to_the_log():
    from django.db import connection

    with connection.cursor() as db:
        db.execute("SELECT relpersistence FROM pg_class WHERE relname = 'resident_bucket'")
        assert db.fetchone() == ("u",)
