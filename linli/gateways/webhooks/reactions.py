"""What happens to matters, queued for whoever subscribed to it."""

from collections.abc import Sequence

from linli.gateways.webhooks import kinds, queries, service
from linli.gateways.webhooks.models import Subscription
from linli.mechanisms import journal


@journal.batch_reader("webhooks", *kinds.facts())
def queue(entries: Sequence[journal.Heard]) -> None:
    """One row for each subscription an entry concerns. What happened before it was made is for a replay."""
    subscriptions = list(Subscription.objects.filter(stopped_at__isnull=True))
    if not subscriptions:
        return
    made = {each.pk: each.made_at for each in subscriptions}
    woken = []
    for number, concerned in queries.concerns(entries, subscriptions).items():
        told = [each for each in concerned if each.at >= made[number]]
        if told:
            service.queue(number, told)
            woken.append(number)
    if woken:
        service.wake(woken)
