"""批量 — one move for many matters: what would go and what not and why, then each in a transaction of its own, once.

An item's line is locked, the matter is moved and the line is written in one transaction: whoever presses twice, and a
process that dies between two matters, finds the rest still to do and nothing done twice.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, transaction
from django.db.models import Count, Q
from django.http import Http404
from django.utils.translation import gettext as _

from linli.kernel import clock, text
from linli.kernel.rules import UnknownCodeError
from linli.mechanisms import flow, journal, rulebook
from linli.mechanisms.access import Actor, Refused, require
from linli.mechanisms.access.models import Body
from linli.mechanisms.access.words import title_words
from linli.portals.desk.models import BulkItem, BulkOrder, Result
from linli.portals.desk.saving import person_of
from linli.work.matters import proposals, queries, queues, rules, service
from linli.work.matters.flow import LIFE, State
from linli.work.matters.words import WordsError

if TYPE_CHECKING:
    from linli.work.matters.models import Matter

log = logging.getLogger("linli.desk")
MOST = 100
"""So many in one order: a person can read a preview of a hundred lines, and no more."""
VERBS = ("assign", "raise_up", "accept", "verify")
"""What makes sense for many at once: no answer, no objection and no sending back, which owe each resident words of their own."""
KEPT = timedelta(days=7)
"""A preview nobody acted on is thrown away after a week."""


class TooManyError(ValueError):
    """More than one order takes; the sentence says how many and what to do."""


class NothingChosenError(ValueError):
    """No matter was ticked, or no move chosen."""


def verbs_of(actor: Actor) -> list[tuple[str, str]]:
    """The moves this post may make in bulk, with their names."""
    return [(verb, str(LIFE.moves[verb].label)) for verb in VERBS if actor.has(LIFE.moves[verb].power)]


# --- Choosing ---------------------------------------------------------------------------------------------------------
def choose(numbers: Iterable[str], *, verb: str, by: Actor, back: str = "") -> BulkOrder:
    """Set an order up for a preview; nothing moves yet. Raises NothingChosenError, TooManyError, Refused."""
    chosen = list(dict.fromkeys(each[:20] for each in numbers if each))
    if verb not in VERBS:
        raise NothingChosenError(_("请选一样要批量办的。"))
    require(by, LIFE.moves[verb].power)
    if not chosen:
        raise NothingChosenError(_("还没有勾选。先在清单里勾上几件，再选要办的。"))
    if len(chosen) > MOST:
        raise TooManyError(
            _("勾选了 %(n)s 件，一次最多 %(most)s 件。请分几次办，或者把筛选收窄一些。")
            % {"n": len(chosen), "most": MOST}
        )
    seen = queries.among(by, chosen)
    chosen = [each for each in chosen if each in seen]
    if not chosen:
        raise NothingChosenError(_("勾选的这些不在您的管辖范围内，或者已经不在了。"))
    assert by.person_id is not None
    assert by.appointment_id is not None
    now = clock.now()
    with transaction.atomic():
        mine = BulkOrder.objects.filter(person_id=by.person_id, begun_at=None, made_at__lt=now - KEPT)
        mine.delete()
        order = BulkOrder.objects.create(
            person_id=by.person_id, appointment_id=by.appointment_id, verb=verb, back=back[:600], made_at=now
        )
        BulkItem.objects.bulk_create(
            BulkItem(order=order, number=number, version=seen[number].version) for number in chosen
        )
    return order


def first_of(actor: Actor, filters: queues.Filters) -> list[str]:
    """The numbers of the first hundred of a list, in its order."""
    found: list[str] = []
    following = queues.Filters(**{**vars(filters), "after": ""})
    while len(found) < MOST:
        page = queues.page_of(actor, following, counted=False)
        found += [each.number for each in page.matters]
        if not page.next:
            break
        following = queues.Filters(**{**vars(filters), "after": page.next})
    return found[:MOST]


def get(pk: int, *, by: Actor) -> BulkOrder:
    """One's own order, at the post it was made from; 404 for anybody else's."""
    mine = BulkOrder.objects.filter(person_id=person_of(by), appointment_id=by.appointment_id or 0)
    found = mine.filter(pk=pk).first()
    if found is None:
        raise Http404("没有这一批。")
    return found


def lately(by: Actor, *, limit: int = 20) -> list[Any]:
    """One's own last orders that were begun, with how many went and how many did not."""
    rows = BulkOrder.objects.filter(person_id=person_of(by), begun_at__isnull=False).annotate(
        done=Count("items", filter=Q(items__result=Result.DONE)),
        waiting=Count("items", filter=Q(items__result=Result.WAITING)),
        all=Count("items"),
    )
    return list(rows.order_by("-begun_at")[:limit])


# --- Preview ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Would:
    """What would become of one matter."""

    number: str
    matter: "Matter | None"
    """None where it can no longer be seen: not even its title is told."""
    goes: bool
    why: str = ""
    """Why it does not go."""
    body: str = ""
    """Where it goes."""
    rule: queries.Cited | None = None


