"""Pages of the rulebook: parse, ask, render. The one write is a new calendar year."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel import clock
from linli.kernel.rules import RuleRef, Status
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor, public, require
from linli.mechanisms.access.pages import page
from linli.mechanisms.rulebook import queries
from linli.mechanisms.rulebook.changes import compare_items
from linli.mechanisms.rulebook.rules import CalendarYear
from linli.portals.rules import reading
from linli.portals.rules.forms import YearForm

LONGEST_QUERY = 60


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """依据 — every list in force, and a search over all their items."""
    query = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:LONGEST_QUERY]
    sections: dict[str, list[queries.Enacted]] = {}
    titles = {}
    for each in queries.overview():
        sections.setdefault(reading.section_of(each.ref.key), []).append(each)
        titles[each.ref] = rulebook.label(rulebook.edition(each.ref).list)
    context = {
        "query": query,
        "found": reading.search(query) if query else None,
        "sections": sections,
        "titles": titles,
        "lists": sum(len(each) for each in sections.values()),
        "may_enact": _actor(request).has("rulebook.enact"),
    }
    return page(request, "rules/index.jinja", context)


@public
@require_safe
def history(request: HttpRequest, key: str) -> HttpResponse:
    """沿革 — every version of one list, newest first, and what each changed."""
    versions = queries.history(key)
    if not versions:
        raise Http404
    lists = {
        each.ref.version: rulebook.edition(each.ref).list.model_dump(mode="json", by_alias=True) for each in versions
    }
    changes = {number: compare_items(lists.get(number - 1, {}), lists[number]) for number in lists}
    context = {
        "key": key,
        "title": rulebook.label(rulebook.edition(versions[0].ref).list),
        "versions": versions,
        "changes": changes,
        "holds": queries.version_on(key),
        "today": clock.today(),
    }
    return page(request, "rules/history.jinja", context)


@public
@require_safe
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """某一版 — one version with all its items, each with an anchor."""
    ref = RuleRef(key, number)
    try:
        edition = rulebook.edition(ref)
    except rulebook.NoRuleError:
        raise Http404 from None
    context = {
        "edition": edition,
        "rules": edition.list,
        "rows": list(reading.rows(edition)),
        "section": reading.section_of(key),
        "whole_is_assumed": edition.list.status is Status.ASSUMED,
        "holds": queries.version_on(key),
        "today": clock.today(),
    }
    return page(request, "rules/version.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def enter_year(request: HttpRequest) -> HttpResponse:
    """录入工作日历 — paste the notice, look at what was read, enact."""
    actor = _actor(request)
    require(actor, "rulebook.enact")
    year = _next_year()
    given = request.POST if request.method == "POST" else None
    # What goes on record is in the record's language, whatever the page's.
    form = YearForm(given, initial={"year": year, "basis": f"国务院办公厅关于{year}年部分节假日安排的通知"})
    context: dict[str, Any] = {"form": form, "preview": None, "refused": ()}
    status = 200
    if given is not None and form.is_valid():
        year = form.cleaned_data["year"]
        title = {"title": f"{year}年工作日历", "title_en": f"Working calendar {year}"}
        content = title | {"items": list(form.cleaned_data["items"])}
        if given.get("enact") == "1":
            try:
                ref = rulebook.enact(
                    f"calendar/{year}",
                    content,
                    in_force=date(year, 1, 1),
                    basis=form.cleaned_data["basis"],
                    by=actor.author,
                )
            except rulebook.RefusedRuleError as error:
                context["refused"], status = error.problems, 422
            else:
                return HttpResponseRedirect(reverse("rulebook:version", args=(ref.key, ref.version)))
        context["preview"] = _preview(year, content)
    elif given is not None:
        status = 422
    return page(request, "rules/enter_year.jinja", context, status=status)


def _preview(year: int, content: dict[str, Any]) -> dict[str, Any]:
    days = {item["code"]: (item["last"] - item["first"]).days + 1 for item in content["items"]}
    number = queries.version_on(f"calendar/{year}", date.max)
    return {
        "year": year,
        "items": content["items"],
        "days": days,
        "days_off": sum(days.values()),
        "make_up": sum(len(item["make_up"]) for item in content["items"]),
        "replaces": RuleRef(f"calendar/{year}", number) if number else None,
    }


def _next_year() -> int:
    """The first year from now on that has no calendar."""
    years = {edition.list.year for edition in rulebook.family(CalendarYear, date.max).values()}
    year = clock.today().year
    while year in years:
        year += 1
    return year


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # Put there by the middleware.
    return actor
