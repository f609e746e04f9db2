"""Every kind of page, on a phone and on a desk: nothing keeps people out, nothing is wider than the screen."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from linli.gateways.hotline import reading
from linli.gateways.hotline import service as hotline
from linli.mechanisms.access import Actor
from linli.mechanisms.journal.testing import deliver
from linli.portals.opendata import service as opendata
from linli.work.matters import words
from tests import cast as people
from tests import place
from tests.browser import DESK, PHONE, barriers, sign_in
from tests.make import Make
from tests.test_bad_input import Scene, meeting

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = [pytest.param(PHONE, id="phone"), pytest.param(DESK, id="desk")]
STRANGER = {
    "home": "/",
    "home of a grid": f"/?g={place.HUAIHUA_1}",
    "sent": "{key}sent/",
    "follow": "{key}",
    "not taken up": "{refused}",
    "asked": "{asked}?solved=yes",
    "not solved": "{asked}?solved=no",
    "links": "/m/",
    "nearby": f"/nearby/?g={place.HUAIHUA_1}",
    "nearby, nobody said where": "/nearby/?everywhere=1",
    "nearby, a name of many": "/nearby/?q=社区",
    "public page": "/p/{number}/",
    "a street": f"/t/{place.LIULIN}/",
    "what a street tells": f"/t/{place.LIULIN}/told/",
    "a notice to neighbours": "/n/{told}/",
    "a corrected one, as it was": "/n/{corrected}/?edition=1",
    "rules": "/rules/",
    "a list's history": "/rules/matters/limits/",
    "a list": "/rules/matters/limits/v1/",
    "places": "/places/",
    "an area": f"/places/{place.HUAIHUA}/",
    "a grid's card": f"/grids/{place.HUAIHUA_1}/",
    "open data": "/opendata/",
    "a month of open data": "/opendata/2026-09/",
    "the API": "/api/",
    "sign-in": "/accounts/login/",
    "not there": "/nowhere/",
}
TASKS = {"given": "given", "doing": "doing", "finished": "finished", "asked_delay": "asked"}
WAITING = (
    "objected", "extending", "carried", "excluding", "excluded", "second_look", "merged", "asked_for", "helped",
    "pressed", "silent", "disliked", "appealed", "taken_up",
)  # fmt: skip
STAFF = {
    "wang": {"today": "/today/", "a matter to settle": "/matters/{number}/", "a new matter": "/matters/new/"},
    "li": {
        "queue": "/desk/",
        "everything": "/desk/?view=all",
        "nothing found": "/desk/?q=没有这样的事",
        "a matter to assign": "/matters/{raised}/",
        "saved views": "/desk/views/",
        "standard texts": "/desk/phrases/",
        "bulk orders": "/desk/bulk/",
        "a bulk order to look at": "/desk/bulk/{bulk}/",
        "a bulk order that was done": "/desk/bulk/{done_bulk}/",
        "the telephone desk": "/desk/phone/",
        "where there is much": "/desk/map/?view=all",
        "what is related": "/matters/{raised}/related/",
        "its personal data": "/matters/{raised}/privacy/",
        "a person who asks": "/matters/people/",
        "requests to delete": "/matters/erasures/",
        "what was excluded": "/matters/exclusions/",
        "a merged matter": "/matters/{merged}/",
        "what may be the same": "/matters/{raised}/alike/",
        "merging": "/matters/{raised}/merge/?with={handling}",
        "splitting": "/matters/{raised}/split/",
        "notices": "/notices/",
        "a calendar of deadlines": "/me/calendar/",
        "myself": "/me/",
        "what neighbours are told": "/announcements/",
        "a new notice to neighbours": "/announcements/new/",
        "one to correct": "/announcements/{told}/",
        "the street's front page": "/announcements/front/",
        "whistles": "/whistles/",
        "all whistles": "/whistles/?view=all",
        "sounding a whistle": "/whistles/new/",
        "a whistle to agree on": "/whistles/{agreeing}/",
        "a whistle to conclude": "/whistles/{agreed}/",
        "a whistle to rate": "/whistles/{done}/",
        "whistles by month": "/whistles/statistics/",
        "pressed": "/desk/?view=pressed",
        "whom to call": "/matters/visits/",
        "a call to the resident": "/matters/{silent}/visit/",
        "ratings and appeals": "/matters/appeals/",
        "joint meetings": "/whistles/meetings/",
        "convening a meeting": "/whistles/meetings/new/?whistle={agreed}",
        "a meeting to conclude": "/whistles/meetings/{meeting}/",
        "tokens": "/api/tokens/",
        "webhooks": "/webhooks/",
        "a new webhook": "/webhooks/new/",
        "a webhook": "/webhooks/{webhook}/",
    },
    "wu": {
        "a matter to accept": "/matters/{assigned}/",
        "a matter to answer": "/matters/{handling}/",
        "a whistle to answer": "/whistles/{sounded}/",
        "a whistle to judge": "/whistles/{done}/",
        "a supervision card to answer": "/matters/{pressed}/",
        "a rating to appeal against": "/matters/{disliked}/",
        "a rating that took a matter away": "/matters/{taken_up}/rating/",
        "a task to take up": "/tasks/{given}/",
        "a task to finish": "/tasks/{doing}/",
    },
    "feng": {"an extension to decide": "/matters/{extending}/", "a matter carried over": "/matters/{carried}/"},
    "ma": {"an exclusion to confirm": "/matters/{excluding}/", "an excluded matter": "/matters/{excluded}/"},
    "jiang": {
        "an objection to rule on": "/matters/{objected}/",
        "an appeal to decide": "/matters/{appealed}/",
        "an off-list request": "/matters/{asked_for}/",
        "an exclusion to look at again": "/matters/{second_look}/",
        "the hotline": "/hotline/",
    },
    "zhou": {"a matter to support": "/matters/{helped}/", "what one is asked to support": "/matters/helping/"},
    "zheng": {
        "a matter to press": "/matters/{handling}/",
        "board": "/board/",
        "the list behind a figure": "/board/list/?measure=open",
        "what figures mean": "/board/definitions/",
        "rates": "/board/rates/",
        "one rate": "/board/rates/one/?code=solution",
        "the list behind a rate": "/board/rates/list/?code=received",
        "the month's brief": "/board/brief/",
        "coverage": "/places/coverage/",
        "tasks": "/tasks/",
        "tasks of a group, all of them": "/tasks/?group=grid&view=all",
        "a task to confirm": "/tasks/{finished}/",
        "a task whose owner asks for a delay": "/tasks/{asked_delay}/",
        "a new task": "/tasks/new/",
        "meetings": "/tasks/meetings/",
        "the monthly list": "/tasks/monthly/",
    },
    "sun": {
        "where an auditor begins": "/audit/",
        "a number that is none": "/audit/?q=路灯",
        "what an auditor sees": "/matters/{number}/",
        "a log": "/matters/{handling}/log/",
        "a task's log": "/tasks/{doing}/log/",
        "a whistle's log": "/whistles/{done}/log/",
    },
}


@pytest.fixture(scope="module")
def known(served_city: str, django_db_blocker: Any) -> dict[str, str]:
    """One matter of each kind, for the addresses above."""
    with django_db_blocker.unblock():
        make = Make(people.find())
        matter = make.matter(public=True)
        raised = make.raised(text="东门路灯只亮半边")
        assigned = make.assigned(text="西门路灯不亮，灯杆歪了")
        handling = make.handling(text="南门路灯忽明忽暗")
        asked = make.verified(text="二号楼前的路灯坏了")
        make.closed(text="一号楼楼道灯不亮")
        waiting = {state: getattr(make, state)(text="北门路灯杆歪了").number for state in WAITING}
        scene = Scene(make)
        whistles = {state: scene.whistle(state)["number"] for state in ("sounded", "agreed", "done")}
        whistles["agreeing"] = scene.whistle("arrived")["number"]
        whistles["meeting"] = meeting(scene)["number"]
        whistles["webhook"] = scene.webhook(on=True)
        whistles |= scene.told()
        scene.token()
        tasks = {name: make.task(state) for name, state in TASKS.items()}
        handed_over = {"number": "T2026112300001", "text": "槐花社区的路灯坏了", "place": "槐花社区", "phone": "123"}
        hotline.take([reading.Row(1, handed_over | {"phone": ""}), reading.Row(2, handed_over)], way="file")
        opendata.publish(date(2026, 9, 1), by=Actor.system("opendata"))
        orders = {name: str(pk) for name, pk in scene.bulk().items()}
        deliver()
    return (
        whistles
        | waiting
        | orders
        | {
            **{name: task.number for name, task in tasks.items()},
            "number": matter.number,
            "raised": raised.number,
            "assigned": assigned.number,
            "handling": handling.number,
            "key": f"/m/{matter.number}/{words.follow_token(matter.number)}/",
            "refused": f"/m/{waiting['excluded']}/{words.follow_token(waiting['excluded'])}/",
            "asked": f"/m/{asked.number}/{words.follow_token(asked.number)}/",
        }
    )


def walk(page: Any, pages: dict[str, str], known: dict[str, str]) -> list[str]:
    """Open each; what is in the way, by the page's name."""
    found = []
    for name, address in pages.items():
        answer = page.goto(address.format(**known))
        if answer.status >= 500 or (answer.status >= 400 and name not in {"not there", "a number that is none"}):
            found.append(f"{name}: {answer.status} {page.url}")
        found += [f"{name}: {each}" for each in barriers(page)]
    return found


