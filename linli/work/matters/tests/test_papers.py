"""备注、附件、打印件、相关的: for officials, for the resident, and never for anybody else."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.engines.papers import accept
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Reveal
from linli.work.matters import printing, queries, related, service
from linli.work.matters.models import Attachment
from linli.work.matters.service import papers
from linli.work.matters.words import follow_token
from tests import place

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
NOTE = "住户情绪激动，下午由书记陪同上门"
NAME = "内部会签单"


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def attached(matter, cast, *, for_resident=False, name=f"{NAME}.pdf", who="li"):
    paper = accept(PDF, name=name, max_bytes=10_000)
    service.attach(matter, paper=paper, for_resident=for_resident, by=cast.actor(who))
    return Attachment.objects.latest("id")


def test_a_note_stands_in_the_story_with_who_and_when(sign_in, make, cast):
    matter = make.raised()
    response = sign_in("li").post(f"/matters/{matter.number}/note/", {"said": NOTE})
    assert response.status_code == 302
    page = sign_in("ma").get(f"/matters/{matter.number}/").content.decode()
    assert NOTE in page
    assert "李调度" in page
    log = sign_in("sun").get(f"/matters/{matter.number}/log/").content.decode()
    assert "内部备注" in log
    assert "与日志里的指纹相符" in log


def test_nothing_internal_is_on_any_page_a_stranger_or_a_resident_opens(client, make, cast, media):
    matter = make.raised(public=True)
    service.note(matter, said=NOTE, by=cast.actor("li"))
    row = attached(matter, cast)
    token, number = follow_token(matter.number), matter.number
    own = f"/m/{number}/{token}"
    public = [
        f"{own}/", f"{own}/sent/", f"{own}/proof/", f"{own}/proof.json", f"/p/{number}/", "/nearby/", "/nearby/points.json",
        f"/nearby/?lon={matter.lon}&lat={matter.lat}", f"/open311/v2/requests/{number}.json", f"/open311/v2/requests/{number}.xml",
        "/open311/v2/requests.json", "/open311/v2/requests.xml",
    ]  # fmt: skip
    for path in public:
        page = client.get(path, follow=True).content.decode()
        assert NOTE not in page, path
        assert NAME not in page, path
        assert "内部备注" not in page, path
        assert row.key not in page, path
    said = [each for each in queries.story(matter, for_resident=True) if each.move in {"note", "attach"}]
    assert said == []
    for path in (f"/matters/{number}/files/{row.key}", f"{own}/files/{row.key}", f"/media/m/{row.key}.jpg"):
        assert client.get(path).status_code in {302, 404}, path


def test_neither_note_nor_attachment_writes_to_the_resident(cast, make, media):
    from linli.facts.matters import MatterAttached, MatterNoted
    from linli.work.matters.letters import TOLD

    assert not {MatterNoted, MatterAttached} & set(TOLD)


def test_a_paper_for_the_resident_comes_to_them_and_only_to_be_saved(client, make, cast, media):
    matter = make.answered()
    row = attached(matter, cast, for_resident=True, name="检测报告.pdf", who="wu")
    own = f"/m/{matter.number}/{follow_token(matter.number)}"
    assert "检测报告.pdf" in client.get(f"{own}/").content.decode()
    answer = client.get(f"{own}/files/{row.key}")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    other = make.raised()
    assert client.get(f"/m/{other.number}/{follow_token(other.number)}/files/{row.key}").status_code == 404
    assert client.get(f"/m/{matter.number}/wrong/files/{row.key}").status_code == 404


def test_an_official_in_reach_opens_it_and_next_door_does_not(sign_in, make, cast, media):
    matter = make.raised()
    client = sign_in("li")
    sent = SimpleUploadedFile("../x/会签单.exe", PDF, content_type="text/html")
    posted = {"file": sent, "for_resident": "no"}
    assert client.post(f"/matters/{matter.number}/attach/", posted).status_code == 302
    row = Attachment.objects.get()
    assert (row.name, row.kind, row.office) == ("会签单.pdf", "pdf", "柳林街道综治中心 调度员 李调度")
    assert "会签单.pdf" in client.get(f"/matters/{matter.number}/").content.decode()
    path = f"/matters/{matter.number}/files/{row.key}"
    opened = client.get(path)
    assert b"".join(opened.streaming_content) == PDF
    assert sign_in("qian").get(path).status_code == 404
    assert sign_in("qian").post(f"/matters/{matter.number}/attach/", posted).status_code == 404
    assert sign_in("sun").post(f"/matters/{matter.number}/note/", {"said": NOTE}).status_code == 403
    fact = journal.history(matter.subject)[-1].fact
    assert fact.sha256 == row.sha256
    assert "会签单" not in json.dumps(fact.payload(), ensure_ascii=False)


@pytest.mark.parametrize(("raw", "says"), [(b"MZ a program", "只收 PDF"), (b"", "空的")])
def test_what_cannot_be_taken_is_a_sentence_beside_the_field(sign_in, make, media, raw, says):
    matter = make.raised()
    sent = SimpleUploadedFile("a.pdf", raw)
    response = sign_in("li").post(f"/matters/{matter.number}/attach/", {"file": sent})
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not Attachment.objects.exists()


def test_no_file_and_too_many_are_sentences(sign_in, make, cast, media, monkeypatch):
    matter = make.raised()
    assert sign_in("li").post(f"/matters/{matter.number}/attach/", {}).status_code == 422
    monkeypatch.setattr(papers, "MOST", 1)
    attached(matter, cast)
    with pytest.raises(service.TooManyPapersError):
        attached(matter, cast)


def test_a_resident_cannot_write_a_note_with_the_power_to_add(make):
    with pytest.raises(Refused):
        service.note(make.raised(), said=NOTE, by=Actor.resident())


def test_files_lie_outside_of_what_is_served(make, cast, media):
    row = attached(make.raised(), cast)
    path = papers.path_of(row.key)
    assert path.read_bytes() == PDF
    assert path.suffix == ""


# --- On paper -----------------------------------------------------------------------------------------------------------
def test_officials_print_the_course_and_residents_a_receipt(sign_in, client, make, cast, media, monkeypatch):
    matter = make.answered(visibility="named", name="赵秀英", phone="13812345678")
    service.note(matter, said=NOTE, by=cast.actor("li"))
    said = []
    real = printing.pdf
    monkeypatch.setattr(
        printing, "pdf", lambda *a, **k: said.append(json.dumps(a[1], ensure_ascii=False)) or real(*a, **k)
    )
    receipt = client.get(f"/m/{matter.number}/{follow_token(matter.number)}/receipt.pdf")
    printed = sign_in("li").get(f"/matters/{matter.number}/print.pdf")
    for answer in (receipt, printed):
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
    own, official = said
    assert NOTE not in own
    assert NOTE in official
    assert follow_token(matter.number) in own
    assert follow_token(matter.number) not in official
    for each in said:
        assert "13812345678" not in each
        assert "赵秀英" not in each
    assert sign_in("qian").get(f"/matters/{matter.number}/print.pdf").status_code == 404
    assert client.get(f"/m/{matter.number}/wrong/receipt.pdf").status_code == 404


# --- Related ------------------------------------------------------------------------------------------------------------
def test_the_same_place_and_the_same_kind_are_listed_within_reach(sign_in, make, cast):
    here = make.raised(point=place.at(0.5, 0.5))
    beside = make.raised(point=place.at(0.5, 0.5003))
    far = make.matter(point=place.at(0.5, 1.5))
    li = cast.actor("li")
    assert [each.number for each, _away in related.near(li, here, 100)] == [beside.number]
    assert [each.number for each in related.alike(li, here)] == [beside.number]
    assert related.near(cast.actor("qian"), here, 300) == []
    page = sign_in("li").get(f"/matters/{here.number}/related/?metres=50").content.decode()
    assert beside.number in page
    assert far.number not in page
    assert sign_in("qian").get(f"/matters/{here.number}/related/").status_code == 404


def test_the_same_person_is_a_number_until_a_purpose_is_on_record(sign_in, make, cast):
    first = make.raised(visibility="pseudonym", phone="13812345678", point=place.at(0.5, 0.5))
    other = make.matter(
        visibility="pseudonym", phone="13812345678", point=place.at(1.5, 1.5), text="楼下烧烤摊半夜还在吵"
    )
    client = sign_in("li")
    page = client.get(f"/matters/{first.number}/related/").content.decode()
    assert "还反映过 1 件" in page
    assert other.number not in page
    assert client.post(f"/matters/{first.number}/related/person/", {"purpose": ""}).status_code == 403
    shown = client.post(f"/matters/{first.number}/related/person/", {"purpose": "核对是不是同一件事"}).content.decode()
    assert other.number in shown
    assert "13812345678" not in shown
    assert {each.subject for each in Reveal.objects.all()} == {first.subject, other.subject}
    for each in (first, other):
        assert journal.history(each.subject)[-1].move == "reveal"
    # It opens what was asked for, and not the telephone number as well.
    assert "13812345678" not in client.get(f"/matters/{first.number}/").content.decode()


def test_a_look_that_may_not_be_is_written_nowhere(sign_in, make, cast):
    first = make.raised(visibility="pseudonym", phone="13812345678")
    make.raised(visibility="pseudonym", phone="13812345678")
    assert sign_in("zhou").post(f"/matters/{first.number}/related/person/", {"purpose": "核对一下"}).status_code == 403
    assert not Reveal.objects.exists()
