"""schemathesis tries every operation with what the description allows and with what it forbids; every check is on.

Each operation is called by a token that may, on a matter whose state is open for it, so that what is tried reaches the
services. What a case has done is undone before the next.
"""

from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from linli.engines.papers import accept
from linli.mechanisms.access import Actor
from linli.portals.openapi import describing
from linli.portals.openapi.tests.test_verbs import WAITING
from linli.work.matters import queries, together
from linli.work.matters import service as matters
from linli.work.whistles import service as whistles

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# What keeps to the description may still be refused by a rule of the city (422), or because somebody moved first (412).
# 400 stays for what does not keep to it.
ACCEPTED = ["2xx", "304", "401", "403", "404", "409", "412", "422"]
CONFIG = SchemathesisConfig.from_dict({"checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}}})
OTHERS = {
    "accept": ("assigned", "wu"), "answer": ("handling", "wu"), "verify": ("answered", "ma"), "raise_up": ("matter", "wang"),
    "release": ("raised", "jiang"), "advise": ("helped", "zhou"), "supervision": ("appealed", "jiang"), "log": ("handling", "sun"),
    "proof": ("handling", "sun"), "together": ("helped", "wu"),
}  # fmt: skip
LISTS = {
    "appeals_list": "jiang",
    "appeals_rated": "jiang",
    "appeals_away": "wu",
    "appeals_make_away": "wu",
    "erasures_list": "jiang",
    "exclusions_list": "jiang",
    "helping_list": "wu",
}
WHISTLES = {"acknowledge": "wu", "arrive": "wu", "explain": "wu", "report": "wu", "judge": "wu"}
TASKS = {
    "take_up": ("given", "wu"), "report": ("doing", "wu"), "ask_delay": ("doing", "wu"), "finish": ("doing", "wu"),
    "grant_delay": ("asked", "zheng"), "refuse_delay": ("asked", "zheng"), "confirm": ("finished", "zheng"),
    "send_back": ("finished", "zheng"), "cancel": ("doing", "zheng"), "press": ("doing", "zheng"), "withdraw_card": ("pressed", "zheng"),
}  # fmt: skip
PERSON = {"visibility": "named", "name": "赵秀英", "phone": "13812345678"}
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

schema = schemathesis.openapi.from_dict(describing.source(), config=CONFIG)
schema.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def _connection_stays():
    """A request over WSGI would close the connection whose transaction the test will undo."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Scene:
    """For one operation: a token that may, and what its address names. Made once, for all its cases."""

    def __init__(self, caller: Any, cast: Any, make: Any) -> None:
        self.caller, self.cast, self.make = caller, cast, make
        self.secret = ""
        self.names: dict[str, str] = {}

    def set_for(self, operation: str) -> None:
        """Bring about what it needs, unless that was done."""
        if self.secret:
            return
        of, _, verb = operation.partition("_")
        if operation in LISTS:
            who = LISTS[operation]
        else:
            who = {"whistles": self.whistle, "tasks": self.task, "erasures": self.erasure}.get(of, self.matter)(verb)
        self.secret = self.caller(who).secret

    def matter(self, verb: str) -> str:
        """In the state the verb is for."""
        if verb.endswith("_along"):
            merged = self.make.merged(**PERSON)
            self.names = {"number": together.main_of(merged.number).number, "merged": merged.number}
            return "wu"
        state, who = WAITING[verb][:2] if verb in WAITING else OTHERS.get(verb, ("raised", "li"))
        matter = getattr(self.make, state)(**PERSON)
        self.names = {"number": matter.number}
        if verb == "get_file":
            paper = accept(PDF, name="a.pdf", max_bytes=1000)
            matters.attach(matter, paper=paper, for_resident=False, by=self.cast.actor("li"))
            self.names["key"] = queries.attachments_of(matter, for_resident=False)[0].key
        if verb == "release":
            matters.hold(matter, reason="正在复议", by=self.cast.actor("jiang"))
        return who

    def whistle(self, verb: str) -> str:
        """As far as the verb needs it."""
        li, wu, urban = self.cast.actor("li"), self.cast.actor("wu"), self.cast.bodies["liulin_urban"]
        called = [whistles.Called(urban)]
        made = whistles.sound(kind="emergency", area_id=li.area_id, called=called, what="树倒了", key="k-1", by=li)
        if verb in {"agree", "conclude", "rate", "judge"}:
            made = whistles.arrive(made, by=wu)
        if verb in {"conclude", "rate", "judge"}:
            made = whistles.agree(made, plan="城管办清走树枝", by=li)
        if verb in {"rate", "judge"}:
            made = whistles.conclude(made, conclusion="路通了", bodies={urban.pk: "处置得当"}, by=li)
        self.names = {"number": made.number}
        return WHISTLES.get(verb, "li")

    def task(self, verb: str) -> str:
        """In the state the verb is for."""
        state, who = TASKS.get(verb, ("doing", "wu"))
        self.names = {"number": self.make.task(state).number}
        return who

    def erasure(self, _verb: str) -> str:
        """One that waits."""
        closed = self.make.closed(**PERSON)
        made = matters.ask_erasure(closed, scope="contact", why="不想留电话", by=Actor.resident())
        self.names = {"number": made.number}
        return "jiang"


@pytest.fixture
def scene(caller, cast, make, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    settings.API_LIMITS = dict.fromkeys(("read", "write", "refused"), (10**6, 1))
    return Scene(caller, cast, make)


@schema.parametrize()
@settings(max_examples=3, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_keeps_its_description(case, scene):
    scene.set_for(case.operation.definition.raw["operationId"])
    if case.meta.generation.mode.is_positive:
        for name in scene.names.keys() & (case.path_parameters or {}).keys():
            case.path_parameters[name] = scene.names[name]
    with transaction.atomic():
        case.call_and_validate(headers={"Authorization": f"Bearer {scene.secret}"})
        transaction.set_rollback(True)
