"""The letters a resident gets: which fact is told, in which words. Address and words are looked up when it is sent."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from linli.facts import matters as facts
from linli.kernel import clock
from linli.mechanisms import journal, rulebook
from linli.work.matters import exclusions, words
from linli.work.matters.models import Contact, Matter
from linli.work.matters.rules import MatterGrades

TOLD = (
    facts.MatterRegistered, facts.MatterAssigned, facts.MatterSettled, facts.MatterAnswered, facts.MatterVerified,
    facts.MatterReopened, facts.MatterRecounted, facts.MatterExtended, facts.MatterCarried, facts.MatterExcluded,
    facts.MatterExclusionUpheld, facts.MatterExclusionOverturned,
    facts.MatterReopened, facts.MatterRecounted, facts.MatterExtended, facts.MatterCarried, facts.MatterMerged,
    facts.MatterUnmerged, facts.MatterWentAlong, facts.MatterPressed, facts.MatterAppealDecided, facts.MatterSpokenFor,
)  # fmt: skip
OWN = (facts.MatterRegistered, facts.MatterMerged, facts.MatterUnmerged, facts.MatterWentAlong)
"""Told to a matter's own reporter alone; all others also to those whose matters go along with it."""


@dataclass(frozen=True)
class Letter:
    """One letter, with an identity that stays the same however often it is sent."""

    message_id: str
    to: str
    subject: str
    body: str


def letter_for(heard: journal.Heard, along: str = "") -> Letter | None:
    """The letter about an entry; None if its reporter left no address.

    `along`: the number of a merged matter whose reporter is told what happened to the one it goes along with.
    """
    number = along or heard.key
    contact = Contact.objects.select_related("matter__handler").filter(matter__number=number).exclude(email="").first()
    if contact is None:
        return None
    matter = contact.matter
    spoken_of = Matter.objects.select_related("handler").get(number=heard.key) if along else matter
    with override(contact.language):
        text = sentence(heard, spoken_of, own=not along)
        link = f"{settings.BASE_URL}/m/{matter.number}/{words.follow_token(matter.number)}/"
        return Letter(
            message_id=f"<entry-{heard.entry_id}{'-' if along else ''}{contact.matter_id if along else ''}@linli>",
            to=contact.email,
            subject=_("%(number)s：%(text)s") % {"number": matter.number, "text": _first_clause(text)},
            body="\n".join((text, "", _("查看进展、补充或评价："), link, "")),
        )


def _told_of(grade: str) -> str:
    found = rulebook.current(MatterGrades).list.find(grade)
    return rulebook.label(found, "told") if found else _("上级已督办")


def _decided(fact: facts.MatterAppealDecided) -> str:
    if fact.upheld:
        return _("承办单位对您的评价提出申诉，上一级认为成立：您的评价照样留着，只是不计入统计；为什么，写在进展里。")
    return _("承办单位对您的评价提出申诉，上一级认为不成立：您的评价照样算。")


def _first_clause(text: str) -> str:
    """For the subject line, which may have no line breaks: a reply may."""
    first = re.split("。|[.] ", text.splitlines()[0], maxsplit=1)[0].rstrip(".")
    return first if len(first) <= 120 else f"{first[:119]}…"


def sentence(heard: journal.Heard, matter: Matter, *, own: bool = True) -> str:  # noqa: C901, PLR0911, PLR0912  One sentence per fact.
    """What happened, said as a good neighbour at the counter would; `own`: to the reporter of this very matter."""
    due = date_format(matter.due_at.astimezone(clock.CITY), "MONTH_DAY_FORMAT")
    match heard.fact:
        case facts.MatterRegistered():
            return _("您反映的“%(title)s”已收到，由%(body)s负责，最晚%(due)s答复您。") % {
                "title": matter.title, "body": matter.handler.short_name, "due": due,
            }  # fmt: skip
        case facts.MatterSpokenFor():
            return _("有人替您反映了“%(title)s”，说您本人同意。要是您不同意，请打开下面的页面撤回。") % {
                "title": matter.title
            }
        case facts.MatterAssigned():
            return _("您反映的事已经交给%(body)s，最晚%(due)s答复您。") % {"body": heard.fact.handler_name, "due": due}
        case facts.MatterSettled() | facts.MatterAnswered():
            return _("有答复了：%(reply)s。解决了没有，请您说一声。") % {"reply": matter.reply.rstrip("。")}
        case facts.MatterVerified():
            return _("这件事已有人到场核实。解决了没有、满不满意，请您评一评。")
        case facts.MatterReopened() if heard.fact.merged or not own:
            return _("一起办的这件事，有反映人说还没解决，已重新办理，最晚%(due)s答复您。") % {"due": due}
        case facts.MatterMerged() | facts.MatterWentAlong():
            return _(
                "您反映的事和别的邻居说的是同一件，已经并在一起办（主件 %(main)s）。您还从原来的链接看进展、补充和评价。"
            ) % {"main": heard.fact.main}
        case facts.MatterUnmerged():
            return _("您反映的事改为单独办理，由%(body)s负责，最晚%(due)s答复您；为什么，写在进展里。") % {
                "body": matter.handler.short_name, "due": due,
            }  # fmt: skip
        case facts.MatterReopened() if heard.fact.above:
            return _("知道您这件事还没解决，已报上一级，由%(body)s接着办，最晚%(due)s答复您。") % {
                "body": matter.handler.short_name, "due": due,
            }  # fmt: skip
        case facts.MatterPressed():
            return _("您反映的事，%(told)s，最晚%(due)s答复您。") % {"told": _told_of(heard.fact.grade), "due": due}
        case facts.MatterAppealDecided():
            return _decided(heard.fact)
        case facts.MatterReopened():
            return _("知道您这件事还没解决，已重新办理，最晚%(due)s答复您。") % {"due": due}
        case facts.MatterExtended():
            return _("您反映的事延期了，最晚%(due)s答复您；理由写在进展里。") % {"due": due}
        case facts.MatterCarried():
            return _("您反映的事现在还办不了，%(day)s再看；为什么、谁负责，都写在进展里。") % {
                "day": date_format(heard.fact.review_on, "MONTH_DAY_FORMAT")
            }  # fmt: skip
        case facts.MatterExcluded() | facts.MatterExclusionUpheld():
            return _excluded(heard.fact, matter)
        case facts.MatterExclusionOverturned():
            return _("您请人再看的事，复核认为该办，已经重新安排，最晚%(due)s答复您。") % {"due": due}
        case _:
            return _("因新一年的放假安排已公布，答复期限调整为%(due)s。") % {"due": due}


def _excluded(fact: facts.MatterExcluded | facts.MatterExclusionUpheld, matter: Matter) -> str:
    """Why it is not taken up, where it belongs, and that somebody else may be asked to look."""
    exclusion = matter.exclusions.get(number=fact.exclusion)
    ground = exclusions.ground_of(exclusion)
    where = " ".join(part for part in (exclusion.channel or ground.channel, ground.phone) if part)
    if isinstance(fact, facts.MatterExclusionUpheld):
        return _("您请人再看的事，复核仍是不予受理：%(ground)s。可以找：%(where)s。理由写在进展里。") % {
            "ground": ground.name, "where": where,
        }  # fmt: skip
    return _("您反映的事这里不能受理：%(ground)s。可以找：%(where)s。您不同意，可以在进展页上请另一个人再看一次。") % {
        "ground": ground.name,
        "where": where,
    }