def preview(order: BulkOrder, said: Mapping[str, Any], *, by: Actor) -> list[Would]:
    """Which will go, which will not and why, one by one, with these words and this body."""
    items = list(order.items.order_by("id"))
    seen = queries.among(by, [each.number for each in items])
    own = flow.own_deeds([each.subject for each in seen.values()], LIFE.moves[order.verb], by=by)
    to = _body(said)
    found = []
    for item in items:
        matter = seen.get(item.number)
        if matter is None:
            found.append(Would(item.number, None, goes=False, why=_("已经不在您的管辖范围内。")))
        elif why := _why_not(matter, item.version, order.verb, own, by=by):
            found.append(Would(item.number, matter, goes=False, why=why))
        elif order.verb == "assign":
            found.append(_assigned(item, matter, to, said))
        else:
            found.append(Would(item.number, matter, goes=True))
    return found


def _why_not(matter: "Matter", version: int, verb: str, own: set[str], *, by: Actor) -> str:
    """Why this move cannot be made with this matter, whatever is said with it; empty if it can."""
    if matter.version != version:
        return _changed(matter)
    if matter.subject in own:
        return _("上一步是您本人办的，要由另一个人来核实。")
    if verb not in {move.name for move in queries.open_moves(matter, by)}:
        return _not_open(matter, verb, by)
    if verb == "raise_up" and matter.level <= rules.CITY:
        return _("已经在市一级，不能再上报了。")
    return ""


def _assigned(item: BulkItem, matter: "Matter", to: Body | None, said: Mapping[str, Any]) -> Would:
    proposal = proposals.propose_body(
        matter.category, matter.place_ids, level=matter.level, confidence=matter.confidence
    )
    rule = queries.cited(proposal.rule)
    body = to or proposal.body
    if body is None:
        return Would(item.number, matter, goes=False, why=_("清单里没有管这一类的单位，请单独派。"), rule=rule)
    if body.pk == matter.handler_id and matter.state == State.ASSIGNED:
        why = _("已经派给%(body)s了。") % {"body": body.short_name}
        return Would(item.number, matter, goes=False, why=why, rule=rule)
    if body.area_id not in matter.place_ids:
        why = _("“%(body)s”管不到这一件所在的地方。") % {"body": body.short_name}
        return Would(item.number, matter, goes=False, why=why, rule=rule)
    if (proposal.body is None or proposal.body.pk != body.pk) and not said.get("differs"):
        why = _("和建议的单位不同，要选一个理由。")
        return Would(item.number, matter, goes=False, why=why, body=body.short_name, rule=rule)
    return Would(item.number, matter, goes=True, body=body.short_name, rule=rule)


def _not_open(matter: "Matter", verb: str, by: Actor) -> str:
    move = LIFE.moves[verb]
    if matter.state not in move.sources:
        return _("现在是“%(state)s”，不能“%(move)s”。") % {"state": matter.state_words, "move": move.label}
    if verb == "accept":
        return _("由%(body)s负责，不是本单位的。") % {"body": matter.handler.short_name}
    if by.area_level > matter.level:
        return _("在上面一级手里，由那一级处理。")
    return _("上一级裁定过由谁办，不能改派。")


def _changed(matter: "Matter") -> str:
    last = journal.history(matter.subject)[-1]
    return _("在您勾选以后，%(who)s已经处理了这一件（%(what)s）。") % {
        "who": _who(last.author),
        "what": _label(last.move),
    }


def _who(author: journal.Author) -> str:
    if author.kind == "staff":
        return " ".join(part for part in (author.office, title_words(author.post), author.name) if part)
    return {"resident": _("居民"), "system": _("系统")}[author.kind]


def _label(move: str) -> str:
    return str(LIFE.moves[move].label) if move in LIFE.moves else _("有更新")


# --- Doing ------------------------------------------------------------------------------------------------------------
def begin(order: BulkOrder, said: Mapping[str, Any], *, by: Actor) -> bool:
    """照此办 — the words stand from here on; False if somebody pressed before. Raises WordsError where words are missing."""
    kept = _checked(order.verb, said, by)
    with transaction.atomic():
        return bool(BulkOrder.objects.filter(pk=order.pk, begun_at=None).update(said=kept, begun_at=clock.now()))


def carry_on(order: BulkOrder, *, by: Actor, most: int = MOST) -> int:
    """Do what is still to do, one matter at a time; returns how many are left. Never raises for a single matter."""
    order.refresh_from_db()
    if order.begun_at is None:
        return order.items.filter(result=Result.WAITING).count()
    for _turn in range(most):
        try:
            if not _next(order, by):
                break
        except OperationalError:  # The database is away or wants it again: the line waits, and the report says so.
            log.exception("bulk order %s stopped", order.pk)
            break
    return order.items.filter(result=Result.WAITING).count()


def _next(order: BulkOrder, by: Actor) -> bool:
    """One matter, in one transaction with its line; False when nothing waits that nobody else is at."""
    with transaction.atomic():
        waiting = order.items.select_for_update(skip_locked=True, no_key=True).filter(result=Result.WAITING)
        item = waiting.order_by("id").first()
        if item is None:
            return False
        item.result, item.why = _one(item, order, by)
        item.why = item.why[:300]
        item.at = clock.now()
        item.save(update_fields=["result", "why", "at"])
    return True


