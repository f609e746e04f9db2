"""Whistles and tasks."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from linli.kernel.text import translatable
from linli.portals.openapi.shapes.pieces import BodyName, Code, Moment, NamedCode


class WhistleLine(BaseModel):
    """A whistle."""

    number: str = Field(description=translatable("编号"))
    state: str = Field(description=translatable("状态"))
    state_words: str = Field(description=translatable("状态的说法"))
    kind: NamedCode = Field(description=translatable("情形"))
    place: str = Field(description=translatable("地点"))
    caller: BodyName = Field(description=translatable("谁吹的"))
    sounded_at: Moment = Field(description=translatable("何时吹的"))


_WHISTLE: dict[str, Any] = {
    "number": "哨26-1123-001", "state": "sounded", "state_words": "已吹哨", "kind": {"code": "emergency", "name": "突发事件"},
    "place": "柳林街道 东门", "caller": {"id": 3, "name": "柳林街道综治中心"}, "sounded_at": "2026-11-23T09:10:00+08:00",
}  # fmt: skip


class Whistles(BaseModel):
    """The newest hundred."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_WHISTLE]}]})
    items: list[WhistleLine] = Field(description=translatable("新的在前，最多一百"))


class Called(BaseModel):
    """A called body."""

    body: BodyName = Field(description=translatable("单位"))
    acknowledge_by: Moment = Field(description=translatable("最晚何时回应"))
    arrive_by: Moment = Field(description=translatable("最晚何时到场"))
    acknowledged_at: Moment | None = Field(description=translatable("何时回应"))
    arrived_at: Moment | None = Field(description=translatable("何时到场"))
    minutes_late: int = Field(description=translatable("晚了几分钟"))
    action: str = Field(description=translatable("做了什么"))
    conclusion: str = Field(description=translatable("镇街给这个单位的结论"))
    score: int | None = Field(description=translatable("镇街评部门，1至5"))
    justified: bool | None = Field(description=translatable("部门评哨：该不该吹"))


class WhistleWhole(WhistleLine):
    """A whistle and whom it calls."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_WHISTLE, "version": 1, "what": "树倒了", "matters": [], "plan": "", "conclusion": "", "moves": ["acknowledge", "arrive"],
                    "called": [
                        {
                            "body": {"id": 7, "name": "柳林街道城管办"}, "acknowledge_by": "2026-11-23T09:40:00+08:00",
                            "arrive_by": "2026-11-23T10:10:00+08:00", "acknowledged_at": None, "arrived_at": None, "minutes_late": 0,
                            "action": "", "conclusion": "", "score": None, "justified": None,
                        }
                    ],
                }
            ]
        }
    )  # fmt: skip
    version: int = Field(description=translatable("版本"))
    what: str = Field(description=translatable("什么事"))
    called: list[Called] = Field(description=translatable("叫了哪些单位"))
    matters: list[str] = Field(description=translatable("相关诉求的编号"))
    plan: str = Field(description=translatable("议定的办法"))
    conclusion: str = Field(description=translatable("结论"))
    moves: list[str] = Field(description=translatable("这个令牌现在能做的动作，即 /whistles/{number}/… 的最后一段"))


class TaskLine(BaseModel):
    """A task."""

    number: str = Field(description=translatable("编号"))
    state: str = Field(description=translatable("状态"))
    state_words: str = Field(description=translatable("状态的说法"))
    group: NamedCode = Field(description=translatable("工作组"))
    content: str = Field(description=translatable("做什么"))
    owner: BodyName = Field(description=translatable("主办单位"))
    lead: BodyName = Field(description=translatable("牵头单位"))
    due_on: date = Field(description=translatable("哪天完成"))
    overdue: bool = Field(description=translatable("已逾期"))
    grade: int = Field(description=translatable("督办等级，0为没有"))


_TASK: dict[str, Any] = {
    "number": "任26-0012", "state": "doing", "state_words": "办理中", "group": {"code": "grid", "name": "网格工作组"}, "content": "清一遍占道经营",
    "owner": {"id": 7, "name": "柳林街道城管办"}, "lead": {"id": 2, "name": "区治理中心"}, "due_on": "2026-12-31", "overdue": False, "grade": 0,
}  # fmt: skip


class Tasks(BaseModel):
    """Tasks, the one due first at the top."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_TASK]}]})
    items: list[TaskLine] = Field(description=translatable("最多二百"))


class TaskWhole(TaskLine):
    """A task, whole."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_TASK, "version": 2, "given_at": "2026-11-20T09:00:00+08:00", "status_note": "办了一半", "evidence": "", "evidence_url": "",
                    "delay_wanted_on": None, "finished_at": None, "ended_at": None, "moves": ["report", "finish"],
                }
            ]
        }
    )  # fmt: skip
    version: int = Field(description=translatable("版本"))
    given_at: Moment = Field(description=translatable("布置时刻"))
    status_note: str = Field(description=translatable("最近一次报的进展"))
    evidence: str = Field(description=translatable("佐证说明"))
    evidence_url: str = Field(description=translatable("佐证的链接"))
    delay_wanted_on: date | None = Field(description=translatable("申请延到哪天"))
    finished_at: Moment | None = Field(description=translatable("报完成的时刻"))
    ended_at: Moment | None = Field(description=translatable("确认或取消的时刻"))
    moves: list[str] = Field(description=translatable("这个令牌现在能做的动作，即 /tasks/{number}/… 的最后一段"))


class WhistlesAsked(BaseModel):
    """Which whistles."""

    view: Literal["open", "judge", "all"] = Field(
        default="open", description=translatable("有人在等的、还没互评的、全部")
    )


class TasksAsked(BaseModel):
    """Which tasks."""

    view: Literal["open", "overdue", "finished", "done", "cancelled", "all"] = Field(
        default="open", description=translatable("哪些")
    )
    group: Code | None = Field(default=None, description=translatable("哪个工作组"))
