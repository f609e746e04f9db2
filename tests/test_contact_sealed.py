"""Contact data in the database: sealed in its row, found by digest, given another key, lost with its key and never silently."""

import json

import pytest
from django.core.management import call_command
from django.db import connection, models

from linli.kernel import sealing
from linli.mechanisms.access import keys, rotation
from linli.mechanisms.access.sealing import SealedField, Unreadable, digests, keyring
from linli.site.cli import doctor
from linli.work.matters.models import Contact

pytestmark = pytest.mark.django_db
NAME, PHONE, EMAIL = "赵秀英", "13812345678", "zhao@example.com"


@pytest.fixture
def matter(make):
    """Brought by 赵秀英."""
    return make.matter(visibility="named", name=NAME, phone=PHONE, email=EMAIL)


@pytest.fixture
def key_file(settings, tmp_path):
    """A city's own key file."""
    path = tmp_path / "contact_keys"
    path.write_text(f"{sealing.new_line('k250101-aaaa', 'aes-256-gcm')}\n", encoding="ascii")
    path.chmod(0o600)
    settings.CONTACT_KEYS, settings.CONTACT_KEYS_FILE = "", str(path)
    return path


def stored(matter):
    """What the columns hold."""
    with connection.cursor() as db:
        db.execute("SELECT name, phone, email, phone_key FROM matters_contact WHERE matter_id = %s", [matter.pk])
        return db.fetchone()


def run(*argv):
    """`linli keys …`."""
    import argparse

    parser = argparse.ArgumentParser()
    keys.arguments(parser)
    return keys.run(parser.parse_args(argv))


def test_a_contact_is_plain_to_the_code_and_sealed_in_the_database(matter):
    row = Contact.objects.get(matter=matter)
    assert (row.name, row.phone, row.email) == (NAME, PHONE, EMAIL)
    for column in stored(matter):
        assert "赵" not in column
        assert "1381234" not in column
        assert "zhao" not in column


def test_no_text_of_the_whole_database_says_who_it_was(make, cast, capture_log):
    from linli.mechanisms.access import Actor
    from linli.mechanisms.journal.testing import deliver
    from linli.work.matters import service

    matter = make.matter(visibility="named", name=NAME, phone=PHONE, email=EMAIL)
    service.reveal(matter, purpose="打电话问清位置", by=cast.actor("li"))
    service.correct(matter, name=NAME, phone="13987654321", email=EMAIL, by=Actor.resident())
    service.ask_erasure(matter, scope="contact", why="", by=Actor.resident())
    deliver()
    with connection.cursor() as db:
        db.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'tsvector', 'ARRAY')"
        )
        for table, column in db.fetchall():
            db.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ~ %s',
                [f"{NAME}|{PHONE}|13987654321|{EMAIL}"],
            )
            assert db.fetchone()[0] == 0, f"{table}.{column}"
    assert NAME not in capture_log.text
    assert PHONE not in capture_log.text


@pytest.fixture
def capture_log(caplog):
    """Everything that is logged."""
    caplog.set_level("DEBUG")
    return caplog


def test_a_phone_is_found_however_it_is_typed_and_by_nobody_without_the_key(matter, key_file):
    assert not Contact.objects.filter(phone_key__in=digests("phone", PHONE)).exists()  # The file's key is another.


def test_a_phone_is_found_by_its_digest(matter):
    assert Contact.objects.get(phone_key__in=digests("phone", "+86 138-1234 5678")).matter_id == matter.pk
    assert not Contact.objects.filter(phone_key__in=digests("phone", "13812345679")).exists()


def test_update_cannot_write_a_phone_in_clear(matter):
    with pytest.raises(TypeError, match="sealed"):
        Contact.objects.update(phone=PHONE)


def test_a_look_up_in_clear_is_refused_and_not_simply_empty(matter):
    with pytest.raises(TypeError, match="digest"):
        Contact.objects.filter(phone=PHONE).exists()
    assert Contact.objects.exclude(email="").count() == 1


def test_a_sealed_value_moved_to_another_row_does_not_open(make, matter):
    other = make.matter(visibility="named", name="钱六", phone="13700000000")
    with connection.cursor() as db:
        db.execute("UPDATE matters_contact SET phone = (SELECT phone FROM matters_contact WHERE matter_id = %s)"
                   " WHERE matter_id = %s", [matter.pk, other.pk])  # fmt: skip
    with pytest.raises(Unreadable, match="改动过"):
        _ = Contact.objects.get(matter=other).phone


def test_a_rotation_seals_everything_anew_and_the_phone_is_still_found(make, key_file, capsys):
    made = [make.matter(visibility="named", name=NAME, phone=f"1381234567{n}") for n in range(5)]
    old = keyring().current.id
    assert run("rotate", "--batch", "2") == 0
    new = keyring().current.id
    assert new != old
    assert rotation.counts() == {new: 10}
    assert Contact.objects.get(phone_key__in=digests("phone", "13812345673")).matter_id == made[3].pk
    assert Contact.objects.get(matter=made[3]).name == NAME
    assert "还剩 0 项" in capsys.readouterr().out
    assert run("retire") == 0
    assert [key.id for key in keyring().keys] == [new]
    assert old in key_file.with_name("contact_keys.retired").read_text(encoding="ascii")
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert Contact.objects.get(matter=made[0]).name == NAME


