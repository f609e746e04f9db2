"""What an auditor reads of one matter: every entry in words, and whether it still is what was written."""

import importlib
import json
import re
from dataclasses import fields

import pytest
from django.db import connection
from django.urls import reverse

from linli.facts.access import IdentityRevealed
from linli.facts.base import all_facts
from linli.mechanisms.access import Actor
from linli.mechanisms.journal import seals
from linli.mechanisms.journal.models import Entry
from linli.work.matters import service, telling
from linli.work.matters.models import Remark


def path(matter, name="log"):
    return reverse(f"matters:{name}", args=[matter.number])


def tamper(sql, *values):
    """As somebody would who owns the database server."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER journal_no_change")
        cursor.execute(sql, values)
        assert cursor.rowcount
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER journal_no_change")


@pytest.fixture
def page(sign_in):
    """The log as 孙审计 sees it."""

    def read(matter):
        answer = sign_in("sun").get(path(matter))
        assert answer.status_code == 200
        return answer.content.decode()

    return read


def test_a_life_is_told_in_words(make, cast, page):
    matter = make.answered(visibility="named", name="赵秀英", phone="13812345678")
    service.reveal(matter, purpose="电话核实路灯位置", by=cast.actor("li"))
    service.rate(matter, satisfaction=5, by=Actor.resident())
    html = page(matter)
    plain = re.sub(r"<details class=\"more\">.*?</details>", "", html[html.index("<main") :], flags=re.DOTALL)
    for words in (
        "居民", "柳林街道城管办 承办人 吴城管", "槐花社区居民委员会", "要换灯头，我们没有登高车", "与日志里的指纹相符",
        "非常满意（5 分）", "查看居民身份", "称呼和电话", "照系统建议", "对得上：8 条重算相符", "还没有封存",
    ):  # fmt: skip
        assert words in plain, words
    assert '{"' not in plain
    assert "MatterAssigned" not in plain
    assert "13812345678" not in html


def test_every_fact_about_a_matter_has_words():
    importlib.import_module("linli.facts.matters")
    importlib.import_module("linli.facts.privacy")
    told = [each for each in all_facts() if each.name.startswith("matters.")] + [IdentityRevealed]
    told += [each for each in all_facts() if each.name.startswith("privacy.") and "Erasure" not in each.name]
    assert {each.name for each in told} == set(telling.FACTS)
    known = {*telling.FIELDS, *telling.PLACE}
    assert {name for each in told for name in (field.name for field in fields(each))} <= known


def test_a_changed_entry_is_named_where_it_stands(make, page):
    matter = make.assigned()
    tamper(
        "UPDATE journal_entry SET payload = replace(payload, %s, %s) WHERE subject = %s AND seq = 2",
        '"to_level":4', '"to_level":1', matter.subject,
    )  # fmt: skip
    html = page(matter)
    assert "对不上：日志有 1 处不符" in html
    entry = html[html.index('id="entry-2"') : html.index('id="entry-3"')]
    assert "第2条：内容被改动（上报）" in entry
    assert "tone-overdue" in entry
    assert "对得上：" not in html


@pytest.mark.parametrize("payload", ["", "[]", '{"number": 7}', '{"number":"x","handler":"y","risk":"z"}', "null"])
def test_an_entry_that_makes_no_sense_is_shown_all_the_same(make, page, payload):
    matter = make.assigned()
    tamper("UPDATE journal_entry SET payload = %s WHERE subject = %s AND seq = 2", payload, matter.subject)
    assert "对不上" in page(matter)


def test_a_removed_entry_is_named(make, page):
    matter = make.assigned()
    tamper("DELETE FROM journal_entry WHERE subject = %s AND seq = 2", matter.subject)
    assert "第2条被删除" in page(matter)


def test_words_that_were_changed_afterwards_are_found(make, page):
    matter = make.answered()
    assert Remark.objects.filter(matter=matter, move="answer").update(text="早就修好了。") == 1
    html = page(matter)
    assert "与日志里的指纹不符" in html
    assert "话被改过" in html
    assert "对得上：" in html


def test_the_seal_is_re_computed(make, page, sign_in):
    matter = make.assigned()
    assert sign_in("sun").get(path(matter, "proof")).status_code == 404
    seals.seal_now(everything=True)
    matter = service.accept(matter, by=make.cast.actor("wu"))
    html = page(matter)
    assert "封到第 4 条" in html
    assert "后面 1 条今晚零点以后封存" in html
    proof = json.loads(sign_in("sun").get(path(matter, "proof")).content)
    assert (proof["subject"], proof["holds"]) == (matter.subject, True)


def test_the_text_is_a_file_to_keep(make, sign_in):
    matter = make.assigned()
    answer = sign_in("sun").get(path(matter, "log_text"))
    text = answer.content.decode()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    assert text.startswith(f"{matter.subject}\n\n#1 ")
    assert text.count("  hash ") == 4
    assert "重算相符" in text


def test_chain_txt_is_what_the_howto_asks_of_the_database(make, sign_in):
    matter = make.assigned()
    lines = sign_in("sun").get(path(matter, "chain")).content.decode().splitlines()
    entries = Entry.objects.filter(subject=matter.subject).order_by("seq")
    assert len(lines) == 9 * len(entries)
    assert [lines[9 * n + 8] for n in range(len(entries))] == [bytes(entry.hash).hex() for entry in entries]


@pytest.mark.parametrize("name", ["log", "log_text", "chain", "proof"])
@pytest.mark.parametrize("username", ["wang", "li", "zheng"])
def test_who_may_not_read_the_journal_is_refused(make, sign_in, username, name):
    assert sign_in(username).get(path(make.assigned(), name)).status_code == 403


def test_a_long_log_costs_what_a_short_one_costs(make, cast, sign_in, django_assert_max_num_queries):
    matter = make.answered()
    for n in range(12):
        service.add(matter, said=f"补充 {n}", by=cast.actor("wu"))
    client = sign_in("sun")
    client.get(path(matter))
    with django_assert_max_num_queries(20):
        client.get(path(matter))
