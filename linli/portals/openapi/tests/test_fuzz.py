"""schemathesis tries every operation with what the description allows and with what it forbids; every check is on.

Each operation is called by a token that may, on a matter whose state is open for it, so that what is tried reaches the
services. What a case has done is undone before the next.
"""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from django.conf import settings as django
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from linli.portals.openapi.operations.verbs import VERBS
from linli.portals.openapi.tests.test_verbs import WAITING
from linli.work.whistles import service as whistles

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# What keeps to the description may still be refused by a rule of the city (422), or because somebody moved first (412).
# 400 stays for what does not keep to it.
ACCEPTED = ["2xx", "304", "401", "403", "404", "409", "412", "422"]
OTHERS = {
    "accept": ("assigned", "wu"),
    "answer": ("handling", "wu"),
    "verify": ("answered", "ma"),
    "raise_up": ("matter", "wang"),
}
CALLS: Counter[str] = Counter()


@pytest.fixture
def fuzzed(caller, cast, make, tmp_path, settings):
    """The description, and for each operation a token and what its address names."""
    settings.MEDIA_ROOT = tmp_path
    settings.API_LIMITS = {"read": (10**6, 1), "write": (10**6, 1), "refused": (10**6, 1)}
    callers = {who: caller(who) for who in ("li", "wu", "ma", "wang", "feng", "jiang")}
    made: dict[str, str] = {}
    li = cast.actor("li")
    whistle = whistles.sound(
        kind="emergency", area_id=li.area_id, called=[whistles.Called(cast.bodies["liulin_urban"])], what="树倒了", key="k-1", by=li
    )  # fmt: skip
    task = make.task("doing")

    def place(operation: str) -> tuple[Any, str]:
        verb = operation.removeprefix("matters_")
        state, who = WAITING[verb][:2] if verb in WAITING else OTHERS.get(verb, ("raised", "li"))
        if state not in made:
            made[state] = getattr(make, state)(visibility="named", name="赵秀英", phone="13812345678").number
        number = {"whistles_read": whistle.number, "tasks_read": task.number}.get(operation, made[state])
        return callers[who], number

    config = SchemathesisConfig.from_dict({"checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}}})
    with pytest.warns() if False else transaction.atomic():
        yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), config=config), place


@pytest.fixture
def described(fuzzed):
    return fuzzed[0]


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(max_examples=6, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_keeps_its_description(case, fuzzed):
    operation = case.operation.definition.raw["operationId"]
    token, number = fuzzed[1](operation)
    if "number" in (case.path_parameters or {}) and case.method == case.operation.method.upper():
        case.path_parameters["number"] = number
    CALLS[operation] += 1
    point = transaction.savepoint()
    try:
        case.call_and_validate(headers={"Authorization": f"Bearer {token.secret}"})
    finally:
        transaction.savepoint_rollback(point)


def test_nothing_was_left_out():
    assert {f"matters_{verb.name}" for verb in VERBS} <= set(CALLS)
    assert django.TESTING
