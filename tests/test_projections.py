"""Whatever happened, in whatever order: replaying the journal from zero rebuilds every projection row for row."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from linli.kernel import clock
from linli.mechanisms.journal import replay, verification
from linli.mechanisms.journal.readers import READERS
from linli.mechanisms.journal.testing import deliver
from linli.review.indicators.models import MonthlyEnding, Standing
from linli.work.matters.models import Matter
from tests.make import Make
from tests.wander import Wanderer

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 9, 24, 9, tzinfo=clock.CITY)
"""A week before a month ends, so that matters end in two."""
PROJECTIONS = sorted(name for name, reader in READERS.items() if reader.is_projection and not name.startswith("toy"))
STEPS = 150
WITHOUT_MATTERS = {"indicators_called", "indicators_given"}
"""What matters alone do not fill: whistles and tasks have tests of their own."""


def rows(table: str) -> list[tuple[Any, ...]]:
    """Everything a projection's table says; its own running numbers say nothing."""
    with connection.cursor() as db:
        columns = [each.name for each in connection.introspection.get_table_description(db, table) if each.name != "id"]
        db.execute(f"SELECT {', '.join(columns)} FROM {table}")
        return sorted(db.fetchall(), key=repr)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every table of every projection."""
    return {table: rows(table) for name in PROJECTIONS for table in READERS[name].tables}


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["杨柳", "槐花", "白果"])
def test_replaying_a_random_history_rebuilds_every_projection(make: Make, seed: str) -> None:
    """Delivered now and then while it happened, delivered once at the end of all, and replayed: always the same rows."""
    assert "indicators" in PROJECTIONS
    wanderer = Wanderer(make, seed, began=BEGAN)
    wanderer.go(STEPS, meanwhile=lambda rng: deliver() if rng.random() < 0.2 else None)
    deliver()
    assert len(wanderer.done) > 12, wanderer.done  # Chance has tried nearly every move.
    before = everything()
    assert all(found for table, found in before.items() if table not in WITHOUT_MATTERS)
    for name in PROJECTIONS:
        replay.replay(name, everything=True)
    assert everything() == before
    assert deliver() == 0
    assert list(verification.findings()) == []
    as_the_matters_say()


def as_the_matters_say() -> None:
    """What the projection knows by hearsay the matters' own rows say too."""
    stages = {
        "answered": "answered",
        "verified": "answered",
        "closed": "ended",
        "withdrawn": "ended",
        "excluded": "ended",
        "merged": "merged",
    }
    assert not Standing.objects.filter(number__in=Matter.objects.exclude(parent=None).values("number")).exists()
    for matter in Matter.objects.filter(parent=None):
        standing = Standing.objects.get(number=matter.number)
        assert standing.stage == stages.get(matter.state, "in_hand"), matter
        said = (matter.level, matter.handler_id, matter.due_at, matter.reopened, matter.category, matter.ended_at)
        kept = (
            standing.level,
            standing.handler,
            standing.due_at,
            standing.reopened,
            standing.category,
            standing.ended_at,
        )
        assert kept == said, matter
        assert standing.satisfaction == matter.satisfaction
        struck = matter.appeals.filter(upheld=True, solved=True, verdict=matter.verdict).exists()
        rated = "struck" if struck else "solved"
        endings = {"withdrawn": "withdrawn", "excluded": "excluded", "closed": rated if matter.solved else "lapsed"}
        assert standing.ending == endings.get(matter.state, ""), matter
    assert sum(MonthlyEnding.objects.values_list("n", flat=True)) == Standing.objects.filter(stage="ended").count()


def test_a_projection_that_was_tampered_with_is_mended_by_a_replay(make: Make) -> None:
    Wanderer(make, "改过", began=BEGAN - timedelta(days=9)).go(60)
    deliver()
    before = everything()
    Standing.objects.filter(pk=Standing.objects.order_by("number")[0].pk).delete()
    Standing.objects.update(level=1)
    MonthlyEnding.objects.all().delete()
    replay.replay("indicators", everything=True)
    assert everything() == before
