"""Any list as a table: what leaves is counted and written down, holds no telephone, and runs in no spreadsheet."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from linli.mechanisms import journal
from linli.mechanisms.access import exports
from linli.mechanisms.access.models import Export
from linli.work.matters.models import Matter
from tests.test_bad_input import Scene

FORM = {"purpose": "周例会核对逾期件", "format": "csv"}
LISTS = {
    "desk": ("li", "/desk/export/?view=all"),
    "tasks": ("zheng", "/tasks/export/"),
    "whistles": ("li", "/whistles/export/?view=all"),
    "coverage": ("zheng", "/places/coverage/export/?level=4"),
}


def table(answer):
    assert answer.status_code == 200, answer.content
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


@pytest.fixture
def full(make):
    """Something in every list."""
    make.raised(text="=1+1路灯坏了，请打13812345678", visibility="named", name="赵秀英", phone="13812345678")
    make.raised(text="井盖翘了")
    make.task()
    Scene(make).whistle("sounded")


@pytest.mark.parametrize("name", LISTS)
def test_every_list_leaves_as_a_table_and_is_written_down(full, sign_in, name):
    who, path = LISTS[name]
    lines = table(sign_in(who).post(path, FORM))
    assert len(lines) > 1
    assert len({len(line) for line in lines}) == 1
    row = Export.objects.get()
    assert (row.rows, row.purpose, row.person.username) == (len(lines) - 1, FORM["purpose"], who)
    (told,) = [
        each.fact for each in journal.history(f"person:{row.person_id}") if each.fact.name == "access.ListExported"
    ]
    assert told.rows == row.rows


def test_no_telephone_leaves_and_no_formula_runs(full, sign_in):
    lines = table(sign_in("li").post("/desk/export/?view=all", FORM))
    said = "\n".join(",".join(line) for line in lines)
    assert "13812345678" not in said
    assert "赵秀英" not in said
    titles = [line[2] for line in lines]
    assert any(each.startswith("'=1+1") for each in titles)


def test_xlsx_says_the_same(full, sign_in):
    answer = sign_in("li").post("/desk/export/?view=all", FORM | {"format": "xlsx"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 3
    assert rows[0][0] == "编号"


def test_the_filters_and_the_order_of_the_page_hold(full, sign_in, make):
    make.matter(text="水管漏了")
    client = sign_in("li")
    assert len(table(client.post("/desk/export/?view=all&q=井盖", FORM))) == 2
    assert len(table(client.post("/desk/export/?view=overdue", FORM))) == 1
    newest = table(client.post("/desk/export/?view=all&order=new", FORM))
    assert newest[1][0] == Matter.objects.order_by("-registered_at", "-id")[0].number


def test_without_a_purpose_nothing_leaves(full, sign_in):
    client = sign_in("li")
    assert client.post("/desk/export/?view=all", {"format": "csv"}).status_code == 400
    assert client.post("/desk/export/?view=all", {"purpose": "看看"}).status_code == 400
    assert not Export.objects.exists()


def test_a_list_too_long_is_refused_in_words(full, sign_in, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 1)
    answer = sign_in("li").post("/desk/export/?view=all", FORM)
    assert answer.status_code == 413
    assert "超过 1 行" in answer.content.decode()
    assert not Export.objects.exists()


def test_rows_are_read_through_a_cursor_a_few_at_a_time(full, sign_in, monkeypatch):
    monkeypatch.setattr(exports, "AT_A_TIME", 1)
    assert len(table(sign_in("li").post("/desk/export/?view=all", FORM))) == 3


def test_the_neighbour_takes_out_nothing_of_ours_and_who_reads_nothing_gets_nothing(full, sign_in, client):
    assert len(table(sign_in("qian").post("/desk/export/?view=all", FORM))) == 1
    assert sign_in("wang").post("/tasks/export/", FORM).status_code == 403
    assert sign_in("wang").post("/whistles/export/", FORM).status_code == 403
    client.logout()
    assert client.post("/desk/export/", FORM).status_code == 302


def test_an_auditor_sees_who_took_what(full, sign_in):
    table(sign_in("li").post("/desk/export/?view=all", FORM))
    page = sign_in("sun").get("/audit/").content.decode()
    assert FORM["purpose"] in page
