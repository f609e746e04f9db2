"""What is told of matters, and what is asked for and filed."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from linli.kernel.text import translatable
from linli.portals.openapi.shapes.pieces import (
    AreaCode,
    AreaName,
    BodyName,
    Cited,
    Code,
    Cursor,
    Moment,
    NamedCode,
    Number,
    Risk,
    Sent,
    example,
)
from linli.work.matters.queues import VIEWS
from linli.work.matters.words import LONGEST


class Asked(BaseModel):
    """What of the desk's list is asked for."""

    view: Literal[VIEWS] = Field(default="mine", description=translatable("哪个视图；mine 是等这个岗位办的"))  # type: ignore[valid-type]
    area: AreaCode | None = Field(default=None, description=translatable("只要这个区域及以下的"))
    category: Code | None = Field(default=None, description=translatable("只要这个类别的"))
    risk: Risk | None = Field(default=None, description=translatable("只要这个紧急程度的"))
    handler: Number | None = Field(default=None, description=translatable("只要这个单位负责的"))
    q: Annotated[str, StringConstraints(max_length=100)] = Field(
        default="", description=translatable("检索的词，两个字起也准")
    )
    order: Literal["due", "new", "moved"] | None = Field(
        default=None, description=translatable("先到期的、新来的、刚有变动的；视图没有的次序按它自己的次序")
    )
    after: Cursor | None = Field(default=None, description=translatable("上一页的 next"))


class MatterLine(BaseModel):
    """A line of the desk's list."""

    number: str = Field(description=translatable("编号"))
    title: str = Field(description=translatable("标题"))
    state: str = Field(description=translatable("状态"))
    state_words: str = Field(description=translatable("状态的说法"))
    category: NamedCode = Field(description=translatable("类别"))
    level: int = Field(description=translatable("现在在哪一级"))
    place: str = Field(description=translatable("地点"))
    handler: str = Field(description=translatable("负责单位的简称"))
    due_at: Moment = Field(description=translatable("最晚何时答复居民"))
    overdue: bool = Field(description=translatable("已过期限"))
    registered_at: Moment = Field(description=translatable("登记时刻"))
    moved_at: Moment = Field(description=translatable("最近变动的时刻"))


_LINE: dict[str, Any] = {
    "number": "滨26-1123-0032", "title": "小区门口的路灯坏了三天", "state": "triage", "state_words": "待派单",
    "category": {"code": "streetlight", "name": "路灯"}, "level": 3, "place": "柳林街道槐花社区", "handler": "柳林街道综治中心",
    "due_at": "2026-11-30T17:00:00+08:00", "overdue": False, "registered_at": "2026-11-23T08:02:00+08:00",
    "moved_at": "2026-11-23T09:10:00+08:00",
}  # fmt: skip


class MatterPage(BaseModel):
    """One page of the list."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [_LINE], "next": "1763859600.000000_4711"}]},
    )
    items: list[MatterLine] = Field(description=translatable("最多五十件"))
    next: str | None = Field(description=translatable("下一页的 after；没有下一页为空"))


class Count(BaseModel):
    """How many a view holds."""

    n: int = Field(description=translatable("几件"))
    exact: bool = Field(description=translatable("不准时表示至少这么多"))


class Counts(BaseModel):
    """How many each view holds."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"views": {"mine": {"n": 12, "exact": True}}}]})
    views: dict[str, Count] = Field(description=translatable("每个视图"))


class Filing(Sent):
    """代报 — what somebody said at a counter or on the telephone."""

    model_config = example(
        text="小区门口的路灯坏了三天，晚上看不见路",
        place_text="柳林街道槐花社区",
        channel="phone",
        name="赵阿姨",
        phone="13812345678",
    )
    text: Annotated[str, StringConstraints(min_length=2, max_length=LONGEST)] = Field(
        description=translatable("什么事，原话")
    )
    channel: Literal["phone", "counter", "grid"] = Field(default="phone", description=translatable("怎么来的"))
    place_text: Annotated[str, StringConstraints(max_length=120)] = Field(
        default="", description=translatable("在哪里，村或小区的名字")
    )
    area: AreaCode | None = Field(default=None, description=translatable("在哪个区域；写了就不猜"))
    lon: Annotated[float, Field(ge=-180, le=180, strict=True, allow_inf_nan=False)] | None = Field(
        default=None, description=translatable("经度 WGS 84，和纬度同时写")
    )
    lat: Annotated[float, Field(ge=-90, le=90, strict=True, allow_inf_nan=False)] | None = Field(
        default=None, description=translatable("纬度 WGS 84")
    )
    category: Code | None = Field(default=None, description=translatable("类别；不写由系统判断"))
    name: Annotated[str, StringConstraints(max_length=40)] = Field(
        default="", description=translatable("称呼；不写就不留")
    )
    phone: Annotated[str, StringConstraints(pattern=r"^$|^(1[0-9]{10}|0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?)$")] = (
        Field(default="", description=translatable("电话；不写就不留"))
    )


