"""What an exclusion (不予受理) says and who may still do what about it. Who proposed, confirmed and looked again differ."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.kernel.rules import RuleRef
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Body
from linli.work.matters import proposals, rules
from linli.work.matters.flow import State
from linli.work.matters.models import Exclusion, Matter, Remark, Sample, SecondLook


@dataclass(frozen=True)
class Ground:
    """哪一种情形 — in the version of the list that was cited: why, and where it belongs instead."""

    name: str
    help: str
    channel: str
    where: str
    phone: str
    list_title: str
    url: str
    basis: str
    assumed: str


def ground_of(exclusion: Exclusion) -> Ground:
    """The ground as it stood when the exclusion was proposed."""
    ref, code = RuleRef.parse(exclusion.rule)
    held = rulebook.edition(ref).list
    item = held.item(code)
    title = _("%(title)s（第%(n)s版）") % {"title": rulebook.label(held), "n": ref.version}
    return Ground(
        rulebook.label(item), rulebook.label(item, "help"), rulebook.label(item, "channel"), rulebook.label(item, "where"),
        item.phone or "", title, ref.url(code), held.basis_of(item), rulebook.reason(held, item),
    )  # fmt: skip


def hands_over(rule: str) -> bool:
    """Does the ground that was cited hand the matter to the city's hotline?"""
    ref, code = RuleRef.parse(rule)
    return bool(rulebook.edition(ref).list.item(code).hands_over)


def last_of(matter: Matter) -> Exclusion | None:
    """The exclusion that waits for a second person, else the last one that was decided."""
    return Exclusion.objects.filter(matter=matter).order_by("-id").first()


def pending(matter: Matter) -> Exclusion:
    """The exclusion that waits for a second person. Raises Exclusion.DoesNotExist."""
    return Exclusion.objects.get(matter=matter, decided_at__isnull=True)


def look_pending(matter: Matter) -> SecondLook:
    """The second look that is under way. Raises SecondLook.DoesNotExist."""
    return SecondLook.objects.select_related("exclusion").get(exclusion__matter=matter, looked_at__isnull=True)


def looks_of(exclusion: Exclusion) -> list[SecondLook]:
    """Its second looks, in order: one the resident may ask for, one an overseer."""
    return list(exclusion.looks.order_by("id"))


def sample_of(matter: Matter) -> Sample | None:
    """The sample of this matter that nobody has judged yet."""
    waiting = Sample.objects.filter(exclusion__matter=matter, found_at__isnull=True)
    return waiting.select_related("exclusion", "draw").first()


def stands(matter: Matter) -> bool:
    """Is it excluded now, by the very exclusion that was sampled?"""
    sample = sample_of(matter)
    if matter.state != State.EXCLUDED or sample is None:
        return False
    last = last_of(matter)
    return last is not None and last.pk == sample.exclusion_id


def speaks_of_danger(matter: Matter) -> bool:
    """Does what the resident said, then or since, speak of danger? Such a matter is never excluded in silence."""
    if matter.risk >= rules.URGENT or proposals.speaks_of_danger(matter.text):
        return True
    added = Remark.objects.filter(matter=matter, move="add").values_list("text", flat=True)
    return any(proposals.speaks_of_danger(text) for text in added)


def told(matter: Matter) -> dict[str, Any]:
    """What a page says of the last exclusion: the row, its ground, its second looks; empty for none."""
    last = last_of(matter)
    return {} if last is None else {"exclusion": last, "ground": ground_of(last), "second_looks": looks_of(last)}


def may_ask_again(matter: Matter) -> bool:
    """Has the resident not yet asked for a second look at this exclusion?"""
    last = last_of(matter)
    asked = SecondLook.Asker.RESIDENT
    return last is not None and last.confirmed is True and not last.looks.filter(asked_by=asked).exists()


def may_decide(matter: Matter, actor: Actor) -> bool:
    """Whoever confirms stands no lower than whoever proposed."""
    if matter.state != State.EXCLUDING:
        return False
    return actor.scope == "area" and actor.area_level <= pending(matter).level


def may_look(matter: Matter, actor: Actor) -> bool:
    """Whoever looks again stands above them; four eyes keep out those who had a hand in it."""
    if matter.state != State.SECOND_LOOK:
        return False
    return actor.scope == "area" and actor.area_level <= look_pending(matter).level


def hands_in(exclusion: Exclusion) -> set[int]:
    """Everybody who has had a hand in it."""
    looked = exclusion.looks.exclude(looker=None).values_list("looker_id", flat=True)
    return {exclusion.proposer_id, *([exclusion.decider_id] if exclusion.decider_id else []), *looked}


def desk_for(matter: Matter, power: str, *, level: int, without: Collection[int]) -> Body | None:
    """The first desk from this level up where somebody else has the power; None if there is nobody."""
    slots = territory.slots(matter.place_ids[0])
    while level >= rules.CITY:
        try:
            body = proposals.first_receiver(level, slots)
        except proposals.NobodyAnswersError:
            return None
        if set(access.people_of(power, body_ids=[body.pk])[body.pk]) - set(without):
            return body
        level = min(body.level, level) - 1
    return None


def next_urging(matter: Matter) -> datetime | None:
    """From when on the resident may urge again; None if at once."""
    if matter.urged_at is None:
        return None
    limit, _rule = proposals.limit_for("urge", category=matter.category, risk=matter.risk)
    return rulebook.working_calendar().due(matter.urged_at, limit).at
