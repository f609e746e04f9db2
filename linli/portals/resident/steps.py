"""像快递一样 — a matter's journal as the steps a resident reads, and what is still to come."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linli.facts.matters import MatterSpokenFor
from linli.kernel import clock
from linli.kernel.rules import RuleRef
from linli.mechanisms.rulebook import label, reason
from linli.mechanisms.rulebook import queries as rulebook
from linli.mechanisms.territory.words import level_words
from linli.work.matters.flow import ENDED, PAUSED, State
from linli.work.matters.followups import reason_name
from linli.work.matters.queries import Happened
from linli.work.matters.rules import MatterGrades

if TYPE_CHECKING:
    from linli.work.matters.models import Matter, Photo

Step = dict[str, Any]
SILENT = {
    "remind", "note", "remind_contact", "sample", "find_right", "find_wrong_late", "hear_along", "ask_approval", "reject",
    "refuse_off_list", "advise", "remind_to_decide", "part", "verify_part", "withdraw_part", "mask", "hold", "release",
}  # fmt: skip
"""Between officials, or from another reporter; nothing a resident would do anything with."""


def steps_of(matter: "Matter", story: Sequence[Happened], photos: "Sequence[Photo]", photo_url: Any) -> list[Step]:
    """Newest last, then what is still to come."""
    shown: list[Step] = []
    for line in story:
        if line.move in SILENT:
            continue
        if line.move == "support" and shown and shown[-1].get("kind") == "support":
            shown.pop()  # A street that joins in is one line, not thirty.
        shown.append(_step(line) | _photos(line, photos, photo_url))
    return shown + _to_come(matter)


def rule_of(cited: str, part: str = "") -> dict[str, str]:
    """A rule as a page cites it: its name, its address, and why it (of a line of limits, the one used) is only assumed."""
    try:
        ref, code = RuleRef.parse(cited)
        held = rulebook.edition(ref).list
        item = held.find(code)
    except (ValueError, LookupError):
        return {"name": cited, "url": "", "assumed": ""}
    return {"name": label(held), "url": ref.url(code), "assumed": reason(held, item, part)}


def tone_of(state: str, *, overdue: bool = False) -> str:
    """Colour and shape of a state."""
    if overdue:
        return "overdue"
    return {
        State.TRIAGE: "waiting",
        State.OBJECTED: "carried",
        State.EXTENDING: "carried",
        State.CARRIED: "carried",
        State.EXCLUDING: "carried",
        State.SECOND_LOOK: "carried",
        State.EXCLUDED: "refused",
        State.VERIFIED: "hand",
        State.CLOSED: "done",
        State.WITHDRAWN: "refused",
        State.MERGED: "hand",
        State.SPLIT: "hand",
    }.get(State(state), "hand")


def word_of(state: str, *, overdue: bool = False) -> str:
    """A state in a word a resident would use."""
    word = {
        State.WITH_GRID: _("网格员在看"),
        State.TRIAGE: _("正在安排"),
        State.ASSIGNED: _("已经转交"),
        State.OBJECTED: _("正在确认由谁办"),
        State.HANDLING: _("办理中"),
        State.EXTENDING: _("办理中，在申请延期"),
        State.CARRIED: _("现在办不了，先挂着"),
        State.ANSWERED: _("已答复"),
        State.VERIFIED: _("等您评价"),
        State.CLOSED: _("已办结"),
        State.WITHDRAWN: _("已撤回"),
        State.EXCLUDING: _("有人认为不归这里办，等另一个人看"),
        State.EXCLUDED: _("不归这里办"),
        State.SECOND_LOOK: _("请上一级再看"),
        State.MERGED: _("和别的一件一起办"),
        State.SPLIT: _("几家分头在办"),
    }[State(state)]
    return _("已超期，%(word)s") % {"word": word} if overdue else word


def _step(line: Happened) -> Step:
    step: Step = {"tone": "done", "word": line.label, "at": line.at, "note": line.said, "kind": line.move}
    if line.by == "staff":
        step["who"] = line.who
    if isinstance(line.fact, MatterSpokenFor):
        step["word"] = _("代为反映，本人同意")
    elif line.by == "neighbour" and line.move in _OF_OTHERS:
        step["word"] = str(_OF_OTHERS[line.move])
    elif line.move in _WORDS:
        step["word"] = _WORDS[line.move](line.fact)
    if line.move.startswith(("redo", "reopen")) or line.move in {
        "withdraw", "withdraw_part", "exclude", "uphold_exclusion",
    }:  # fmt: skip
        step["tone"] = "refused"
    if line.move in {"mark_overdue", "mark_uncontacted", "escalate", "press"}:
        step["tone"] = "overdue"
    if line.move == "assign":
        rule = rule_of(line.fact.rule)
        step |= {"basis": rule["name"], "basis_url": rule["url"]}
    return step


def _neighbours(n: int) -> str:
    return ngettext("%(n)s 位邻居说“也是这件事”", "%(n)s 位邻居说“也是这件事”", n) % {"n": n}


def _contacted(fact: Any) -> str:
    if fact.means == "message":
        return _("承办单位给您留言")
    if not fact.reached:
        return _("打电话没有打通") if fact.means == "phone" else _("上门没有遇到人")
    return _("打电话联系了您") if fact.means == "phone" else _("上门见了您")


def _day(value: date | datetime) -> str:
    day = value.astimezone(clock.CITY).date() if isinstance(value, datetime) else value
    return str(date_format(day, "MONTH_DAY_FORMAT"))


def _pressed(fact: Any) -> str:
    grade = rulebook.current(MatterGrades).list.find(fact.grade)
    return label(grade, "told") if grade else _("上级已督办")


def _reopened(fact: Any) -> str:
    if fact.above and fact.merged:
        return _("另一位反映人说还没解决，报到%(level)s一级接着办") % {"level": level_words(fact.level)}
    if fact.merged:
        return _("另一位反映人说没解决，重新办")
    if fact.above:
        return _("您说还没解决，报到%(level)s一级接着办") % {"level": level_words(fact.level)}
    return _("您在电话里说没解决，重新办") if fact.channel == "phone" else _("您说没解决，重新办")


def _visited(fact: Any) -> str:
    if fact.reached:
        return _("给您打了回访电话")
    return _("给您打了回访电话，没有打通，或者您不方便说")


def _decided(fact: Any) -> str:
    reason = reason_name(fact.reason)
    if fact.upheld:
        return _("上一级认为申诉成立（%(reason)s）：您的评价照样留着，只是不计入统计") % {"reason": reason}
    return _("上一级认为申诉不成立：您的评价照样算")


_WORDS: dict[str, Callable[[Any], str]] = {
    "register": lambda _fact: _("收到了"),
    "register_for_triage": lambda _fact: _("收到了"),
    "settle": lambda _fact: _("网格员当场处理了"),
    "raise_up": lambda fact: _("往上报到%(level)s一级") % {"level": level_words(fact.to_level)},
    "assign": lambda fact: _("转给%(body)s") % {"body": fact.handler_name},
    "object": lambda _fact: _("接到的单位认为该由别的单位办，请上一级定"),
    "rule": lambda fact: _("上一级定了：由%(body)s办") % {"body": fact.handler_name},
    "uphold": lambda fact: _("上一级定了：改由%(body)s办") % {"body": fact.handler_name},
    "uphold_for_triage": lambda _fact: _("上一级定了：重新安排由谁办"),
    "mark_unruled": lambda _fact: _("由谁办还没有定，已催上一级"),
    "accept": lambda _fact: _("已经接下，开始办"),
    "ask_extension": lambda fact: _("承办单位申请延期 %(n)s 个工作日") % {"n": fact.days},
    "extend": lambda fact: _("同意延期，改为最晚%(day)s答复") % {"day": _day(fact.answer_by)},
    "refuse_extension": lambda _fact: _("没有同意延期，按原来的期限办"),
    "carry": lambda fact: _("现在办不了，%(day)s再看") % {"day": _day(fact.review_on)},
    "review": lambda fact: _("看过了，还办不了，%(day)s再看") % {"day": _day(fact.review_on)},
    "mark_unreviewed": lambda _fact: _("到了日子还没有再看，已催"),
    "take_back": lambda _fact: _("现在能办了，接着办"),
    "answer": lambda _fact: _("答复您"),
    "verify": lambda _fact: _("另一个人核实过了"),
    "redo": lambda _fact: _("核实没有通过，退回重办"),
    "redo_for_triage": lambda _fact: _("核实没有通过，退回重办"),
    "rate": lambda fact: _("您说解决了，打了 %(n)s 分") % {"n": fact.satisfaction},
    "reopen": _reopened,
    "reopen_for_triage": _reopened,
    "visit": _visited,
    "rate_by_phone": lambda fact: _("您在电话里说解决了，打了 %(n)s 分") % {"n": fact.satisfaction},
    "reopen_by_phone": _reopened,
    "reopen_by_phone_for_triage": _reopened,
    "press": _pressed,
    "withdraw_card": lambda _fact: _("上级撤回了一次督办"),
    "respond": lambda _fact: _("承办单位回复了上级的督办"),
    "escalate": lambda fact: _("过了期限还没有答复，已告诉%(level)s一级") % {"level": level_words(fact.level)},
    "appeal": lambda fact: (
        _("承办单位认为您的评价不该算（%(reason)s），请上一级审；审出来以前照样算")
        % {"reason": reason_name(fact.reason)}
    ),
    "decide_appeal": _decided,
    "mark_undecided": lambda fact: (
        _("申诉还没有审，已催上一级；您的评价照样算") if fact.what == "appeal" else _("还没有定由谁办，已催上一级")
    ),
    "lapse": lambda _fact: _("没有等到您的评价，先办结了"),
    "withdraw": lambda _fact: _("您撤回了"),
    "propose_exclusion": lambda _fact: _("有人认为不归这里办，等另一个人确认；确认以前期限停着"),
    "exclude": lambda _fact: _("另一个人确认：不归这里办"),
    "keep": lambda _fact: _("另一个人看过：归这里办，接着安排"),
    "ask_second_look": lambda _fact: _("您请上一级再看一次"),
    "uphold_exclusion": lambda _fact: _("上一级看过：还是不归这里办"),
    "overturn_exclusion": lambda fact: _("上一级看过：该办，最晚%(day)s答复") % {"day": _day(fact.answer_by)},
    "find_wrong": lambda _fact: _("监督员抽查：这件事该办，已请上一级再看"),
    "mark_unconfirmed": lambda _fact: _("还没有人确认，已催上一级；没有人确认，就不算不受理"),
    "mark_unlooked": lambda _fact: _("上一级还没有看，已催"),
    "contact": _contacted,
    "mark_uncontacted": lambda _fact: _("过了时限还没有联系上您"),
    "urge": lambda fact: (
        str(_OF_OTHERS["urge"])
        if fact.merged
        else _("您催了第 %(n)s 次，已转告%(body)s经办的人和负责人") % {"n": fact.times, "body": fact.handler_name}
    ),
    "add": lambda _fact: _("您补充了"),
    "support": lambda fact: _neighbours(fact.supporters),
    "attach": lambda _fact: _("给您放了一个附件"),
    "reveal": lambda _fact: _("查看了您的联系方式"),
    "disclose": lambda _fact: _("核对身份以后，把记着您的告诉了您"),
    "correct": lambda _fact: _("您更正了联系方式"),
    "erase": lambda _fact: _("按您的要求删除了个人信息"),
    "clear": lambda _fact: _("保存期限到了，个人信息已清除"),
    "mark_overdue": lambda _fact: _("过了答复期限，还没有答复"),
    "recount": lambda _fact: _("放假安排公布了，期限重新算过"),
    "split": lambda fact: _("分成 %(n)s 部分，由几家分头办") % {"n": len(fact.parts)},
    "put_together": lambda fact: (
        _("几家都办完了，合在一起答复您") if hasattr(fact, "outcome") else _("每一部分都有另一个人核实过")
    ),
    "keep_up": lambda fact: _("有一部分的期限变了，改为最晚%(day)s答复") % {"day": _day(fact.answer_by)},
    "approve": lambda fact: _("转给%(body)s") % {"body": fact.body_name},
    "ask_help": lambda fact: _("请%(bodies)s一起帮着办") % {"bodies": _("、").join(fact.body_names)},
    "merge": lambda _fact: _("和邻居说的是同一件，并在一起办"),
    "go_along": lambda _fact: _("和更多邻居说的是同一件，并在一起办"),
    "unmerge": lambda _fact: _("改为单独办"),
    "unmerge_to_grid": lambda _fact: _("改为单独办"),
    "unmerge_to_triage": lambda _fact: _("改为单独办"),
    "unmerge_to_assigned": lambda _fact: _("改为单独办"),
    "unmerge_to_carried": lambda _fact: _("改为单独办"),
    "take_in": lambda fact: _("邻居也说了这件事，并在一起办，共 %(n)s 位反映人") % {"n": fact.reporters},
    "let_go": lambda fact: _("有一件分出去单独办，还有 %(n)s 位反映人") % {"n": fact.reporters},
    "urge_along": lambda fact: (
        _("您催了第 %(n)s 次，已转告%(body)s经办的人和负责人") % {"n": fact.times, "body": fact.handler_name}
    ),
    "visit_along": _visited,
    "rate_along_by_phone": lambda fact: _("您在电话里说解决了，打了 %(n)s 分") % {"n": fact.satisfaction},
    "reopen_along_by_phone": lambda _fact: _("您在电话里说没解决，重新办"),
    "rate_along": lambda fact: _("您说解决了，打了 %(n)s 分") % {"n": fact.satisfaction},
    "reopen_along": lambda _fact: _("您说没解决，重新办"),
}
"""Each move in words a resident would use; what stood before the eyes of officials is in flow.py."""


_OF_OTHERS: dict[str, Any] = {
    "add": gettext_lazy("另一位反映人补充了"),
    "urge": gettext_lazy("另一位反映人催了"),
    "rate": gettext_lazy("另一位反映人说解决了"),
    "reopen": gettext_lazy("另一位反映人说没解决，重新办"),
    "reopen_for_triage": gettext_lazy("另一位反映人说没解决，重新办"),
}
"""What the reporter of the main matter did, told to whom goes along: that it was, not in which words."""


def _to_come(matter: "Matter") -> list[Step]:
    """What happens next and what after that, without promising a day nobody promised."""
    working = {
        State.WITH_GRID: _("网格员在看，能当场解决就当场解决"),
        State.TRIAGE: _("正在安排由谁来办"),
        State.ASSIGNED: _("等%(body)s接下") % {"body": matter.handler.short_name},
        State.OBJECTED: _("上一级在定由谁办"),
        State.HANDLING: _("%(body)s正在办") % {"body": matter.handler.short_name},
        State.EXTENDING: _("%(body)s申请了延期，等批") % {"body": matter.handler.short_name},
        State.CARRIED: _("%(body)s先挂着，到日子再看") % {"body": matter.handler.short_name},
        State.ANSWERED: _("等另一个人核实；您也可以现在就评价"),
        State.EXCLUDING: _("等另一个人看该不该办"),
        State.SECOND_LOOK: _("上一级在看该不该办"),
        State.SPLIT: _("几家分头在办，都办完了合在一起答复您"),
    }
    state = State(matter.state)
    if state in ENDED:
        return []
    if state == State.VERIFIED:
        return [{"tone": "hand", "word": _("等您评价")}]
    now: Step = {"tone": "overdue" if matter.overdue else "hand", "word": working[state]}
    if state in PAUSED:  # No day is promised while the clock stands still.
        return [now | {"tone": "carried"}, {"tone": "waiting", "word": _("答复您；期限现在停着，恢复后接着算")}]
    if matter.contact_by is not None and not matter.overdue:
        late = matter.contact_by < clock.now()
        called = {
            "tone": "overdue" if late else "waiting",
            "word": _("联系您"),
            "at_words": _by(matter.contact_by, late=late),
        }
        return [now, called, *_answer_and_rating(matter)]
    if state == State.ANSWERED:
        return [now]
    return [now, *_answer_and_rating(matter)]


def _answer_and_rating(matter: "Matter") -> list[Step]:
    return [
        {"tone": "waiting", "word": _("答复您"), "due": matter.due_at},
        {"tone": "waiting", "word": _("您来评价：解决了没有")},
    ]


def _by(moment: datetime, *, late: bool) -> str:
    local = moment.astimezone(clock.CITY)
    when = f"{_day(moment)} {local:%H:%M}"
    return _("本该 %(day)s") % {"day": when} if late else _("最晚 %(day)s") % {"day": when}


def _photos(line: Happened, photos: "Sequence[Photo]", photo_url: Any) -> Step:
    """Photos stand at the step they came with."""
    if line.move not in {"register", "register_for_triage", "add", "answer", "settle"}:
        return {}
    mine = [each for each in photos if abs(each.at - line.at) < timedelta(seconds=5)]
    return {
        "photos": [
            {
                "url": photo_url(each.key, small=True),
                "full": photo_url(each.key),
                "alt": _("照片 %(n)s") % {"n": number},
            }
            for number, each in enumerate(mine, start=1)
        ]
    }
