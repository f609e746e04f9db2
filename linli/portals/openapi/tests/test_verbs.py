"""Every verb over the API: done by the same services, refused with the same sentences, never over somebody's head."""

from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access.models import Body
from linli.portals.openapi import describing
from linli.portals.openapi.operations.verbs import VERBS
from linli.portals.openapi.tests.conftest import problem
from linli.portals.openapi.tests.test_reading import picture
from linli.work.matters.models import Contact, Matter
from linli.work.matters.urls import urlpatterns
from tests import place

pytestmark = pytest.mark.django_db
ELSEWHERE = {
    "new": "POST /matters", "matter": "GET /matters/{number}", "related": "GET /matters/{number}/related",
    "same_person": "POST /matters/{number}/related/person", "alike": "GET /matters/{number}/alike",
    "reveal_along": "POST /matters/{number}/along/{merged}/reveal", "attach": "POST /matters/{number}/files",
    "file": "GET /matters/{number}/files/{key}", "privacy": "GET /matters/{number}/privacy", "log": "GET /matters/{number}/log",
    "chain": "GET /matters/{number}/proof", "proof": "GET /matters/{number}/proof", "visits": "GET /visits",
    "appeals": "GET /appeals", "erasures": "GET /erasures", "erasure": "POST /erasures/{number}/grant",
    "exclusions": "GET /exclusions", "helping": "GET /helping", "rating": "POST /appeals/away/{number}",
}  # fmt: skip
"""Addresses of a matter that are no verbs, and the operation that answers to each."""
NOT_OVER_THE_API = {
    "log_text": "the log as a sheet to print; GET /matters/{number}/log has the same entries as fields",
    "print": "a sheet of paper with the city's head, for people; everything on it is a field of GET /matters/{number}",
    "people": "somebody stands at the counter and their identity card is looked at; a machine cannot look",
    "ask_erasure": "for somebody at the counter, within two hours after their identity card was looked at",
}
"""What stays a page's own, and why."""


@pytest.fixture(autouse=True)
def _media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def test_every_verb_of_the_page_is_an_operation():
    pages = {pattern.name for pattern in urlpatterns} - set(NOT_OVER_THE_API) - set(ELSEWHERE)
    assert pages == {verb.name for verb in VERBS}, "a line in operations/verbs.py, or a reason here"


def test_whatever_is_no_verb_is_an_operation_too():
    paths = describing.source()["paths"]
    there = {f"{method.upper()} {path.removeprefix('/api/v1')}" for path in paths for method in paths[path]}
    assert set(ELSEWHERE.values()) <= there


def test_a_matter_is_lived_through_over_the_api(caller, cast, make):
    """From the telephone to the verification, by five systems at five posts."""
    li, zhou, wu, ma = caller("li"), caller("zhou"), caller("wu"), caller("ma")
    wang = caller("wang")
    filed = wang.post("/matters", {"text": make.report().text, "channel": "grid"})
    assert filed.status_code == 201
    number = filed.json()["number"]
    assert unquote(filed["Location"]) == f"/api/v1/matters/{number}"
    assert filed["ETag"] == '"1"'
    steps = [
        (wang, "raise_up", {"reason": make.raise_reason, "tried": "要换灯头，没有登高车"}),
        (zhou, "raise_up", {"reason": make.raise_reason, "tried": "灯归城管办"}),
        (li, "assign", {"to": cast.bodies["liulin_urban"].pk}),
        (wu, "accept", {}),
        (wu, "answer", {"outcome": make.outcome, "reply": "灯头已换"}),
        (ma, "verify", {"note": "去看过了"}),
    ]
    mark = filed["ETag"]
    for who, verb, said in steps:
        done = who.post(f"/matters/{number}/{verb}", said, If_Match=mark)
        assert done.status_code == 200, (verb, done.content.decode())
        mark = done["ETag"]
    assert Matter.objects.get(number=number).state == "verified"
    moves = [heard.move for heard in journal.history(f"matter:{number}")]
    assert moves == ["register", *(verb for _who, verb, _said in steps)]


