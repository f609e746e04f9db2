"""The lists beside the queue: whom to call, which appeals wait, what was excluded, what is asked of us, who wants deletion."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from linli.kernel.text import translatable
from linli.portals.openapi.shapes.beside import APPEAL, BRIEF, AppealInfo, Brief
from linli.portals.openapi.shapes.pieces import Cited, Code, Moment, Month, NamedCode, Said, Sent, example


class MonthAsked(BaseModel):
    """Which month."""

    month: Month | None = Field(default=None, description=translatable("哪个月，如 2026-11；不写是这个月"))


# --- 待回访 -----------------------------------------------------------------------------------------------------------
class ToCall(Brief):
    """A matter to be called about."""

    answered_at: Moment | None = Field(description=translatable("何时答复的"))
    call_at: Moment | None = Field(description=translatable("何时起该回访"))
    tries: int = Field(description=translatable("打过几次"))
    last: NamedCode | None = Field(description=translatable("上一次电话的结果"))


class Calls(BaseModel):
    """Whom to call now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"n": 1, "items": [{**BRIEF, "answered_at": "2026-11-11T10:00:00+08:00", "call_at": "2026-11-21T09:00:00+08:00", "tries": 0, "last": None}]}
            ]
        }
    )  # fmt: skip
    n: int = Field(description=translatable("一共几件，最多数到一千"))
    items: list[ToCall] = Field(description=translatable("等得最久的在前，最多五十件"))


# --- 评价申诉 ---------------------------------------------------------------------------------------------------------
class Appeals(BaseModel):
    """Those that wait for this post."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [APPEAL]}]})
    items: list[AppealInfo] = Field(description=translatable("等得最久的在前，最多五十件"))


class AwayOne(BaseModel):
    """A rating by which a matter went up, away from the body that had answered."""

    matter: str = Field(description=translatable("诉求的编号"))
    until: Moment = Field(description=translatable("最晚何时申诉"))
    open: bool = Field(description=translatable("现在还能申诉"))
    appeal: AppealInfo | None = Field(description=translatable("提过的申诉"))


class Away(BaseModel):
    """What this body may still appeal against though the matter is not with it any more."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"items": [{"matter": "滨26-1123-0032", "until": "2026-11-26T17:00:00+08:00", "open": True, "appeal": None}]}
            ]
        }
    )  # fmt: skip
    items: list[AwayOne] = Field(description=translatable("最晚的在前，最多五十件"))


class LeftOut(BaseModel):
    """One reason for which ratings were left out."""

    reason: NamedCode = Field(description=translatable("理由（lists/appeal_reasons）"))
    n: int = Field(description=translatable("几件"))
    appeals: list[AppealInfo] = Field(description=translatable("哪几件，谁审的"))


class Rated(BaseModel):
    """What a month's ratings come to, and what they leave out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"month": "2026-11", "dispatched": 40, "asked": 30, "answered": 22, "valid": 21, "solved": 18, "left_out": [{"reason": {"code": "impossible", "name": "客观上办不了"}, "n": 1, "appeals": [APPEAL]}]}
            ]
        }
    )  # fmt: skip
    month: str = Field(description=translatable("哪个月登记的"))
    dispatched: int = Field(description=translatable("派下去的"))
    asked: int = Field(description=translatable("其中：问过居民的"))
    answered: int = Field(description=translatable("其中：居民答了的"))
    valid: int = Field(description=translatable("其中：没有因申诉成立剔除的"))
    solved: int = Field(description=translatable("其中：说解决了的"))
    left_out: list[LeftOut] = Field(description=translatable("剔除的，按理由"))


# --- 不予受理 ---------------------------------------------------------------------------------------------------------
class ExcludedLine(BaseModel):
    """One ground, one office, or the whole month."""

    name: str = Field(description=translatable("哪一种情形，或者谁确认的"))
    waiting: int = Field(description=translatable("等确认"))
    confirmed: int = Field(description=translatable("确认的"))
    refused: int = Field(description=translatable("第二个人没有同意的"))
    asked: int = Field(description=translatable("居民请再看一次的"))
    overturned: int = Field(description=translatable("复核撤销的"))
    drawn: int = Field(description=translatable("抽中的"))
    judged: int = Field(description=translatable("看过的"))
    right: int = Field(description=translatable("其中不予受理得对的"))


class SampledOne(BaseModel):
    """One sampled exclusion."""

    number: str = Field(description=translatable("编号"))
    title: str = Field(description=translatable("标题"))
    reason: str = Field(description=translatable("哪一种情形"))
    office: str = Field(description=translatable("谁确认的"))
    always: bool = Field(description=translatable("说到危险，必看"))
    rightly: bool | None = Field(description=translatable("不予受理得对吗；空为还没有看"))


class DrawInfo(BaseModel):
    """How it was drawn: anybody can draw it again."""

    seed: str = Field(description=translatable("种子：月末以后第一张封条的总指纹"))
    seal: int | None = Field(description=translatable("第几张封条"))
    percent: int = Field(description=translatable("抽百分之几"))
    excluded: int = Field(description=translatable("当月不予受理几件"))
    rule: str = Field(description=translatable("份额的依据"))
    drawn_at: Moment = Field(description=translatable("何时抽的"))


_EXCLUDED: dict[str, Any] = {
    "name": "合计", "waiting": 1, "confirmed": 4, "refused": 0, "asked": 1, "overturned": 0, "drawn": 1, "judged": 1, "right": 1,
}  # fmt: skip


class ExclusionsOf(BaseModel):
    """不予受理 of one month."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "month": "2026-11", "total": _EXCLUDED, "grounds": [{**_EXCLUDED, "name": "已经起诉"}], "offices": [{**_EXCLUDED, "name": "柳林街道综治中心 调度员"}],
                    "draws": [{"seed": "9f2c", "seal": 12, "percent": 5, "excluded": 4, "rule": "matters/sampling v1 #general", "drawn_at": "2026-11-01T00:10:00+08:00"}],
                    "sampled": [{"number": "滨26-1123-0032", "title": "邻居借钱不还", "reason": "已经起诉", "office": "柳林街道综治中心 调度员", "always": False, "rightly": None}],
                }
            ]
        }
    )  # fmt: skip
    month: str = Field(description=translatable("哪个月确认的"))
    total: ExcludedLine = Field(description=translatable("合计"))
    grounds: list[ExcludedLine] = Field(description=translatable("按情形"))
    offices: list[ExcludedLine] = Field(description=translatable("按确认的人"))
    draws: list[DrawInfo] = Field(description=translatable("怎么抽的"))
    sampled: list[SampledOne] = Field(description=translatable("抽中的，没有看的在前，最多二百"))


