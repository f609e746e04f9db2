"""接电话, 有没有新的, 哪里多: the desk's other pages."""

from datetime import timedelta

import pytest

from linli.facts.matters import MatterSpokenFor
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access.models import Reveal
from linli.work.matters import letters
from linli.work.matters.models import Consent, Contact, Matter
from linli.work.matters.words import follow_token
from tests import place

CALL = {
    "phone": "13812345678",
    "name": "赵秀英",
    "text": "槐花社区3号楼的下水道堵了",
    "place_text": "槐花社区",
    "key": "phone-form-0001-abcdefgh",
}
BEHALF = {
    "behalf": "on",
    "person_name": "孙奶奶",
    "person_phone": "0543-3160000",
    "relation": "neighbour",
    "how": "beside",
}


def test_a_call_is_filed_and_the_next_begins(sign_in, cast):
    client = sign_in("li")
    assert client.get("/desk/phone/").status_code == 200
    response = client.post("/desk/phone/", CALL)
    matter = Matter.objects.get()
    assert response["Location"].startswith("/desk/phone/?filed=")
    page = client.get(response["Location"]).content.decode()
    assert matter.number in page
    assert CALL["text"] not in page
    assert (matter.channel, matter.contact.phone, matter.community.name) == ("phone", "13812345678", "槐花社区")


def test_a_call_can_be_opened_at_once_and_sending_twice_is_once(sign_in, cast):
    client = sign_in("li")
    first = client.post("/desk/phone/", CALL | {"open": "1"})
    again = client.post("/desk/phone/", CALL | {"open": "1"})
    assert first["Location"] == again["Location"]
    assert Matter.objects.count() == 1


def test_an_unclear_place_is_asked_for_without_a_script(sign_in, cast):
    client = sign_in("li")
    page = client.post("/desk/phone/", CALL | {"place_text": "社区", "look": "1"}).content.decode()
    assert 'name="area"' in page
    assert "柳岸社区" in page
    assert CALL["text"] in page
    assert Matter.objects.count() == 0
    area = cast.bodies["liuan"].area_id
    client.post("/desk/phone/", CALL | {"place_text": "社区门口", "area": str(area)})
    assert Matter.objects.get().community.name == "柳岸社区"


def test_while_typing_it_says_what_it_sounds_like_and_warns(sign_in, cast):
    page = sign_in("li").post("/desk/phone/read/", {"text": "楼道里冒烟着火了", "phone": ""}).content.decode()
    assert "110" in page
    assert page.lstrip().startswith("<aside")
    calm = sign_in("li").post("/desk/phone/read/", {"text": "路灯不亮了三天", "phone": ""}).content.decode()
    assert "110" not in calm
    assert "路灯" in calm


def test_the_callers_earlier_matters_are_a_number_until_it_is_written_down(sign_in, make, cast):
    earlier = make.matter(visibility="pseudonym", phone="13812345678")
    client = sign_in("li")
    counted = client.post("/desk/phone/read/", {"text": "", "phone": "138 1234 5678"}).content.decode()
    assert "以前反映过 1 件" in counted
    assert earlier.number not in counted
    shown = client.post("/desk/phone/earlier/", CALL).content.decode()
    assert earlier.number in shown
    assert CALL["text"] in shown
    assert Reveal.objects.get().subject == earlier.subject
    assert [each.move for each in journal.history(earlier.subject)][-1] == "reveal"