def police(make):
    """派出所, beside 城管办."""
    area = make.cast.bodies["liulin_urban"].area
    made, _new = Body.objects.get_or_create(
        name="柳林街道派出所", area=area, defaults={"short_name": "派出所", "kind": "government", "functions": ["public-security"], "level": 3}
    )  # fmt: skip
    return made.pk


WAITING = {
    "object": ("assigned", "wu", lambda m: {"reason": "not-our-duty", "note": "归社区管", "believed": m.cast.bodies["huaihua"].pk}, "objected"),
    "rule": ("objected", "jiang", lambda m: {"upheld": True, "note": "按清单归社区", "to": m.cast.bodies["huaihua"].pk}, "assigned"),
    "ask_extension": ("handling", "wu", lambda _m: {"days": 3, "why": "配件要从外地发来"}, "extending"),
    "extend": ("extending", "feng", lambda _m: {}, "handling"),
    "refuse_extension": ("extending", "feng", lambda _m: {"why": "来得及"}, "handling"),
    "carry": ("handling", "feng", lambda _m: {"reason": "season", "why": "等开春", "review_on": str(clock.today().replace(month=12, day=20))}, "carried"),
    "review": ("carried", "feng", lambda _m: {"why": "还冻着", "review_on": str(clock.today().replace(month=12, day=20))}, "carried"),
    "take_back": ("carried", "feng", lambda _m: {"why": "化冻了"}, "handling"),
    "propose_exclusion": ("raised", "li", lambda _m: {"reason": "litigation", "said": "已经起诉的，由法院裁判。"}, "excluding"),
    "exclude": ("excluding", "ma", lambda _m: {}, "excluded"),
    "keep": ("excluding", "ma", lambda _m: {"why": "没有起诉"}, "triage"),
    "look_again": ("second_look", "jiang", lambda _m: {"stands": False, "why": "没有起诉，应当受理"}, "triage"),
    "contact": ("handling", "wu", lambda _m: {"means": "message", "reached": True, "said": "下午去看", "said_at": clock.now().isoformat()}, "handling"),
    "ask_help": ("handling", "li", lambda m: {"bodies": [m.cast.bodies["huaihua"].pk]}, "handling"),
    "ask_approval": ("raised", "li", lambda m: {"to": m.cast.bodies["huaihua"].pk, "why": "灯在小区里"}, "triage"),
    "approve": ("asked_for", "jiang", lambda _m: {}, "assigned"),
    "reject": ("asked_for", "jiang", lambda _m: {"why": "没有材料费"}, "triage"),
    "merge": ("raised", "li", lambda m: {"others": [m.raised().number]}, "triage"),
    "unmerge": ("merged", "li", lambda _m: {"why": "不是一处"}, "triage"),
    "split": ("raised", "li", lambda m: {"into": [{"what": "换灯头", "to": m.cast.bodies["liulin_urban"].pk}, {"what": "劝架", "to": police(m), "category": "noise-living"}]}, "split"),
    "press": ("handling", "zheng", lambda _m: {"reason": "三天没有动静"}, "handling"),
    "withdraw_card": ("pressed", "zheng", lambda _m: {"reason": "已经当面督促"}, "handling"),
    "respond": ("pressed", "wu", lambda _m: {"said": "灯头已到，明天下午换"}, "handling"),
    "visit": ("silent", "li", lambda _m: {"outcome": "reached", "contacted": True, "solved": False, "said": "还是不亮"}, "handling"),
    "appeal": ("disliked", "wu", lambda _m: {"reason": "impossible", "note": "灯头要等厂家"}, "closed"),
    "decide_appeal": ("appealed", "jiang", lambda _m: {"upheld": True, "note": "厂家的说明属实"}, "closed"),
    "note": ("handling", "li", lambda _m: {"said": "配件在仓库三号架"}, "handling"),
    "mask": ("raised", "li", lambda _m: {"hide": ["三天"]}, "triage"),
    "hold": ("raised", "jiang", lambda _m: {"reason": "正在复议，案号柳复2026-3"}, "triage"),
    "settle": ("matter", "wang", lambda _m: {"reply": "换好了"}, "answered"),
    "redo": ("answered", "li", lambda _m: {"reason": "not-done", "note": "还不亮"}, "handling"),
}  # fmt: skip


