"""What the doctor says of a city without people, and of one with."""

import pytest

from linli.mechanisms.access import queries
from linli.mechanisms.access.models import Person
from linli.mechanisms.rulebook import NoRuleError
from linli.site.cli import doctor

pytestmark = pytest.mark.django_db


def test_a_city_in_which_nobody_can_open_accounts_is_told_how(cast):
    assert [(each.state, each.what) for each in doctor._people()] == [("bad", "people"), ("good", "bodies")]
    assert "linli account first" in next(doctor._people()).remedy


def test_an_administrator_makes_it_good(cast):
    post = cast.bodies["county_desk"].posts.create(
        kind="personnel_keeper", title="岗位管理员", area=cast.bodies["county_desk"].area
    )
    ren = Person.objects.create_user("ren", "x", name="任岗位")
    post.appointments.create(person=ren, from_on="2026-01-01")
    assert [each.state for each in doctor._people()] == ["good", "good"]


def test_an_empty_rulebook_is_somebody_elses_finding(cast, monkeypatch):
    def empty():
        raise NoRuleError("posts/posts")

    monkeypatch.setattr(queries, "post_kinds", empty)
    assert list(doctor._people()) == []