def _one(item: BulkItem, order: BulkOrder, by: Actor) -> tuple[Result, str]:
    """Move one matter inside a savepoint of its own: what it raises undoes it and nothing else."""
    try:
        with transaction.atomic():
            matter = queries.get(by, item.number)
            return Result.DONE, _DO[order.verb](matter, order.said, by, item.version)
    except flow.Stale as error:
        last = error.changed[-1] if error.changed else None
        who = _who(last.author) if last else _("别人")
        what = _label(last.move) if last else ""
        return Result.STALE, _("在您预览以后，%(who)s已经处理了这一件（%(what)s）。") % {"who": who, "what": what}
    except Http404:
        return Result.STALE, _("已经不在您的管辖范围内。")
    except (Refused, flow.NotNow, WordsError) as error:
        return Result.REFUSED, str(error)
    except UnknownCodeError:
        return Result.REFUSED, _("选的理由或类别现在不在清单里。")
    except OperationalError:
        raise
    except Exception:
        log.exception("bulk order %s: a matter could not be moved", order.pk)
        return Result.BROKEN, _("没有办成，是我们这边的原因；这一件没有变动，请打开它单独办。")


def _assign(matter: "Matter", said: Mapping[str, Any], by: Actor, version: int) -> str:
    to = _body(said)
    proposal = proposals.propose_body(matter.category, matter.place_ids, level=matter.level)
    body = to or proposal.body
    if body is None:
        raise Refused(_("清单里没有管这一类的单位，请单独派。"))
    if body.pk == matter.handler_id and matter.state == State.ASSIGNED:
        raise Refused(_("已经派给%(body)s了。") % {"body": body.short_name})
    same = proposal.body is not None and proposal.body.pk == body.pk
    differs = "" if same else str(said.get("differs", ""))
    done = service.assign(matter, to=body, differs=differs, by=by, expected=version)
    return _("已派给%(body)s。") % {"body": done.handler.short_name}


def _raise_up(matter: "Matter", said: Mapping[str, Any], by: Actor, version: int) -> str:
    done = service.raise_up(matter, reason=str(said["reason"]), tried=str(said["tried"]), by=by, expected=version)
    return _("已报给%(body)s。") % {"body": done.handler.short_name}


def _accept(matter: "Matter", said: Mapping[str, Any], by: Actor, version: int) -> str:
    del said
    service.accept(matter, by=by, expected=version)
    return _("已受理。")


def _verify(matter: "Matter", said: Mapping[str, Any], by: Actor, version: int) -> str:
    service.verify(matter, note=str(said["note"]), by=by, expected=version)
    return _("核实通过，已请居民评价。")


_DO: dict[str, Callable[["Matter", Mapping[str, Any], Actor, int], str]] = {
    "assign": _assign, "raise_up": _raise_up, "accept": _accept, "verify": _verify,
}  # fmt: skip


# --- What was said ----------------------------------------------------------------------------------------------------
def _checked(verb: str, said: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """Only what this move needs, complete. Raises WordsError."""
    if verb == "raise_up":
        reason = str(said.get("reason", ""))
        if rulebook.current(rules.RaiseReasons).list.find(reason) is None:
            raise WordsError(_("请选一个上报的理由。"))
        return {"reason": reason, "tried": _words(said, "tried", _("请写明试过什么办法，上一级才知道从哪里接着办。"))}
    if verb == "verify":
        return {"note": _words(said, "note", _("请写一句看到的情况；没有去看过的，不要核实通过。"))}
    if verb == "assign":
        body, differs = _body(said), str(said.get("differs", ""))
        if differs and rulebook.current(rules.DifferReasons).list.find(differs) is None:
            raise WordsError(_("请从列表里选一项。"))
        if said.get("to") and (body is None or body not in bodies_for(by)):
            raise WordsError(_("请选一个单位。"))
        return {"to": body.pk if body else None, "differs": differs}
    return {}


def _words(said: Mapping[str, Any], name: str, missing: str) -> str:
    words = text.clean(str(said.get(name, "")))
    if len(words) < 2:
        raise WordsError(missing)
    if len(words) > 500:
        raise WordsError(_("写得太长了：%(n)s字，最多%(most)s字。") % {"n": len(words), "most": 500})
    return words


def _body(said: Mapping[str, Any]) -> Body | None:
    wanted = str(said.get("to") or "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) <= 10):
        return None
    return Body.objects.filter(pk=int(wanted), valid_to__isnull=True).first()


def bodies_for(by: Actor) -> Sequence[Body]:
    """The bodies of the actor's own area and of those around it, that answer for something."""
    around = [int(each) for each in by.area_path.split("/") if each]
    rows = Body.objects.filter(valid_to__isnull=True).exclude(functions=[])
    held = Q(area_id__in=around) | Q(area__parent_id=by.area_id)
    return list(rows.filter(held).order_by("-level", "short_name")[:200])