class Receipt(BaseModel):
    """What an act has brought about. No resident's words: it is kept to be given again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "number": "滨26-1123-0032", "version": 4, "state": "handling", "state_words": "办理中", "level": 3,
                    "handler": {"id": 7, "name": "柳林街道城管办"}, "due_at": "2026-11-30T17:00:00+08:00",
                }
            ]
        }
    )  # fmt: skip
    number: str = Field(description=translatable("编号"))
    version: int = Field(description=translatable("版本，也是日志的条数"))
    state: str = Field(description=translatable("状态"))
    state_words: str = Field(description=translatable("状态的说法"))
    level: int = Field(description=translatable("现在在哪一级"))
    handler: BodyName = Field(description=translatable("负责的单位"))
    due_at: Moment = Field(description=translatable("最晚何时答复居民"))


class Contact(BaseModel):
    """The reporter as the token may see them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"visibility": "named", "name": "赵**", "phone": "138****5678", "revealed": False}]
        }
    )
    visibility: str = Field(
        json_schema_extra={"enum": ["named", "pseudonym", "anonymous"]},
        description=translatable("留名、只留电话、不留"),
    )
    name: str = Field(description=translatable("称呼"))
    phone: str = Field(description=translatable("电话"))
    revealed: bool = Field(description=translatable("是不是原样；不是就遮住了中间"))


class PhotoInfo(BaseModel):
    """A photo."""

    key: str = Field(description=translatable("照片的名字"))
    width: int = Field(description=translatable("宽"))
    height: int = Field(description=translatable("高"))
    bytes: int = Field(description=translatable("字节数"))
    at: Moment = Field(description=translatable("何时"))
    by_resident: bool = Field(description=translatable("居民所传"))


class Photos(BaseModel):
    """The photos of a matter."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"items": [{"key": "6f1c", "width": 1600, "height": 1200, "bytes": 214000, "at": "2026-11-23T08:02:00+08:00", "by_resident": True}]}
            ]
        }
    )  # fmt: skip
    items: list[PhotoInfo] = Field(description=translatable("按先后"))


class Pending(BaseModel):
    """What is being decided, or waited for, while the clock stands still."""

    kind: Literal["objection", "extension", "carried"] = Field(description=translatable("职责异议、延期、挂账"))
    reason: str = Field(description=translatable("理由代码；延期没有"))
    days: int | None = Field(default=None, description=translatable("申请延几个工作日"))
    believed: BodyName | None = Field(default=None, description=translatable("认为应属哪个单位"))
    review_on: date | None = Field(default=None, description=translatable("哪天再看"))


class MatterWhole(BaseModel):
    """A matter as its page shows it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_LINE, "handler": {"id": 7, "name": "柳林街道综治中心"}, "version": 3, "text": "小区门口的路灯坏了三天，晚上看不见路",
                    "risk": 1, "channel": "phone", "is_public": True, "is_report": False,
                    "areas": [{"code": "990001001001", "name": "槐花社区", "level": 4}], "lon": 118.005, "lat": 37.405,
                    "level_words": "乡镇街道", "due_rule": {"rule": "matters/limits v1 #streetlight", "title": "办理期限（第1版）", "url": "/rules/matters/limits/v1/#streetlight", "assumed": ""},
                    "due_provisional": False, "answered_at": None, "ended_at": None, "outcome": None, "reply": "",
                    "settled_on_spot": False, "solved": None, "satisfaction": None, "reopened": 0, "redone": 0, "supporters": 2,
                    "contact": {"visibility": "named", "name": "赵**", "phone": "138****5678", "revealed": False}, "photos": [],
                    "pending": None, "moves": ["assign", "add"],
                }
            ]
        }
    )  # fmt: skip
    number: str = Field(description=translatable("编号"))
    version: int = Field(description=translatable("版本；写在 If-Match 里就不会盖掉别人的"))
    title: str = Field(description=translatable("标题"))
    text: str = Field(description=translatable("居民的原话"))
    state: str = Field(description=translatable("状态"))
    state_words: str = Field(description=translatable("状态的说法"))
    category: NamedCode = Field(description=translatable("类别"))
    risk: int = Field(description=translatable("紧急程度，0至3"))
    channel: str = Field(description=translatable("怎么来的"))
    is_public: bool = Field(description=translatable("附近的人能看到（不含是谁说的）"))
    is_report: bool = Field(description=translatable("举报"))
    place: str = Field(description=translatable("地点"))
    areas: list[AreaName] = Field(description=translatable("所在区域，从小到大"))
    lon: float | None = Field(description=translatable("经度"))
    lat: float | None = Field(description=translatable("纬度"))
    level: int = Field(description=translatable("现在在哪一级"))
    level_words: str = Field(description=translatable("哪一级的说法"))
    handler: BodyName = Field(description=translatable("负责的单位"))
    registered_at: Moment = Field(description=translatable("登记时刻"))
    due_at: Moment = Field(description=translatable("最晚何时答复居民"))
    due_rule: Cited = Field(description=translatable("期限的依据"))
    due_provisional: bool = Field(description=translatable("期限暂定：跨入还没有公布放假安排的年份"))
    overdue: bool = Field(description=translatable("已过期限"))
    moved_at: Moment = Field(description=translatable("最近变动的时刻"))
    answered_at: Moment | None = Field(description=translatable("最近一次答复的时刻"))
    ended_at: Moment | None = Field(description=translatable("办结或撤回的时刻"))
    outcome: NamedCode | None = Field(description=translatable("办理结果"))
    reply: str = Field(description=translatable("给居民的答复"))
    settled_on_spot: bool = Field(description=translatable("当场解决"))
    solved: bool | None = Field(description=translatable("居民说解决了吗"))
    satisfaction: int | None = Field(description=translatable("满意度，1至5"))
    reopened: int = Field(description=translatable("居民说没解决几次"))
    redone: int = Field(description=translatable("核实退回几次"))
    supporters: int = Field(description=translatable("附议人数"))
    contact: Contact = Field(description=translatable("反映人，中间遮住"))
    photos: list[PhotoInfo] = Field(description=translatable("照片"))
    pending: Pending | None = Field(description=translatable("在等谁定什么"))
    moves: list[str] = Field(description=translatable("这个令牌现在能做的动作，即 /matters/{number}/… 的最后一段"))


