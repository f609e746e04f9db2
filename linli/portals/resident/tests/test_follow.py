"""Following it like a parcel, and the last word."""

import pytest

from linli.mechanisms.access import Actor
from linli.mechanisms.journal import seals
from linli.portals.resident import holding
from linli.portals.resident.tests.conftest import key_of
from linli.work.matters import service
from linli.work.matters.models import Matter, Photo
from tests import place

pytestmark = pytest.mark.django_db


def test_a_new_matter_says_who_has_it_until_when_and_by_which_rule(client, make, link):
    page = client.get(link(make.matter())).content.decode()
    assert "槐花社区居民委员会" in page
    assert "0543-0000311" in page
    assert "最晚" in page
    assert "星期" in page
    assert "/rules/matters/limits/v1/" in page
    assert "收到了" in page


def test_the_steps_are_told_like_a_parcels(client, make, link):
    page = client.get(link(make.answered())).content.decode()
    told = [
        "收到了",
        "往上报到村（社区）一级",
        "往上报到镇街一级",
        "转给柳林街道城管办",
        "已经接下，开始办",
        "答复您",
        "灯头已换，今晚亮了。",
    ]
    assert [page.find(words) > 0 for words in told] == [True] * len(told)
    assert "解决了吗" in page
    assert "敲门问过" not in page  # Said between officials.
    assert "吴城管" not in page


def test_a_wrong_link_is_told_in_plain_words(client, make, link):
    address = link(make.matter())
    for wrong in (address[:-3] + "xx/", address.replace("滨", "京"), "/m/1/2/"):
        answer = client.get(wrong)
        assert answer.status_code == 404
        assert "链接可能少了几个字" in answer.content.decode()


def test_there_is_no_looking_up_by_number(client, cast):
    assert "只有链接才打得开" in client.get("/m/").content.decode()


def test_the_link_is_kept_from_caches_and_referrers(client, make, link):
    answer = client.get(link(make.matter()))
    assert answer["Referrer-Policy"] == "same-origin"
    assert "private" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]


# --- Adding ----------------------------------------------------------------------------------------------------------
def test_words_and_photos_are_added(client, make, link, photo):
    matter = make.handling()
    page = client.post(
        link(matter, "add/"), {"text": "旁边那盏也不亮了", "photos": photo()}, follow=True
    ).content.decode()
    assert "旁边那盏也不亮了" in page
    assert "补上了" in page
    assert "/media/m/" in page
    assert Photo.objects.get().matter_id == matter.pk


def test_nothing_is_not_added(client, make, link):
    answer = client.post(link(make.matter(), "add/"), {"text": " "})
    assert answer.status_code == 422
    assert "请写点什么" in answer.content.decode()


def test_a_second_tap_adds_nothing_twice(client, make, link):
    matter = make.matter()
    for _ in range(2):
        page = client.post(link(matter, "add/"), {"text": "就在北门"}, follow=True).content.decode()
    assert page.count("就在北门") == 1


def test_photos_are_not_chosen_again_when_the_words_were_refused(client, make, link, photo):
    matter = make.matter()
    address = link(matter, "add/")
    key = key_of(client.get(link(matter)).content.decode())
    typed = {"key": key, "text": "长" * 3000, "photos": photo()}
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert "已经收下 1 张照片" in answer.content.decode()
    assert 'href="#id_add_text"' in answer.content.decode()  # What is wrong is told at the top and leads to its field.
    assert key_of(answer.content.decode()) == key
    page = client.post(address, {"key": key, "text": "", "photos": photo(80, 60)}, follow=True).content.decode()
    assert "补上了" in page
    assert Photo.objects.filter(matter=matter).count() == 2
    assert holding.held(key) == ()


def test_a_held_photo_may_be_dropped_and_then_nothing_is_left(client, make, link, photo):
    matter = make.matter()
    address, key = link(matter, "add/"), key_of(client.get(link(matter)).content.decode())
    client.post(address, {"key": key, "text": "长" * 3000, "photos": photo()})
    answer = client.post(address, {"key": key, "text": "", "drop": "0"})
    assert "请写点什么" in answer.content.decode()
    assert not Photo.objects.exists()


