"""Who is told of a ruling: whoever has the matter by it, and whoever objected; each once."""

import pytest

from linli.mechanisms.journal.testing import deliver
from linli.work.matters import service
from linli.work.notices.models import Notice


def told() -> list[str]:
    """Everybody who got a notice of a ruling, as often as they got one."""
    return sorted(Notice.objects.filter(kind="matters.MatterRuled").values_list("person__username", flat=True))


@pytest.mark.parametrize(("upheld", "people"), [(True, ["feng", "wu", "zhou"]), (False, ["feng", "wu"])])
def test_both_sides_are_told_once_of_the_ruling(make, cast, upheld, people):
    to = cast.bodies["huaihua"] if upheld else None
    service.rule(make.objected(), upheld=upheld, to=to, note="按养护分工", by=cast.actor("jiang"))
    deliver()
    assert told() == people
