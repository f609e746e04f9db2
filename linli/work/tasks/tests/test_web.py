"""Pages of tasks: what each post is offered, what a form answers, the monthly list on paper and as a table."""

import csv
import io
from datetime import date, timedelta
from urllib.parse import quote

import pytest

from linli.kernel import clock
from linli.work.tasks import queries, service, telling
from linli.work.tasks.flow import State
from linli.work.tasks.models import Meeting, Task
from linli.work.tasks.tests.conftest import MONDAY


def page(client, path, **query):
    answer = client.get(path, query)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def at(task, verb=""):
    return f"/tasks/{quote(task.number)}/" + (f"{verb}/" if verb else "")


# --- The list -----------------------------------------------------------------------------------------------------
def test_the_list_shows_groups_states_and_the_task(sign_in, give):
    task = give()
    said = page(sign_in("zheng"), "/tasks/")
    assert task.content in said
    assert "网格治理组" in said
    assert "待领受" in said
    assert task.content not in page(sign_in("zheng"), "/tasks/", group="digital")
    assert task.content not in page(sign_in("zheng"), "/tasks/", view="done")


def test_a_group_says_its_mandate_and_that_it_is_assumed(sign_in, city):
    said = page(sign_in("zheng"), "/tasks/", group="grid")
    assert "不给网格派报表" in said
    assert "暂定" in said


def test_next_door_sees_an_empty_list(sign_in, give):
    task = give()
    client = sign_in("qian")
    assert task.content not in page(client, "/tasks/", view="all")
    assert task.number not in page(client, "/tasks/monthly/")
    assert client.get(at(task)).status_code == 404


@pytest.mark.parametrize("username", ["wang", "zhou"])
def test_grids_and_villages_have_no_page_of_tasks_nor_a_link(sign_in, give, username):
    task = give()
    client = sign_in(username)
    for path in ("/tasks/", "/tasks/new/", "/tasks/meetings/", "/tasks/monthly/"):
        assert client.get(path).status_code == 403
    assert client.get(at(task)).status_code == 404
    assert 'href="/tasks/"' not in page(client, "/notices/")
    assert 'href="/tasks/"' in page(sign_in("wu"), "/notices/")


# --- One task -----------------------------------------------------------------------------------------------------
def test_each_post_is_offered_its_own_moves(sign_in, doing):
    def offered(username):
        said = page(sign_in(username), at(doing))
        return {verb for verb in queries.LIFE.moves if f'action="{at(doing, verb)}"' in said}

    assert offered("wu") == {"report", "ask_delay", "finish"}
    assert offered("zheng") == {"press", "cancel"}
    assert offered("sun") == set()


def test_from_the_new_task_to_the_confirmed_finish_by_forms_alone(sign_in, cast):
    boss = sign_in("zheng")
    answer = boss.post("/tasks/meetings/", {"group": "grid", "held_on": "2026-05-29", "title": "例会", "minutes": ""})
    assert answer.status_code == 302
    form = {
        "group": "grid", "content": "清一遍占道经营", "owner": cast.bodies["liulin_urban"].pk, "due_on": "2026-06-15",
        "co_owners": [cast.bodies["liulin_desk"].pk], "meeting": Meeting.objects.get().pk, "q": "柳林",
    }  # fmt: skip
    assert boss.post("/tasks/new/", form).status_code == 302
    task = Task.objects.get()
    for username, verb, typed in (
        ("wu", "take_up", {}), ("wu", "report", {"note": "办了一半"}), ("wu", "ask_delay", {"until": "2026-06-20", "reason": "下雨"}),
        ("zheng", "grant_delay", {}), ("zheng", "press", {"reason": "慢"}), ("zheng", "withdraw_card", {"reason": "不实"}),
        ("wu", "finish", {"evidence": "清完了"}), ("zheng", "send_back", {"reason": "缺南段"}), ("wu", "finish", {"evidence": "南段也清完了"}),
        ("zheng", "confirm", {}),
    ):  # fmt: skip
        task.refresh_from_db()
        answer = sign_in(username).post(at(task, verb), {**typed, "version": task.version})
        assert answer.status_code == 302, (verb, answer.status_code)
    task.refresh_from_db()
    assert task.state == State.DONE
    assert "南段也清完了" in page(sign_in("wu"), at(task))


def test_what_was_wrong_is_said_beside_the_form_and_what_was_typed_stays(sign_in, doing):
    answer = sign_in("wu").post(at(doing, "ask_delay"), {"until": "昨天", "reason": "连着下雨"})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "请选一个日期" in said
    assert "连着下雨" in said


def test_a_stale_form_is_told_who_came_before(sign_in, doing, cast):
    old = doing.version
    service.report(doing, note="我先报了", by=cast.actor("feng"))
    answer = sign_in("wu").post(at(doing, "finish"), {"evidence": "清完了", "version": old})
    assert answer.status_code == 409
    assert "冯主任" in answer.content.decode()


