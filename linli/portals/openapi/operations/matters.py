"""诉求 — the desk's list, one matter, its journal, reporter and photos; and filing one for somebody."""

import hashlib
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Path, Query, UploadedFile

from linli.engines.pictures import accept
from linli.kernel import text
from linli.kernel.coordinates import Point
from linli.kernel.rules import UnknownCodeError
from linli.kernel.text import translatable
from linli.mechanisms import rulebook
from linli.mechanisms.access import require
from linli.portals.openapi import asking, reading, shapes
from linli.portals.openapi.calling import PREFIX, Answer, actor_of, acts, reads
from linli.portals.openapi.operations.verbs import TAG, VERBS, Number
from linli.work.matters import queries, queues, rules, service
from linli.work.matters.service import photos
from linli.work.matters.words import LONGEST, WordsError

PhotoKey = Annotated[str, Path(pattern=r"^[0-9a-f]{1,60}$", description=translatable("照片的名字"))]
NAMES = frozenset(verb.name for verb in VERBS)


# --- Reading -----------------------------------------------------------------------------------------------------------
@reads("/matters", shapes.MatterPage, tag=TAG, summary=translatable("工作台的列表"), more=(422,))
def matters_list(request: HttpRequest, asked: Annotated[shapes.Asked, Query()]) -> Answer:
    """Fifty at a time, in the order of the view."""
    actor = actor_of(request)
    page = queues.page_of(actor, _filters(asked), counted=False)
    return Answer(shapes.MatterPage(items=reading.lines(page.matters, actor), next=page.next or None))


@reads("/matters/counts", shapes.Counts, tag=TAG, summary=translatable("每个视图有几件"), more=(422,))
def matters_counts(request: HttpRequest, asked: Annotated[shapes.Asked, Query()]) -> Answer:
    """How many each view holds under the other filters; `view`, `order` and `after` make no difference."""
    actor = actor_of(request)
    require(actor, "matters.read")
    counted = queues.counts(actor, _filters(asked))
    return Answer(
        shapes.Counts(views={name: shapes.Count(n=each.n, exact=each.exact) for name, each in counted.items()})
    )


def _filters(asked: shapes.Asked) -> queues.Filters:
    area = reading.area_of(asked.area)
    words = text.clean(asked.q)
    orders = queues.orders_of(asked.view, words)
    return queues.Filters(
        view=asked.view, area=area.id if area else None, category=asked.category or "", risk=asked.risk, handler=asked.handler,
        words=words, order=asked.order if asked.order in orders else orders[0], after=asked.after or "",
    )  # fmt: skip


@reads("/matters/{number}", shapes.MatterWhole, tag=TAG, summary=translatable("一件诉求"), more=(404,))
def matters_read(request: HttpRequest, number: Number) -> Answer:
    """What its page shows; the reporter always masked."""
    actor = actor_of(request)
    found = queries.get(actor, number)
    return Answer(reading.whole(found, actor, NAMES), version=found.version)


@reads("/matters/{number}/journal", shapes.Journal, tag=TAG, summary=translatable("一件诉求的经过"), more=(404,))
def matters_journal(request: HttpRequest, number: Number) -> Answer:
    """Every step: what, when, from which post, in which words, by which rule."""
    found = queries.get(actor_of(request), number)
    return Answer(reading.story(found), version=found.version)


@reads(
    "/matters/{number}/proposal",
    shapes.Proposal,
    tag=TAG,
    summary=translatable("建议派给谁，还可以派给谁"),
    more=(404,),
)
def matters_proposal(request: HttpRequest, number: Number) -> Answer:
    """For whoever assigns."""
    actor = actor_of(request)
    require(actor, "matters.assign")
    return Answer(reading.proposal(queries.get(actor, number)))


@reads("/matters/{number}/reporter", shapes.Contact, tag=TAG, summary=translatable("反映人"), more=(404,))
def matters_reporter(request: HttpRequest, number: Number) -> Answer:
    """Masked; in clear after `reveal`, on the same day."""
    actor = actor_of(request)
    return Answer(reading.contact(queries.get(actor, number), actor))


