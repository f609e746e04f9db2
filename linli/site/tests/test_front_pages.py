"""The base page, fragments of a page, and the two switches in its header."""

import json
import time
from typing import Any

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.test import Client, RequestFactory

from linli.facts.base import Fact
from linli.kernel import clock
from linli.mechanisms.access import Actor, Refused, pages
from linli.mechanisms.flow import Lifecycle, Move, NotNow, Stale
from linli.mechanisms.journal import Author, Heard
from linli.site import web
from linli.site.jinja import OurTemplates, environment

HTMX = {"HX-Request": "true"}


def ask(path: str = "/somewhere/", **headers: str) -> HttpRequest:
    request = RequestFactory().get(path, headers=headers)
    request.session = {}  # type: ignore[assignment]
    request.actor = Actor.stranger()  # type: ignore[attr-defined]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


@pytest.fixture
def page_of_two_templates(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "matter.jinja").write_text(
        '{% extends "base.jinja" %}{% set shout = word ~ "!" %}'
        "{% block content %}<h1>around</h1>{% block handling %}<p>{{ shout }} {{ ui.status('done', word) }}</p>"
        "{% endblock handling %}{% endblock content %}",
        encoding="utf-8",
    )
    loader = get_template("base.jinja").template.environment.loader  # type: ignore[attr-defined]
    assert isinstance(loader, OurTemplates)
    monkeypatch.setattr(loader, "searchpath", [str(tmp_path), *loader.searchpath])


@pytest.mark.usefixtures("page_of_two_templates")
def test_a_browser_gets_the_whole_page_and_htmx_the_block_alone():
    whole = pages.page(ask(), "matter.jinja", {"word": "好"}, block="handling")
    part = pages.page(ask(**HTMX), "matter.jinja", {"word": "好"}, block="handling")
    assert "<html" in whole.content.decode()
    assert "around" in whole.content.decode()
    assert part.content.decode().startswith("<p>好! ")
    assert "tone-done" in part.content.decode()
    assert "around" not in part.content.decode()
    assert whole["Vary"] == part["Vary"] == "HX-Request"


@pytest.mark.usefixtures("page_of_two_templates")
def test_a_whole_page_comes_when_htmx_follows_a_link_or_goes_back():
    for header in ("HX-Boosted", "HX-History-Restore-Request"):
        response = pages.page(ask(**HTMX, **{header: "true"}), "matter.jinja", {"word": "好"}, block="handling")
        assert "<html" in response.content.decode()


@pytest.mark.usefixtures("page_of_two_templates")
def test_what_was_done_is_said_on_the_page_or_beside_the_fragment():
    whole = pages.page(ask(), "matter.jinja", {"word": "好"}, block="handling", say="已派给城管办")
    part = pages.page(ask(**HTMX), "matter.jinja", {"word": "好"}, block="handling", say="已派给城管办")
    assert "已派给城管办" in whole.content.decode()
    assert part["HX-Trigger"].isascii()
    assert json.loads(part["HX-Trigger"]) == {"say": "已派给城管办"}


@pytest.mark.usefixtures("page_of_two_templates")
def test_a_refusal_asked_by_htmx_goes_to_the_place_for_alerts():
    whole = pages.refusal(ask(), 409, "李调度已经派给了城管办。", {"changes": []})
    part = pages.refusal(ask(**HTMX), 409, "李调度已经派给了城管办。")
    assert whole.status_code == part.status_code == 409
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert "李调度已经派给了城管办。" in part.content.decode()
    assert part["HX-Retarget"] == "#alerts"


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429])
def test_every_refusal_says_why_and_how_to_go_on(status: int):
    text = pages.refusal(ask(), status).content.decode()
    assert text.count("<h1>") == 1
    assert 'class="alert tone-refused"' in text
    assert "回到首页" in text
    assert "系统异常" not in text


def test_a_value_shared_with_every_page_is_asked_for_once_and_only_when_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages, "_sources", {})
    asked = []
    pages.share("unread")(lambda request: asked.append(request) or 3)
    shared = pages.Shared(ask())
    assert not asked
    assert [shared.unread, shared.unread, shared.nobody_gave_this] == [3, 3, None]
    assert len(asked) == 1


def test_the_switches_remember_and_go_back(client: Client):
    answer = client.post("/large/", {"large": "1", "next": "/pieces/?a=1"})
    assert answer.url == "/pieces/?a=1"  # type: ignore[attr-defined]
    assert 'class="large"' in client.get("/pieces/").content.decode()
    client.post("/large/", {"large": "0"})
    assert 'class="large"' not in client.get("/pieces/").content.decode()
    client.post("/language/", {"language": "en"})
    assert '<html lang="en"' in client.get("/pieces/").content.decode()
    client.post("/language/", {"language": "tlh"})
    assert '<html lang="zh-CN"' in client.get("/pieces/").content.decode()


