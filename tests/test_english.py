"""English is complete: every kind of page, opened in English by the person it is for, says nothing in Chinese of its own.

What stays Chinese is what nobody may translate: names of places, bodies and people, what residents and officials
wrote, and how a law is called. Pieces mark it with lang="zh"; elsewhere a page may set a name or somebody's words
into a sentence, and those are known from the database. Anything else is a word somebody forgot.
"""

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import translation

from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Appointment, Body, Person, Post
from linli.mechanisms.access.rules import PostKinds
from linli.mechanisms.journal.testing import deliver
from linli.mechanisms.rulebook import queries as rulebook
from linli.mechanisms.territory.models import Area
from linli.work.announcements.models import Wording
from linli.work.matters import service, words
from linli.work.matters.models import Exclusion, Matter, Remark
from linli.work.tasks.models import Task, TaskNote
from linli.work.whistles.models import JointMeeting, Summons, Whistle
from tests import place
from tests.make import SENTENCE, Make
from tests.test_accessibility import STAFF, STRANGER, TASKS, WAITING
from tests.test_bad_input import Scene, meeting

pytestmark = pytest.mark.django_db

PLACEHOLDER = re.compile(r"\{[㐀-鿿]+\}")
"""What is filled into a standard text is called as it is typed."""
CHINESE = re.compile(r"[　-〿㐀-鿿＀-￯]+")
"""Chinese characters, and punctuation that only Chinese uses."""
NUMBER = re.compile(r"[滨柳]\d\d-\d{4}-\d{4}(?:-[拒删]\d)?|[任哨会告]\d\d-[\d-]{4,10}")
SPOKEN = {"alt", "title", "aria-label", "placeholder", "content", "label"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
KEPT = {
    "personnel_keeper": {
        "people": "/people/", "nobody": "/people/?q=没有这个人", "somebody": "/people/{wu}/", "where to": "/people/{wu}/?q=网格员",
        "a new account": "/people/new/?q=网格员", "bodies": "/people/bodies/", "no such body": "/people/bodies/?q=没有",
        "a new body": "/people/bodies/new/", "where it stands": "/people/bodies/new/?q=柳林", "a body": "/people/bodies/{urban}/", "no such post": "/people/new/?q=没有",
    },
    "rule_keeper": {"a new year": "/rules/calendar/enter/"},
    "territory_keeper": {"a village": f"/places/{place.VILLAGE}/", "what lacks": "/places/coverage/?level=5&lack=worker"},
}  # fmt: skip
"""Pages of posts that are not in the cast."""
OWN = {
    "myself": "/me/", "password": "/accounts/password/change/", "safety": "/accounts/2fa/", "codes": "/accounts/2fa/totp/activate/",
    "devices": "/accounts/sessions/", "again": "/accounts/reauthenticate/", "leaving": "/accounts/logout/", "not allowed": "/board/",
}  # fmt: skip
STRANGERS_MORE = {
    "forgotten": "/accounts/password/reset/", "closed": "/accounts/inactive/", "once more": "{again}", "again no": "{again}?solved=no",
    "proof": "{key}proof/", "mine": "{key}mine/", "who can be": "/demo/", "found": "/rules/?q=路灯", "not found": "/rules/?q=没有", "counties": f"/places/{place.CITY}/",
    "a day": f"/places/{place.LIULIN}/?on=2026-01-01", "no such day": f"/places/{place.LIULIN}/?on=1900-01-01", "no day": f"/places/{place.LIULIN}/?on=x",
    "the pieces": "/pieces/", "place found": "/places/?q=槐花", "no place": "/places/?q=没有",
}  # fmt: skip
TYPED = ("元旦：1月1日放假。", "有个灯不亮", "通知2027")
"""What a person's own hand put into a form stays as it is."""


class Page(HTMLParser):
    """What a page says: its text and its spoken attributes, without what is marked as Chinese."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Chinese inside Chinese stays Chinese."""
        given = dict(attrs)
        silent = (self.open[-1][1] if self.open else False) or tag in {"script", "style"}
        silent = silent or (given.get("lang") or "").startswith("zh")
        if tag not in VOID:
            self.open.append((tag, silent))
        if not silent:
            told = [value for name, value in given.items() if value and (name in SPOKEN or name.startswith("data-"))]
            self.said += told + ([given["value"] or ""] if tag == "button" and "value" in given else [])

    def handle_endtag(self, tag: str) -> None:
        """Close what is open, however the page nests it."""
        while self.open:
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        """Text."""
        if not (self.open and self.open[-1][1]):
            self.said.append(data)


def untranslatable() -> list[str]:
    """Every name and all that somebody wrote, the longest first."""
    found: set[str] = {SENTENCE, "数据中台"}
    for row in Area.objects.values_list("name", "full_name"):
        found.update(row)
    for row in Body.objects.values_list("name", "short_name"):
        found.update(row)
    found.update(Person.objects.values_list("name", flat=True))
    for row in Matter.objects.values_list("title", "text", "place_text", "reply"):
        found.update(row)
    for row in Exclusion.objects.values_list("said", "channel"):
        found.update(row)
    found.update(Remark.objects.values_list("text", flat=True))
    for row in Task.objects.values_list("content", "status_note", "evidence"):
        found.update(row)
    found.update(TaskNote.objects.values_list("text", flat=True))
    for row in Whistle.objects.values_list("what", "place_text", "plan", "conclusion"):
        found.update(row)
    for row in Summons.objects.values_list("action", "conclusion", "absence_words", "score_words", "justified_words"):
        found.update(row)
    for row in Wording.objects.values_list("title", "text"):
        found.update(row)
    for row in JointMeeting.objects.values_list("topic", "place_text"):
        found.update(row)
    return sorted({each for each in found if each}, key=len, reverse=True)


def chinese_left(html: str, known: list[str]) -> list[str]:
    """The texts of a page that still have Chinese in them."""
    left = []
    for said in Page(html).said:
        rest = PLACEHOLDER.sub("", NUMBER.sub("", said))
        for each in known:
            if each in rest:
                rest = rest.replace(each, "")
        if CHINESE.search(rest):
            left.append(" ".join(said.split())[:120])
    return list(dict.fromkeys(left))


@pytest.fixture(autouse=True)
def _in_the_language_of_the_house() -> Iterator[None]:
    """A request leaves its language behind in the thread; whatever is tested next is Chinese again."""
    yield
    translation.deactivate()


@pytest.fixture
def addresses(make: Make) -> dict[str, str]:
    """One matter of each kind, as the list of pages names them."""
    matter = make.matter(public=True, visibility="named", name="赵秀英", phone="13812345678")
    raised = make.raised(text="东门路灯只亮半边")
    assigned = make.assigned(text="西门路灯不亮，灯杆歪了")
    handling = make.handling(text="南门路灯忽明忽暗")
    asked = make.verified(text="二号楼前的路灯坏了")
    again = service.reopen(make.closed(text="一号楼楼道灯不亮"), why="昨晚又灭了", by=Actor.resident())
    tasks = {name: make.task(state).number for name, state in TASKS.items()}
    waiting = {state: getattr(make, state)(text="北门路灯杆歪了").number for state in WAITING}
    scene = Scene(make)
    whistles = {state: scene.whistle(state)["number"] for state in ("sounded", "agreed", "done")}
    scene.token()
    whistles |= scene.told()
    whistles["webhook"] = str(scene.webhook(on=True))
    whistles |= {"agreeing": scene.whistle("arrived")["number"], "meeting": meeting(scene)["number"]}
    whistles |= scene.bulk()
    deliver()
    keys = {name: f"/m/{each.number}/{words.follow_token(each.number)}/" for name, each in (("key", matter), ("asked", asked), ("again", again))}  # fmt: skip
    numbers = {
        "number": matter.number,
        "raised": raised.number,
        "assigned": assigned.number,
        "handling": handling.number,
    }
    keys["refused"] = f"/m/{waiting['excluded']}/{words.follow_token(waiting['excluded'])}/"
    return keys | numbers | tasks | whistles | waiting


def in_english(client: Client) -> Client:
    """As the switch at the top of every page does."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def left_of(answer: Any, known: list[str]) -> list[str]:
    """What is left of Chinese in an answer that is a page."""
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    return chinese_left(answer.content.decode(), known) if is_page else []


def walk(client: Client, pages: dict[str, str], addresses: dict[str, Any]) -> list[str]:
    """Open each page; what is left of Chinese, by the page's name."""
    names = untranslatable()
    found = []
    for name, address in pages.items():
        asked = address.format(**addresses)
        answer = client.get(asked, follow=True)
        assert answer.status_code < 500, (name, address)
        # What was asked for is repeated as it was asked.
        known = sorted([*names, *CHINESE.findall(asked.partition("?")[2])], key=len, reverse=True)
        found += [f"{name}: {each}" for each in left_of(answer, known)]
    return found


def keeper(cast: Any, kind: str) -> Person:
    """Somebody at the county's desk in a post that nobody of the cast holds."""
    person = Person.objects.create_user(kind, "x", name="桂管理")
    county = Area.objects.get(code=place.COUNTY)
    title = rulebook.current(PostKinds).list.item(kind).name
    post = Post.objects.create(kind=kind, title=title, body=cast.bodies["county_desk"], area=county)
    Appointment.objects.create(person=person, post=post, from_on=date(2026, 1, 1))
    return person


def test_a_stranger_reads_english(client: Client, addresses: dict[str, Any], settings: Any) -> None:
    settings.DEMO = True
    found = walk(in_english(client), STRANGER | STRANGERS_MORE, addresses)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("username", STAFF)
def test_staff_read_english(client: Client, cast: Any, addresses: dict[str, Any], username: str) -> None:
    client.force_login(cast.people[username])
    found = walk(in_english(client), STAFF[username] | (OWN if username == "wu" else {}), addresses)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("kind", KEPT)
def test_keepers_read_english(client: Client, cast: Any, kind: str) -> None:
    client.force_login(keeper(cast, kind))
    addresses = {"wu": cast.people["wu"].pk, "urban": cast.bodies["liulin_urban"].pk}
    found = walk(in_english(client), KEPT[kind], addresses)
    assert not found, "\n".join(found)


def test_every_rule_reads_in_english(city: None, client: Client) -> None:
    pages = {each.ref.key: each.ref.url() for each in rulebook.overview()}
    found = walk(in_english(client), pages | {f"{key}, past": f"/rules/{key}/" for key in pages}, {})
    assert not found, "\n".join(found)


def test_what_is_refused_is_refused_in_english(client: Client, cast: Any, addresses: dict[str, Any]) -> None:
    in_english(client)
    before = untranslatable()
    answers = {
        "nothing said": client.post("/", {"key": "k" * 32, "visibility": "named"}),
        "nowhere": client.post("/", {"key": "k" * 32, "visibility": "anonymous", "text": TYPED[1]}),
        "far away": client.post("/", {"key": "k" * 32, "visibility": "anonymous", "text": TYPED[1], "lon": "121.5", "lat": "38.9"}),
        "no photo": client.post("/", {"key": "k" * 32, "visibility": "anonymous", "text": TYPED[1], "photos": ContentFile(b"?", "a.jpg")}),
        "not rated": client.post(addresses["asked"] + "rate/", {}),
        "rated too early": client.post(addresses["key"] + "rate/", {"satisfaction": "5"}),
        "nothing wrong": client.post(addresses["asked"] + "reopen/", {}),
        "nothing added": client.post(addresses["key"] + "add/", {}),
        "a wrong password": client.post("/accounts/login/", {"login": "li", "password": "x"}),
        "no such link": client.get(f"/m/{addresses['number']}/wrong/"),
    }  # fmt: skip
    client.force_login(cast.people["wu"])
    matter = f"/matters/{addresses['handling']}/"
    answers |= {
        "no answer": client.post(matter + "answer/", {"outcome": "solved", "version": "1"}),
        "accepted before": client.post(matter + "accept/"),
        "stale": client.post(f"/matters/{addresses['assigned']}/accept/", {"version": "1"}),
        "not mine": client.post(f"/matters/{addresses['raised']}/accept/"),
        "too young a password": client.post("/accounts/password/change/", {"oldpassword": "x", "password1": "1", "password2": "2"}),
        "nobody to stand in": client.post("/me/posts/1/delegate", {}),
    }  # fmt: skip
    client.force_login(cast.people["wang"])
    answers |= {
        "not said what was tried": client.post(f"/matters/{addresses['number']}/raise_up/", {}),
        "registered for nobody": client.post("/matters/new/", {"phone": "12"}),
    }
    client.force_login(keeper(cast, "personnel_keeper"))
    urban = f"/people/bodies/{cast.bodies['liulin_urban'].pk}/"
    answers |= {
        "a body of nothing": client.post("/people/bodies/new/", {}),
        "revised to nothing": client.post(urban + "revise", {}),
        "a post of no kind": client.post(urban + "establish-post", {}),
        "opened for nobody": client.post("/people/new/", {}),
        "not one's own account": client.post(f"/people/{Person.objects.get(username='personnel_keeper').pk}/close"),
    }
    client.force_login(keeper(cast, "rule_keeper"))
    answers["a notice of nothing"] = client.post(
        "/rules/calendar/enter/", {"year": "2027", "text": TYPED[0], "basis": "通知2027"}
    )
    known = sorted({*TYPED, *before, *untranslatable()}, key=len, reverse=True)
    found = [f"{name} ({answer.status_code}): {each}" for name, answer in answers.items() for each in left_of(answer, known)]  # fmt: skip
    assert not found, "\n".join(found)


def test_the_letter_for_a_forgotten_password_is_in_english(client: Client, cast: Any, mailoutbox: Any) -> None:
    in_english(client).post("/accounts/password/reset/", {"email": cast.people["li"].email})
    (letter,) = mailoutbox
    assert not CHINESE.search(letter.subject + letter.body)


def test_every_line_of_the_pack_has_its_english(city: None) -> None:
    lacking = []
    for key, edition in rulebook.in_force().items():
        for said in (edition.list, *edition.list.items):
            parts = [part for part in type(said).model_fields if part.endswith("_en")]
            lacking += [
                (key, said, part) for part in parts if getattr(said, part[:-3], None) and not getattr(said, part)
            ]
    assert lacking == []