@reads("/matters/{number}/photos", shapes.Photos, tag=TAG, summary=translatable("照片的清单"), more=(404,))
def matters_photos(request: HttpRequest, number: Number) -> Answer:
    """In the order they came."""
    found = queries.get(actor_of(request), number)
    return Answer(
        shapes.Photos(items=[reading.photo(each) for each in queries.photos_of(found)]), version=found.version
    )


@reads("/matters/{number}/photos/{key}", shapes.Photos, tag=TAG, summary=translatable("一张照片"), more=(404,))
def matters_photo(
    request: HttpRequest,
    number: Number,
    key: PhotoKey,
    size: Annotated[Literal["whole", "small"], Query("whole", description=translatable("原图或小图"))] = "whole",
) -> HttpResponse:
    """A JPEG linli wrote itself."""
    found = queries.get(actor_of(request), number)
    row = queries.photo(key)
    path = photos.thumbnail_of(key) if size == "small" else photos.path_of(key)
    if row.matter_id != found.pk or not path.exists():
        raise Http404(_("没有这张照片。"))
    etag = f'"{hashlib.sha256(f"{row.sha256}{size}".encode()).hexdigest()[:16]}"'
    headers = {"ETag": etag, "Cache-Control": "private, max-age=3600", "Vary": "Authorization"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(path.read_bytes(), content_type="image/jpeg", headers=headers)


# --- Writing -----------------------------------------------------------------------------------------------------------
@acts("/matters", shapes.Receipt, tag=TAG, summary=translatable("代报一件"), status=201)
def matters_file(request: HttpRequest, said: shapes.Filing) -> Answer:
    """The same register as the page: routed, clocked, told."""
    actor = actor_of(request)
    require(actor, "matters.register")
    if (said.lon is None) != (said.lat is None):
        raise WordsError(_("经度和纬度要同时写。"))
    if said.category and rulebook.current(rules.Categories).list.find(said.category) is None:
        raise UnknownCodeError(said.category)
    area = reading.area_of(said.area)
    what = text.clean(said.text)
    if len(what) < 2:
        raise WordsError(_("请写一句什么事。"))
    point = Point(said.lon, said.lat) if said.lon is not None and said.lat is not None else None
    somewhere = area is not None or point is not None or bool(text.clean(said.place_text))
    report = service.Report(
        text=what, key=_form_key(request), channel=said.channel, place_text=said.place_text, category=said.category or "",
        area_id=area.id if area else None if somewhere else actor.area_id, point=point,
        visibility="named" if said.name.strip() else "pseudonym" if said.phone else "anonymous", name=said.name, phone=said.phone,
    )  # fmt: skip
    matter = service.register(report, by=actor).matter
    return Answer(
        reading.receipt(matter), version=matter.version, status=201, location=f"{PREFIX}/matters/{matter.number}"
    )


def _form_key(request: HttpRequest) -> str:
    """The register has keys of its own; a token's are its own, whatever another token calls its."""
    token: Any = request.auth  # type: ignore[attr-defined]
    whole = f"{token.pk}\n{request.headers['Idempotency-Key']}"
    return "openapi-" + hashlib.sha256(whole.encode()).hexdigest()[:48]


@acts("/matters/{number}/photos", shapes.Receipt, tag=TAG, summary=translatable("加照片"), more=(404, 409), status=201)
def matters_add_photos(
    request: HttpRequest,
    number: Number,
    photo: Annotated[
        list[UploadedFile], File(min_length=1, description=translatable("JPEG、PNG、WebP 或 HEIC，一次最多六张"))
    ],
    said: Annotated[str, Form(max_length=LONGEST, description=translatable("补充的话，居民会看到"))] = "",
    sure: Annotated[bool, Form(description=translatable("话里像有个人信息，看过了还要发"))] = False,
) -> Answer:
    """补充 — with photos: re-encoded, without place, time or device."""
    actor = actor_of(request)
    found = queries.get(actor, number)
    require(actor, "matters.add")
    asking.ask(said, sure=sure)
    pictures = tuple(
        accept(each.read(), max_bytes=photos.MOST_BYTES, max_pixels=photos.MOST_PIXELS)
        for each in photo[: photos.MOST + 1]
    )
    matter = service.add(found, said=said, by=actor, pictures=pictures)
    return Answer(
        reading.receipt(matter), version=matter.version, status=201, location=f"{PREFIX}/matters/{matter.number}/photos"
    )  # fmt: skip
