"""Reading over the API: what a desk sees, in pages that miss nothing, and nothing of the next township."""

import io

import pytest
from PIL import Image

from linli.engines.pictures import accept
from linli.mechanisms.journal.testing import deliver
from linli.portals.openapi.tests.conftest import problem
from linli.work.matters import queues, service
from linli.work.matters.models import Matter
from linli.work.matters.service import photos
from linli.work.whistles import service as whistles
from tests import place

pytestmark = pytest.mark.django_db
PERSON = {"visibility": "named", "name": "赵秀英", "phone": "13812345678"}


def picture():
    held = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(held, "PNG")
    return held.getvalue()


@pytest.fixture(autouse=True)
def _media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def test_the_list_is_the_desks(caller, cast, make):
    make.raised()
    make.handling()
    make.matter()
    li = caller("li")
    for view in queues.VIEWS:
        ours = [each["number"] for each in li.get("/matters", {"view": view}).json()["items"]]
        desk = queues.page_of(cast.actor("li"), queues.Filters(view=view, order=queues.orders_of(view)[0])).matters
        assert ours == [each.number for each in desk], view


def test_filters_narrow(caller, make):
    lamp, pipe = make.raised(), make.raised(text="井盖翘起来了，夜里绊人")
    li = caller("li")

    def numbers(**asked):
        return {each["number"] for each in li.get("/matters", {"view": "all"} | asked).json()["items"]}

    assert numbers() == {lamp.number, pipe.number}
    assert numbers(category=lamp.category) == {lamp.number}
    assert numbers(q="井盖") == {pipe.number}
    assert numbers(area=place.HUAIHUA) == {lamp.number, pipe.number}
    assert numbers(area=place.LIUAN) == set()
    assert numbers(area=place.XINGHUA) == set()
    assert numbers(risk="3") == set()
    assert numbers(handler=str(lamp.handler_id)) == {lamp.number, pipe.number}


