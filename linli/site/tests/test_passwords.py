"""How passwords are kept, and how many people may sign in from one address."""

import threading

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.test import Client

from linli.mechanisms.access.models import Person
from linli.site.passwords import Argon2
from tests.cast import PASSWORD

LOGIN = "/accounts/login/"
OURS = "linli.site.passwords.Argon2"
# Of "邻里-柳林-2026", by Django 5.2's own hasher: 100 MiB, two passes, eight lanes.
DJANGOS = (
    "argon2$argon2id$v=19$m=102400,t=2,p=8$d3g3UVg3SW41dVJMaWN2OUdUbkhocA$ofYkEAPX0UiMTVyVw5H7vPtdGyJ/P1KbOnEaFroHK3o"
)


class Older(Argon2PasswordHasher):
    """As Django's, and quick."""

    time_cost, memory_cost, parallelism = 1, 64, 8


def sign_in(client: Client, username: str, password: str = PASSWORD, address: str = "10.1.1.1"):
    client.cookies.clear()
    return client.post(LOGIN, {"login": username, "password": password}, REMOTE_ADDR=address)


# --- The hash --------------------------------------------------------------------------------------------------------
def test_a_city_keeps_passwords_as_owasp_asks(settings):
    settings.PASSWORD_HASHERS = [OURS]
    kept = make_password(PASSWORD)
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password(PASSWORD, kept)
    assert not check_password(PASSWORD + " ", kept)


def test_what_django_kept_before_is_to_be_written_anew_and_ours_is_not(settings):
    settings.PASSWORD_HASHERS = [OURS]
    assert Argon2().must_update(DJANGOS)
    assert not Argon2().must_update(make_password(PASSWORD))


def test_an_old_hash_opens_and_is_written_anew_at_the_next_sign_in(client, cast, settings):
    settings.PASSWORD_HASHERS = [OURS]
    old = Older().encode(PASSWORD, "salt-of-twenty-two-chars")
    Person.objects.filter(username="li").update(password=old)
    assert sign_in(client, "li", "wrong").status_code == 200
    assert Person.objects.get(username="li").password == old
    assert sign_in(client, "li").status_code == 302
    new = Person.objects.get(username="li").password
    assert new.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert client.get("/me/").status_code == 200  # The session outlives the new hash.
    assert sign_in(client, "li").status_code == 302
    assert Person.objects.get(username="li").password == new


def test_no_more_are_computed_at_once_than_there_are_turns(monkeypatch):
    """Two are inside; four others wait, and come in as those leave."""
    inside, most, full, leave = [], [], threading.Event(), threading.Event()

    def computing(self, password, encoded):
        inside.append(password)
        most.append(len(inside))
        if len(inside) == 2:
            full.set()
        leave.wait(10)
        inside.remove(password)
        return True

    monkeypatch.setattr(Argon2, "turns", threading.BoundedSemaphore(2))
    monkeypatch.setattr(Argon2PasswordHasher, "verify", computing)
    hands = [threading.Thread(target=Argon2().verify, args=(f"{n}", ""), daemon=True) for n in range(6)]
    for hand in hands:
        hand.start()
    assert full.wait(10)
    leave.set()
    for hand in hands:
        hand.join(10)
    assert (len(most), max(most), inside) == (6, 2, [])


def test_a_hash_that_fails_gives_its_turn_back(monkeypatch):
    monkeypatch.setattr(Argon2, "turns", threading.BoundedSemaphore(1))
    for _ in range(2):
        with pytest.raises(ValueError, match="unpack"):
            Argon2().verify(PASSWORD, "no hash")


# --- One address -----------------------------------------------------------------------------------------------------
def test_a_building_behind_one_address_signs_in_within_a_minute(client, cast):
    names = [f"early{n}" for n in range(130)]
    kept = make_password(PASSWORD)
    Person.objects.bulk_create(Person(username=name, name="早班", password=kept) for name in names)
    assert {sign_in(client, name).status_code for name in names} == {302}


def test_one_wrong_password_each_for_many_names_is_stopped_before_it_is_computed(client, cast, monkeypatch):
    for n in range(60):
        assert "用户名或密码不对" in sign_in(client, f"guess{n}", "Spring-2026").content.decode()

    def never(*args, **kwargs):
        raise AssertionError("a password was computed for somebody who is stopped")

    with monkeypatch.context() as patched:
        patched.setattr("allauth.account.adapter.authenticate", never)
        for name in ("guess60", "li"):
            assert "错的次数太多，先停一停" in sign_in(client, name).content.decode()
    assert sign_in(client, "li", address="10.1.1.2").status_code == 302  # Another address is not kept out.
