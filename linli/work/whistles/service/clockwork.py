"""What silence does: a called body that does not answer, or does not come in time, is told to the county, once."""

from linli.facts.whistles import WhistleEscalated
from linli.kernel import clock
from linli.mechanisms import flow
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import timers
from linli.work.whistles.flow import LIFE
from linli.work.whistles.models import Summons, Whistle

ESCALATE = "whistles.escalate"


def arm(whistle: Whistle) -> None:
    """Set the one timer of a whistle to when the next of its bodies is due; take it away when none is."""
    due = [each.next_due() for each in Summons.objects.filter(whistle=whistle)]
    moments = [moment for moment in due if moment is not None]
    if moments:
        timers.arm(whistle.subject, ESCALATE, at=max(min(moments), clock.now()))
    else:
        timers.disarm(whistle.subject, ESCALATE)


@timers.timer(ESCALATE)
def escalate(subject: str, by: Actor) -> None:
    """报县区 — every body that is due and not there; then the timer is set for the next."""
    whistle = Whistle.objects.get(number=subject.partition(":")[2])
    if not whistle.is_open or not _owing(whistle):
        if whistle.is_open:
            arm(whistle)
        return
    with flow.act(whistle, LIFE.escalate, by=by) as (whistle, step):
        for each in _owing(whistle):
            each.escalated_for = each.owed(step.now)
            each.escalated_at = step.now
            each.save(update_fields=["escalated_for", "escalated_at"])
            step.record(
                WhistleEscalated(
                    whistle.number, body=each.body_id, why=each.escalated_for,
                    due_at=each.acknowledge_by if each.escalated_for == "silence" else each.arrive_by,
                    county=whistle.county_id,
                )
            )  # fmt: skip
        arm(whistle)


def _owing(whistle: Whistle) -> list[Summons]:
    now = clock.now()
    rows = Summons.objects.filter(whistle=whistle, escalated_at__isnull=True).order_by("id")
    return [each for each in rows if each.owed(now)]
