"""The letters a resident gets: which fact is told, in which words. Address and words are looked up when it is sent."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from linli.facts import matters as facts
from linli.kernel import clock
from linli.mechanisms import journal
from linli.work.matters import words
from linli.work.matters.models import Contact, Matter

TOLD = (
    facts.MatterRegistered, facts.MatterAssigned, facts.MatterSettled, facts.MatterAnswered, facts.MatterVerified,
    facts.MatterReopened, facts.MatterRecounted, facts.MatterExtended, facts.MatterCarried, facts.MatterSpokenFor,
)  # fmt: skip


@dataclass(frozen=True)
class Letter:
    """One letter, with an identity that stays the same however often it is sent."""

    message_id: str
    to: str
    subject: str
    body: str


def letter_for(heard: journal.Heard) -> Letter | None:
    """The letter about an entry; None if its reporter left no address."""
    contact = (
        Contact.objects.select_related("matter__handler").filter(matter__number=heard.key).exclude(email="").first()
    )
    if contact is None:
        return None
    matter = contact.matter
    with override(contact.language):
        text = sentence(heard, matter)
        link = f"{settings.BASE_URL}/m/{matter.number}/{words.follow_token(matter.number)}/"
        return Letter(
            message_id=f"<entry-{heard.entry_id}@linli>",
            to=contact.email,
            subject=_("%(number)s：%(text)s") % {"number": matter.number, "text": _first_clause(text)},
            body="\n".join((text, "", _("查看进展、补充或评价："), link, "")),
        )


def _first_clause(text: str) -> str:
    """For the subject line, which may have no line breaks: a reply may."""
    first = re.split("。|[.] ", text.splitlines()[0], maxsplit=1)[0].rstrip(".")
    return first if len(first) <= 120 else f"{first[:119]}…"


def sentence(heard: journal.Heard, matter: Matter) -> str:  # noqa: PLR0911  One sentence per fact.
    """What happened, said as a good neighbour at the counter would."""
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
        case facts.MatterReopened():
            return _("知道您这件事还没解决，已重新办理，最晚%(due)s答复您。") % {"due": due}
        case facts.MatterExtended():
            return _("您反映的事延期了，最晚%(due)s答复您；理由写在进展里。") % {"due": due}
        case facts.MatterCarried():
            return _("您反映的事现在还办不了，%(day)s再看；为什么、谁负责，都写在进展里。") % {
                "day": date_format(heard.fact.review_on, "MONTH_DAY_FORMAT")
            }  # fmt: skip
        case _:
            return _("因新一年的放假安排已公布，答复期限调整为%(due)s。") % {"due": due}
