"""短信运营商 — one request per message, shaped by the settings: address, headers, body and signature are the provider's own."""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings

from linli.kernel import clock
from linli.mechanisms.journal import outward


@dataclass(frozen=True)
class Answer:
    """Whether it was taken; if not, whether it is worth trying again."""

    taken: bool
    again: bool
    theirs: str
    said: str


def hand_over(*, phone: str, text: str, mark: str, template: str, values: dict[str, str]) -> Answer:
    """Give one message to the provider. Raises outward.UnreachedError when nobody answers."""
    time = str(int(clock.now().timestamp()))
    named = {
        "phone": phone, "text": text, "mark": mark, "template": template, "time": time,
        "params": json.dumps(values, ensure_ascii=False), **{f"value_{name}": value for name, value in values.items()},
    }  # fmt: skip
    named["sign"] = hmac.new(
        settings.SMS_SECRET.encode(), _filled(settings.SMS_SIGNED, named, str).encode(), hashlib.sha256
    ).hexdigest()
    headers = {
        name: _filled(str(value), named, _of_a_header) for name, value in json.loads(settings.SMS_HEADERS).items()
    }
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    escape = _in_json if "json" in kind else _in_form
    status, answer = outward.call(
        settings.SMS_URL, body=_filled(settings.SMS_BODY, named, escape).encode(), headers=headers, timeout=15
    )
    said = answer.decode("utf-8", "replace")[:2000]
    fits = 200 <= status < 300 and settings.SMS_ACCEPTED in said
    return Answer(
        fits, again=status >= 500 or status in {408, 425, 429}, theirs=_theirs(said), said=f"{status} {said}"[:200]
    )


def _filled(pattern: str, named: dict[str, str], escape: object) -> str:
    """Names in braces replaced; every other brace stays as it is, because bodies are JSON."""
    assert callable(escape), "a function of one text"
    return re.sub(r"\{([a-z_]+)\}", lambda found: escape(named[found[1]]) if found[1] in named else found[0], pattern)


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _in_form(value: str) -> str:
    return quote(value, safe="")


def _of_a_header(value: str) -> str:
    return re.sub(r"[^\x20-\x7e]", "", value)


def _theirs(said: str) -> str:
    """Their own number for it, wherever in a JSON answer it stands, under the names that are in use."""
    found = re.search(
        r'"(?:msg_?id|message_?id|biz_?id|sid|serial_?no)"\s*:\s*"?([A-Za-z0-9_.:-]{1,80})', said, re.IGNORECASE
    )
    return found[1] if found else ""
