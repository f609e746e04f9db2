"""A joint meeting for the calendar on anybody's phone, whistles as a table, and a whistle's journal in words."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.facts import whistles as facts
from linli.facts.base import Fact
from linli.kernel import clock, icalendar
from linli.kernel.rules import RuleItem
from linli.mechanisms import journal, rulebook, territory
from linli.mechanisms.access import exports, logs
from linli.mechanisms.journal.models import Entry
from linli.work.whistles import queries, words
from linli.work.whistles.flow import MeetingState
from linli.work.whistles.models import JointMeeting, Summons, Whistle
from linli.work.whistles.rules import Absences, Unjustified

LASTS = timedelta(hours=1)
"""What a calendar is told, since nobody says when a meeting ends."""


def event(meeting: JointMeeting) -> icalendar.Event:
    """One event, cancelled where the meeting is."""
    return icalendar.Event(
        f"{meeting.number}@linli", meeting.convened_at, meeting.version, meeting.starts_at, meeting.topic,
        ends=meeting.starts_at + LASTS, location=meeting.place_text,
        url=f"{settings.BASE_URL.rstrip('/')}{reverse('whistles:meeting', args=[meeting.number])}",
        cancelled=meeting.state == MeetingState.CANCELLED,
    )  # fmt: skip


def calendar_file(meeting: JointMeeting) -> str:
    """The whole file."""
    return icalendar.write([event(meeting)], product="whistles")


def listing(rows: QuerySet[Summons]) -> exports.Listing:
    """吹哨表 — every called body, when it had to come and when it came."""
    now = clock.now()
    columns = [
        _("编号"), _("类型"), _("哪个镇街吹的"), _("地点"), _("什么事"), _("什么时候吹的"), _("叫了谁"), _("最晚回应"), _("什么时候回应"),
        _("最晚到场"), _("什么时候到场"), _("情况"), _("状态"),
    ]  # fmt: skip

    def told() -> Iterator[exports.Row]:
        for each in rows.iterator(chunk_size=exports.AT_A_TIME):
            whistle = each.whistle
            standing = queries.standing(each, is_open=whistle.is_open, now=now)
            yield (
                whistle.number, queries.kind_words(whistle.kind), whistle.caller.short_name,
                exports.safe(queries.place_words(whistle)), exports.safe(whistle.what), whistle.sounded_at,
                each.body.short_name, each.acknowledge_by, each.acknowledged_at, each.arrive_by, each.arrived_at,
                standing.word, whistle.state_words,
            )  # fmt: skip

    return exports.Listing("whistles", _("吹哨报到"), columns, rows[: exports.MOST_ROWS + 1].count(), told)


# --- 文字日志 -------------------------------------------------------------------------------------------------------
def _reason(code: str) -> str:
    """Why a body did not come, or why it thinks the whistle was not called for."""
    for schema in (Absences, Unjustified):
        found: RuleItem | None = rulebook.current(schema).list.find(code)
        if found is not None:
            return rulebook.label(found)
    return code


WORDING = logs.Wording(
    facts={
        "whistles.WhistleSounded": gettext_lazy("吹哨"),
        "whistles.SummonsAcknowledged": gettext_lazy("收到"),
        "whistles.SummonsMet": gettext_lazy("到场"),
        "whistles.AbsenceExplained": gettext_lazy("说明没到的原因"),
        "whistles.ActionReported": gettext_lazy("报告办理"),
        "whistles.ActionAgreed": gettext_lazy("议定办法"),
        "whistles.WhistleConcluded": gettext_lazy("办结"),
        "whistles.BodiesRated": gettext_lazy("评部门"),
        "whistles.WhistleJudged": gettext_lazy("评哨"),
        "whistles.WhistleWithdrawn": gettext_lazy("撤回"),
        "whistles.WhistleEscalated": gettext_lazy("报县区"),
    },
    fields={
        "number": gettext_lazy("编号"),
        "kind": gettext_lazy("情形"),
        "caller": gettext_lazy("吹哨的单位"),
        "area": gettext_lazy("哪个区域"),
        "county": gettext_lazy("县区"),
        "bodies": gettext_lazy("哪些单位"),
        "body": gettext_lazy("哪个单位"),
        "present": gettext_lazy("在场的单位"),
        "acknowledge_by": gettext_lazy("最晚回应"),
        "arrive_by": gettext_lazy("最晚到场"),
        "in_time": gettext_lazy("按期"),
        "minutes_late": gettext_lazy("晚到几分钟"),
        "reason": gettext_lazy("理由"),
        "scores": gettext_lazy("评分"),
        "justified": gettext_lazy("该吹"),
        "why": gettext_lazy("为什么"),
        "due_at": gettext_lazy("时限"),
        "rule": gettext_lazy("依据"),
        "words": gettext_lazy("原话"),
    },
    sayings={
        "kind": queries.kind_words,
        "area": lambda pk: territory.area(pk).name,
        "county": lambda pk: territory.area(pk).name,
        "reason": _reason,
        "why": lambda why: _("没有回应") if why == "silence" else _("没有按时到场"),
    },
    bodies=frozenset({"caller", "bodies", "body", "present"}),
    machines={"timers": gettext_lazy("定时器")},
)


def log(whistle: Whistle) -> logs.Log:
    """文字日志 — what happened after a whistle, entry by entry; whether the words kept still are what was said."""
    said = _Said(whistle)
    return logs.read(whistle.subject, WORDING, number=whistle.number, said=said.at, digest=said.digest)


class _Said:
    """The words kept of a whistle: its own, and in each called body's row."""

    def __init__(self, whistle: Whistle) -> None:
        called = queries.called_by(whistle)
        self.whistle = whistle
        self.rows = {each.body_id: each for each in called}
        self.whole = {
            facts.WhistleSounded: whistle.what,
            facts.ActionAgreed: whistle.plan,
            facts.WhistleWithdrawn: whistle.withdrawn_for,
            facts.WhistleConcluded: "\n".join([whistle.conclusion, *(each.conclusion for each in called)]),
            facts.BodiesRated: "\n".join(each.score_words for each in called if each.score_words),
        }
        # Of what a body explained more than once only the last is kept.
        self.last = {
            heard.fact.body: heard.seq
            for heard in journal.history(whistle.subject)
            if isinstance(heard.fact, facts.AbsenceExplained)
        }
        self.read_to: dict[int, int] = {}

    def digest(self, text: str) -> str:
        """As the journal holds it."""
        return words.digest(self.whistle.subject, text)

    def at(self, entry: Entry, fact: Fact) -> list[str]:
        """What was said at an entry; nothing where it is not kept."""
        own = self.rows.get(getattr(fact, "body", 0))
        said = self.whole.get(type(fact), "")
        if isinstance(fact, facts.WhistleJudged) and own is not None:
            said = own.justified_words
        elif isinstance(fact, facts.AbsenceExplained) and own is not None and self.last.get(fact.body) == entry.seq:
            said = own.absence_words
        elif isinstance(fact, facts.ActionReported) and own is not None:
            said = self._reported(own, fact.words)
        return [said]

    def _reported(self, own: Summons, kept: str) -> str:
        """One of the reports that stand one under another in a body's row; all of them if none is this one."""
        lines = own.action.split("\n")
        start = self.read_to.get(own.body_id, 0)
        for end in range(start + 1, len(lines) + 1):
            one = "\n".join(lines[start:end])
            if self.digest(one) == kept:
                self.read_to[own.body_id] = end
                return one
        return own.action
