"""理由和结果 — what an official or a resident chooses from when something is said."""

from typing import ClassVar, Literal

from linli.kernel.rules import RuleList
from linli.work.matters.rules.kinds import Numbered


class Objection(Numbered):
    """职责异议的理由 — most name the body whose duty it is believed to be."""

    names_body: bool = True


class Objections(RuleList[Objection]):
    """职责异议的理由."""

    key: ClassVar[str] = "lists/objections"


class Outcome(Numbered):
    """办理结果 — what came of it, and whether it may be counted as solved."""

    counts_as: Literal["solved", "neutral", "unsolved"]


class Outcomes(RuleList[Outcome]):
    """办理结果."""

    key: ClassVar[str] = "lists/outcome_reasons"


class RaiseReasons(RuleList[Numbered]):
    """上报的理由."""

    key: ClassVar[str] = "lists/raise_reasons"


class RedoReasons(RuleList[Numbered]):
    """退回重办的理由."""

    key: ClassVar[str] = "lists/redo_reasons"


class DifferReasons(RuleList[Numbered]):
    """不按系统建议派单的理由."""

    key: ClassVar[str] = "lists/differ_reasons"


class WithdrawReasons(RuleList[Numbered]):
    """撤回的理由."""

    key: ClassVar[str] = "lists/withdraw_reasons"


class ReopenReasons(RuleList[Numbered]):
    """没解决的理由."""

    key: ClassVar[str] = "lists/reopen_reasons"


class CarryReason(Numbered):
    """挂账的理由 — and after how many days at most it is looked at again."""

    days: int


class CarryReasons(RuleList[CarryReason]):
    """挂账的理由."""

    key: ClassVar[str] = "lists/carry_reasons"


class RevealReasons(RuleList[Numbered]):
    """查看诉求人身份的用途."""

    key: ClassVar[str] = "lists/reveal_reasons"


class Relations(RuleList[Numbered]):
    """代为反映的人是本人的什么人."""

    key: ClassVar[str] = "lists/relations"


class Consents(RuleList[Numbered]):
    """本人怎么同意别人代为反映的."""

    key: ClassVar[str] = "lists/consents"


class Rating(Numbered):
    """满意度 — one to five; one and two are bad."""

    score: Literal[1, 2, 3, 4, 5]
    bad: bool


class Ratings(RuleList[Rating]):
    """满意度."""

    key: ClassVar[str] = "lists/satisfaction"
