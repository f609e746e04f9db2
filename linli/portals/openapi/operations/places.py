"""清单和单位 — the city's lists, areas and bodies: what a caller needs to fill in what the verbs ask for."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query

from linli.kernel.rules import RuleRef
from linli.kernel.text import translatable
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import require
from linli.mechanisms.access.models import Body
from linli.mechanisms.rulebook import queries as lists
from linli.mechanisms.rulebook.queries import NoRuleError
from linli.mechanisms.rulebook.registry import NoSuchListError
from linli.portals.openapi import reading, shapes
from linli.portals.openapi.calling import Answer, actor_of, reads
from linli.work.matters import rules

TAG = translatable("清单、地方和单位")
PAGE = 100
AreaCode = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,24}$", description=translatable("区域代码"))]
Part = r"^[a-z0-9_-]{1,40}$"


@reads("/categories", shapes.Categories, tag=TAG, summary=translatable("诉求类别"))
def categories_list(request: HttpRequest) -> Answer:
    """Those in force today."""
    require(actor_of(request), "matters.read")
    edition = rulebook.current(rules.Categories)
    items = [
        shapes.Category(
            code=each.code, name=rulebook.label(each), group=reading.named(rules.Groups, each.group), examples=list(each.examples),
            public=each.public, is_report=each.is_report, rule=edition.rule(each.code),
        )
        for each in edition.list.items
    ]  # fmt: skip
    return Answer(shapes.Categories(items=items))


@reads("/rules", shapes.Rules, tag=TAG, summary=translatable("全部清单"))
def rules_list(request: HttpRequest) -> Answer:
    """Each list's newest version in force."""
    del request
    items = [shapes.RuleHead(**_head(each)) for each in lists.overview()]
    return Answer(shapes.Rules(items=items))


@reads(
    "/rules/{section}/{name}", shapes.RuleWhole, tag=TAG, summary=translatable("一张清单，现在的或当时的"), more=(404,)
)
def rules_read(
    request: HttpRequest,
    section: Annotated[str, Path(pattern=Part, description=translatable("清单名字的前半，如 matters"))],
    name: Annotated[str, Path(pattern=Part, description=translatable("清单名字的后半，如 limits"))],
    asked: Annotated[shapes.RuleAsked, Query()],
) -> Answer:
    """With its items and their reasons."""
    del request
    key = f"{section}/{name}"
    version = asked.version or lists.version_on(key)
    try:
        if version is None:
            raise NoRuleError(key)
        edition = rulebook.edition(RuleRef(key, version))
    except (NoRuleError, NoSuchListError):
        raise Http404(_("没有这张清单，或没有这一版。")) from None
    head = next(each for each in lists.history(key) if each.ref.version == version)
    held = edition.list.model_dump(mode="json", by_alias=True)
    return Answer(shapes.RuleWhole(**_head(head), reason=held.get("reason") or "", items=held["items"]))


def _head(each: lists.Enacted) -> dict[str, Any]:
    title = rulebook.label(rulebook.edition(each.ref).list)
    return {
        "key": each.ref.key, "version": each.ref.version, "title": title, "in_force": each.in_force, "basis": each.basis,
        "status": each.status.value,
    }  # fmt: skip


@reads("/areas", shapes.Areas, tag=TAG, summary=translatable("区域"), more=(422,))
def areas_list(request: HttpRequest, asked: Annotated[shapes.AreasAsked, Query()]) -> Answer:
    """Of one level within an area; without a level, those directly below it."""
    node = reading.area_of(asked.within)
    within = node.id if node else actor_of(request).area_id
    if within is None:
        found = []
    elif asked.level is None:
        found = territory.children(within)
    else:
        found = territory.areas(asked.level, within)
    return Answer(shapes.Areas(items=[shapes.Area(**reading.area_fields(each)) for each in found]))


@reads("/areas/{code}", shapes.AreaWhole, tag=TAG, summary=translatable("一个区域"), more=(404,))
def areas_read(request: HttpRequest, code: AreaCode) -> Answer:
    """What it lies in, and what lies in it."""
    del request
    node = territory.by_code(code)
    if node is None:
        raise Http404(_("没有代码是 %(code)s 的区域。") % {"code": code})
    lineage = [reading.area_name(territory.area(each)) for each in node.lineage[:-1]]
    children = [reading.area_name(each) for each in territory.children(node.id)]
    return Answer(shapes.AreaWhole(**reading.area_fields(node), lineage=lineage, children=children))


@reads("/bodies", shapes.Bodies, tag=TAG, summary=translatable("单位"), more=(422,))
def bodies_list(request: HttpRequest, asked: Annotated[shapes.BodiesAsked, Query()]) -> Answer:
    """Those of the token's own area and above and below it; or those whose area covers a place."""
    actor = actor_of(request)
    require(actor, "matters.read")
    rows = Body.objects.filter(valid_to__isnull=True).order_by("pk")
    node = reading.area_of(asked.area)
    if node is not None:
        rows = rows.filter(area_id__in=node.lineage)
    elif actor.area_id is not None:
        own = territory.area(actor.area_id)
        rows = rows.filter(area__path__startswith=own.path) | rows.filter(area_id__in=own.lineage)
    if asked.function:
        rows = rows.filter(functions__contains=[asked.function])
    found = list(rows.filter(pk__gt=asked.after or 0)[: PAGE + 1])
    more = len(found) > PAGE
    items = [reading.body(each) for each in found[:PAGE]]
    return Answer(shapes.Bodies(items=items, next=items[-1].id if more else None))
