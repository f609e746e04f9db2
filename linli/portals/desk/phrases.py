"""常用语 — standard texts: which a desk may use, and how one reads when it is filled for a matter."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.kernel import clock, text
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor
from linli.portals.desk import saving
from linli.portals.desk.models import Phrase, Sharing
from linli.portals.desk.rules import PLACEHOLDERS, StandardTexts, filled, unknown_in
from linli.portals.desk.saving import BadNameError

if TYPE_CHECKING:
    from linli.work.matters.models import Matter

MOST = 60
LONGEST = 500
FIELDS = {
    "answer": "reply", "settle": "reply", "redo": "note", "raise_up": "tried", "object": "note", "ask_extension": "why",
    "carry": "why", "add": "said",
}  # fmt: skip
"""Into which field of a move's form a text goes."""


class UnknownPlaceholderError(ValueError):
    """The text leaves something open that nothing fills; the sentence names what can be left open."""


@dataclass(frozen=True)
class Text:
    """A text one may use: its key in a form ("own:12", "city:repaired"), its name, for which move."""

    key: str
    name: str
    verb: str
    text: str
    whose: str = ""


def offered(request: HttpRequest) -> dict[str, list[Text]]:
    """The texts of the actor's post, by move; asked for by the page that has a form for words. One statement."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = all_for(actor)
    return {verb: [each for each in found if each.verb in {"", verb}] for verb in FIELDS}


def all_for(actor: Actor) -> list[Text]:
    """Own texts first, then shared ones, then the city's."""
    # Plain values: every page of a matter with words to write asks.
    rows = Phrase.objects.filter(saving.reached_by(actor)).order_by("name", "id")
    found = rows.values_list("pk", "name", "verb", "text", "person_id", "person__name")[: 3 * MOST]
    own = [Text(f"own:{pk}", name, verb, said) for pk, name, verb, said, who, _name in found if who == actor.person_id]
    shared = [
        Text(f"own:{pk}", name, verb, said, whose)
        for pk, name, verb, said, who, whose in found
        if who != actor.person_id
    ]
    return [*own, *shared, *city_texts()]


def city_texts() -> tuple[Text, ...]:
    """What the city's list offers; nothing before a city has such a list."""
    try:
        ref = rulebook.current(StandardTexts).ref
    except rulebook.NoRuleError:
        return ()
    return _city_texts(ref, get_language() or "")


@lru_cache(maxsize=8)
def _city_texts(ref: rulebook.RuleRef, language: str) -> tuple[Text, ...]:
    del language  # What the names are said in; part of what is remembered.
    items = rulebook.edition(ref).list.items
    return tuple(Text(f"city:{each.code}", rulebook.label(each), each.verb or "", each.text) for each in items)


def one(key: str, *, by: Actor) -> Text:
    """A text by its key, if the actor may use it; else 404."""
    found = next((each for each in all_for(by) if each.key == key), None)
    if found is None:
        raise Http404("没有这条常用语。")
    return found


def fill(said: str, matter: "Matter", *, category: str, place: str) -> str:
    """The text as it reads for this matter. A person edits it before it is sent."""

    def day(moment: date) -> str:
        return str(date_format(moment, "MONTH_DAY_FORMAT"))

    values = {
        "编号": matter.number, "标题": matter.title, "地点": place, "类别": category,
        "期限": day(matter.due_at.astimezone(clock.CITY)), "单位": matter.handler.short_name, "电话": matter.handler.phone,
        "今天": day(clock.today()),
    }  # fmt: skip
    return filled(said, values)


# --- Writing ----------------------------------------------------------------------------------------------------------
def keep(phrase: Phrase | None, *, name: str, said: str, verb: str, sharing: str, by: Actor) -> Phrase:
    """写一条，或改一条. Raises BadNameError, UnknownPlaceholderError, Refused."""
    name, said = saving.named(name), text.clean(said)
    if len(said) < 2:
        raise BadNameError(_("请写上内容。"))
    if len(said) > LONGEST:
        raise BadNameError(_("写得太长了：%(n)s字，最多%(most)s字。") % {"n": len(said), "most": LONGEST})
    if unknown := unknown_in(said):
        raise UnknownPlaceholderError(
            _("不认识 %(unknown)s；能自动填的有 %(known)s。")
            % {"unknown": " ".join(f"{{{each}}}" for each in unknown), "known": " ".join(f"{{{each}}}" for each in PLACEHOLDERS)}
        )  # fmt: skip
    if phrase is None:
        if Phrase.objects.filter(person_id=saving.person_of(by)).count() >= MOST:
            raise BadNameError(_("已经存了 %(most)s 条常用语，请先删去几条不用的。") % {"most": MOST})
        phrase = Phrase(person_id=saving.person_of(by))
    else:
        saving.own(phrase, by)
    phrase.name, phrase.text, phrase.at = name, said, clock.now()
    phrase.verb = verb if verb in FIELDS else ""
    saving.share(phrase, sharing if sharing in Sharing.values else Sharing.OWN, by)
    try:
        with transaction.atomic():
            phrase.save()
    except IntegrityError:
        raise BadNameError(_("您已经有一条叫“%(name)s”的，请换个名字。") % {"name": name}) from None
    return phrase


def delete(phrase: Phrase, *, by: Actor) -> None:
    """删去."""
    saving.own(phrase, by)
    phrase.delete()


def get(pk: int, *, by: Actor) -> Phrase:
    """One that the actor may use, or 404."""
    found = Phrase.objects.filter(saving.reached_by(by)).select_related("person").filter(pk=pk).first()
    if found is None:
        raise Http404("没有这条常用语。")
    return found
