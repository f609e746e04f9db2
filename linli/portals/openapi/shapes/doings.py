"""What must be said at each step of a whistle and of a task."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from linli.kernel.text import translatable
from linli.portals.openapi.shapes.pieces import (
    AreaCode,
    BodyNumber,
    Code,
    Day,
    Grade,
    Instant,
    MatterNumber,
    Said,
    Sent,
    example,
)


# --- 吹哨 -------------------------------------------------------------------------------------------------------------
class CallTo(Sent):
    """A body to be called."""

    body: BodyNumber = Field(description=translatable("叫哪个单位"))
    arrive_by: Instant | None = Field(default=None, description=translatable("最晚何时到场；不写按规则"))


class Sound(Sent):
    """吹哨."""

    model_config = example(kind="emergency", called=[{"body": 7}], what="树倒了压住一辆车", place_text="东门")
    kind: Code = Field(description=translatable("情形代码（whistles/kinds）"))
    called: Annotated[list[CallTo], Field(min_length=1, max_length=20)] = Field(description=translatable("叫哪些单位"))
    what: Said = Field(description=translatable("什么事，被叫的单位才知道带什么人、什么工具来"))
    area: AreaCode | None = Field(default=None, description=translatable("在哪个区域；不写是镇街自己"))
    place_text: Annotated[str, StringConstraints(max_length=120)] = Field(
        default="", description=translatable("在哪里")
    )
    matters: Annotated[list[MatterNumber], Field(max_length=20)] = Field(
        default=[], description=translatable("相关诉求的编号")
    )


class Explain(Sent):
    """说明没到的原因."""

    model_config = example(reason="another-emergency", said="车都在北环路救援")
    reason: Code = Field(description=translatable("原因代码（whistles/absences）"))
    said: Said = Field(description=translatable("一句说明"))


class Report(Sent):
    """报告办理."""

    model_config = example(action="树已锯开，路通了")
    action: Said = Field(description=translatable("做了什么"))


class Agree(Sent):
    """议定办法."""

    model_config = example(plan="城管办锯树，交警疏导，一小时内做完")
    plan: Said = Field(description=translatable("谁做什么，什么时候做完"))


class ConclusionFor(Sent):
    """A sentence for one body."""

    body: BodyNumber = Field(description=translatable("哪个单位"))
    said: Said = Field(description=translatable("给它的一句结论"))


class Conclude(Sent):
    """办结."""

    model_config = example(conclusion="路通了，没有人受伤", bodies=[{"body": 7, "said": "二十分钟到场，处置得当"}])
    conclusion: Said = Field(description=translatable("结论"))
    bodies: Annotated[list[ConclusionFor], Field(min_length=1, max_length=20)] = Field(
        description=translatable("每个被叫的单位一句")
    )


class ScoreFor(Sent):
    """A rating of one body."""

    body: BodyNumber = Field(description=translatable("哪个单位"))
    score: Grade = Field(description=translatable("1至5分"))
    remark: Said = Field(default="", description=translatable("评分的话"))


class Rate(Sent):
    """评部门."""

    model_config = example(scores=[{"body": 7, "score": 5}])
    scores: Annotated[list[ScoreFor], Field(min_length=1, max_length=20)] = Field(
        description=translatable("每个被叫的单位")
    )


class Judge(Sent):
    """评哨."""

    model_config = example(justified=True)
    justified: StrictBool = Field(description=translatable("该吹吗"))
    reason: Code | None = Field(default=None, description=translatable("不该吹的理由代码（whistles/unjustified）"))
    said: Said = Field(default="", description=translatable("一句话"))


class WhistleReceipt(BaseModel):
    """What an act brought about. No words: it is kept to be given again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"number": "哨26-1123-001", "version": 2, "state": "sounded", "state_words": "已吹哨"}]
        }
    )
    number: str = Field(description=translatable("编号"))
    version: int = Field(description=translatable("版本"))
    state: str = Field(description=translatable("状态"))
    state_words: str = Field(description=translatable("状态的说法"))


# --- 任务 -------------------------------------------------------------------------------------------------------------
class Progress(Sent):
    """报进展."""

    model_config = example(note="沿街谈了一半")
    note: Said = Field(description=translatable("办到哪一步"))


class AskDelay(Sent):
    """申请任务延期."""

    model_config = example(until="2027-01-15", reason="连着下雪")
    until: Day = Field(description=translatable("延到哪天"))
    reason: Said = Field(description=translatable("为什么"))


class Finish(Sent):
    """报完成."""

    model_config = example(evidence="沿街38家都谈过，盲道已清")
    evidence: Said = Field(default="", description=translatable("佐证的一句说明"))
    evidence_url: Annotated[str, StringConstraints(max_length=300)] = Field(
        default="", description=translatable("佐证的链接；两样至少一样")
    )


class TaskReceipt(BaseModel):
    """What an act brought about."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"number": "任26-0012", "version": 2, "state": "doing", "state_words": "办理中", "due_on": "2026-12-31"}
            ]
        }
    )
    number: str = Field(description=translatable("编号"))
    version: int = Field(description=translatable("版本"))
    state: str = Field(description=translatable("状态"))
    state_words: str = Field(description=translatable("状态的说法"))
    due_on: Day = Field(description=translatable("哪天完成"))