class Entry(BaseModel):
    """One entry of a journal."""

    seq: int = Field(description=translatable("第几条"))
    at: Moment = Field(description=translatable("何时"))
    move: str = Field(description=translatable("动作"))
    label: str = Field(description=translatable("动作的名称"))
    fact: str = Field(description=translatable("事实的名称"))
    by: str = Field(
        json_schema_extra={"enum": ["staff", "resident", "system"]}, description=translatable("工作人员、居民、系统")
    )
    who: str = Field(description=translatable("哪个单位哪个岗位的谁；居民不具名"))
    said: str = Field(description=translatable("当时说的话"))
    rule: str | None = Field(description=translatable("依据的规则"))


class Journal(BaseModel):
    """The journal of one matter."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "number": "滨26-1123-0032",
                    "entries": [
                        {
                            "seq": 1, "at": "2026-11-23T08:02:00+08:00", "move": "register", "label": "登记", "fact": "matters.MatterRegistered",
                            "by": "resident", "who": "居民", "said": "", "rule": "matters/limits v1 #streetlight",
                        }
                    ],
                }
            ]
        }
    )  # fmt: skip
    number: str = Field(description=translatable("编号"))
    entries: list[Entry] = Field(description=translatable("按先后"))


class Choice(BaseModel):
    """A body that may be chosen."""

    id: int = Field(description=translatable("单位的序号"))
    name: str = Field(description=translatable("全称"))
    short_name: str = Field(description=translatable("简称"))
    level: int = Field(description=translatable("哪一级的"))
    phone: str = Field(description=translatable("办公电话"))


class Proposal(BaseModel):
    """派给谁 — whom linli proposes, by which line, and whom one may choose instead."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "body": {"id": 7, "name": "柳林街道城管办"}, "share": 0.92, "rule": "matters/routing v1 #streetlight", "reasons": ["路灯"],
                    "bodies": [{"id": 7, "name": "柳林街道城市管理办公室", "short_name": "柳林街道城管办", "level": 3, "phone": "0543-0000301"}],
                }
            ]
        }
    )  # fmt: skip
    body: BodyName | None = Field(description=translatable("建议派给谁；没有就由人定"))
    share: float = Field(description=translatable("把握，0至1"))
    rule: str = Field(description=translatable("依据的规则"))
    reasons: list[str] = Field(description=translatable("因为哪些词"))
    bodies: list[Choice] = Field(description=translatable("可以另选的单位；另选要写 differs"))