@pytest.mark.parametrize("verb", WAITING)
def test_each_verb_does_what_it_says(caller, make, verb):
    before, who, said, after = WAITING[verb]
    matter = getattr(make, before)(visibility="named", name="赵秀英", phone="13812345678")
    done = caller(who).post(f"/matters/{matter.number}/{verb}", said(make))
    assert done.status_code == 200, done.content.decode()
    assert done.json()["state"] == after == Matter.objects.get(pk=matter.pk).state
    assert done["ETag"] == f'"{done.json()["version"]}"'


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS])
def test_a_passer_by_cannot_do_it_and_does_not_learn_that_it_is_there(caller, make, verb):
    before, _who, said, _after = WAITING.get(verb) or ("raised", "li", SAID[verb], "")
    matter = getattr(make, before)()
    version = matter.version
    problem(caller("qian").post(f"/matters/{matter.number}/{verb}", said(make)), 404, "missing")
    problem(caller("sun").post(f"/matters/{matter.number}/{verb}", said(make)), 403, "forbidden")
    assert Matter.objects.get(pk=matter.pk).version == version


SAID = {
    "find": lambda _m: {"rightly": True, "why": "有法院的通知"}, "advise": lambda _m: {"opinion": "已经送电"}, "refuse_off_list": lambda _m: {},
    "raise_up": lambda m: {"reason": m.raise_reason, "tried": "打过电话"}, "assign": lambda m: {"to": m.cast.bodies["liulin_urban"].pk},
    "accept": lambda _m: {}, "answer": lambda m: {"outcome": m.outcome, "reply": "修好了"}, "verify": lambda _m: {},
    "release": lambda _m: {"why": "复议已经结束"}, "add": lambda _m: {"said": "又打来电话"}, "reveal": lambda _m: {"purpose": "电话核实"},
}  # fmt: skip


def test_a_token_without_the_power_does_nothing_its_holder_could(caller, cast, make):
    matter = make.raised()
    told = problem(
        caller("li", powers=["matters.read"]).post(f"/matters/{matter.number}/assign", {"to": cast.bodies["liulin_urban"].pk}), 403, "forbidden",
    )  # fmt: skip
    assert "matters.assign" in told["detail"]


def test_whoever_read_an_older_version_is_told_who_moved(caller, cast, make):
    matter = make.raised()
    li = caller("li")
    mark = li.get(f"/matters/{matter.number}")["ETag"]
    from linli.work.matters import service

    service.assign(matter, to=cast.bodies["liulin_urban"], by=cast.actor("ma"))
    told = problem(
        li.post(f"/matters/{matter.number}/assign", {"to": cast.bodies["liulin_urban"].pk}, If_Match=mark), 412, "stale"
    )
    assert "马调度" in told["detail"]
    assert [each["move"] for each in told["changes"]] == ["assign"]
    assert "马调度" not in str(told["changes"])
    fresh = li.get(f"/matters/{matter.number}")["ETag"]
    differs = {"to": cast.bodies["liulin_desk"].pk, "differs": "knows-better"}
    assert li.post(f"/matters/{matter.number}/assign", differs, If_Match=fresh).status_code in {200, 422}


def test_what_is_not_open_now_says_what_is(caller, make):
    matter = make.handling()
    told = problem(caller("wu").post(f"/matters/{matter.number}/accept"), 409, "not-now")
    assert told["detail"].startswith("现在不能“受理”")


@pytest.mark.parametrize(
    ("verb", "state", "who", "said", "says"),
    [
        ("answer", "handling", "wu", {"outcome": "no-such", "reply": "修好了"}, "GET /rules"),
        ("answer", "handling", "wu", {"outcome": "solved", "reply": ""}, "答复"),
        ("assign", "raised", "li", {"to": 999999}, "请选一个单位"),
        ("ask_extension", "handling", "wu", {"days": 99, "why": "等配件"}, "工作日"),
        ("settle", "matter", "wang", {"reply": "\u202e"}, "怎么解决"),
        ("rule", "objected", "jiang", {"upheld": False, "note": "维持", "to": 1}, "不另写单位"),
    ],
)
def test_a_refusal_is_the_pages_sentence(caller, make, verb, state, who, said, says):
    matter = getattr(make, state)()
    told = problem(caller(who).post(f"/matters/{matter.number}/{verb}", said), 422, "refused")
    assert says in told["detail"]
    assert Matter.objects.get(pk=matter.pk).version == matter.version