@pytest.mark.parametrize(
    "away", ["https://elsewhere.test/", "//elsewhere.test/", "javascript:alert(1)", "", "\\\\elsewhere"]
)
def test_a_switch_never_leads_away_from_the_site(client: Client, away: str):
    assert client.post("/large/", {"large": "1", "next": away}).url == "/"  # type: ignore[attr-defined]


def test_a_switch_is_not_thrown_by_a_link(client: Client):
    assert client.get("/large/").status_code == 405
    assert client.get("/language/").status_code == 405


def test_a_form_that_lay_too_long_is_told_so_in_plain_words():
    answer = Client(enforce_csrf_checks=True).post("/large/", {"large": "1"})
    assert answer.status_code == 403
    assert "放得太久" in answer.content.decode()


def test_the_page_for_our_own_faults_needs_nothing_that_may_be_broken():
    answer = web.broken(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "是我们这边出了错" in answer.content.decode()


def test_every_template_compiles():
    made = environment(loader=OurTemplates(["linli/site/templates"]), autoescape=True)
    for name in made.list_templates(filter_func=lambda each: each.endswith(".jinja")):
        get_template(name)


def test_the_component_page_shows_every_piece(client: Client):
    answer = client.get("/pieces/")
    assert answer.status_code == 200
    text = answer.content.decode()
    for mark in ("timeline", "chips", "proposal", "qr-drawing", "data-map", "assumed", "pager", "photos", "keys"):
        assert mark in text


def test_what_a_person_typed_is_never_markup():
    answer = pages.refusal(ask(), 403, "<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in answer
    assert "&lt;script&gt;alert" in answer


def test_a_refused_form_gives_back_what_was_written():
    request = RequestFactory().post(
        "/", {"text": "路灯坏了\n三天了", "csrfmiddlewaretoken": "x" * 64, "to": "urban-management", "next": "/路/"}
    )
    request.session = {}  # type: ignore[assignment]
    text = pages.refusal(request, 409, "李调度已经派给了城管办。").content.decode()
    assert "路灯坏了\n三天了</textarea>" in text
    assert "urban-management" not in text
    assert "xxxx" not in text


def test_a_stale_form_is_told_what_happened_meanwhile(monkeypatch: pytest.MonkeyPatch):
    life = Lifecycle(
        "matters",
        Move("assign", "派单", ("triage",), "assigned"),
        kind="matter",
        states=[("triage", "待派单"), ("assigned", "已派单")],
    )
    monkeypatch.setattr(web, "_lifecycles", lambda: {"matter": life})
    author = Author("staff", 1, "调度员", "柳林街道", "李调度")
    heard = [
        Heard(number, f"{kind}:1", number, clock.now(), move, author, Fact())
        for number, kind, move in ((1, "matter", "assign"), (2, "elsewhere", "unheard_of"))
    ]
    answer = web.Refusals(lambda _request: HttpResponse()).process_exception(
        ask(), Stale("李调度已经处理了这一件。", changed=heard)
    )
    assert answer is not None
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "刚才有人先动过了" in text
    assert "柳林街道：派单" in text
    assert "柳林街道：有更新" in text


def test_a_move_that_is_not_open_and_a_missing_power_have_their_pages():
    refusals = web.Refusals(lambda _request: HttpResponse())
    assert refusals.process_exception(ask(), NotNow("这一件已经办结。")).status_code == 409  # type: ignore[union-attr]
    assert refusals.process_exception(ask(), Refused("只有调度员可以派单。")).status_code == 403  # type: ignore[union-attr]
    assert refusals.process_exception(ask(), ValueError("a fault of ours")) is None


def test_what_is_too_large_is_told_so(client: Client):
    answer = client.post("/large/", {"large": "大" * 3_000_000})
    assert answer.status_code == 413
    assert "送来的东西太大了" in answer.content.decode()


def test_fifty_rows_cost_little_to_draw():
    request = ask()
    words = [("waiting", "待派单"), ("overdue", "已超期")] * 25
    macro = "{% call ui.table('诉求', ['事情', '状态', '最晚']) %}{% for tone, word in words %}<tr data-row>{{ ui.td('事情', word, href='/m/', note='黄河五路', head=true) }}{% call ui.td('状态') %}{{ ui.status(tone, word) }}{% endcall %}{{ ui.td('最晚', word) }}</tr>{% endfor %}{% endcall %}"
    template = get_template("base.jinja").template.environment.from_string(macro)  # type: ignore[attr-defined]
    everything = pages.surroundings(request) | {"words": words}
    template.render(everything)
    began = time.process_time()
    for _ in range(10):
        template.render(everything)
    assert (time.process_time() - began) / 10 < 0.02  # 3 ms on the machine this was written on; room for a slow one.
