"""常用筛选、常用语: kept, shared, taken over; a shared view never shows more than its reader may see."""

from datetime import timedelta
from urllib.parse import unquote

import pytest

from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.access import Refused
from linli.mechanisms.access.models import Appointment
from linli.portals.desk import phrases, saving
from linli.portals.desk.models import Phrase, SavedView
from linli.portals.desk.rules import PLACEHOLDERS, DeskViews, StandardTexts, filled, unknown_in
from linli.portals.desk.saving import BadNameError
from linli.work.matters import queues


def names(actor):
    return [each.name for each in saving.offered(actor)]


# --- Views ------------------------------------------------------------------------------------------------------------
def test_a_view_keeps_what_was_asked_and_no_cursor(cast):
    li = cast.actor("li")
    view = saving.keep("?view=open&q=路灯&order=new&after=1_2&page=3&csrf=x", name="夜里的灯", sharing="own", by=li)
    assert unquote(view.asked) == "view=open&q=路灯&order=new"
    assert names(li)[0] == "夜里的灯"
    assert "夜里的灯" not in names(cast.actor("ma"))


def test_shared_with_the_body_or_the_area_it_is_found_there_and_not_next_door(cast):
    li = cast.actor("li")
    saving.keep("view=open", name="单位的", sharing="body", by=li)
    saving.keep("view=open", name="辖区的", sharing="area", by=li)
    assert {"单位的", "辖区的"} <= set(names(cast.actor("ma")))
    assert "辖区的" in names(cast.actor("zhou"))
    assert "单位的" not in names(cast.actor("zhou"))
    assert not {"单位的", "辖区的"} & set(names(cast.actor("qian")))


def test_a_shared_view_shows_nobody_more_than_they_may_see(cast, make, sign_in):
    mine, assigned = make.raised(), make.assigned()
    view = saving.keep("view=all", name="全部的", sharing="area", by=cast.actor("li"))
    seen = {
        who: {each.number for each in queues.page_of(cast.actor(who), queues.Filters(view="all")).matters}
        for who in ("li", "wu", "qian")
    }
    assert seen == {"li": {mine.number, assigned.number}, "wu": {assigned.number}, "qian": set()}
    page = sign_in("wu").get(f"/desk/?{view.asked}").content.decode()
    assert assigned.number in page
    assert mine.number not in page


def test_every_post_begins_with_the_citys_views(cast):
    items = rulebook.current(DeskViews).list.items
    assert names(cast.actor("li")) == [each.name for each in items if "township_dispatcher" in each.posts]
    assert names(cast.actor("wu"))


@pytest.mark.parametrize("name", ["", "   ", "名" * 21, "两\n行"])
def test_a_name_is_a_few_characters(cast, name):
    with pytest.raises(BadNameError):
        saving.keep("view=open", name=name, sharing="own", by=cast.actor("li"))


def test_one_person_uses_a_name_once(cast):
    saving.keep("view=open", name="我的", sharing="own", by=cast.actor("li"))
    saving.keep("view=open", name="我的", sharing="own", by=cast.actor("ma"))
    with pytest.raises(BadNameError, match="已经有一个"):
        saving.keep("view=mine", name="我的", sharing="own", by=cast.actor("li"))


def test_only_its_keeper_changes_it(cast):
    view = saving.keep("view=open", name="我的", sharing="body", by=cast.actor("li"))
    for act in (
        lambda: saving.edit(view, name="别的", sharing="own", by=cast.actor("ma")),
        lambda: saving.delete(view, by=cast.actor("ma")),
        lambda: saving.move(view, up=True, by=cast.actor("ma")),
    ):
        with pytest.raises(Refused, match="只有本人能改"):
            act()


def test_order_is_what_the_keys_say(cast):
    li = cast.actor("li")
    views = [saving.keep("view=open", name=str(n), sharing="own", by=li) for n in range(3)]
    saving.move(views[2], up=True, by=li)
    assert names(li)[:3] == ["0", "2", "1"]


def test_while_its_keeper_is_here_one_gets_a_copy_and_afterwards_the_view(cast):
    li, ma = cast.actor("li"), cast.actor("ma")
    view = saving.keep("view=open&q=井盖", name="井盖", sharing="body", by=li)
    copy = saving.take_over(saving.get(view.pk, by=ma), by=ma)
    assert (copy.pk != view.pk, copy.asked, copy.sharing) == (True, view.asked, "own")
    copy.delete()
    Appointment.objects.filter(person_id=li.person_id).update(to_on=clock.today() - timedelta(days=1))
    taken = saving.take_over(saving.get(view.pk, by=ma), by=ma)
    assert (taken.pk, taken.person_id, taken.sharing) == (view.pk, ma.person_id, "body")


def test_the_bar_answers_to_the_keys(sign_in, cast):
    client = sign_in("li")
    response = client.post("/desk/views/keep/", {"asked": "view=open&q=路灯", "name": "灯", "sharing": "own"})
    page = client.get(response["Location"]).content.decode()
    assert 'data-key="1"><kbd>1</kbd> 灯' in page
    assert 'aria-current="true" data-key="1"' in page


