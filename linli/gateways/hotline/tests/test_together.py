"""The same ticket from two sides at once, and two workers at one message, really committed."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from linli.gateways.hotline import reading, sending, service
from linli.gateways.hotline.models import Message, Ticket
from linli.gateways.hotline.tests.conftest import ticket
from linli.kernel import clock
from linli.work.matters.models import Matter


def at_once(n, act):
    """What each of n threads got, all begun together."""
    start, answers = threading.Barrier(n), []

    def go():
        try:
            start.wait()
            answers.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(n)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_one_ticket_from_interface_and_file_at_once_is_one_matter(committed_city):
    rows = reading.from_json([ticket()])
    answers = at_once(3, lambda: service.take(rows, way="http")[0])
    assert sorted(each.result for each in answers) == ["accepted", "again", "again"]
    assert len({each.number for each in answers}) == 1
    assert Matter.objects.count() == Ticket.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_a_message_once(committed_city, their):
    service.take(reading.from_json([ticket()]), way="http")
    row = Ticket.objects.get()
    for n in range(3):
        at = clock.now() + timedelta(seconds=n)
        Message.objects.create(ticket=row, mark=f"entry-{n}", status="assigned", at=at)
    taken = at_once(2, lambda: sending.send(row.pk))
    assert sum(taken) == 3
    assert [each["id"] for each in their.got] == ["entry-0", "entry-1", "entry-2"]
