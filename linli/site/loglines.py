"""Log lines as JSON, one object a line, without residents' data. No Django: granian's parent process uses it too."""

import logging
import re
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Of the request that this thread is answering; on every log line, and in the answer's X-Request-ID."""

# Long before short: a citizen's number begins like a mobile number now and then.
_PERSONAL = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{17}[0-9Xx]|\d{15,19}|(?:\+?86)?1[3-9]\d{9})(?![0-9A-Za-z])|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)
# PostgreSQL puts the refused row, with what somebody wrote in it, after these words.
_DETAIL = re.compile(r"^(DETAIL|CONTEXT|HINT):.*$|Key \(.*\)=\(.*\)", re.MULTILINE)


def without_personal(text: str) -> str:
    """The text with phone, citizen and card numbers, e-mail addresses and rows of the database blotted out."""
    return _PERSONAL.sub("***", _DETAIL.sub("***", text))


class JsonLines(JsonFormatter):
    """Moment, level, logger, message, request, and what was given as `extra`."""

    def __init__(self) -> None:
        """Nothing to choose."""
        super().__init__(
            "{levelname}{name}{message}",
            style="{",
            timestamp="at",
            rename_fields={"levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Blot out, and add the request's number."""
        if number := request_id.get():
            log_data["request_id"] = number
        return {key: without_personal(value) if isinstance(value, str) else value for key, value in log_data.items()}


class WithoutRequest(logging.Filter):
    """Django hangs the whole request on its records and puts the path into their messages. Neither may be written down."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record through, with the view's name in place of the path."""
        request = record.__dict__.pop("request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            record.__dict__["view"] = match.view_name if match else "none"
            record.__dict__["status"] = record.__dict__.pop("status_code", None)
            record.msg, record.args = "request failed" if record.exc_info else "request refused", ()
        return True
