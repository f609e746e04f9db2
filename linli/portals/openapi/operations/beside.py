"""诉求旁边的 — documents, other matters, supervision, personal data and the log of one matter."""

from typing import TYPE_CHECKING, Annotated

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from ninja import File, Form, Path, Query, UploadedFile

from linli.engines.papers import PaperError, accept
from linli.engines.papers.accept import MEDIA
from linli.kernel.text import translatable
from linli.mechanisms.access import Actor, require
from linli.portals.openapi import beside, reading, shapes
from linli.portals.openapi.calling import PREFIX, Answer, actor_of, acts, reads
from linli.portals.openapi.operations.verbs import STEPS, Number
from linli.work.matters import queries, related, service, together
from linli.work.matters.service import papers

if TYPE_CHECKING:
    from linli.work.matters.models import Matter

TAG = translatable("一件诉求的旁边")
FileKey = Annotated[str, Path(pattern=r"^[0-9a-f]{1,60}$", description=translatable("附件的名字"))]
Merged = Annotated[
    str,
    Path(
        pattern=r"^[^\x00-\x20/\x7f]{1,4}[0-9]{2}-[0-9]{4}-[0-9]{4,6}$",
        description=translatable("并在这里的那一件的编号"),
    ),
]


# --- Documents ---------------------------------------------------------------------------------------------------------
@reads("/matters/{number}/files", shapes.Files, tag=TAG, summary=translatable("附件的清单"), more=(404,))
def matters_files(request: HttpRequest, number: Number) -> Answer:
    """In the order they came, those between officials too."""
    found = queries.get(actor_of(request), number)
    rows = queries.attachments_of(found, for_resident=False)
    return Answer(shapes.Files(items=[beside.file(each) for each in rows]))


@reads("/matters/{number}/files/{key}", shapes.Files, tag=TAG, summary=translatable("一个附件"), more=(404,))
def matters_get_file(request: HttpRequest, number: Number, key: FileKey) -> HttpResponse:
    """To be saved, never shown in our own origin: its type is ours, its name goes by the standard's escapes."""
    row = queries.attachment(queries.get(actor_of(request), number), key, for_resident=False)
    etag = f'"{row.sha256[:16]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    try:
        held = papers.path_of(row.key).read_bytes()
    except OSError:
        raise Http404(_("这个附件的文件不见了。")) from None
    response = HttpResponse(held, content_type=MEDIA[row.kind], headers=headers)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=row.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@acts("/matters/{number}/files", shapes.Receipt, tag=TAG, summary=translatable("放附件"), more=(404, 409), status=201)