# --- 请我们协办的 -------------------------------------------------------------------------------------------------------
class HelpingOne(Brief):
    """A matter this body is asked to support."""

    asked_at: Moment = Field(description=translatable("何时请的"))
    advise_by: Moment = Field(description=translatable("请何时前回话"))
    advised_at: Moment | None = Field(description=translatable("何时回的话；空为还没有"))


class HelpingList(BaseModel):
    """What this body is asked to support."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"items": [{**BRIEF, "asked_at": "2026-11-23T10:00:00+08:00", "advise_by": "2026-11-25T17:00:00+08:00", "advised_at": None}]}
            ]
        }
    )  # fmt: skip
    items: list[HelpingOne] = Field(description=translatable("没有回话的在前，最多五十件"))


# --- 删除申请 ---------------------------------------------------------------------------------------------------------
class ErasureLine(BaseModel):
    """A person asks that what is held of them be deleted."""

    number: str = Field(description=translatable("申请编号"))
    matter: str = Field(description=translatable("诉求的编号"))
    state: str = Field(description=translatable("状态"))
    state_words: str = Field(description=translatable("状态的说法"))
    scope: str = Field(json_schema_extra={"enum": ["contact", "all"]}, description=translatable("删联系方式，还是全部"))
    asked_at: Moment = Field(description=translatable("何时申请"))
    decide_by: Moment = Field(description=translatable("最晚何时答复"))
    overdue: bool = Field(description=translatable("逾期未定"))
    decided_at: Moment | None = Field(description=translatable("何时答复的"))


_ERASURE: dict[str, Any] = {
    "number": "滨26-1123-0032-删1", "matter": "滨26-1123-0032", "state": "asked", "state_words": "等答复", "scope": "contact",
    "asked_at": "2026-11-23T10:00:00+08:00", "decide_by": "2026-12-08T17:00:00+08:00", "overdue": False, "decided_at": None,
}  # fmt: skip


class Erasures(BaseModel):
    """Requests to delete."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_ERASURE]}]})
    items: list[ErasureLine] = Field(description=translatable("等答复的：最急的在前；答复过的：最近五十件"))


class ErasureWhole(ErasureLine):
    """One request, whole."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_ERASURE, "version": 1, "why": "事情办完了，不想留电话", "rule": {"rule": "matters/limits v1 #erase", "title": "办理期限（第1版）", "url": "/rules/matters/limits/v1/#erase", "assumed": ""},
                    "held_back": False, "reason": None, "said": "",
                }
            ]
        }
    )  # fmt: skip
    version: int = Field(description=translatable("版本"))
    why: str = Field(description=translatable("本人写的理由"))
    rule: Cited = Field(description=translatable("期限的依据"))
    held_back: bool = Field(description=translatable("这一件暂缓清除着，现在不能删"))
    reason: NamedCode | None = Field(description=translatable("不能删的情形"))
    said: str = Field(description=translatable("给本人的话"))


class ErasureReceipt(BaseModel):
    """What was decided. No words: it is kept to be given again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"number": "滨26-1123-0032-删1", "version": 2, "state": "granted", "state_words": "已删除"}]
        }
    )
    number: str = Field(description=translatable("申请编号"))
    version: int = Field(description=translatable("版本"))
    state: str = Field(description=translatable("状态"))
    state_words: str = Field(description=translatable("状态的说法"))


class ErasuresAsked(BaseModel):
    """Which requests."""

    view: Literal["waiting", "decided"] = Field(default="waiting", description=translatable("等答复的、最近答复的"))


class Grant(Sent):
    """同意删除."""

    model_config = example(said="已删除您的姓名和电话")
    said: Said = Field(default="", description=translatable("给本人的话"))


class RefuseErasure(Sent):
    """不能删除."""

    model_config = example(reason="open", said="这件事还在办，要靠这个电话联系您")
    reason: Code = Field(description=translatable("依法的情形（lists/erasure_refusals）"))
    said: Said = Field(description=translatable("给本人的话：哪一条、为什么"))