def test_pages_follow_each_other_without_a_gap(caller, make, monkeypatch):
    monkeypatch.setattr(queues, "PAGE", 2)
    made = [make.raised().number for _ in range(5)]
    li, found, after = caller("li"), [], None
    for _ in range(5):
        page = li.get("/matters", {"view": "triage", "order": "new"} | ({"after": after} if after else {})).json()
        found += [each["number"] for each in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == list(reversed(made))


def test_counts_are_the_desks(caller, make):
    make.raised()
    views = caller("li").get("/matters/counts").json()["views"]
    assert views["triage"] == {"n": 1, "exact": True}
    assert set(views) == set(queues.VIEWS)


def test_a_matter_is_told_as_on_its_page(caller, make):
    matter = make.raised(**PERSON)
    told = caller("li").get(f"/matters/{matter.number}").json()
    assert told["text"] == matter.text
    assert told["version"] == matter.version
    assert told["areas"][0]["code"] == place.HUAIHUA_1
    assert told["due_rule"]["rule"] == matter.due_rule
    assert "assign" in told["moves"]
    assert told["contact"] == {"visibility": "named", "name": "赵**", "phone": "138****5678", "revealed": False}


def test_a_department_is_offered_what_its_page_offers(caller, make):
    matter = make.handling()
    assert caller("wu").get(f"/matters/{matter.number}").json()["moves"] == [
        "object",
        "ask_extension",
        "answer",
        "ask_help",
        "add",
        "note",
        "reveal",
    ]


@pytest.mark.parametrize("state", ["objected", "extending", "carried"])
def test_what_is_waited_for_is_told(caller, make, state):
    matter = getattr(make, state)()
    pending = caller("li").get(f"/matters/{matter.number}").json()["pending"]
    expected = {
        "objected": ("objection", "not-our-duty"),
        "extending": ("extension", ""),
        "carried": ("carried", "season"),
    }
    assert (pending["kind"], pending["reason"]) == expected[state]


def test_what_has_not_changed_is_not_sent_again(caller, make):
    matter = make.raised()
    li = caller("li")
    for path in (f"/matters/{matter.number}", "/matters", "/categories", f"/areas/{place.LIULIN}", "/me"):
        first = li.get(path)
        assert li.get(path, If_None_Match=first["ETag"]).status_code == 304, path
        assert li.get(path, If_None_Match=f'W/{first["ETag"]}, "other"').status_code == 304
    mark = li.get(f"/matters/{matter.number}")["ETag"]
    service.add(matter, said="又打来电话", by=make.cast.actor("li"))
    assert li.get(f"/matters/{matter.number}", If_None_Match=mark).status_code == 200
    english = li.get(f"/matters/{matter.number}", Accept_Language="en")
    assert english["ETag"] != li.get(f"/matters/{matter.number}")["ETag"]
    assert "Accept-Language" in english["Vary"]
    assert "Authorization" in english["Vary"]


@pytest.mark.parametrize("rest", ["", "/journal", "/reporter", "/photos", "/proposal"])
def test_a_passer_by_finds_no_such_matter(caller, make, rest):
    matter = make.raised(**PERSON)
    assert caller("li").get(f"/matters/{matter.number}{rest}").status_code == 200
    problem(caller("qian").get(f"/matters/{matter.number}{rest}"), 404, "missing")
    problem(
        caller("li", powers=["notices.read"]).get(f"/matters/{matter.number}{rest}"),
        403 if rest == "/proposal" else 404,
        "forbidden" if rest == "/proposal" else "missing",
    )


def test_the_journal_is_told_with_words_and_rules(caller, make):
    matter = make.raised()
    entries = caller("li").get(f"/matters/{matter.number}/journal").json()["entries"]
    assert [each["move"] for each in entries] == ["register", "raise_up", "raise_up"]
    assert entries[0]["rule"] == matter.due_rule
    assert entries[0]["who"] == "居民"
    assert entries[1]["said"].startswith("敲门问过")


def test_the_reporter_is_in_clear_only_after_a_purpose_and_only_where_asked(caller, make):
    matter = make.raised(**PERSON)
    li, plain = caller("li"), caller("li", powers=["matters.read"], name="看板")
    assert li.get(f"/matters/{matter.number}/reporter").json()["revealed"] is False
    done = li.post(f"/matters/{matter.number}/reveal", {"purpose": "电话核实路灯的位置"})
    assert done.status_code == 200
    assert "13812345678" not in done.content.decode()
    assert li.get(f"/matters/{matter.number}/reporter").json()["phone"] == "13812345678"
    assert "13812345678" not in li.get(f"/matters/{matter.number}").content.decode()
    # The same person's other token has not the power: for it nothing was revealed.
    assert plain.get(f"/matters/{matter.number}/reporter").json()["phone"] == "138****5678"
    problem(plain.post(f"/matters/{matter.number}/reveal", {"purpose": "电话核实"}), 403, "forbidden")
    looked = matter.subject
    from linli.mechanisms.access.models import Reveal

    assert Reveal.objects.get(subject=looked).office.endswith("（凭令牌“数据中台”）")


def test_photos_are_listed_and_read_by_who_sees_the_matter(caller, make):
    shot = accept(picture(), max_bytes=photos.MOST_BYTES, max_pixels=photos.MOST_PIXELS)
    matter = make.raised(pictures=(shot,))
    other = make.raised()
    li = caller("li")
    (photo,) = li.get(f"/matters/{matter.number}/photos").json()["items"]
    got = li.get(f"/matters/{matter.number}/photos/{photo['key']}")
    assert (got.status_code, got["Content-Type"]) == (200, "image/jpeg")
    assert got.content[:2] == b"\xff\xd8"
    assert li.get(f"/matters/{matter.number}/photos/{photo['key']}", {"size": "small"}).status_code == 200
    assert li.get(f"/matters/{matter.number}/photos/{photo['key']}", If_None_Match=got["ETag"]).status_code == 304
    problem(li.get(f"/matters/{other.number}/photos/{photo['key']}"), 404, "missing")
    problem(li.get(f"/matters/{matter.number}/photos/00"), 404, "missing")
    problem(caller("qian").get(f"/matters/{matter.number}/photos/{photo['key']}"), 404, "missing")


def test_whom_to_assign_to_is_proposed(caller, cast, make):
    matter = make.raised()
    told = caller("li").get(f"/matters/{matter.number}/proposal").json()
    assert told["body"]["id"] == cast.bodies["liulin_urban"].pk
    assert told["rule"].startswith("matters/routing v1 #")
    assert cast.bodies["liulin_desk"].pk in {each["id"] for each in told["bodies"]}


def test_lists_are_read_as_they_are_and_as_they_were(caller):
    li = caller("li")
    keys = {each["key"] for each in li.get("/rules").json()["items"]}
    assert {"matters/limits", "lists/objections", "posts/posts"} <= keys
    told = li.get("/rules/lists/outcome_reasons").json()
    assert told["version"] == 1
    assert all(each["code"] for each in told["items"])
    assert li.get("/rules/lists/outcome_reasons", {"version": "1"}).json() == told
    problem(li.get("/rules/lists/outcome_reasons", {"version": "9"}), 404, "missing")
    problem(li.get("/rules/matters/nothing"), 404, "missing")
    codes = {each["code"] for each in li.get("/categories").json()["items"]}
    assert "streetlight" in codes


def test_the_tree_can_be_walked(caller):
    li = caller("li")
    assert {each["code"] for each in li.get("/areas").json()["items"]} == {place.HUAIHUA, place.LIUAN}
    grids = li.get("/areas", {"level": "5", "within": place.HUAIHUA}).json()["items"]
    assert {each["code"] for each in grids} == {place.HUAIHUA_1, place.HUAIHUA_2}
    one = li.get(f"/areas/{place.HUAIHUA}").json()
    assert one["parent"] == place.LIULIN
    assert [each["code"] for each in one["lineage"]] == [place.CITY, place.COUNTY, place.LIULIN]
    problem(li.get("/areas/000"), 404, "missing")
    problem(li.get("/areas", {"within": "000"}), 422, "refused")


def test_bodies_are_those_around_the_post(caller, cast):
    names = {each["name"] for each in caller("li").get("/bodies").json()["items"]}
    assert cast.bodies["liulin_urban"].name in names
    assert cast.bodies["county_desk"].name in names
    assert cast.bodies["xinghua_desk"].name not in names
    told = caller("li").get("/bodies", {"area": place.HUAIHUA_1, "function": "urban-management"}).json()
    assert [each["id"] for each in told["items"]] == [cast.bodies["liulin_urban"].pk]
    assert told["next"] is None


def test_the_holders_notices_are_read_and_marked(caller, make):
    make.assigned()
    deliver()
    wu = caller("wu")
    told = wu.get("/notices").json()
    assert told["unread"] == 1
    assert told["items"][0]["words"] == "派给您单位"
    assert wu.post("/notices/read", {"subject": told["items"][0]["subject"]}).json() == {"marked": 1}
    assert wu.get("/notices").json()["unread"] == 0
    problem(caller("wu", powers=["matters.read"]).get("/notices"), 403, "forbidden")


def test_whistles_and_tasks_are_read_by_who_sees_them(caller, cast, make):
    li = cast.actor("li")
    called = [whistles.Called(cast.bodies["liulin_urban"])]
    whistle = whistles.sound(kind="emergency", area_id=li.area_id, called=called, what="树倒了", key="k-1", by=li)
    task = make.task("doing")
    for username in ("li", "wu"):
        reader = caller(username)
        assert [each["number"] for each in reader.get("/whistles").json()["items"]] == [whistle.number]
        assert reader.get(f"/whistles/{whistle.number}").json()["called"][0]["body"]["name"] == "柳林街道城管办"
        assert [each["number"] for each in reader.get("/tasks").json()["items"]] == [task.number]
        assert reader.get(f"/tasks/{task.number}").json()["state"] == "doing"
    passer = caller("qian")
    assert passer.get("/whistles").json() == passer.get("/tasks").json() == {"items": []}
    problem(passer.get(f"/whistles/{whistle.number}"), 404, "missing")
    problem(passer.get(f"/tasks/{task.number}"), 404, "missing")


def test_no_statement_count_grows_with_rows(caller, make, django_assert_max_num_queries):
    for _ in range(3):
        make.raised()
    li = caller("li")
    li.get("/matters", {"view": "triage"})
    with django_assert_max_num_queries(4):  # Token, allowance, the list; and the rulebook's stamp at most.
        li.get("/matters", {"view": "triage"})
    number = Matter.objects.first().number
    with django_assert_max_num_queries(14):
        li.get(f"/matters/{number}")
