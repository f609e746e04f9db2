"""The matter's page and its verbs, each with who may not."""

import pytest
from django.urls import reverse

from linli.work.matters import service
from linli.work.matters.flow import State


def path(verb, matter):
    return reverse(f"matters:{verb}", args=[matter.number])


@pytest.mark.parametrize(
    ("who", "state"), [("wang", "matter"), ("zhou", "raised"), ("li", "raised"), ("sun", "raised"), ("zheng", "raised")]
)
def test_everybody_in_reach_opens_the_page(sign_in, make, who, state):
    matter = getattr(make, state)()
    response = sign_in(who).get(path("matter", matter))
    assert response.status_code == 200
    assert matter.number in response.content.decode()


@pytest.mark.parametrize("verb", ["matter", "log"])
def test_a_passer_by_is_not_told_that_it_exists(sign_in, make, verb):
    response = sign_in("qian").get(path(verb, make.raised()))
    assert response.status_code in {403, 404}


@pytest.mark.parametrize(
    "verb", ["settle", "raise_up", "assign", "accept", "answer", "verify", "redo", "add", "reveal"]
)
def test_a_passer_by_may_do_nothing(sign_in, make, verb):
    assert sign_in("qian").post(path(verb, make.raised()), {"version": "1"}).status_code in {403, 404}


@pytest.mark.parametrize(
    "verb", ["settle", "raise_up", "assign", "accept", "answer", "verify", "redo", "add", "reveal"]
)
def test_a_stranger_is_sent_to_sign_in(client, make, verb):
    response = client.post(path(verb, make.raised()), {})
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_a_dispatcher_assigns_as_proposed(sign_in, make, cast):
    matter = make.raised()
    response = sign_in("li").post(
        path("assign", matter), {"to": cast.bodies["liulin_urban"].pk, "version": matter.version}
    )
    assert response.status_code == 302
    matter.refresh_from_db()
    assert matter.state == State.ASSIGNED
    assert matter.handler.short_name == "柳林街道城管办"


def test_differing_from_the_proposal_needs_a_reason(sign_in, make, cast):
    matter = make.raised()
    response = sign_in("li").post(path("assign", matter), {"to": cast.bodies["huaihua"].pk, "version": matter.version})
    assert response.status_code == 422
    assert "理由" in response.content.decode()
    matter.refresh_from_db()
    assert matter.state == State.TRIAGE


def test_a_stale_form_keeps_the_words_and_says_who_moved_it(sign_in, make, cast):
    matter = make.handling()
    old = matter.version
    service.add(matter, said="还有一盏也不亮", by=cast.actor("wu"))
    typed = {"outcome": make.outcome, "reply": "灯头已换，请您再看看。", "version": old}
    response = sign_in("wu").post(path("answer", matter), typed)
    page = response.content.decode()
    assert response.status_code == 409
    assert "灯头已换，请您再看看。" in page
    assert "柳林街道城管办" in page
    matter.refresh_from_db()
    assert matter.state == State.HANDLING


def test_settling_without_words_keeps_the_form_open(sign_in, make):
    matter = make.matter()
    response = sign_in("wang").post(path("settle", matter), {"reply": "", "version": matter.version})
    assert response.status_code == 422
    assert "一句话" in response.content.decode()


def test_whoever_answered_does_not_verify(sign_in, make, cast):
    matter = make.matter()
    matter = service.settle(matter, reply="灯泡换好了。", by=cast.actor("wang"))
    response = sign_in("wang").post(path("verify", matter), {"version": matter.version})
    assert response.status_code == 403
    matter.refresh_from_db()
    assert matter.state == State.ANSWERED


def test_htmx_gets_the_changed_part_only(sign_in, make):
    matter = make.assigned()
    response = sign_in("wu").post(path("accept", matter), {"version": matter.version}, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert response.status_code == 200
    assert page.lstrip().startswith('<div id="work"')
    assert "办理中" in page


def test_looking_at_an_identity_writes_down_why(sign_in, make, cast):
    matter = make.raised(visibility="named", name="赵秀英", phone="13812345678")
    client = sign_in("li")
    assert "13812345678" not in client.get(path("matter", matter)).content.decode()
    response = client.post(path("reveal", matter), {"purpose": "电话核实路灯位置"})
    assert "13812345678" in response.content.decode()
    matter.refresh_from_db()
    assert matter.version == 4


def test_looking_without_a_purpose_shows_nothing(sign_in, make):
    matter = make.raised(visibility="named", name="赵秀英", phone="13812345678")
    response = sign_in("li").post(path("reveal", matter), {"purpose": ""})
    assert response.status_code == 403
    assert "13812345678" not in response.content.decode()


def test_a_grid_worker_files_what_they_saw(sign_in, make):
    client = sign_in("wang")
    assert client.get("/matters/new/").status_code == 200
    response = client.post(
        "/matters/new/", {"text": "井盖翘起来了，差点绊倒人", "channel": "grid", "key": "form-counter-1"}
    )
    assert response.status_code == 302, response.content.decode()[:2000]


def test_an_auditor_reads_the_log_and_moves_nothing(sign_in, make):
    matter = make.raised()
    client = sign_in("sun")
    log = client.get(path("log", matter)).content.decode()
    assert "重算相符" in log
    assert client.post(path("assign", matter), {"to": 1, "differs": "x", "version": matter.version}).status_code in {
        403,
        422,
    }


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("wang", "/today/"),
        ("zhou", "/desk/"),
        ("li", "/desk/?q=路灯"),
        ("wu", "/desk/"),
        ("zheng", "/board/"),
        ("zheng", "/board/definitions/"),
        ("li", "/notices/"),
        ("li", "/desk/points.json"),
    ],
)
def test_every_post_has_its_page(sign_in, make, who, page):
    make.raised()
    make.assigned()
    response = sign_in(who).get(page)
    assert response.status_code == 200


def test_search_finds_a_two_character_word(sign_in, make):
    matter = make.raised()
    make.raised(text="楼下烧烤摊半夜还在吵")
    page = sign_in("li").get("/desk/", {"q": "路灯", "view": "all"}).content.decode()
    assert matter.number in page
    assert "烧烤摊" not in page


def test_the_queue_costs_the_same_however_long(sign_in, make, django_assert_max_num_queries):
    for _ in range(6):
        make.raised()
    client = sign_in("li")
    client.get("/desk/?view=all")
    with django_assert_max_num_queries(15):
        client.get("/desk/?view=all")


@pytest.mark.parametrize(
    ("verb", "state", "who", "said"),
    [
        ("add", "raised", "li", {"said": "找刘师傅 13812345678"}),
        ("look_again", "second_look", "jiang", {"stands": "yes", "why": "找刘师傅 13812345678"}),
        ("decide_appeal", "appealed", "jiang", {"upheld": "yes", "note": "找刘师傅 13812345678"}),
        ("unmerge", "merged", "li", {"why": "找刘师傅 13812345678"}),
        ("propose_exclusion", "raised", "li", {"reason": "litigation", "said": "找刘师傅 13812345678"}),
    ],
)
def test_somebodys_number_in_words_for_a_resident_is_asked_about_first(sign_in, make, verb, state, who, said):
    matter = getattr(make, state)()
    there = sign_in(who)
    asked = there.post(path(verb, matter), said)
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "先看一眼再发" in page
    assert page.count("13812345678") >= 2  # Named, and still in its field.
    matter.refresh_from_db()
    version = matter.version
    assert there.post(path(verb, matter), said | {"sure": "1"}).status_code == 302
    matter.refresh_from_db()
    assert matter.version == version + 1
