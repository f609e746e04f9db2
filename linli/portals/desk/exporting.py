"""The desk's list as a table: the same filters, the same order, every page of it."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor, exports
from linli.mechanisms.territory.words import level_words
from linli.portals.desk.web import filters_of
from linli.work.matters import queries, queues, rules


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """诉求表 — what the list shows, less what identifies a person."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return exports.answer(request, listing(actor, filters_of(request)), by=actor)


def listing(actor: Actor, filters: queues.Filters) -> exports.Listing:
    """The list under these filters. Raises Refused without matters.read."""
    rows = queues.whole(actor, filters)
    names = {each.code: rulebook.label(each) for each in rulebook.current(rules.Categories).list.items}
    risks = {each.rank: rulebook.label(each) for each in rulebook.current(rules.Risks).list.items}
    levels = {level: level_words(level) for level in range(rules.CITY, rules.GRID + 1)}
    columns = [
        _("编号"), _("热线工单号"), _("诉求"), _("类别"), _("紧急程度"), _("状态"), _("渠道"), _("地点"), _("层级"), _("负责单位"), _("登记时刻"),
        _("最晚答复"), _("最近变动"), _("已逾期"),
    ]  # fmt: skip
    now = clock.now()

    def told() -> Iterator[exports.Row]:
        for each in rows.iterator(chunk_size=exports.AT_A_TIME):
            yield (
                each.number, each.foreign_number, exports.safe(each.title), names.get(each.category, each.category),
                risks.get(each.risk, each.risk), each.state_words, str(each.get_channel_display()),
                exports.safe(queries.place_words(each, seen_from=actor.area_id)), levels[each.level], each.handler_name,  # type: ignore[attr-defined]
                each.registered_at, each.due_at, each.moved_at, each.is_in_hand and each.due_at < now,
            )  # fmt: skip

    return exports.Listing("matters.desk", _("诉求"), columns, rows[: exports.MOST_ROWS + 1].count(), told)