def test_a_move_of_another_is_refused_on_its_address(sign_in, doing):
    assert sign_in("wu").post(at(doing, "cancel"), {"reason": "不想办"}).status_code == 403
    assert sign_in("zheng").post(at(doing, "finish"), {"evidence": "x"}).status_code == 403
    assert sign_in("qian").post(at(doing, "report"), {"note": "x"}).status_code == 404
    assert sign_in("sun").post(at(doing, "press"), {"reason": "x"}).status_code == 403
    assert Task.objects.get().version == doing.version


def test_a_village_cannot_be_chosen_as_owner(sign_in, cast):
    form = {"group": "grid", "content": "报一张表", "owner": cast.bodies["huaihua"].pk, "due_on": "2026-06-15"}
    assert sign_in("zheng").post("/tasks/new/", form).status_code == 422
    assert not Task.objects.exists()
    assert cast.bodies["huaihua"].name not in page(sign_in("zheng"), "/tasks/new/", q="槐花")


def test_who_gives_no_tasks_records_no_meeting(sign_in):
    client = sign_in("wu")
    assert "记下会议" not in page(client, "/tasks/meetings/")
    typed = {"group": "grid", "held_on": "2026-05-29", "title": "会"}
    assert client.post("/tasks/meetings/", typed).status_code == 403
    assert not Meeting.objects.exists()


def test_a_list_does_not_ask_more_for_more_tasks(sign_in, give, django_assert_max_num_queries):
    client = sign_in("zheng")
    for _ in range(12):
        give()
    page(client, "/tasks/")
    with django_assert_max_num_queries(14):
        page(client, "/tasks/")
    with django_assert_max_num_queries(14):
        page(client, "/tasks/monthly/")


# --- The monthly list ---------------------------------------------------------------------------------------------
def test_the_month_counts_open_late_done_and_cancelled_by_group(give, cast):
    zheng, wu = cast.actor("zheng"), cast.actor("wu")
    open_, late, done, off = give(due_on=date(2026, 8, 1)), give(), give(), give(group="digital")
    waits = give()
    with clock.at(MONDAY + timedelta(days=9)):
        for task in (done, waits):
            service.finish(service.take_up(task, by=wu), evidence="清完了", by=wu)
        done.refresh_from_db()
        service.confirm(done, by=zheng)
        service.cancel(off, reason="并了", by=zheng)
    with clock.at(MONDAY + timedelta(days=20)):
        found = {each.group.code: each for each in queries.monthly("", date(2026, 6, 1), by=zheng)}
        assert len(found) == 7
        grid = found["grid"]
        assert (grid.open, grid.overdue, grid.done, grid.cancelled) == ([waits, open_], [late], [done], [])
        assert found["digital"].cancelled == [off]
        assert [each.group.code for each in queries.monthly("digital", date(2026, 6, 1), by=zheng)] == ["digital"]
    with clock.at(MONDAY + timedelta(days=70)):
        july = {each.group.code: each for each in queries.monthly("", date(2026, 7, 1), by=zheng)}
        assert (july["grid"].done, july["digital"].n) == ([], 0)
        june = {each.group.code: each for each in queries.monthly("", date(2026, 6, 1), by=zheng)}
        assert june["grid"].done == [done]
    assert not [each for each in queries.monthly("", date(2026, 5, 1), by=zheng) if each.n]
    assert not [each for each in queries.monthly("", date(2026, 6, 1), by=cast.actor("qian")) if each.n]


@pytest.mark.parametrize(
    "nasty", ["=1+1", "+8613800000000", "-2+3", "@SUM(A1)", " =1+1", "\uff1d1+1", '=HYPERLINK("x")']
)
def test_no_cell_of_the_table_is_a_formula(sign_in, give, cast, nasty):
    task = give(content=nasty)
    service.report(service.take_up(task, by=cast.actor("wu")), note=nasty, by=cast.actor("wu"))
    answer = sign_in("zheng").get("/tasks/monthly/", {"month": "2026-06", "format": "csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "tasks-2026-06.csv" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][1] == task.number
    assert rows[1][2] == rows[1][7] == f"'{nasty.strip()}"
    assert all(cell == telling.inert(cell) for row in rows for cell in row)


def test_the_last_day_of_a_month_is_late_only_when_it_is_over(give, cast):
    task = give(due_on=date(2026, 6, 30))
    for day, late in ((29, []), (30, [task])):
        with clock.at(MONDAY + timedelta(days=day)):
            found = queries.monthly("grid", date(2026, 6, 1), by=cast.actor("zheng"))
            assert found[0].overdue == late


def test_plain_words_stay_as_they_are():
    assert [telling.inert(each) for each in ("清一遍", "2026-06-15", "", "a=b")] == ["清一遍", "2026-06-15", "", "a=b"]


@pytest.mark.parametrize("month", ["", "2026-13", "0001-01", "9999-12", "x", "\uff12026-06"])
def test_a_month_that_is_none_is_this_one(sign_in, month):
    assert "2026年6月任务台账" in page(sign_in("zheng"), "/tasks/monthly/", month=month)
