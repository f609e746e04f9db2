"""日志的白话 — every entry of a matter's journal in words, and whether it still is what was written. For whoever audits."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import Substr
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.facts.base import Fact, fact_named
from linli.kernel import clock
from linli.kernel.rules import RuleList
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Body, Person, Reveal
from linli.mechanisms.access.words import title_words
from linli.mechanisms.journal import seals, verification
from linli.mechanisms.journal.entries import Author
from linli.mechanisms.journal.models import Entry
from linli.mechanisms.territory.words import level_words
from linli.work.matters import queries, rules, rules_supervision, words
from linli.work.matters.models import Channel, Clearing, Matter, Means, Remark, SecondLook

Shown = str | Promise


# --- The words of facts and their fields ----------------------------------------------------------------------------
FACTS: dict[str, Shown] = {
    "matters.MatterRegistered": gettext_lazy("登记"),
    "matters.MatterSettled": gettext_lazy("当场解决"),
    "matters.MatterRaised": gettext_lazy("上报"),
    "matters.MatterAssigned": gettext_lazy("派单"),
    "matters.MatterObjected": gettext_lazy("职责异议"),
    "matters.MatterRuled": gettext_lazy("裁定"),
    "matters.MatterUnruled": gettext_lazy("逾期未裁定"),
    "matters.MatterAccepted": gettext_lazy("受理"),
    "matters.MatterExtensionAsked": gettext_lazy("申请延期"),
    "matters.MatterExtended": gettext_lazy("同意延期"),
    "matters.MatterExtensionRefused": gettext_lazy("不同意延期"),
    "matters.MatterCarried": gettext_lazy("挂账"),
    "matters.MatterReviewed": gettext_lazy("挂账再看，继续挂账"),
    "matters.MatterUnreviewed": gettext_lazy("挂账到期未再看"),
    "matters.MatterTakenBack": gettext_lazy("重新办理"),
    "matters.MatterAnswered": gettext_lazy("答复居民"),
    "matters.MatterVerified": gettext_lazy("核实通过"),
    "matters.MatterRedone": gettext_lazy("退回重办"),
    "matters.MatterRated": gettext_lazy("居民说解决了"),
    "matters.MatterReopened": gettext_lazy("居民说没解决"),
    "matters.MatterLapsed": gettext_lazy("没有评价，办结"),
    "matters.MatterWithdrawn": gettext_lazy("居民撤回"),
    "matters.MatterExclusionProposed": gettext_lazy("提出不予受理"),
    "matters.MatterExclusionRefused": gettext_lazy("不同意不予受理"),
    "matters.MatterExcluded": gettext_lazy("确认不予受理"),
    "matters.MatterUnconfirmed": gettext_lazy("不予受理逾期未确认"),
    "matters.MatterSecondLookAsked": gettext_lazy("请再看一次"),
    "matters.MatterExclusionUpheld": gettext_lazy("复核维持不予受理"),
    "matters.MatterExclusionOverturned": gettext_lazy("复核撤销不予受理"),
    "matters.MatterHandedOver": gettext_lazy("移交12345热线"),
    "matters.MatterHandOverTold": gettext_lazy("移交后的进展"),
    "matters.MatterUnlooked": gettext_lazy("逾期未复核"),
    "matters.MatterSampled": gettext_lazy("抽查抽中"),
    "matters.MatterExclusionFound": gettext_lazy("抽查结论"),
    "matters.MatterContacted": gettext_lazy("联系居民"),
    "matters.MatterContactDue": gettext_lazy("提醒联系居民"),
    "matters.MatterUncontacted": gettext_lazy("逾期未联系上居民"),
    "matters.MatterUrged": gettext_lazy("居民催办"),
    "matters.MatterAdded": gettext_lazy("补充"),
    "matters.MatterSupported": gettext_lazy("附议"),
    "matters.MatterReminded": gettext_lazy("到期提醒"),
    "matters.MatterOverdue": gettext_lazy("过了期限"),
    "matters.MatterRecounted": gettext_lazy("重算期限"),
    "matters.MatterEscalated": gettext_lazy("逾期报上一级"),
    "matters.MatterPressed": gettext_lazy("督办"),
    "matters.MatterCardWithdrawn": gettext_lazy("撤销督办"),
    "matters.MatterResponded": gettext_lazy("回复督办"),
    "matters.MatterVisited": gettext_lazy("回访"),
    "matters.MatterAppealed": gettext_lazy("评价申诉"),
    "matters.MatterAppealDecided": gettext_lazy("审评价申诉"),
    "matters.MatterNoted": gettext_lazy("内部备注"),
    "matters.MatterAttached": gettext_lazy("附件"),
    "matters.MatterSpokenFor": gettext_lazy("代为反映，本人同意"),
    "matters.MatterApprovalAsked": gettext_lazy("清单外请示"),
    "matters.MatterApproved": gettext_lazy("批准清单外派办"),
    "matters.MatterApprovalRejected": gettext_lazy("不批清单外派办"),
    "matters.MatterOffListRefused": gettext_lazy("清单外拒接"),
    "matters.MatterHelpAsked": gettext_lazy("请协办"),
    "matters.MatterAdvised": gettext_lazy("协办意见"),
    "matters.MatterSplit": gettext_lazy("拆分"),
    "matters.MatterParted": gettext_lazy("拆出一部分"),
    "matters.MatterPartVerified": gettext_lazy("一部分核实通过"),
    "matters.MatterPartWithdrawn": gettext_lazy("随整件撤回"),
    "matters.MatterKeptUp": gettext_lazy("期限随各部分"),
    "matters.MatterMerged": gettext_lazy("并入另一件"),
    "matters.MatterTookIn": gettext_lazy("并入几件"),
    "matters.MatterWentAlong": gettext_lazy("改随另一件"),
    "matters.MatterUnmerged": gettext_lazy("撤回并案"),
    "matters.MatterLetGo": gettext_lazy("一件撤回并案"),
    "matters.MatterHeardAlong": gettext_lazy("并案的反映人有话"),
    "matters.MatterRatedAlong": gettext_lazy("并案的反映人说解决了"),
    "matters.MatterReopenedAlong": gettext_lazy("并案的反映人说没解决"),
    "access.IdentityRevealed": gettext_lazy("查看居民身份"),
    "privacy.DataCleared": gettext_lazy("清除个人信息"),
    "privacy.DataHeld": gettext_lazy("暂缓清除"),
    "privacy.DataReleased": gettext_lazy("解除暂缓"),
    "privacy.ContactCorrected": gettext_lazy("本人更正联系方式"),
    "privacy.DataHandedOver": gettext_lazy("核对身份后告知本人"),
    "privacy.PublicWordsSet": gettext_lazy("核定公开字句"),
}
FIELDS: dict[str, Shown] = {
    "number": gettext_lazy("编号"),
    "channel": gettext_lazy("从哪里来"),
    "category": gettext_lazy("类别"),
    "risk": gettext_lazy("紧急程度"),
    "level": gettext_lazy("在哪一级"),
    "handler": gettext_lazy("负责单位"),
    "handler_name": gettext_lazy("当时的名称"),
    "place": gettext_lazy("地点"),
    "due_at": gettext_lazy("最晚答复"),
    "answer_by": gettext_lazy("最晚答复"),
    "accept_by": gettext_lazy("最晚受理"),
    "rate_by": gettext_lazy("评价到"),
    "rule": gettext_lazy("依据"),
    "public": gettext_lazy("附近的人"),
    "words": gettext_lazy("原话"),
    "believed": gettext_lazy("认为应属"),
    "believed_name": gettext_lazy("认为应属（当时的名称）"),
    "decider": gettext_lazy("由谁裁定"),
    "decide_by": gettext_lazy("最晚裁定"),
    "days": gettext_lazy("工作日数"),
    "owner": gettext_lazy("谁负责"),
    "review_on": gettext_lazy("哪天再看"),
    "ruling": gettext_lazy("裁定号"),
    "upheld": gettext_lazy("异议成立"),
    "exclusion": gettext_lazy("不予受理编号"),
    "foreign": gettext_lazy("外部编号"),
    "contact": gettext_lazy("联系方式一并转去"),
    "status": gettext_lazy("状态代码"),
    "status_name": gettext_lazy("热线说"),
    "confirm_by": gettext_lazy("最晚确认"),
    "emergency": gettext_lazy("说到危险"),
    "proposer": gettext_lazy("谁提出"),
    "asked_by": gettext_lazy("谁请的"),
    "look_by": gettext_lazy("最晚复核"),
    "month": gettext_lazy("哪个月的"),
    "seed": gettext_lazy("种子"),
    "always": gettext_lazy("必看"),
    "area": gettext_lazy("哪个区域"),
    "rightly": gettext_lazy("不予受理得对"),
    "means": gettext_lazy("怎么联系"),
    "reached": gettext_lazy("联系上了"),
    "said_at": gettext_lazy("什么时刻"),
    "minutes": gettext_lazy("派单后几分钟"),
    "contact_by": gettext_lazy("最晚联系"),
    "tried": gettext_lazy("试过几次"),
    "outcome": gettext_lazy("办理结果"),
    "from_level": gettext_lazy("从哪一级"),
    "to_level": gettext_lazy("报到哪一级"),
    "reason": gettext_lazy("理由"),
    "proposed": gettext_lazy("照系统建议"),
    "differs": gettext_lazy("不照建议的理由"),
    "in_time": gettext_lazy("按期"),
    "satisfaction": gettext_lazy("满意度"),
    "solved_level": gettext_lazy("在哪一级解决"),
    "times": gettext_lazy("没解决第几次"),
    "photos": gettext_lazy("照片"),
    "supporters": gettext_lazy("附议人数"),
    "provisional": gettext_lazy("期限暂定"),
    "share": gettext_lazy("时间过了百分之几"),
    "presser": gettext_lazy("谁发出的"),
    "grade": gettext_lazy("督办等级"),
    "skipped": gettext_lazy("跳过几级"),
    "cards_cleared": gettext_lazy("督办清零"),
    "above": gettext_lazy("上一级接着办"),
    "tries": gettext_lazy("第几次打"),
    "contacted": gettext_lazy("承办单位联系过"),
    "solved": gettext_lazy("居民说解决了"),
    "appeal": gettext_lazy("申诉号"),
    "verdict": gettext_lazy("哪一条评价"),
    "reviewer": gettext_lazy("谁审的"),
    "kind": gettext_lazy("文件种类"),
    "size": gettext_lazy("字节数"),
    "sha256": gettext_lazy("文件的指纹"),
    "for_resident": gettext_lazy("给居民看"),
    "relation": gettext_lazy("是本人的什么人"),
    "how": gettext_lazy("本人怎么同意的"),
    "agreed_at": gettext_lazy("什么时候同意的"),
    "field": gettext_lazy("看了什么"),
    "kinds": gettext_lazy("哪些"),
    "masked": gettext_lazy("另外隐去几处"),
    "office": gettext_lazy("以什么岗位"),
    "main": gettext_lazy("主件"),
    "whole": gettext_lazy("整件"),
    "parts": gettext_lazy("各部分"),
    "body": gettext_lazy("哪个单位"),
    "body_name": gettext_lazy("当时的名称"),
    "bodies": gettext_lazy("哪些单位"),
    "body_names": gettext_lazy("当时的名称"),
    "advise_by": gettext_lazy("请在何时前回话"),
    "merged": gettext_lazy("并案的"),
    "merged_at": gettext_lazy("何时并案"),
    "before": gettext_lazy("原来的主件"),
    "reporters": gettext_lazy("共有几位反映人"),
    "what": gettext_lazy("说的是"),
}
PLACE = ("city", "county", "township", "community", "grid")
"""Told as one place, not as five."""
BODIES = ("handler", "believed", "decider", "body", "asked_by", "presser")
REASONS: dict[str, type[RuleList[Any]]] = {
    "matters.MatterRaised": rules.RaiseReasons,
    "matters.MatterRedone": rules.RedoReasons,
    "matters.MatterObjected": rules.Objections,
    "matters.MatterCarried": rules.CarryReasons,
    "matters.MatterVisited": rules_supervision.VisitOutcomes,
    "matters.MatterAppealed": rules_supervision.AppealReasons,
    "matters.MatterAppealDecided": rules_supervision.AppealReasons,
    "matters.MatterExclusionProposed": rules.Exclusions,
    "matters.MatterExclusionRefused": rules.Exclusions,
    "matters.MatterExcluded": rules.Exclusions,
    "matters.MatterSecondLookAsked": rules.Exclusions,
    "matters.MatterExclusionUpheld": rules.Exclusions,
    "matters.MatterExclusionOverturned": rules.Exclusions,
    "matters.MatterExclusionFound": rules.Exclusions,
}
PART_WORDS: dict[str, Shown] = {
    "contact": gettext_lazy("称呼和联系方式"),
    "words": gettext_lazy("文字里的个人信息"),
    "photos": gettext_lazy("照片"),
    "name": gettext_lazy("称呼"),
    "phone": gettext_lazy("电话"),
    "email": gettext_lazy("电子邮箱"),
}
MACHINES: dict[str, Shown] = {
    "timers": gettext_lazy("定时器"),
    "merging": gettext_lazy("并案"),
    "parts": gettext_lazy("分办"),
    "pack": gettext_lazy("城市包"),
    "calendar": gettext_lazy("工作日历"),
    "retention": gettext_lazy("保存期限"),
    "command-line": gettext_lazy("命令行"),
}


@dataclass(frozen=True)
class Detail:
    """One field of a fact: what it is called, what it says, where that can be read; `wrong` if it no longer holds."""

    label: Shown
    says: str
    url: str = ""
    note: str = ""
    wrong: bool = False


@dataclass(frozen=True)
class Told:
    """One entry in words, with what a machine would read beside it."""

    entry: Entry
    title: Shown
    who: str
    details: list[Detail]
    wrong: list[str] = field(default_factory=list)
    """What re-computing this entry found; empty if it is as it was written."""

    @property
    def hash(self) -> str:
        """In hex."""
        return bytes(self.entry.hash).hex()

    @property
    def previous(self) -> str:
        """The hash of the entry before, in hex."""
        return bytes(self.entry.previous).hex()


@dataclass(frozen=True)
class Sealed:
    """Under which seal the matter stands, up to which entry, and whether that re-computes."""

    number: int
    at: datetime
    seq: int
    root: str
    holds: bool


@dataclass(frozen=True)
class Log:
    """文字日志 — the whole journal of one matter, re-computed this moment."""

    told: list[Told]
    elsewhere: list[str]
    """Findings that belong to no entry that is still there: what was removed."""
    sealed: Sealed | None
    unsealed: int
    """How many entries are newer than the seal."""

    @property
    def broken(self) -> list[tuple[int, str]]:
        """Every finding about the chain: the entry it stands at (0: an entry that is gone) and the sentence."""
        gone = [(0, sentence) for sentence in self.elsewhere]
        return gone + [(each.entry.seq, sentence) for each in self.told for sentence in each.wrong]

    @property
    def altered(self) -> list[int]:
        """Entries whose words kept beside the journal are no longer those that were said."""
        return [each.entry.seq for each in self.told if any(detail.wrong for detail in each.details)]


def log(matter: Matter) -> Log:
    """Read, re-compute and tell. An entry that was tampered with is told as far as it can be read."""
    entries = queries.entries_of(matter)
    wrong: dict[int, list[str]] = {}
    for finding in verification.findings(matter.subject):
        wrong.setdefault(finding.seq, []).append(
            _("第%(n)s条：%(what)s") % {"n": finding.seq, "what": _in_words(finding.sentence)}
        )
    teller = _Teller(matter, entries)
    told = [teller.tell(entry, wrong.pop(entry.seq, [])) for entry in entries]
    proof = seals.proof(matter.subject)
    sealed = None
    if proof is not None:
        holds = proof.holds and seals.seal_hash(proof.seal) == bytes(proof.seal.hash)
        root = bytes(proof.seal.root).hex()
        sealed = Sealed(proof.seal.number, proof.seal.sealed_at, proof.head.seq, root, holds)
    newer = sum(entry.seq > sealed.seq for entry in entries) if sealed else len(entries)
    return Log(told, [sentence for seq in sorted(wrong) for sentence in wrong[seq]], sealed, newer)


def _in_words(sentence: str) -> str:
    """A finding names facts as machines do; an auditor knows them by their words."""
    for name, title in FACTS.items():
        sentence = sentence.replace(name, str(title))
    return sentence


def who(author: Author) -> str:
    """People by office and post; residents never by name."""
    if author.kind == "staff":
        return " ".join(part for part in (author.office, title_words(author.post), author.name) if part)
    if author.kind == "resident":
        return _("居民")
    machine = MACHINES.get(author.post)
    return _("系统（%(what)s）") % {"what": machine or author.post or author.office} if author.post else _("系统")


class _Teller:
    """What is needed to tell all entries of one matter, read once."""

    def __init__(self, matter: Matter, entries: Iterable[Entry]) -> None:
        self.matter = matter
        self.facts = {entry.seq: _fact(entry) for entry in entries}
        handlers = {getattr(fact, name, None) for fact in self.facts.values() if fact is not None for name in BODIES}
        self.bodies = Body.objects.in_bulk([each for each in handlers if isinstance(each, int)])
        self.cleared = Clearing.objects.filter(matter=matter).exists()
        self.remarks = {row.seq: row.text for row in Remark.objects.filter(matter=matter)}

    def tell(self, entry: Entry, wrong: list[str]) -> Told:
        """One entry."""
        fact = self.facts[entry.seq]
        try:
            author = who(Author.from_json(entry.author))
        except (ValueError, KeyError, TypeError):
            author = entry.author
        if fact is None:
            return Told(entry, entry.fact, author, [Detail(_("内容"), entry.payload)], wrong)
        details: list[Detail] = []
        placed = False
        for each in fields(fact):
            value = getattr(fact, each.name)
            if each.name in PLACE:
                if not placed:
                    details.append(Detail(FIELDS["place"], self._place(fact)))
                placed = True
            elif not (each.name == "number" and value == self.matter.number) and value is not None and value != "":
                details.append(self._detail(entry, each.name, value))
        return Told(entry, FACTS.get(entry.fact, entry.fact), author, details, wrong)

    def _detail(self, entry: Entry, name: str, value: Any) -> Detail:
        label = FIELDS.get(name, name)
        try:
            if name == "words":
                return self._words(entry, label, value)
            if name == "rule":
                cited = queries.cited(value)
                return Detail(label, cited.title, cited.url)
            if name in BODIES and value is not None:
                body = self.bodies.get(value)
                return Detail(label, body.name if body else _("%(n)s 号单位") % {"n": value})
            if name == "reason" or (name == "outcome" and entry.fact in REASONS):
                return Detail(label, _named(REASONS[entry.fact], value))
            return Detail(label, SAYINGS[name](value) if name in SAYINGS else str(value))
        except Exception:  # noqa: BLE001  What was tampered with may hold anything; it is shown, whatever it is.
            return Detail(label, str(value))

    def _words(self, entry: Entry, label: Shown, digest: str) -> Detail:
        """What was said, if it still is what was said."""
        registered = entry.fact in {"matters.MatterRegistered", "matters.MatterParted"}
        said = self.matter.text if registered else self.remarks.get(entry.seq, "")
        if not said:
            return Detail(label, _("已不在库里；日志里只有它的指纹 %(digest)s。") % {"digest": digest[:12]})
        if words.digest(self.matter.subject, said) == digest:
            return Detail(label, f"“{said}”", note=_("与日志里的指纹相符"))
        if self.cleared:
            return Detail(label, f"“{said}”", note=_("其中的个人信息已按期清除；日志里的指纹是原话的"))
        return Detail(label, f"“{said}”", note=_("与日志里的指纹不符"), wrong=True)

    def _place(self, fact: Fact) -> str:
        names = []
        for name in PLACE:
            number = getattr(fact, name)
            if number is None:
                continue
            try:
                names.append(territory.area(number).name)
            except (LookupError, TypeError):
                names.append(_("%(n)s 号区域") % {"n": number})
        return " ".join(names) or _("不详")


def _fact(entry: Entry) -> Fact | None:
    """The fact, or None if it cannot be read any more."""
    try:
        return fact_named(entry.fact).from_payload(json.loads(entry.payload))
    except (LookupError, ValueError, TypeError, AttributeError):
        return None


# --- How single values are said -------------------------------------------------------------------------------------
def _named(schema: type[RuleList[Any]], code: str) -> str:
    found = rulebook.current(schema).list.find(code)
    return rulebook.label(found) if found else code


def _moment(value: datetime) -> str:
    return f"{value.astimezone(clock.CITY):%Y-%m-%d %H:%M}"


def _yes_no(value: bool) -> str:
    return _("是") if value else _("否")


def _risk(value: int) -> str:
    found = next((each for each in rulebook.current(rules.Risks).list.items if each.rank == value), None)
    return rulebook.label(found) if found else str(value)


def _rating(value: int) -> str:
    found = next((each for each in rulebook.current(rules.Ratings).list.items if each.score == value), None)
    return _("%(name)s（%(n)s 分）") % {"name": rulebook.label(found), "n": value} if found else str(value)


HEARD: dict[str, Shown] = {
    "add": gettext_lazy("补充了"),
    "solved": gettext_lazy("解决了"),
    "withdraw": gettext_lazy("撤回了"),
}
"""What the reporter of a merged matter said, in MatterHeardAlong."""
SAYINGS: dict[str, Callable[[Any], str]] = {
    "channel": lambda value: str(Channel(value).label),
    "category": lambda value: _named(rules.Categories, value),
    "risk": _risk,
    "level": level_words,
    "from_level": level_words,
    "to_level": level_words,
    "solved_level": level_words,
    "due_at": _moment,
    "answer_by": _moment,
    "accept_by": _moment,
    "rate_by": _moment,
    "public": lambda value: _("看得到这件事（不含是谁说的）") if value else _("看不到"),
    "outcome": lambda value: _named(rules.Outcomes, value),
    "decide_by": _moment,
    "confirm_by": _moment,
    "look_by": _moment,
    "contact_by": _moment,
    "said_at": _moment,
    "emergency": _yes_no,
    "always": _yes_no,
    "rightly": _yes_no,
    "reached": _yes_no,
    "area": lambda value: territory.area(value).name,
    "asked_by": lambda value: str(SecondLook.Asker(value).label),
    "means": lambda value: str(Means(value).label),
    "proposer": lambda value: Person.objects.get(pk=value).name,
    "owner": lambda value: Person.objects.get(pk=value).name,
    "upheld": _yes_no,
    "proposed": _yes_no,
    "differs": lambda value: _named(rules.DifferReasons, value),
    "in_time": _yes_no,
    "parts": lambda value: _("、").join(value),
    "bodies": lambda value: _("、").join(each.name for each in Body.objects.filter(pk__in=value).order_by("id")),
    "body_names": lambda value: _("、").join(value),
    "advise_by": _moment,
    "merged": lambda value: value if isinstance(value, str) else _("、").join(value),
    "merged_at": _moment,
    "reporters": lambda value: _("%(n)s 人") % {"n": value},
    "what": lambda value: str(HEARD.get(value, value)),
    "satisfaction": _rating,
    "times": lambda value: _("第 %(n)s 次") % {"n": value},
    "photos": lambda value: _("%(n)s 张") % {"n": value},
    "supporters": lambda value: _("%(n)s 人") % {"n": value},
    "provisional": _yes_no,
    "share": lambda value: _("%(n)s%%") % {"n": value},
    "grade": lambda value: _named(rules_supervision.MatterGrades, value),
    "skipped": lambda value: _("%(n)s 级") % {"n": value},
    "cards_cleared": lambda value: _("%(n)s 张") % {"n": value},
    "above": _yes_no,
    "tries": lambda value: _("第 %(n)s 次") % {"n": value},
    "contacted": _yes_no,
    "solved": _yes_no,
    "verdict": lambda value: _("第 %(n)s 条") % {"n": value},
    "reviewer": lambda value: Person.objects.get(pk=value).name,
    "for_resident": _yes_no,
    "relation": lambda value: _named(rules.Relations, value),
    "how": lambda value: _named(rules.Consents, value),
    "agreed_at": _moment,
    "field": lambda value: str(
        {"contact": _("称呼和电话"), "earlier": _("同一个人的别的诉求"), "copy": _("记着的全部")}.get(value, value)
    ),
    "kinds": lambda value: _("、").join(str(PART_WORDS.get(each, each)) for each in value),
    "masked": lambda value: _("%(n)s 处") % {"n": value},
}


# --- Identities that were looked at ---------------------------------------------------------------------------------
LOOKS_OF = timedelta(days=30)


@dataclass(frozen=True)
class Look:
    """Somebody looked at a resident's identity: when, from which post, what for, in which matter."""

    number: str
    at: datetime
    office: str
    purpose: str


def looks(actor: Actor, *, limit: int = 20) -> list[Look]:
    """The newest looks at identities in matters within the actor's reach, of the last thirty days."""
    kind = "matter:"
    own = queries.visible_to(actor).filter(number=OuterRef("number")).values("pk")
    rows = (
        Reveal.objects.filter(at__gte=clock.now() - LOOKS_OF, subject__startswith=kind)
        .annotate(number=Substr("subject", len(kind) + 1))
        .filter(Exists(own))
        .order_by("-at")
    )
    return [Look(row.number, row.at, row.office, row.purpose) for row in rows[:limit]]
