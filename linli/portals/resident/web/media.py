"""照片和附件 — to whoever holds the matter's link, a photo also to who may see the matter at their post; to nobody else."""

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from linli.mechanisms.access import public
from linli.work.matters import printing, queries, words
from linli.work.matters.service import photos
from linli.work.matters.web.papers import as_pdf, sent_out


@public
@require_safe
def photo(request: HttpRequest, key: str) -> HttpResponseBase:
    """A JPEG we wrote ourselves. Refused as not found: whether there is such a photo is not said."""
    row = queries.photo(key)
    holder = words.is_follow_token(row.matter.number, request.GET.get("t", ""))
    actor = request.actor  # type: ignore[attr-defined]  # Set by ActorMiddleware.
    if not holder and not queries.visible_to(actor).filter(pk=row.matter_id).exists():
        raise Http404("没有这张照片。")
    path = photos.thumbnail_of(key) if request.GET.get("small") else photos.path_of(key)
    try:
        file = path.open("rb")
    except OSError:
        raise Http404("这张照片的文件不见了。") from None
    response = FileResponse(file, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Content-Disposition"] = f'inline; filename="{key[:8]}.jpg"'
    response["Cache-Control"] = "private, max-age=86400, immutable"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    return response


@public
@require_safe
def paper(request: HttpRequest, number: str, token: str, key: str) -> HttpResponseBase:
    """A document meant for the resident, to be saved. One between officials is refused as not found."""
    del request
    matter = queries.by_link(number, token)
    return sent_out(queries.attachment(matter, key, for_resident=True))


@public
@require_safe
def receipt(request: HttpRequest, number: str, token: str) -> HttpResponseBase:
    """回执 — the matter on paper for who holds its link."""
    del request
    return as_pdf(printing.receipt(queries.by_link(number, token)), f"{number}.pdf")
