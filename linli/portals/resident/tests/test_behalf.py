"""替别人反映: it becomes their matter, with how they agreed; without consent it is not sent."""

import pytest

from linli.mechanisms import journal
from linli.portals.resident.forms import new_key
from linli.work.matters.models import Consent, Matter

SAID = {
    "text": "孙奶奶家门口的路灯坏了", "place": "槐花社区", "visibility": "named", "name": "赵秀英", "phone": "13812345678", "behalf": "on",
    "person_name": "孙奶奶", "person_phone": "0543-3160000", "relation": "neighbour", "how": "beside", "anyway": "1",
}  # fmt: skip


def test_it_is_the_persons_matter_and_says_how_they_agreed(client, cast):
    assert client.post("/", SAID | {"key": new_key()}).status_code == 302
    matter, consent = Matter.objects.get(), Consent.objects.get()
    assert (matter.contact.name, matter.contact.phone, matter.visibility) == ("孙奶奶", "0543-3160000", "named")
    assert (consent.speaker, consent.phone, consent.relation, consent.how) == (
        "赵秀英",
        "13812345678",
        "neighbour",
        "beside",
    )
    assert [each.fact.name for each in journal.history(matter.subject)][:2] == [
        "matters.MatterRegistered", "matters.MatterSpokenFor",
    ]  # fmt: skip


@pytest.mark.parametrize("missing", ["person_name", "relation", "how", "name"])
def test_what_is_missing_is_said_and_nothing_is_sent(client, cast, missing):
    answer = client.post("/", SAID | {"key": new_key(), missing: ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert SAID["text"] in page
    assert '<details class="more" id="behalf" open' in page
    assert not Matter.objects.exists()


def test_for_oneself_nothing_of_it_is_asked_or_kept(client, cast):
    client.post(
        "/", {name: SAID[name] for name in ("text", "place", "visibility", "name", "phone")} | {"key": new_key()}
    )
    assert Matter.objects.get().contact.name == "赵秀英"
    assert not Consent.objects.exists()
