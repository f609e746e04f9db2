"""What stands beside a matter: documents, other matters, supervision, personal data, the log; each for who may see it."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.mechanisms import journal
from linli.mechanisms.access.models import Reveal
from linli.mechanisms.journal import seals
from linli.portals.openapi.models import KeptAnswer
from linli.portals.openapi.tests.conftest import problem
from linli.work.matters import together
from linli.work.matters.models import Attachment

pytestmark = pytest.mark.django_db
PERSON = {"visibility": "named", "name": "赵秀英", "phone": "13812345678"}
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def send(who, matter, held, *, name="验收单.pdf", key="files-0001", **more):
    sent = {"file": SimpleUploadedFile(name, held)} | more
    path = f"/api/v1/matters/{matter.number}/files"
    return who.client.post(path, sent, headers=who.headers(Idempotency_Key=key))


def with_macros():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", "<w:document/>")
        packed.writestr("word/vbaProject.bin", b"\0")
    return held.getvalue()


# --- Documents ---------------------------------------------------------------------------------------------------------
def test_a_document_goes_in_once_and_comes_out_as_it_went_in(caller, make):
    matter, li = make.raised(), caller("li")
    first = send(li, matter, PDF)
    assert first.status_code == 201, first.content.decode()
    assert send(li, matter, PDF).json() == first.json()
    assert Attachment.objects.count() == 1
    (row,) = caller("ma").get(f"/matters/{matter.number}/files").json()["items"]
    assert (row["name"], row["kind"], row["bytes"], row["for_resident"]) == ("验收单.pdf", "pdf", len(PDF), False)
    came = li.get(f"/matters/{matter.number}/files/{row['key']}")
    assert came.content == PDF
    assert came["Content-Type"] == "application/pdf"
    assert came["Content-Disposition"].startswith("attachment")
    assert li.get(f"/matters/{matter.number}/files/{row['key']}", If_None_Match=came["ETag"]).status_code == 304


def test_a_document_that_acts_or_is_too_much_is_refused_with_the_pages_sentence(caller, make, monkeypatch):
    matter, li = make.raised(), caller("li")
    told = problem(send(li, matter, with_macros(), name="表.docx"), 422, "refused")
    assert "宏" in told["detail"]
    problem(send(li, matter, b"MZ\x90", name="a.pdf", key="files-0002"), 422, "refused")
    from linli.work.matters.service import papers

    monkeypatch.setattr(papers, "MOST_BYTES", 10)
    assert "太大" in problem(send(li, matter, PDF, key="files-0003"), 422, "refused")["detail"]
    assert not Attachment.objects.exists()


def test_a_passer_by_finds_neither_the_list_nor_the_document(caller, make):
    matter, other = make.raised(), make.raised()
    send(caller("li"), matter, PDF)
    key, qian = Attachment.objects.get().key, caller("qian")
    problem(qian.get(f"/matters/{matter.number}/files"), 404, "missing")
    problem(qian.get(f"/matters/{matter.number}/files/{key}"), 404, "missing")
    problem(caller("li").get(f"/matters/{other.number}/files/{key}"), 404, "missing")
    problem(send(qian, matter, PDF, key="files-0004"), 404, "missing")
    problem(send(caller("sun"), matter, PDF, key="files-0005"), 403, "forbidden")


# --- Other matters -----------------------------------------------------------------------------------------------------
def test_related_are_near_and_alike_and_of_the_person_a_number_only(caller, make):
    matter, beside = make.raised(**PERSON), make.raised(**PERSON)
    found = caller("li").get(f"/matters/{matter.number}/related", {"metres": "50"}).json()
    assert [each["number"] for each in found["near"]] == [beside.number]
    assert found["near"][0]["metres"] == 0
    assert found["by_person"] == 1
    assert "赵秀英" not in str(found)
    problem(caller("li").get(f"/matters/{matter.number}/related", {"metres": "51"}), 400, "malformed")


def test_which_the_same_persons_are_is_a_look_that_each_of_them_tells(caller, make):
    matter, other = make.raised(**PERSON), make.raised(**PERSON)
    li = caller("li")
    problem(li.post(f"/matters/{matter.number}/related/person", {"purpose": ""}), 403, "forbidden")
    found = li.post(f"/matters/{matter.number}/related/person", {"purpose": "看是不是同一件"}).json()
    assert found == {"numbers": [other.number]}
    for each in (matter, other):
        assert journal.history(each.subject)[-1].move == "reveal"
    assert Reveal.objects.filter(purpose="看是不是同一件").count() == 2
    assert "赵秀英" not in str(list(KeptAnswer.objects.values()))
    without = caller("li", powers=["matters.read"])
    problem(without.post(f"/matters/{matter.number}/related/person", {"purpose": "看是不是同一件"}), 403, "forbidden")


def test_what_may_be_the_same_thing_is_for_who_merges(caller, make):
    matter, other = make.raised(), make.raised()
    (one,) = caller("li").get(f"/matters/{matter.number}/alike").json()["items"]
    assert (one["number"], one["metres"]) == (other.number, 0)
    assert one["likeness"] == 1
    problem(caller("sun").get(f"/matters/{matter.number}/alike"), 403, "forbidden")


def test_who_has_the_main_matter_sees_what_goes_along_and_rings_its_reporter_with_a_purpose(caller, make):
    merged = make.merged(**PERSON)
    main, wu = together.main_of(merged.number), caller("wu")
    found = wu.get(f"/matters/{main.number}/together").json()
    (along,) = found["along"]
    assert (along["number"], along["contact"]["phone"]) == (merged.number, "138****5678")
    assert caller("li").get(f"/matters/{merged.number}/together").json()["main"] == main.number
    reporter = f"/matters/{main.number}/along/{merged.number}/reporter"
    assert wu.get(reporter).json()["revealed"] is False
    done = wu.post(f"/matters/{main.number}/along/{merged.number}/reveal", {"purpose": "电话核实"})
    assert done.status_code == 200, done.content.decode()
    assert wu.get(reporter).json()["phone"] == "13812345678"
    assert "13812345678" not in wu.get(f"/matters/{main.number}/together").content.decode()
    assert journal.history(merged.subject)[-1].move == "reveal"
    apart = make.raised()
    problem(wu.get(f"/matters/{main.number}/along/{apart.number}/reporter"), 404, "missing")
    problem(caller("qian").get(f"/matters/{main.number}/together"), 404, "missing")


def test_helpers_parts_and_what_waits_to_be_approved_are_told(caller, make, cast):
    helped, asked = make.helped(), make.asked_for()
    (helper,) = caller("wu").get(f"/matters/{helped.number}/together").json()["helpers"]
    assert helper["body"]["id"] == cast.bodies["huaihua"].pk
    assert helper["advised_at"] is None
    waiting = caller("jiang").get(f"/matters/{asked.number}/together").json()["approval"]
    assert (waiting["body"]["name"], waiting["level"]) == ("槐花社区", 2)


# --- Supervision, personal data, the log -------------------------------------------------------------------------------
def test_supervision_tells_cards_calls_and_appeals(caller, make):
    pressed = caller("zheng").get(f"/matters/{make.pressed().number}/supervision").json()
    assert pressed["grade"] == 1
    assert pressed["cards"][0]["presser"]["name"] == "区治理中心"
    assert pressed["next_grades"]
    appealed = make.appealed().number
    found = caller("jiang").get(f"/matters/{appealed}/supervision").json()
    assert found["appeal"]["reason"]["code"] == "impossible"
    assert found["why_not_decide"] == ""
    assert "上一级" in caller("wu").get(f"/matters/{appealed}/supervision").json()["why_not_decide"]


def test_personal_data_is_told_to_who_looks_after_it(caller, make):
    matter = make.raised(text="打 13812345678 说路灯坏了", **PERSON)
    found = caller("li").get(f"/matters/{matter.number}/privacy").json()
    assert {"words": "13812345678", "shown": "138****5678", "kind": "mobile"} in found["found"]
    assert "13812345678" not in found["shown_title"]
    assert found["hold"] is None
    assert {each["part"] for each in found["kept"]} == {"contact", "words", "photos"}
    assert "赵秀英" not in str(found)
    handling = make.handling()
    problem(caller("wu").get(f"/matters/{handling.number}/privacy"), 403, "forbidden")
    problem(caller("qian").get(f"/matters/{matter.number}/privacy"), 404, "missing")


def test_a_hold_is_put_seen_and_released(caller, make):
    matter, jiang = make.raised(), caller("jiang")
    assert jiang.post(f"/matters/{matter.number}/hold", {"reason": "正在复议"}).status_code == 200
    assert jiang.get(f"/matters/{matter.number}/privacy").json()["hold"]["reason"] == "正在复议"
    problem(jiang.post(f"/matters/{matter.number}/hold", {"reason": "正在复议"}), 409, "not-now")
    assert jiang.post(f"/matters/{matter.number}/release", {"why": "复议已经结束"}).status_code == 200
    problem(jiang.post(f"/matters/{matter.number}/release", {"why": "复议已经结束"}), 409, "not-now")


def test_an_auditor_reads_the_log_as_it_stands_and_takes_the_evidence_along(caller, make):
    matter, sun = make.handling(), caller("sun")
    log = sun.get(f"/matters/{matter.number}/log").json()
    assert [each["seq"] for each in log["entries"]] == list(range(1, matter.version + 1))
    assert all(a["hash"] == b["previous"] for a, b in zip(log["entries"], log["entries"][1:], strict=False))
    assert log["findings"] == []
    assert log["seal"] is None
    assert json.loads(log["entries"][0]["payload"])["number"] == matter.number
    kept = sun.get(f"/matters/{matter.number}/proof").json()
    assert kept["proof"] is None
    assert kept["chain"].count("\n") == 9 * matter.version
    seals.seal_now(everything=True)
    sealed = sun.get(f"/matters/{matter.number}/log").json()["seal"]
    assert (sealed["holds"], sealed["seq"]) == (True, matter.version)
    assert sun.get(f"/matters/{matter.number}/proof").json()["proof"]["subject"] == matter.subject
    problem(caller("li").get(f"/matters/{matter.number}/log"), 403, "forbidden")
    problem(caller("li").get(f"/matters/{matter.number}/proof"), 403, "forbidden")


def test_a_changed_entry_is_found(caller, make):
    from django.db import connection

    matter = make.raised()
    with connection.cursor() as db:
        db.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        db.execute("UPDATE journal_entry SET payload = '{}' WHERE subject = %s AND seq = 2", [matter.subject])
        db.execute("ALTER TABLE journal_entry ENABLE TRIGGER USER")
    (found,) = caller("sun").get(f"/matters/{matter.number}/log").json()["findings"]
    assert found["seq"] == 2
