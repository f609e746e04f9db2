"""What of a contact each kind of actor sees."""

import pytest

from linli.mechanisms.access import Actor
from linli.mechanisms.access.masking import HIDDEN, shown

OFFICIAL = Actor("staff", name="李调度", person_id=1, post="dispatcher")
PHONE = "13812345678"


def test_an_official_sees_a_mask():
    assert shown(PHONE, field="phone", actor=OFFICIAL) == "138****5678"
    assert shown("赵秀英", field="name", actor=OFFICIAL) == "赵**"


def test_an_official_who_said_why_sees_that_field_and_no_other():
    assert shown(PHONE, field="phone", actor=OFFICIAL, reveals={"phone"}) == PHONE
    assert shown("赵秀英", field="name", actor=OFFICIAL, reveals={"phone"}) == "赵**"


def test_a_resident_sees_their_own():
    assert shown(PHONE, field="phone", actor=Actor.resident()) == PHONE


@pytest.mark.parametrize(
    "actor", [Actor.stranger(), Actor.system("timers"), Actor("stranger", name="没有岗位", person_id=3)]
)
def test_nobody_else_sees_anything(actor):
    assert shown(PHONE, field="phone", actor=actor, reveals={"phone"}) == HIDDEN


def test_a_field_nobody_named_is_hidden():
    assert shown("滨城区某号", field="address", actor=OFFICIAL) == HIDDEN
    assert shown("", field="address", actor=OFFICIAL) == ""
