"""备注、附件: what officials put beside a matter, and how a document leaves the house again. Nothing is decided here."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.engines.papers import PaperError, accept
from linli.engines.papers.accept import MEDIA
from linli.work.matters import printing, queries, service
from linli.work.matters.models import Attachment
from linli.work.matters.service import papers
from linli.work.matters.web.page import actor_of, matter_page
from linli.work.matters.web.verbs import verb_of
from linli.work.matters.words import WordsError

note = verb_of(
    "note",
    lambda m, p, by, _v: service.note(m, said=p.get("said", ""), by=by),
    lambda _m: _("备注已记下，居民看不到。"),
)


@require_POST
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """One document, told by its contents."""
    actor = actor_of(request)
    found = queries.get(actor, number)
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise WordsError(_("请选一个文件。"))
        raw = b"" if sent.size and sent.size > papers.MOST_BYTES else sent.read(papers.MOST_BYTES + 1)
        if sent.size and sent.size > papers.MOST_BYTES:
            raise PaperError("too_large", limit=papers.MOST_BYTES // 1_000_000)
        paper = accept(raw, name=sent.name or "", max_bytes=papers.MOST_BYTES)
        service.attach(found, paper=paper, for_resident=request.POST.get("for_resident") == "yes", by=actor)
    except PaperError as error:
        sentence = _(error.sentence) % error.values if error.values else _(error.sentence)
        return matter_page(request, found, status=422, failed="attach", error=sentence)
    except WordsError as error:
        return matter_page(request, found, status=422, failed="attach", error=str(error))
    messages.success(request, _("“%(name)s”已放上。") % {"name": paper.name})
    return HttpResponseRedirect(reverse("matters:matter", args=[number]))


@require_safe
def file(request: HttpRequest, number: str, key: str) -> HttpResponseBase:
    """A document, to an official who may see the matter."""
    found = queries.get(actor_of(request), number)
    return sent_out(queries.attachment(found, key, for_resident=False))


@require_safe
def printed(request: HttpRequest, number: str) -> HttpResponse:
    """打印件 — the matter with its course as a PDF; the telephone stays masked on paper, whoever prints."""
    actor = actor_of(request)
    found = queries.get(actor, number)
    return as_pdf(printing.for_officials(found, by=actor), f"{number}.pdf")


def as_pdf(made: bytes, name: str) -> HttpResponse:
    """To be looked at or saved; kept nowhere on the way."""
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def sent_out(row: Attachment) -> HttpResponseBase:
    """Always to be saved and never shown in our own origin: its type is ours, its name goes by the standard's escapes."""
    try:
        opened = papers.path_of(row.key).open("rb")
    except OSError:
        raise Http404("这个附件的文件不见了。") from None
    response = FileResponse(opened, content_type=MEDIA[row.kind])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=row.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    return response
