"""What is looked at and written down: 查看联系方式 for whoever handles it; 文字日志, chain and seal for whoever audits."""

import json

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.mechanisms.access import pages, require
from linli.mechanisms.journal import seals, verification
from linli.work.matters import queries, service, telling
from linli.work.matters.models import Matter
from linli.work.matters.web.page import actor_of, matter_page


@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """查看联系方式 — after the purpose is on record."""
    found = queries.get(actor_of(request), number)
    service.reveal(found, purpose=request.POST.get("purpose", ""), by=actor_of(request))
    if request.POST.get("back") == "visit":
        return HttpResponseRedirect(reverse("matters:visit", args=[number]))
    return matter_page(request, queries.get(actor_of(request), number))


def _audited(request: HttpRequest, number: str) -> Matter:
    require(actor_of(request), "journal.read")
    return queries.get(actor_of(request), number)


@require_GET
def log(request: HttpRequest, number: str) -> HttpResponse:
    """文字日志 — every entry in words, re-computed this moment, and what is sealed."""
    found = _audited(request, number)
    return pages.page(request, "matters/log.jinja", {"matter": found, "log": telling.log(found)})


@require_GET
def log_text(request: HttpRequest, number: str) -> HttpResponse:
    """The same as plain text, as the journal holds it."""
    found = _audited(request, number)
    lines = [f"{found.subject}", ""]
    for entry in queries.entries_of(found):
        lines += [
            f"#{entry.seq} {entry.at.isoformat()} {entry.move} {entry.fact}", f"  {entry.author}", f"  {entry.payload}",
            f"  hash {bytes(entry.hash).hex()}",
        ]  # fmt: skip
    wrong = [str(each) for each in verification.findings(found.subject)]
    lines += ["", *(wrong or [str(_("重算相符：没有一条被改动、删除或调换。"))])]
    proof = seals.proof(found.subject)
    if proof is not None:
        lines.append(
            f"seal {proof.seal.number} {proof.seal.sealed_at.isoformat()} root {bytes(proof.seal.root).hex()} holds={proof.holds}"
        )
    return _file("\n".join(lines) + "\n", f"{number}-log.txt")


@require_GET
def chain(request: HttpRequest, number: str) -> HttpResponse:
    """供自己验的文本 — chain.txt of docs/howto/verify-the-journal.md, for who has no way into the database."""
    return _file(verification.chain_text(_audited(request, number).subject), "chain.txt")


@require_GET
def proof(request: HttpRequest, number: str) -> HttpResponse:
    """封存凭据 — proof.json of the same page: what to keep, to show years later what stood in the journal."""
    found = seals.proof(_audited(request, number).subject)
    if found is None:
        raise Http404(_("这一件还没有封存；每天零点以后封存前一天的记录。"))
    return _file(json.dumps(found.document(), ensure_ascii=False, indent=1), "proof.json", "application/json")


def _file(text: str, name: str, kind: str = "text/plain") -> HttpResponse:
    """A file to keep, under a name of its own."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": disposition} if disposition else {}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)