def test_a_photo_sent_twice_is_kept_once(client, make, link, photo):
    matter = make.matter()
    for _ in range(2):
        page = client.post(link(matter, "add/"), {"photos": photo()}, follow=True).content.decode()
    assert "刚才已经收到了" in page
    assert Photo.objects.count() == 1


def test_more_photos_than_a_matter_carries_are_told_and_the_rest_is_kept(client, make, link, photo):
    matter = make.matter()
    address = link(matter, "add/")
    client.post(address, {"photos": [photo(50 + n, 40) for n in range(5)]})
    answer = client.post(address, {"photos": [photo(70 + n, 40) for n in range(2)]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "还能加 1 张；多出来的没有留下" in page
    client.post(address, {"key": key_of(page), "text": "就这些"})
    assert Photo.objects.count() == 6


def test_a_key_that_is_none_names_no_folder(client, make, link, photo):
    answer = client.post(link(make.matter(), "add/"), {"key": "../../etc", "text": "长" * 3000, "photos": photo()})
    assert "已经收下 1 张照片" in answer.content.decode()
    assert key_of(answer.content.decode()) != "../../etc"


def test_adding_to_what_has_ended_keeps_the_words(client, make, link):
    matter = make.closed()
    answer = client.post(link(matter, "add/"), {"text": "还有一件"})
    assert answer.status_code == 409
    assert "还有一件" in answer.content.decode()


# --- Withdrawing -----------------------------------------------------------------------------------------------------
def test_it_is_withdrawn(client, make, link):
    matter = make.matter()
    page = client.post(link(matter, "withdraw/"), {"why": "自己修好了"}, follow=True).content.decode()
    assert "已撤回" in page
    assert "自己修好了" in page


def test_what_is_answered_is_not_withdrawn(client, make, link):
    answer = client.post(link(make.answered(), "withdraw/"), {"why": "自己修好了"})
    assert answer.status_code == 409
    assert Matter.objects.get().state == "answered"


# --- The last word ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["answered", "verified"])
def test_two_questions_are_asked_one_after_the_other(client, make, link, state):
    address = link(getattr(make, state)())
    assert "解决了吗" in client.get(address).content.decode()
    page = client.get(address, {"solved": "yes"}).content.decode()
    assert "非常满意" in page
    assert "非常不满意" in page
    page = client.post(f"{address}rate/", {"satisfaction": "4", "comment": "快"}, follow=True).content.decode()
    assert "已办结" in page
    assert Matter.objects.get().satisfaction == 4


@pytest.mark.parametrize("grade", ["", "0", "6", "9999", "5.5", "nan", "五", "5; DROP TABLE"])
def test_a_grade_that_is_none(client, make, link, grade):
    answer = client.post(link(make.verified(), "rate/"), {"satisfaction": grade, "comment": "等了三天"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选一项" in page or "请从五项里选一项" in page
    assert "等了三天" in page
    assert Matter.objects.get().satisfaction is None


def test_not_solved_asks_for_one_sentence_and_is_done_again(client, make, link):
    matter = make.verified()
    assert "哪里没有解决" in client.get(link(matter), {"solved": "no"}).content.decode()
    assert client.post(link(matter, "reopen/"), {"why": ""}).status_code == 422
    page = client.post(link(matter, "reopen/"), {"why": "昨晚又灭了"}, follow=True).content.decode()
    assert "您说没解决，重新办" in page
    assert "昨晚又灭了" in page
    assert Matter.objects.get().state == "handling"


def test_what_was_closed_can_be_said_not_to_be_solved(client, make, link):
    matter = make.closed()
    assert "其实没解决" in client.get(link(matter)).content.decode()
    client.post(link(matter, "reopen/"), {"why": "第二天又灭了"})
    assert Matter.objects.get().state == "handling"


def test_a_rating_on_what_was_reopened_meanwhile_keeps_what_was_typed(client, make, link):
    matter = make.verified()
    service.reopen(matter, why="没亮", by=Actor.resident())
    answer = client.post(link(matter, "rate/"), {"satisfaction": "5", "comment": "谢谢"})
    assert answer.status_code == 409
    assert "刚才有了变化" in answer.content.decode()


@pytest.mark.parametrize("act", ["add", "withdraw", "rate", "reopen"])
def test_a_stranger_without_the_link_does_nothing(client, make, act):
    matter = make.verified()
    answer = client.post(
        f"/m/{matter.number}/22222222222222222222222222/{act}/", {"why": "x", "text": "x", "satisfaction": "1"}
    )
    assert answer.status_code == 404
    assert Matter.objects.get().state == "verified"


# --- Who looked, and the seal ----------------------------------------------------------------------------------------
def test_who_looked_at_the_identity_is_shown_with_the_purpose(client, make, link, cast):
    matter = make.matter(visibility="pseudonym", phone="13812345678")
    assert "还没有人看过" in client.get(link(matter)).content.decode()
    service.reveal(matter, purpose="contact", by=cast.actor("li"))
    page = client.get(link(matter)).content.decode()
    assert "用途：联系" in page
    assert "还没有人看过" not in page


def test_a_sealed_matter_can_be_checked_by_a_stranger(client, make, link):
    from pymerkle import MerkleProof, verify_inclusion

    matter = make.matter()
    assert "今夜封存" in client.get(link(matter)).content.decode()
    assert client.get(link(matter, "proof.json")).status_code == 404
    make.matter(text="另一件事，井盖松了")
    seals.seal_now(everything=True)
    assert "本件记录已封存于" in client.get(link(matter)).content.decode()
    assert "对得上" in client.get(link(matter, "proof/")).content.decode()
    told = client.get(link(matter, "proof.json")).json()
    assert told["leaf"] == f"{told['subject']} {told['entries_of_subject']} {told['head_hash']}"
    verify_inclusion(
        bytes.fromhex(told["leaf_hash"]), bytes.fromhex(told["root"]), MerkleProof.deserialize(told["path"])
    )


# --- Photos ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def shown(client, make, link, photo):
    """A matter with a photo, and the photo's address."""
    matter = make.matter()
    client.post(link(matter, "add/"), {"photos": photo()})
    return matter, f"/media/m/{Photo.objects.get().key}.jpg"


def test_a_photo_is_shown_to_who_holds_the_link(client, shown, link):
    matter, address = shown
    token = link(matter).split("/")[3]
    answer = client.get(address, {"t": token})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")
    small = client.get(address, {"t": token, "small": "1"})
    assert b"".join(small.streaming_content).startswith(b"\xff\xd8\xff")


def test_a_photo_is_not_shown_to_a_stranger(client, shown):
    _, address = shown
    assert client.get(address).status_code == 404
    assert client.get(address, {"t": "2" * 26}).status_code == 404
    assert client.get("/media/m/..%2f..%2fetc%2fpasswd.jpg").status_code == 404


def test_a_photo_is_shown_to_staff_who_may_see_the_matter_and_not_next_door(sign_in, shown):
    _, address = shown
    answer = sign_in("wang").get(address)
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")
    assert sign_in("qian").get(address).status_code == 404


def test_the_place_is_told_by_name_when_nobody_wrote_it(client, make, link):
    page = client.get(link(make.matter(point=place.at(1.5, 0.5)))).content.decode()
    assert "柳林街道柳岸社区柳岸一网格" in page


@pytest.mark.parametrize("sent", ["add", "withdraw", "rate", "reopen"])
def test_a_refused_page_opened_anew_is_the_matters_own(client, make, link, sent):
    matter = make.matter()
    answer = client.get(link(matter, f"{sent}/"))
    assert (answer.status_code, answer["Location"].endswith("/")) == (302, True)
    assert matter.number in client.get(answer["Location"]).content.decode()


def test_a_refused_support_opened_anew_is_the_public_page(client, make):
    matter = make.matter(public=True)
    assert client.get(f"/p/{matter.number}/support/", follow=True).redirect_chain[-1][1] == 302
