"""What leaves the city: queued with the transaction or not at all, refused when nobody can send it, tried again."""

import contextlib

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from linli.mechanisms.journal import outward


@outward.task("tests.tell", tries=2)
def tell(*, letter: str) -> None:
    """Nothing is sent in tests."""


def waiting() -> list[dict[str, str]]:
    """The arguments of what is queued."""
    return list(ProcrastinateJob.objects.filter(task_name="tests.tell").values_list("args", flat=True))


@pytest.mark.django_db
def test_a_committed_letter_is_queued() -> None:
    with transaction.atomic():
        outward.enqueue("tests.tell", letter="n-1")
    assert waiting() == [{"letter": "n-1"}]
    assert ProcrastinateJob.objects.get(task_name="tests.tell").queue_name == outward.QUEUE


class ChangedMyMindError(Exception):
    """Ends a transaction."""


@pytest.mark.django_db
def test_a_rolled_back_letter_never_was() -> None:
    with contextlib.suppress(ChangedMyMindError), transaction.atomic():
        outward.enqueue("tests.tell", letter="n-2")
        raise ChangedMyMindError
    assert waiting() == []


@pytest.mark.django_db
def test_a_letter_nobody_can_send_is_refused() -> None:
    with pytest.raises(LookupError, match=r"tests\.nobody"):
        outward.enqueue("tests.nobody", letter="n-3")
