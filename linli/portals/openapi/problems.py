"""Refusals as application/problem+json (RFC 9457): the sentence of the page, and how to go on, in the caller's language."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError

from linli.engines.papers import PaperError
from linli.engines.pictures import PictureError
from linli.kernel import clock
from linli.kernel.rules import UnknownCodeError
from linli.kernel.text import translatable
from linli.mechanisms.access import Refused
from linli.mechanisms.access.words import title_words, told
from linli.mechanisms.flow import NotNow, Stale
from linli.mechanisms.journal import Heard
from linli.portals.openapi.asking import LooksPersonal
from linli.portals.openapi.limits import TooOften
from linli.portals.openapi.repeating import KeyReused
from linli.work.matters.flow import LIFE
from linli.work.matters.proposals import NobodyAnswersError
from linli.work.matters.service import NeedsPlaceError, OutsideCityError, SentTwiceError
from linli.work.matters.service.photos import TooManyPhotosError
from linli.work.matters.words import WordsError
from linli.work.tasks.words import WordsError as TaskWordsError
from linli.work.whistles.words import WordsError as WhistleWordsError

log = logging.getLogger("linli.api")

KINDS: dict[str, tuple[int, str, str]] = {
    "malformed": (400, translatable("请求不合格式"), translatable("对照接口说明里这一项的参数和内容改好再发。")),
    "unauthorised": (
        401, translatable("没有有效的令牌"), translatable("在 Authorization 里写 Bearer 和令牌；令牌可能已经到期、被吊销，或者持有人已不在岗。"),
    ),
    "forbidden": (403, translatable("令牌不能这样做"), translatable("换一个有这项权限的令牌，或者请持有人核对岗位和令牌的权限。")),
    "missing": (404, translatable("没有找到"), translatable("核对编号或代码；不在令牌岗位管辖范围里的，也当作没有。")),
    "method": (405, translatable("这个地址不能这样用"), translatable("看答复头里的 Allow。")),
    "not-now": (409, translatable("现在还不能这样办"), translatable("重新读一遍这件事，看 moves 里现在能做什么。")),
    "personal": (
        409, translatable("话里像有个人信息，还没有发"),
        translatable("居民会一字不差地看到。不该写的请删掉；确实要写，加上 sure: true，用同一个 Idempotency-Key 再发。"),
    ),
    "stale": (412, translatable("刚才有人先动过了"), translatable("重新读一遍这件事，用新的版本标记再决定。")),
    "too-large": (413, translatable("内容太大"), translatable("照片分几次传，每张不超过 20 MB。")),
    "refused": (422, translatable("内容不能照办"), translatable("照这句话改好，用同一个 Idempotency-Key 再发也可以。")),
    "key-reused": (422, translatable("同一个标记发过别的内容"), translatable("每办一件事换一个新的 Idempotency-Key。")),
    "too-often": (429, translatable("问得太密了"), translatable("等答复头 Retry-After 里的秒数再问。")),
    "broken": (500, translatable("我们这边出了错"), translatable("稍后用同一个 Idempotency-Key 再发；还不行，把答复头 X-Request-ID 告诉运维员。")),
}  # fmt: skip
"""Each kind of refusal: its status, its title and what helps."""


def answer(
    kind: str,
    sentence: str,
    *,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[Any] = (),
    found: Sequence[str] = (),
    changes: Sequence[Any] = (),
) -> HttpResponse:
    """One refusal."""
    status, title, remedy = KINDS[kind]
    content: dict[str, Any] = {
        "type": f"/api/#{kind}", "title": _(title), "status": status, "detail": sentence or _(title), "remedy": _(remedy),
    }  # fmt: skip
    if errors:
        content["errors"] = list(errors)
    if found:
        content["found"] = list(found)
    if changes:
        content["changes"] = list(changes)
    response = HttpResponse(
        json.dumps(content, ensure_ascii=False), status=status, content_type="application/problem+json", headers=dict(headers or {})
    )  # fmt: skip
    response["Cache-Control"] = "no-store"
    return response


def of(request: HttpRequest, error: Exception) -> HttpResponse:  # noqa: C901, PLR0911, PLR0912  One line per kind of refusal.
    """The refusal that an exception is. What is none is a fault of ours: logged, and said plainly."""
    match error:
        case ValidationError():
            return answer("malformed", _("有几处不合格式，见 errors。"), errors=[_wrong(each) for each in error.errors])
        case HttpError() if error.status_code == 401:
            return answer("unauthorised", "", headers={"WWW-Authenticate": 'Bearer realm="linli"'})
        case HttpError() | BadRequest() | MultiPartParserError() | UnreadablePostError():
            return answer("malformed", _("这个请求读不懂。"))
        case Refused():
            return answer("forbidden", str(error))
        case Http404():
            return answer("missing", str(error) if error.args else "")
        case Stale():
            return answer("stale", str(error), changes=[_change(each) for each in error.changed])
        case NotNow():
            return answer("not-now", str(error))
        case KeyReused():
            return answer("key-reused", _("这个 Idempotency-Key 已经用在别的请求上了。"))
        case TooOften():
            hour = {"most": error.most, "minutes": max(1, error.seconds // 60)}
            sentence = _("%(minutes)s分钟里最多%(most)s次。") % hour
            return answer("too-often", sentence, headers={"Retry-After": str(error.wait)})
        case LooksPersonal():
            named = {"list": _("、").join(error.found)}
            return answer("personal", _("里面好像有个人信息：%(list)s。") % named, found=error.found)
        case PaperError():
            return answer("refused", _(error.sentence) % error.values if error.values else _(error.sentence))
        case PictureError():
            return answer("refused", told(error))
        case UnknownCodeError():
            return answer("refused", _("代码不在清单里：请从 GET /rules 的清单里选一项。"))
        case WordsError() | WhistleWordsError() | TaskWordsError():
            return answer("refused", str(error))
        case TooManyPhotosError() | NeedsPlaceError() | OutsideCityError() | NobodyAnswersError():
            return answer("refused", str(error))
        case SentTwiceError():
            return answer("key-reused", str(error))
        case RequestDataTooBig() | TooManyFilesSent() | TooManyFieldsSent():
            return answer("too-large", "")
        case SuspiciousOperation():
            return answer("malformed", _("这个请求读不懂。"))
    log.error("broken", exc_info=error)
    got_request_exception.send(sender=None, request=request)
    return answer("broken", "")


def _wrong(error: Mapping[str, Any]) -> dict[str, str]:
    """Where it stands and what is wrong there, as pydantic says it; never what was sent."""
    where = [str(part) for part in error["loc"] if part not in {"asked", "said"}]
    return {"in": where[0] if where else "body", "where": ".".join(where[1:]), "what": str(error["msg"])}


def _change(heard: Heard) -> dict[str, Any]:
    """What somebody did meanwhile, by office."""
    move = LIFE.moves.get(heard.move)
    who = f"{heard.author.office} {title_words(heard.author.post)}".strip()
    return {
        "seq": heard.seq,
        "at": heard.at.astimezone(clock.CITY).isoformat(timespec="seconds"),
        "who": who,
        "move": heard.move,
        "what": str(move.label) if move else heard.move,
    }