@pytest.mark.parametrize("size", SIZES)
def test_a_stranger_finds_no_barrier(db, device, known, size):
    assert walk(device(size), STRANGER, known) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("username", STAFF)
def test_staff_find_no_barrier(db, device, known, username, size):
    assert walk(sign_in(device(size), username), STAFF[username], known) == []


def test_large_type_finds_no_barrier(db, device, known, served_city):
    page = device(PHONE)
    page.context.add_cookies([{"name": "large", "value": "1", "url": served_city}])
    pages = {name: STRANGER[name] for name in ("home", "sent", "follow", "asked", "nearby", "public page")}
    assert walk(page, pages, known) == []


def test_english_finds_no_barrier(db, device, known, served_city):
    """Its words are longer: nothing is wider than a phone for it."""
    found = []
    for username in (None, *STAFF):
        page = device(PHONE) if username is None else sign_in(device(PHONE), username)
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": served_city}])
        found += walk(page, STAFF[username] if username else STRANGER, known)
    assert found == []


def test_the_desk_needs_no_mouse(db, device, known):
    page = sign_in(device(DESK), "li")
    page.goto("/desk/?view=triage")
    page.keyboard.press("/")
    expect(page.locator("[data-search-key]")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("[data-open]").first).to_be_focused()
    title = page.locator("[data-open]").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.keyboard.press("a")
    expect(page.locator("body")).to_contain_text("已派给")


def test_without_scripts_a_resident_sends_follows_and_rates(db, device, known):
    page = device(PHONE, java_script_enabled=False)
    page.goto(f"/?g={place.HUAIHUA_1}")
    page.get_by_role("textbox", name="有什么事，说一句就行").fill("单元门的门禁坏了，关不上")
    page.get_by_role("button", name="发给社区").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("收到了")
    page.get_by_role("link", name="看进度").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("门禁")
    page.goto(known["asked"])
    page.get_by_role("link", name="解决了", exact=True).click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="就这样评价").click()
    expect(page.locator(".status").first).to_have_text("已办结")