def matters_attach(
    request: HttpRequest,
    number: Number,
    file: Annotated[UploadedFile, File(description=translatable("PDF、Word、Excel 或照片，不带宏和脚本，最大 20 MB"))],
    for_resident: Annotated[bool, Form(description=translatable("居民能看到"))] = False,
) -> Answer:
    """附件 — told by its contents, looked through as on the page."""
    actor = actor_of(request)
    found = queries.get(actor, number)
    require(actor, "matters.add")
    if file.size and file.size > papers.MOST_BYTES:
        raise PaperError("too_large", limit=papers.MOST_BYTES // 1_000_000)
    paper = accept(file.read(papers.MOST_BYTES + 1), name=file.name or "", max_bytes=papers.MOST_BYTES)
    matter = service.attach(found, paper=paper, for_resident=for_resident, by=actor)
    return Answer(
        reading.receipt(matter), version=matter.version, status=201, location=f"{PREFIX}/matters/{matter.number}/files"
    )  # fmt: skip


# --- Other matters -----------------------------------------------------------------------------------------------------
@reads(
    "/matters/{number}/related", shapes.Related, tag=TAG, summary=translatable("同一处、同一类、同一个人的"), more=(404,)
)  # fmt: skip
def matters_related(request: HttpRequest, number: Number, asked: Annotated[shapes.RelatedAsked, Query()]) -> Answer:
    """Within reach; of the person a number only."""
    actor = actor_of(request)
    return Answer(beside.relations(queries.get(actor, number), actor, asked.metres or related.DISTANCES[1]))


@acts(
    "/matters/{number}/related/person", shapes.Numbers, tag=TAG, summary=translatable("同一个人的是哪几件"), more=(404,)
)  # fmt: skip
def matters_same_person(request: HttpRequest, number: Number, said: shapes.Purpose) -> Answer:
    """An identity looked at: the purpose stands in the journal of each of them first."""
    actor = actor_of(request)
    found = queries.get(actor, number)
    require(actor, "matters.reveal")
    rows = service.look_up(related.phone_of(found), purpose=said.purpose, by=actor, but=found)
    return Answer(shapes.Numbers(numbers=[each.number for each in rows]))


@reads("/matters/{number}/alike", shapes.Alike, tag=TAG, summary=translatable("可能是同一件事的"), more=(404,))
def matters_alike(request: HttpRequest, number: Number) -> Answer:
    """For whoever merges."""
    actor = actor_of(request)
    require(actor, "matters.merge")
    return Answer(beside.alike(queries.get(actor, number), actor))


@reads(
    "/matters/{number}/together", shapes.Together, tag=TAG, summary=translatable("并案、拆分、协办、请示"), more=(404,)
)  # fmt: skip
def matters_together(request: HttpRequest, number: Number) -> Answer:
    """Other matters and bodies it has to do with; reporters masked."""
    actor = actor_of(request)
    return Answer(beside.others(queries.get(actor, number), actor))


@acts(
    "/matters/{number}/along/{merged}/reveal", shapes.Receipt, tag=STEPS, summary=translatable("查看并案的反映人的联系方式"), more=(404, 409)
)  # fmt: skip
def matters_reveal_along(request: HttpRequest, number: Number, merged: Merged, said: shapes.Reveal) -> Answer:
    """For whoever has the matter it goes along with; its reporter sees that, too."""
    actor = actor_of(request)
    row = _along(actor, number, merged)
    require(actor, "matters.reveal")
    service.reveal(row, purpose=said.purpose, by=actor)
    row.refresh_from_db()
    return Answer(reading.receipt(row), version=row.version)


@reads(
    "/matters/{number}/along/{merged}/reporter", shapes.Contact, tag=TAG, summary=translatable("并案的反映人"), more=(404,)
)  # fmt: skip
def matters_reporter_along(request: HttpRequest, number: Number, merged: Merged) -> Answer:
    """Masked; in clear after `reveal`, on the same day."""
    actor = actor_of(request)
    return Answer(reading.contact(_along(actor, number, merged), actor))


def _along(actor: Actor, number: str, merged: str) -> "Matter":
    main = queries.get(actor, number)
    row = next((each.matter for each in together.merged_into(main) if each.matter.number == merged), None)
    if row is None:
        raise Http404(_("这一件没有并在这里。"))
    return row


# --- Supervision, personal data, the log -------------------------------------------------------------------------------
@reads(
    "/matters/{number}/supervision", shapes.Supervision, tag=TAG, summary=translatable("督办、回访、评价申诉"), more=(404,)
)  # fmt: skip
def matters_supervision(request: HttpRequest, number: Number) -> Answer:
    """What stands, and what this post may not do about it."""
    actor = actor_of(request)
    return Answer(beside.supervised(queries.get(actor, number), actor))


@reads("/matters/{number}/privacy", shapes.Privacy, tag=TAG, summary=translatable("个人信息的公开和保存"), more=(404,))
def matters_privacy(request: HttpRequest, number: Number) -> Answer:
    """For whoever settles what neighbours see, or holds data back, or audits."""
    actor = actor_of(request)
    return Answer(beside.privacy(queries.get(actor, number), actor))


@reads("/matters/{number}/log", shapes.Log, tag=TAG, summary=translatable("日志原样，当场重算"), more=(404,))
def matters_log(request: HttpRequest, number: Number) -> Answer:
    """For auditors."""
    actor = actor_of(request)
    require(actor, "journal.read")
    return Answer(beside.log(queries.get(actor, number)))


@reads("/matters/{number}/proof", shapes.Evidence, tag=TAG, summary=translatable("留着备查的凭据"), more=(404,))
def matters_proof(request: HttpRequest, number: Number) -> Answer:
    """For auditors: what anybody can check without us."""
    actor = actor_of(request)
    require(actor, "journal.read")
    return Answer(beside.evidence(queries.get(actor, number)))
