"""Residents who asked for it hear by text message: in the city's words, by day, not too often, and only until they say stop."""

import json
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pydantic import ValidationError

from linli.gateways.sms import commands, service, web
from linli.gateways.sms.models import State, TextMessage
from linli.gateways.sms.rules import SmsLimits, Template
from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.journal import outward
from linli.mechanisms.journal.testing import deliver
from linli.work.matters.words import follow_token
from linli.work.notices import queries as wishes
from linli.work.notices import service as notices

NOON = datetime(2026, 11, 24, 12, tzinfo=clock.CITY)
NIGHT = NOON.replace(hour=23)
PHONE = "13812345678"


@pytest.fixture
def provider(settings):
    """A provider on the air: `provider.got` are the messages it took, `provider.moods` the statuses of its next answers."""

    class Answers(BaseHTTPRequestHandler):
        got, moods = [], []

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            mood = self.moods.pop(0) if self.moods else 200
            if mood == 200:
                self.got.append((dict(self.headers), body))
            content = json.dumps({"code": 0 if mood == 200 else 1, "msgId": f"p-{len(self.got)}"}).encode()
            self.send_response(mood)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    settings.SMS_URL, settings.SMS_SECRET = f"http://127.0.0.1:{server.server_port}/send", "密"
    yield Answers
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def told(make, provider):
    """A matter whose reporter wants messages; its first is waiting."""

    def register(at=NOON, **rest):
        with clock.at(at):
            matter = make.matter(visibility="named", name="赵秀英", phone=PHONE, **rest)
            notices.choose_channel(matter.number, "sms")
            deliver()
        return matter

    return register


def send(at=NOON):
    """All that waits, as the worker would; how each stands."""
    with clock.at(at):
        return [service.send(each.pk) for each in TextMessage.objects.filter(state=State.WAITING).order_by("id")]


def test_who_chose_it_is_told_in_the_city_s_words_and_nothing_personal(told, provider):
    matter = told()
    assert send() == [State.SENT]
    ((headers, body),) = provider.got
    said = json.loads(body)
    assert headers["Content-Type"] == "application/json"
    assert said["phone"] == PHONE
    assert matter.number in said["text"]
    assert said["id"] == TextMessage.objects.get().mark
    assert "赵秀英" not in body
    assert "路灯" not in body
    kept = str(TextMessage.objects.values().get())
    assert PHONE not in kept


def test_who_did_not_choose_it_hears_nothing(make, provider):
    make.matter(visibility="named", name="赵", phone=PHONE)
    deliver()
    assert not TextMessage.objects.exists()


def test_at_night_it_waits_for_the_morning(told, provider):
    told(NIGHT)
    assert send(NIGHT) == [State.WAITING]
    later = ProcrastinateJob.objects.filter(task_name="sms.send").order_by("-id")[0]
    assert later.scheduled_at == (NIGHT + timedelta(days=1)).replace(hour=8)
    assert send(NIGHT + timedelta(hours=9)) == [State.SENT]


@pytest.mark.parametrize(
    ("hour", "sends"),
    [("20:59", "20:59"), ("21:00", "08:00"), ("02:00", "08:00"), ("07:59", "08:00"), ("08:00", "08:00")],
)
def test_the_quiet_hours_are_the_city_s(city, hour, sends):
    limits = rulebook.current(SmsLimits).list
    moment = datetime.fromisoformat(f"2026-11-24 {hour}").replace(tzinfo=clock.CITY)
    assert f"{limits.may_be_sent_at(moment).astimezone(clock.CITY):%H:%M}" == sends


def test_a_number_gets_so_many_a_day_and_the_same_only_once(told, provider):
    for n in range(4):
        told(text=f"第{n}盏路灯坏了")
    assert send() == [State.SENT] * 3 + [State.CAPPED]
    matter = told(NOON + timedelta(days=1), text="井盖翘了")
    assert send(NOON + timedelta(days=1)) == [State.SENT], "another day"
    TextMessage.objects.create(
        mark="again", number=matter.number, template="registered", due_at=NOON + timedelta(days=1)
    )
    assert send(NOON + timedelta(days=1, hours=1)) == [State.REPEATED]


def test_what_comes_too_late_is_not_sent(told, provider):
    told()
    assert send(NOON + timedelta(days=3)) == [State.STALE]
    assert provider.got == []


def test_who_answers_t_is_left_in_peace_until_they_choose_again(told, provider, client):
    first, second = told(), told(text="井盖翘了")
    send()
    fates, answers = web.addresses()
    del fates
    path = answers.split("localhost:8000")[1]
    with clock.at(NOON + timedelta(minutes=1)):
        assert client.post(path, {"phone": f"86{PHONE}", "text": " T "}).json() == {"heard": 1}
        assert client.post(path, {"phone": PHONE, "text": "谢谢"}).json() == {"heard": 0}
    assert {wishes.channel_of(each.number) for each in (first, second)} == {"page"}
    third = told(NOON - timedelta(days=1), text="水管漏了")
    assert send() == [State.UNWANTED]
    with clock.at(NOON + timedelta(minutes=2)):
        notices.choose_channel(third.number, "sms")
    TextMessage.objects.create(mark="later", number=third.number, template="assigned", due_at=NOON)
    assert send(NOON + timedelta(minutes=3)) == [State.SENT]


