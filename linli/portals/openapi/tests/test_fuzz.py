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

from linli.portals.openapi import describing
from linli.portals.openapi.tests.test_verbs import WAITING
from linli.work.whistles import service as whistles

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# What keeps to the description may still be refused by a rule of the city (422), or because somebody moved first (412).
# 400 stays for what does not keep to it.
ACCEPTED = ["2xx", "304", "401", "403", "404", "409", "412", "422"]
CONFIG = SchemathesisConfig.from_dict({"checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}}})
OTHERS = {"accept": ("assigned", "wu"), "answer": ("handling", "wu"), "verify": ("answered", "ma"), "raise_up": ("matter", "wang")}  # fmt: skip

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


@pytest.fixture
def placed(caller, cast, make, tmp_path, settings):
    """For an operation: a token that may, and the number its address names."""
    settings.MEDIA_ROOT = tmp_path
    settings.API_LIMITS = dict.fromkeys(("read", "write", "refused"), (10**6, 1))
    found: dict[str, Any] = {}

    def place(operation: str) -> Any:
        if not found:
            verb = operation.removeprefix("matters_")
            state, who = WAITING[verb][:2] if verb in WAITING else OTHERS.get(verb, ("raised", "li"))
            found["token"], li = caller(who), cast.actor("li")
            if operation == "whistles_read":
                called = [whistles.Called(cast.bodies["liulin_urban"])]
                made: Any = whistles.sound(
                    kind="emergency", area_id=li.area_id, called=called, what="树倒了", key="k-1", by=li
                )
            elif operation == "tasks_read":
                made = make.task("doing")
            else:
                made = getattr(make, state)(visibility="named", name="赵秀英", phone="13812345678")
            found["number"] = made.number
        return found

    return place


@schema.parametrize()
@settings(max_examples=3, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_keeps_its_description(case, placed):
    there = placed(case.operation.definition.raw["operationId"])
    if case.meta.generation.mode.is_positive and "number" in (case.path_parameters or {}):
        case.path_parameters["number"] = there["number"]
    with transaction.atomic():
        case.call_and_validate(headers={"Authorization": f"Bearer {there['token'].secret}"})
        transaction.set_rollback(True)