def test_looking_callers_up_needs_the_power_and_stays_in_ones_area(sign_in, make, cast):
    earlier = make.matter(visibility="pseudonym", phone="13812345678")
    assert sign_in("zhou").post("/desk/phone/earlier/", CALL).status_code == 403
    page = sign_in("qian").post("/desk/phone/earlier/", CALL).content.decode()
    assert earlier.number not in page
    assert Reveal.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"text": ""}, "什么事"),
        (BEHALF | {"how": ""}, "本人怎么同意"),
        (BEHALF | {"person_name": ""}, "本人怎么称呼"),
        (BEHALF | {"name": ""}, "来电人怎么称呼"),
        (BEHALF | {"agreed_at": "2099-01-01T10:00"}, "不能晚于现在"),
        (BEHALF | {"person_phone": "123"}, "电话不像"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(sign_in, cast, typed, error):
    response = sign_in("li").post("/desk/phone/", CALL | typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert error in page
    assert "赵秀英" in page or typed.get("name") == ""
    assert Matter.objects.count() == 0


def test_for_somebody_else_with_consent_it_is_their_matter_and_they_are_told(sign_in, cast):
    client = sign_in("li")
    client.post("/desk/phone/", CALL | BEHALF)
    matter = Matter.objects.get()
    assert (matter.contact.name, matter.contact.phone) == ("孙奶奶", "0543-3160000")
    consent = Consent.objects.get()
    assert (consent.speaker, consent.phone, consent.relation, consent.how) == (
        "赵秀英",
        "13812345678",
        "neighbour",
        "beside",
    )
    spoken = [each for each in journal.history(matter.subject) if isinstance(each.fact, MatterSpokenFor)]
    assert len(spoken) == 1
    assert "赵" not in str(spoken[0].fact)
    told = Contact.objects.get()
    told.email = "sun@liulin.example"
    told.save()
    letter = letters.letter_for(spoken[0])
    assert letter is not None
    assert "替您反映" in letter.body
    follow = client.get(f"/m/{matter.number}/{follow_token(matter.number)}/").content.decode()
    assert "代为反映" in follow
    assert "赵秀英" not in follow
    assert "代为反映" in client.get(f"/matters/{matter.number}/").content.decode()


def test_who_may_not_register_has_no_telephone_desk(sign_in, cast):
    for path in ("/desk/phone/", "/desk/phone/read/"):
        assert sign_in("sun").post(path, CALL).status_code == 403


# --- 有没有新的 ---------------------------------------------------------------------------------------------------------
def test_what_came_since_is_counted_and_nothing_new_costs_one_statement(sign_in, make, cast, django_assert_num_queries):
    make.raised()
    client = sign_in("li")
    since = f"{clock.now().timestamp():.6f}"
    address = f"/desk/fresh.json?view=triage&since={since}"
    first = client.get(address)
    assert first.json()["n"] == 0
    with django_assert_num_queries(4):  # Session, person, post, and ours: one.
        same = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    make.raised()
    later = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (later.status_code, later.json()["n"]) == (200, 1)
    assert "1 件新的" in later.json()["say"]
    assert sign_in("qian").get(address).json()["n"] == 0


@pytest.mark.parametrize("since", ["", "x", "1e400", "-1", "nan"])
def test_a_strange_moment_is_no_fault(sign_in, cast, since):
    assert sign_in("li").get("/desk/fresh.json", {"since": since}).status_code == 200


def test_a_handler_hears_of_what_came_to_their_body(sign_in, make, cast):
    client = sign_in("wu")
    address = f"/desk/fresh.json?view=mine&since={clock.now().timestamp():.6f}"
    tag = client.get(address)["ETag"]
    make.assigned()
    assert client.get(address, headers={"If-None-Match": tag}).json()["n"] == 1


# --- 哪里多 ------------------------------------------------------------------------------------------------------------
def test_hexagons_hold_what_the_reader_may_see(sign_in, make, cast):
    for _ in range(3):
        make.raised(point=place.at(0.5, 0.5))
    late = make.assigned(point=place.at(1.5, 0.5))
    with clock.at(late.due_at + timedelta(days=30)):
        cells = sign_in("li").get("/desk/hexagons.json?view=open&zoom=13").json()["features"]
        assert sum(each["properties"]["count"] for each in cells) == 4
        assert any(each["properties"]["late"] for each in cells)
        assert max(each["properties"]["heat"] for each in cells) == 1
        own = sign_in("wu").get("/desk/hexagons.json?view=open").json()["features"]
        assert sum(each["properties"]["count"] for each in own) == 1
        assert sign_in("qian").get("/desk/hexagons.json?view=all").json()["features"] == []
        page = sign_in("li").get("/desk/map/?view=open&size=small").content.decode()
    assert "槐花社区" in page
    assert "4 件" in page


def test_an_empty_map_says_so(sign_in, cast):
    assert "没有可以画的" in sign_in("li").get("/desk/map/").content.decode()
