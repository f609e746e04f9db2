"""裁定 is read by both sides: whoever has the matter sees it in full, whoever it was taken from sees the ruling and no more."""

from typing import Any

import pytest

from linli.mechanisms.access.models import Body
from linli.mechanisms.journal.testing import deliver
from linli.work.matters import service
from linli.work.matters.models import Matter
from linli.work.notices.models import Notice

SAID = "三号楼的赵秀英家门口灯不亮"


@pytest.fixture
def roads(cast: Any) -> Body:
    """交通局, which the county has beside 城管办."""
    area = cast.bodies["county_desk"].area
    return Body.objects.create(
        name="柳河区交通运输局", short_name="区交通局", kind="government", functions=["transport"], area=area, level=2
    )


@pytest.fixture
def objected(make: Any, cast: Any, roads: Body) -> Matter:
    return service.object_to(
        make.assigned(text=SAID), reason="not-our-duty", note="县道归区交通局", believed=roads, by=cast.actor("wu")
    )  # fmt: skip


def ruled(cast: Any, matter: Matter, to: Body | None) -> Matter:
    return service.rule(matter, upheld=to is not None, to=to, note="按养护分工", by=cast.actor("jiang"))


def test_who_lost_it_reads_the_ruling_and_nothing_of_the_residents(cast, sign_in, objected, roads):
    ruled(cast, objected, roads)
    where = f"/matters/{objected.number}/"
    page = sign_in("wu").get(where)
    assert page.status_code == 200
    for words in (f"{objected.number}-裁1", "改由区交通局办", "按养护分工", "县道归区交通局"):
        assert words in page.content.decode()
    assert "赵秀英" not in page.content.decode()
    for more in ("print/", "related/", "privacy/", "log/"):
        assert sign_in("wu").get(f"{where}{more}").status_code in {403, 404}


@pytest.mark.parametrize(("who", "status"), [("feng", 200), ("qian", 404)])
def test_whoever_never_objected_does_not_learn_of_it(cast, sign_in, objected, roads, who, status):
    ruled(cast, objected, roads)
    assert sign_in(who).get(f"/matters/{objected.number}/").status_code == status


def test_before_it_is_ruled_and_where_it_was_denied_the_page_is_the_matters_own(cast, sign_in, objected):
    where = f"/matters/{objected.number}/"
    assert SAID in sign_in("wu").get(where).content.decode()
    ruled(cast, objected, None)
    page = sign_in("wu").get(where).content.decode()
    assert SAID in page
    assert "维持派单，由柳林街道城管办办" in page
    assert "不能再退" in page
    assert "退单 1 次" not in page


def test_both_sides_are_told_once_of_the_ruling(cast, objected, roads):
    ruled(cast, objected, cast.bodies["huaihua"])
    deliver()
    told = Notice.objects.filter(kind="matters.MatterRuled").values_list("person__username", flat=True)
    assert sorted(told) == ["feng", "wu", "zhou"]


def test_a_body_that_gave_it_back_is_counted_once_per_ruling(cast, sign_in, objected, roads):
    ruled(cast, objected, roads)
    assert "退单 1 次" in sign_in("jiang").get(f"/matters/{objected.number}/").content.decode()
