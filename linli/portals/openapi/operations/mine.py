"""令牌自己 — from which post it acts, and what its holder has been told."""

from django.http import HttpRequest

from linli.kernel.text import translatable
from linli.mechanisms import territory
from linli.mechanisms.access import require
from linli.portals.openapi import reading, shapes
from linli.portals.openapi.calling import Answer, actor_of, acts, reads
from linli.portals.openapi.models import Token
from linli.work.notices import queries, service

TAG = translatable("令牌和消息")


@reads("/me", shapes.Me, tag=TAG, summary=translatable("令牌从哪个岗位办事"))
def me_read(request: HttpRequest) -> Answer:
    """What it may do, and until when."""
    actor = actor_of(request)
    token: Token = request.auth  # type: ignore[attr-defined]
    assert actor.area_id is not None
    assert actor.body_id is not None
    return Answer(
        shapes.Me(
            token=token.name, until=token.until, person=actor.name, post=actor.post, title=actor.title_words,
            body=shapes.BodyName(id=actor.body_id, name=actor.body_name), area=reading.area_name(territory.area(actor.area_id)),
            scope=actor.scope, powers=sorted(actor.powers),
        )
    )  # fmt: skip


@reads("/notices", shapes.Notices, tag=TAG, summary=translatable("持有人的消息"))
def notices_list(request: HttpRequest) -> Answer:
    """The newest fifty."""
    actor = actor_of(request)
    require(actor, "notices.read")
    items = [
        shapes.Notice(
            id=each.pk, kind=each.kind, words=each.words, subject=each.subject, number=each.number, at=each.at, urgent=each.urgent,
            read=each.read_at is not None,
        )
        for each in queries.of(actor)
    ]  # fmt: skip
    return Answer(shapes.Notices(unread=queries.unread(actor), items=items))


@acts("/notices/read", shapes.Marked, tag=TAG, summary=translatable("消息看过了"))
def notices_read(request: HttpRequest, said: shapes.ReadNotices) -> Answer:
    """A mark, not an act: nothing else changes."""
    actor = actor_of(request)
    require(actor, "notices.read")
    return Answer(shapes.Marked(marked=service.mark_read(by=actor, subject=said.subject or "")))