def test_the_provider_s_failures_are_tried_again_or_written_down(told, provider, settings):
    told()
    provider.moods[:] = [503]
    with pytest.raises(service.NotNowError):
        send()
    settings.SMS_URL, address = "http://127.0.0.1:9/", settings.SMS_URL
    with pytest.raises(outward.UnreachedError):
        send()
    settings.SMS_URL = address
    provider.moods[:] = [400]
    assert send() == [State.FAILED]
    assert TextMessage.objects.get().problem.startswith("400")
    settings.SMS_ACCEPTED = '"code": 7'
    told(text="井盖翘了")
    assert send() == [State.FAILED], "an answer that does not say it was taken"


def test_a_kill_after_it_was_taken_sends_the_same_mark_again(told, provider, monkeypatch):
    told()
    with monkeypatch.context() as patch:
        patch.setattr(service, "_settle", lambda *_args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            send()
    assert send() == [State.SENT]
    assert len({json.loads(body)["id"] for _headers, body in provider.got}) == 1


def test_delivery_is_reported_by_mark_or_by_their_number(told, provider, client):
    told()
    told(text="井盖翘了")
    send()
    fates, _answers = web.addresses()
    path = fates.split("localhost:8000")[1]
    first, second = TextMessage.objects.order_by("id")
    said = [
        {"mark": first.mark, "status": "DELIVRD"},
        {"id": second.theirs, "status": "UNDELIV"},
        {"id": "x", "status": "0"},
        7,
    ]
    answer = client.post(path, json.dumps(said), content_type="application/json")
    assert answer.json() == {"heard": 2}
    states = list(TextMessage.objects.order_by("id").values_list("state", flat=True))
    assert states == [State.DELIVERED, State.FAILED]
    assert client.post(path[:-5] + "wrong/", {}).status_code == 404
    assert client.post(path, b"{", content_type="application/json").status_code == 400


def test_body_headers_and_signature_are_the_provider_s_own(told, provider, settings):
    settings.SMS_BODY = "mobile={phone}&content={text}&sign={sign}&tpl={template}&day={value_day}"
    settings.SMS_HEADERS = '{"Content-Type": "application/x-www-form-urlencoded", "X-Sign": "{sign}"}'
    settings.SMS_SIGNED = "{phone}|{mark}"
    told()
    send()
    ((headers, body),) = provider.got
    said = parse_qs(body)
    assert said["mobile"] == [PHONE]
    assert said["sign"] == [headers["X-Sign"]]
    assert len(headers["X-Sign"]) == 64


def test_a_wording_may_not_name_what_is_personal():
    with pytest.raises(ValidationError, match="模板里只能用"):
        Template(code="x", name="x", text="{phone} 您好")


def test_the_resident_chooses_at_filing_and_on_the_follow_page(client, city, provider):
    page = client.get("/").content.decode()
    assert 'name="sms"' in page
    key = page.split('name="key" value="')[1].split('"')[0]
    form = {
        "text": "路灯坏了三天",
        "place": "槐花社区",
        "visibility": "pseudonym",
        "phone": PHONE,
        "sms": "on",
        "key": key,
        "anyway": "1",
    }
    sent = client.post("/", form)
    number = sent["Location"].split("/")[2]

    number = unquote(number)
    assert wishes.channel_of(number) == "sms"
    path = f"/m/{number}/{follow_token(number)}/"
    assert "怎么告诉您进展" in client.get(path).content.decode()
    assert client.post(f"{path}channel/", {"channel": "page"}).status_code == 302
    assert wishes.channel_of(number) == "page"
    assert client.post(f"{path}channel/", {"channel": "pigeon"}).status_code == 422


def test_without_a_provider_nothing_is_offered_and_nothing_is_sent(client, make, settings, capsys):
    settings.SMS_URL = ""
    assert 'name="sms"' not in client.get("/").content.decode()
    matter = make.matter(visibility="named", name="赵", phone=PHONE)
    path = f"/m/{matter.number}/{follow_token(matter.number)}/channel/"
    assert client.post(path, {"channel": "sms"}).status_code == 422
    assert commands.run(commands.argparse.Namespace(days=7)) == 1
    assert "没有设短信运营商" in capsys.readouterr().out


def test_nobody_without_a_number_can_choose_messages(client, make, provider):
    matter = make.matter()
    path = f"/m/{matter.number}/{follow_token(matter.number)}/channel/"
    assert client.post(path, {"channel": "sms"}).status_code == 422