def test_a_bad_name_comes_back_with_the_filters(sign_in, cast):
    response = sign_in("li").post("/desk/views/keep/", {"asked": "view=open", "name": "", "sharing": "own"})
    assert response.status_code == 422
    assert 'name="asked" value="view=open"' in response.content.decode()


def test_views_are_edited_moved_taken_and_deleted_on_their_page(sign_in, cast):
    view = saving.keep("view=open", name="我的", sharing="body", by=cast.actor("li"))
    client = sign_in("li")
    assert client.post(f"/desk/views/{view.pk}/edit/", {"name": "改了", "sharing": "area"}).status_code == 302
    assert client.post(f"/desk/views/{view.pk}/move/", {"way": "up"}).status_code == 302
    assert "改了" in client.get("/desk/views/").content.decode()
    neighbour = sign_in("qian")
    assert neighbour.post(f"/desk/views/{view.pk}/delete/").status_code == 404
    assert neighbour.post(f"/desk/views/{view.pk}/take_over/").status_code == 404
    assert sign_in("ma").post(f"/desk/views/{view.pk}/take_over/").status_code == 302
    assert SavedView.objects.filter(person=cast.people["ma"]).exists()
    assert sign_in("li").post(f"/desk/views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.filter(pk=view.pk).exists()


# --- Standard texts -----------------------------------------------------------------------------------------------------
def test_placeholders_are_filled_and_unknown_ones_named():
    assert (
        filled("{编号}由\uff5b单位\uff5d办，{不认识}", {"编号": "柳1", "单位": "城管办"}) == "柳1由城管办办，{不认识}"
    )
    assert unknown_in("{编号}{姓名}{身份证}{姓名}") == ["姓名", "身份证"]


def test_the_citys_texts_leave_only_known_things_open(city):
    assert all(not unknown_in(each.text) for each in rulebook.current(StandardTexts).list.items)


def test_an_unknown_placeholder_is_refused_with_those_that_are_known(cast):
    with pytest.raises(phrases.UnknownPlaceholderError) as refused:
        phrases.keep(None, name="错的", said="{姓名}您好", verb="answer", sharing="own", by=cast.actor("wu"))
    assert "{姓名}" in str(refused.value)
    assert all(f"{{{each}}}" in str(refused.value) for each in PLACEHOLDERS)


def test_texts_are_own_shared_and_the_citys(cast):
    wu = cast.actor("wu")
    phrases.keep(None, name="我们的", said="{单位}已办", verb="answer", sharing="body", by=wu)
    assert "我们的" in [each.name for each in phrases.all_for(cast.actor("feng"))]
    assert "我们的" not in [each.name for each in phrases.all_for(cast.actor("li"))]
    assert "已修好" in [each.name for each in phrases.all_for(cast.actor("li"))]


@pytest.mark.parametrize("htmx", [False, True])
def test_a_text_is_put_into_the_form_filled_and_nothing_is_sent(sign_in, make, htmx):
    matter = make.handling()
    headers = {"HX-Request": "true"} if htmx else {}
    typed = {"reply": "先说一句", "outcome": make.outcome, "phrase": "city:repaired", "version": str(matter.version)}
    client = sign_in("wu")
    assert "已修好" in client.get(f"/matters/{matter.number}/").content.decode()
    response = client.post(f"/desk/phrases/insert/{matter.number}/answer/", typed, headers=headers)
    page = response.content.decode()
    assert response.status_code == 200
    assert f"先说一句\n您反映的“{matter.title}”（{matter.number}）" in page
    assert "{" not in page[page.index("先说一句") :][:200]
    assert f'value="{make.outcome}" selected' in page
    assert ("<html" in page) != htmx
    matter.refresh_from_db()
    assert matter.state == "handling"


def test_a_text_of_others_is_not_put_in(sign_in, make, cast):
    kept = phrases.keep(None, name="我的", said="内部的话", verb="", sharing="own", by=cast.actor("li"))
    matter = make.handling()
    client = sign_in("wu")
    insert = f"/desk/phrases/insert/{matter.number}/answer/"
    assert client.post(insert, {"phrase": f"own:{kept.pk}"}).status_code == 404
    assert sign_in("qian").post(insert, {"phrase": "city:repaired"}).status_code == 404


def test_texts_are_written_changed_and_deleted_on_their_page(sign_in, cast):
    client = sign_in("wu")
    typed = {"name": "换好了", "text": "{地点}已换好", "verb": "answer", "sharing": "body"}
    assert client.post("/desk/phrases/", typed).status_code == 302
    pk = Phrase.objects.get().pk
    assert client.post(f"/desk/phrases/{pk}/", typed | {"text": "{姓名}已换好"}).status_code == 422
    assert client.post(f"/desk/phrases/{pk}/", typed | {"text": "{今天}已换好"}).status_code == 302
    assert Phrase.objects.get().text == "{今天}已换好"
    assert sign_in("qian").post(f"/desk/phrases/{pk}/delete/").status_code == 404
    assert sign_in("feng").post(f"/desk/phrases/{pk}/delete/").status_code == 403
    assert sign_in("wu").post(f"/desk/phrases/{pk}/delete/").status_code == 302