def test_a_rotation_that_was_cut_off_goes_on_without_another_key(make, key_file, monkeypatch, capsys):
    for n in range(4):
        make.matter(visibility="pseudonym", phone=f"1381234567{n}")
    batches = rotation._batches

    def cut_off(column, ring, batch):
        yield next(batches(column, ring, batch))
        raise KeyboardInterrupt

    monkeypatch.setattr(rotation, "_batches", cut_off)
    monkeypatch.setattr(rotation, "columns", lambda: [c for c in COLUMNS if c.name == "matters_contact.phone"])
    with pytest.raises(KeyboardInterrupt):
        run("rotate", "--batch", "1")
    monkeypatch.undo()
    new = keyring().current.id
    assert rotation.counts()[new] == 1
    assert run("rotate") == 0
    assert keyring().current.id == new
    assert rotation.counts() == {new: 4}
    assert "接着做" in capsys.readouterr().out


COLUMNS = rotation.columns()


def test_a_key_in_use_is_never_set_aside(make, key_file):
    make.matter(visibility="pseudonym", phone=PHONE)
    rotation.add_key("sm4-gcm")
    assert rotation.set_aside() == []
    assert len(keyring().keys) == 2


def test_what_stood_there_before_is_read_and_sealed_by_a_rotation(matter, capsys):
    with connection.cursor() as db:
        db.execute("UPDATE matters_contact SET name = %s, phone_key = '' WHERE matter_id = %s", [NAME, matter.pk])
    assert Contact.objects.get(matter=matter).name == NAME
    assert rotation.counts()[""] == 1
    assert run("rotate", "--resume") == 0
    assert rotation.counts()[""] == 0
    assert Contact.objects.get(matter=matter).name == NAME


def test_the_migration_seals_old_rows_and_may_be_run_again(make):
    from importlib import import_module

    from django.apps import apps

    seal = import_module("linli.work.matters.migrations.0012_contact_sealed").seal_what_is_there
    matter = make.matter(visibility="named", name="甲", phone="1")
    with connection.cursor() as db:
        db.execute("UPDATE matters_contact SET name=%s, phone=%s, email=%s, phone_key=''", [NAME, PHONE, EMAIL])
    with connection.schema_editor() as schema:
        seal(apps, schema)
    once = stored(matter)
    with connection.schema_editor() as schema:
        seal(apps, schema)
    assert stored(matter) == once
    row = Contact.objects.get(phone_key__in=digests("phone", PHONE))
    assert (row.name, row.phone, row.email) == (NAME, PHONE, EMAIL)


def test_a_lost_key_is_a_sentence_on_the_page_and_never_a_crash(sign_in, matter, settings):
    settings.CONTACT_KEYS = sealing.new_line("k261231-zzzz".replace("z", "f"), "aes-256-gcm")
    page = sign_in("wang").get(f"/matters/{matter.number}/")
    assert page.status_code == 200
    assert "k260101-test" in page.content.decode()
    found = {each.what: each for each in doctor._sealed()}
    assert found["contact data"].state == "bad"
    assert "k260101-test" in found["contact data"].seen


def test_without_any_key_a_phone_is_not_taken_and_what_was_written_comes_back(client, cast, settings):
    settings.CONTACT_KEYS = ""
    key = client.get("/").content.decode().partition('name="key" value="')[2].partition('"')[0]
    typed = {"text": "路灯坏了三天没人修", "place": "槐花社区", "visibility": "pseudonym", "phone": PHONE, "key": key}
    answer = client.post("/", typed)
    assert answer.status_code == 503
    assert "路灯坏了三天没人修" in answer.content.decode()
    assert not Contact.objects.exists()
    assert client.post("/", typed | {"visibility": "anonymous"}).status_code == 302


def test_the_doctor_names_a_key_that_is_old_or_open_to_others(key_file, settings):
    (finding,) = doctor._contact_keys()
    assert (finding.state, finding.remedy) == ("doubtful", "run linli keys rotate")
    key_file.chmod(0o644)
    (finding,) = doctor._contact_keys()
    assert finding.state == "bad"
    key_file.write_text("", encoding="ascii")
    (finding,) = doctor._contact_keys()
    assert "holds no key" in finding.seen


def test_every_sealed_column_is_known_to_the_rotation():
    assert {column.name for column in rotation.columns()} == {
        "matters_contact.email", "matters_contact.name", "matters_contact.phone", "matters_consent.speaker", "matters_consent.phone",
        "matters_lastaddress.email", "matters_lastaddress.phone",
    }  # fmt: skip
    assert all(isinstance(each, models.Field) for each in SealedField.everywhere)


def test_nothing_is_left_to_migrate():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_a_copy_as_json_never_holds_a_key(matter):
    from linli.work.matters import persons

    document = json.dumps(persons.document([persons.held(matter)]), ensure_ascii=False)
    assert NAME in document
    assert "enc:" not in document


def test_sealing_asks_the_database_nothing(make):
    """A submission costs ten statements at most, with a contact or without: one more row, and no key is looked up in it."""
    from django.test.utils import CaptureQueriesContext

    make.matter()  # What a process looks up once.
    with CaptureQueriesContext(connection) as without:
        make.matter(text="楼道灯不亮好几天了")
    with CaptureQueriesContext(connection) as with_contact:
        make.matter(text="井盖翘起来了很危险", visibility="named", name=NAME, phone=PHONE, email=EMAIL)
    assert len(with_contact) == len(without) + 1