def test_a_purpose_of_signs_that_are_none_is_no_purpose(caller, make):
    matter = make.raised(visibility="named", name="赵秀英", phone="13812345678")
    said = {"purpose": "\x00\u202e\u200b\x90\x01"}
    told = problem(caller("li").post(f"/matters/{matter.number}/reveal", said), 403, "forbidden")
    assert "用途" in told["detail"]


def test_four_eyes_hold_for_machines(caller, cast, make):
    matter = make.matter()
    wang = caller("wang")
    assert wang.post(f"/matters/{matter.number}/settle", {"reply": "换好了"}).status_code == 200
    told = problem(wang.post(f"/matters/{matter.number}/verify"), 403, "forbidden")
    assert "另一个人" in told["detail"]


# --- Filing ------------------------------------------------------------------------------------------------------------
def test_filing_keeps_what_was_left_and_routes_it(caller):
    said = {
        "text": "井盖翘起来了",
        "place_text": "柳林街道槐花社区",
        "channel": "phone",
        "name": "赵阿姨",
        "phone": "13812345678",
    }
    done = caller("li").post("/matters", said)
    assert done.status_code == 201
    matter = Matter.objects.get(number=done.json()["number"])
    assert (matter.channel, matter.visibility) == ("phone", "named")
    assert matter.community_id is not None
    assert Contact.objects.get(matter=matter).phone == "13812345678"
    assert "13812345678" not in done.content.decode()


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"lon": 118.0}, 422, "同时写"), ({"lon": 121.5, "lat": 38.9}, 422, "不在本市"), ({"area": "000"}, 422, "000"),
        ({"place_text": "火星基地"}, 422, "在哪里"), ({"category": "no-such"}, 422, "GET /rules"), ({"text": "\u200b\u200b"}, 422, "什么事"),
    ],
)  # fmt: skip
def test_filing_says_what_is_missing(caller, change, status, says):
    said = {"text": "井盖翘起来了"} | change
    told = problem(caller("li").post("/matters", said), status, "refused")
    assert says in told["detail"]
    assert not Matter.objects.exists()


def test_a_place_can_be_named_three_ways(caller):
    li, here = caller("li"), place.at(0.5, 0.5)
    ways = ({"area": place.HUAIHUA_1}, {"lon": here.lon, "lat": here.lat}, {"place_text": "槐花社区"}, {})
    found = [li.post("/matters", {"text": f"井盖翘起来了{n}"} | way).json()["number"] for n, way in enumerate(ways)]
    rows = {each.number: each for each in Matter.objects.all()}
    assert [rows[number].grid_id is not None for number in found] == [True, True, False, False]
    assert rows[found[3]].township_id == li.token.appointment.post.area_id


def test_photos_are_added_with_words(caller, make):
    matter = make.raised()
    li = caller("li")

    def send(*photos, key, said="现场"):
        files = [SimpleUploadedFile(f"{n}.png", each, "image/png") for n, each in enumerate(photos)]
        return li.client.post(
            f"/api/v1/matters/{matter.number}/photos", {"photo": files, "said": said}, headers=li.headers(Idempotency_Key=key)
        )  # fmt: skip

    first = send(picture(), picture(), key="photos-0001")
    assert first.status_code == 201, first.content.decode()
    assert len(li.get(f"/matters/{matter.number}/photos").json()["items"]) == 2
    assert send(picture(), picture(), key="photos-0001").json() == first.json()
    assert len(li.get(f"/matters/{matter.number}/photos").json()["items"]) == 2
    problem(send(picture(), key="photos-0001"), 422, "key-reused")
    problem(send(b"no picture", key="photos-0002"), 422, "refused")
    problem(send(*[picture()] * 7, key="photos-0003"), 422, "refused")
    missing = li.client.post(
        f"/api/v1/matters/{matter.number}/photos", {}, headers=li.headers(Idempotency_Key="photos-0004")
    )
    problem(missing, 400, "malformed")
