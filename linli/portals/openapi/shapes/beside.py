"""What stands beside a matter: documents, other matters, supervision, calls, appeals, personal data, the log."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from linli.kernel.text import translatable
from linli.portals.openapi.shapes.matters import Contact
from linli.portals.openapi.shapes.pieces import BodyName, Cited, Metres, Moment, NamedCode, Sent, example


class Brief(BaseModel):
    """Another matter, in short."""

    number: str = Field(description=translatable("编号"))
    title: str = Field(description=translatable("标题"))
    state: str = Field(description=translatable("状态"))
    state_words: str = Field(description=translatable("状态的说法"))
    category: NamedCode = Field(description=translatable("类别"))
    place: str = Field(description=translatable("地点"))
    handler: BodyName = Field(description=translatable("负责的单位"))
    registered_at: Moment = Field(description=translatable("登记时刻"))


BRIEF: dict[str, Any] = {
    "number": "滨26-1123-0033", "title": "东门路灯不亮", "state": "triage", "state_words": "待派单",
    "category": {"code": "streetlight", "name": "路灯"}, "place": "柳林街道槐花社区", "handler": {"id": 3, "name": "柳林街道综治中心"},
    "registered_at": "2026-11-23T08:40:00+08:00",
}  # fmt: skip


# --- Documents 附件 -----------------------------------------------------------------------------------------------------
class FileInfo(BaseModel):
    """A document."""

    key: str = Field(description=translatable("附件的名字，取它时用"))
    name: str = Field(description=translatable("原来的名字"))
    kind: str = Field(description=translatable("种类，按内容认定：pdf、docx、xlsx、jpg"))
    bytes: int = Field(description=translatable("字节数"))
    sha256: str = Field(description=translatable("内容的指纹，日志里也有"))
    at: Moment = Field(description=translatable("何时"))
    office: str = Field(description=translatable("哪个单位哪个岗位放的"))
    for_resident: bool = Field(description=translatable("居民能否看到"))


class Files(BaseModel):
    """The documents of a matter."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "key": "6f1c", "name": "验收单.pdf", "kind": "pdf", "bytes": 48211, "sha256": "9f2c", "at": "2026-11-23T10:02:00+08:00",
                            "office": "柳林街道城管办 承办人", "for_resident": False,
                        }
                    ]
                }
            ]
        }
    )  # fmt: skip
    items: list[FileInfo] = Field(description=translatable("按先后"))


# --- Other matters 相关的 -----------------------------------------------------------------------------------------------
class Near(Brief):
    """A matter at the same place."""

    metres: int = Field(description=translatable("相距几米"))


class Related(BaseModel):
    """Other matters at the same place, of the same kind, by the same person."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"near": [{**BRIEF, "metres": 40}], "alike": [BRIEF], "by_person": 2}]}
    )
    near: list[Near] = Field(description=translatable("一年内近处的，近的在前"))
    alike: list[Brief] = Field(description=translatable("一年内同一网格同一类别的，新的在前"))
    by_person: int | None = Field(
        description=translatable("同一个电话还反映过几件，最多数到一百；举报的反映人对承办单位保密，为空")
    )


class RelatedAsked(BaseModel):
    """How far away."""

    metres: Metres | None = Field(default=None, description=translatable("几米以内：50、100、300；不写是100"))


class Numbers(BaseModel):
    """Which they are."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"numbers": ["滨26-1001-0007"]}]})
    numbers: list[str] = Field(description=translatable("编号，新的在前，最多十件"))


class AlikeOne(Brief):
    """A matter that may be about the same thing."""

    likeness: float = Field(description=translatable("有多像，0至1"))
    metres: int | None = Field(description=translatable("相距几米；有一件没有定位就为空"))


class Alike(BaseModel):
    """What may be about the same thing."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [{**BRIEF, "likeness": 0.8, "metres": 40}]}]})
    items: list[AlikeOne] = Field(description=translatable("最像的在前，都是还能并的"))


class SaidAt(BaseModel):
    """What a reporter added."""

    at: Moment = Field(description=translatable("何时"))
    text: str = Field(description=translatable("原话"))


class AlongOne(Brief):
    """A matter that goes along with this one."""

    contact: Contact = Field(description=translatable("反映人，中间遮住"))
    said: list[SaidAt] = Field(description=translatable("反映人补充的话"))
    solved: bool | None = Field(description=translatable("反映人说解决了吗；还没有说为空"))


class Helper(BaseModel):
    """A body asked to help."""

    body: BodyName = Field(description=translatable("协办单位"))
    asked_at: Moment = Field(description=translatable("何时请的"))
    advise_by: Moment = Field(description=translatable("请它何时前回话"))
    advised_at: Moment | None = Field(description=translatable("何时回的话；空为还没有"))


class ApprovalAsked(BaseModel):
    """清单外请示 that waits."""

    body: BodyName = Field(description=translatable("想派给哪个单位"))
    by: BodyName = Field(description=translatable("请示的单位"))
    level: int = Field(description=translatable("由哪一级批"))
    why: str = Field(description=translatable("为什么"))
    asked_at: Moment = Field(description=translatable("何时请示的"))


class Together(BaseModel):
    """Other matters and other bodies this one has to do with."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "main": None,
                    "along": [{**BRIEF, "contact": {"visibility": "named", "name": "钱**", "phone": "139****0000", "revealed": False}, "said": [], "solved": None}],
                    "whole": None, "parts": [],
                    "helpers": [{"body": {"id": 9, "name": "槐花社区"}, "asked_at": "2026-11-23T10:00:00+08:00", "advise_by": "2026-11-25T17:00:00+08:00", "advised_at": None}],
                    "approval": None,
                }
            ]
        }
    )  # fmt: skip
    main: str | None = Field(description=translatable("并入了哪一件"))
    along: list[AlongOne] = Field(description=translatable("并在这里的各件"))
    whole: str | None = Field(description=translatable("是哪一件的一部分"))
    parts: list[Brief] = Field(description=translatable("拆成的各部分"))
    helpers: list[Helper] = Field(description=translatable("协办单位"))
    approval: ApprovalAsked | None = Field(description=translatable("在等批的清单外请示"))


# --- 督办、回访、评价申诉 -------------------------------------------------------------------------------------------------
class CardInfo(BaseModel):
    """A card that stands."""

    grade: NamedCode = Field(description=translatable("哪一级（matters/grades）"))
    body: BodyName = Field(description=translatable("督办哪个单位"))
    presser: BodyName = Field(description=translatable("哪个单位发出"))
    level: int = Field(description=translatable("由哪一级发出"))
    at: Moment = Field(description=translatable("何时发出"))
    responded_at: Moment | None = Field(description=translatable("最近一次回复的时刻"))


class CallInfo(BaseModel):
    """One call to the resident."""

    outcome: NamedCode = Field(description=translatable("这次电话的结果（lists/visit_outcomes）"))
    contacted: bool | None = Field(description=translatable("承办单位联系过吗"))
    solved: bool | None = Field(description=translatable("解决了吗"))
    satisfaction: int | None = Field(description=translatable("满意度，1至5"))
    office: str = Field(description=translatable("由哪个岗位打的"))
    at: Moment = Field(description=translatable("何时"))


APPEAL: dict[str, Any] = {
    "number": "滨26-1123-0032-诉1", "matter": "滨26-1123-0032", "body": {"id": 7, "name": "柳林街道城管办"},
    "reason": {"code": "impossible", "name": "客观上办不了"}, "solved": True, "satisfaction": 1, "level": 2,
    "made_at": "2026-11-23T10:00:00+08:00", "decide_by": "2026-11-26T17:00:00+08:00", "decided_at": None, "upheld": None, "reviewer": "",
}  # fmt: skip


class AppealInfo(BaseModel):
    """An appeal against a rating."""

    model_config = ConfigDict(json_schema_extra={"examples": [APPEAL]})
    number: str = Field(description=translatable("申诉号"))
    matter: str = Field(description=translatable("诉求的编号"))
    body: BodyName = Field(description=translatable("申诉的单位"))
    reason: NamedCode = Field(description=translatable("理由（lists/appeal_reasons）"))
    solved: bool = Field(description=translatable("居民说解决了吗"))
    satisfaction: int | None = Field(description=translatable("满意度，1至5；说没解决的为空"))
    level: int = Field(description=translatable("由哪一级审"))
    made_at: Moment = Field(description=translatable("何时申诉"))
    decide_by: Moment = Field(description=translatable("最晚何时审"))
    decided_at: Moment | None = Field(description=translatable("何时审的"))
    upheld: bool | None = Field(description=translatable("成立吗；空为还没有审"))
    reviewer: str = Field(description=translatable("谁审的：岗位和姓名"))


class Supervision(BaseModel):
    """Who presses, who called, what was appealed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "grade": 1,
                    "cards": [
                        {
                            "grade": {"code": "ordinary", "name": "督办"}, "body": {"id": 7, "name": "柳林街道城管办"}, "presser": {"id": 2, "name": "区治理中心"},
                            "level": 2, "at": "2026-11-23T10:00:00+08:00", "responded_at": None,
                        }
                    ],
                    "next_grades": [{"code": "yellow", "name": "黄牌督办"}],
                    "calls": [], "call_at": None, "why_no_call": "还没有核实，先不打电话。", "appeal": None, "why_not_decide": "现在没有要审的评价申诉。",
                }
            ]
        }
    )  # fmt: skip
    grade: int = Field(description=translatable("现在督办到第几级；0为没有"))
    cards: list[CardInfo] = Field(description=translatable("还立着的督办，最重的在后"))
    next_grades: list[NamedCode] = Field(description=translatable("还能发的等级，下一级在前"))
    calls: list[CallInfo] = Field(description=translatable("打过的回访电话，按先后"))
    call_at: Moment | None = Field(description=translatable("何时起该回访；空为不用"))
    why_no_call: str = Field(description=translatable("这个岗位现在为什么不回访它；空为可以"))
    appeal: AppealInfo | None = Field(description=translatable("对现在这次评价的申诉"))
    why_not_decide: str = Field(description=translatable("这个岗位为什么不审这件申诉；空为可以"))


# --- Personal data 个人信息 ---------------------------------------------------------------------------------------------
class FoundPiece(BaseModel):
    """What the system found in public words."""

    words: str = Field(description=translatable("原样；不必隐去的写在 mask 的 keep 里"))
    shown: str = Field(description=translatable("邻居看到的样子"))
    kind: str = Field(
        json_schema_extra={
            "enum": [
                "citizen_number",
                "bank_card",
                "mobile",
                "landline",
                "email",
                "account",
                "plate",
                "name",
            ]
        },
        description=translatable("是什么"),
    )


class KeptPart(BaseModel):
    """One part of what is held."""

    part: str = Field(json_schema_extra={"enum": ["contact", "words", "photos"]}, description=translatable("哪一部分"))
    there: bool = Field(description=translatable("还在"))
    until: date | None = Field(description=translatable("留到哪天；还没有办结为空"))
    gone_at: Moment | None = Field(description=translatable("何时清除的"))


class HoldInfo(BaseModel):
    """What holds the data back."""

    reason: str = Field(description=translatable("为什么要留得更久"))
    held_at: Moment = Field(description=translatable("何时起"))


class LookInfo(BaseModel):
    """Somebody looked at the identity."""

    at: Moment = Field(description=translatable("何时"))
    office: str = Field(description=translatable("从哪个岗位"))
    purpose: str = Field(description=translatable("用途"))


class Privacy(BaseModel):
    """What neighbours see, what is kept and until when, who looked. Nothing of the reporter in clear."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "is_public": True, "shown_title": "138****5678 打来说路灯坏了", "shown_place": "柳林街道槐花社区", "settled": False,
                    "found": [{"words": "13812345678", "shown": "138****5678", "kind": "mobile"}],
                    "kept": [{"part": "contact", "there": True, "until": "2027-11-23", "gone_at": None}],
                    "rule": {"rule": "matters/retention v1 #general", "title": "保存期限（第1版）", "url": "/rules/matters/retention/v1/#general", "assumed": ""},
                    "hold": None, "looks": [{"at": "2026-11-23T10:00:00+08:00", "office": "柳林街道综治中心 调度员", "purpose": "电话核实"}],
                }
            ]
        }
    )  # fmt: skip
    is_public: bool = Field(description=translatable("邻居看得到这一件"))
    shown_title: str = Field(description=translatable("邻居看到的标题"))
    shown_place: str = Field(description=translatable("邻居看到的地点"))
    settled: bool = Field(description=translatable("有人核定过"))
    found: list[FoundPiece] = Field(description=translatable("系统在标题和地点里找到的"))
    kept: list[KeptPart] = Field(description=translatable("各部分留到哪天"))
    rule: Cited = Field(description=translatable("保存期限的依据"))
    hold: HoldInfo | None = Field(description=translatable("暂缓清除；空为没有"))
    looks: list[LookInfo] = Field(description=translatable("谁看过身份"))


# --- For whoever audits -------------------------------------------------------------------------------------------------
class RawEntry(BaseModel):
    """One entry as the journal holds it."""

    seq: int = Field(description=translatable("第几条"))
    at: Moment = Field(description=translatable("何时"))
    move: str = Field(description=translatable("动作"))
    fact: str = Field(description=translatable("事实的名称"))
    payload: str = Field(description=translatable("事实的内容，JSON，就是算哈希的那一串"))
    author: str = Field(description=translatable("谁，JSON，同上"))
    previous: str = Field(description=translatable("上一条的哈希"))
    hash: str = Field(description=translatable("这一条的哈希"))


class FindingInfo(BaseModel):
    """One thing that is not as it was written."""

    seq: int = Field(description=translatable("第几条"))
    sentence: str = Field(description=translatable("哪里对不上"))


class SealInfo(BaseModel):
    """Under which seal the matter stands."""

    number: int = Field(description=translatable("第几张封条"))
    sealed_at: Moment = Field(description=translatable("何时封的"))
    seq: int = Field(description=translatable("封到第几条"))
    root: str = Field(description=translatable("总指纹"))
    holds: bool = Field(description=translatable("重算相符"))


class Log(BaseModel):
    """The journal of a matter, re-computed this moment."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "number": "滨26-1123-0032",
                    "entries": [
                        {
                            "seq": 1, "at": "2026-11-23T08:02:00+08:00", "move": "register", "fact": "matters.MatterRegistered",
                            "payload": "{}", "author": "{}", "previous": "00", "hash": "9f",
                        }
                    ],
                    "findings": [], "seal": None,
                }
            ]
        }
    )  # fmt: skip
    number: str = Field(description=translatable("编号"))
    entries: list[RawEntry] = Field(description=translatable("按先后"))
    findings: list[FindingInfo] = Field(description=translatable("对不上的各处；空为都相符"))
    seal: SealInfo | None = Field(description=translatable("最近的封条；空为还没有封存"))


class Evidence(BaseModel):
    """What to keep, to show years later what stood in the journal."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"chain": "00\nmatter:滨26-1123-0032\n1\n", "proof": None}]}
    )
    chain: str = Field(description=translatable("供自己验的文本，每条九行（docs/howto/verify-the-journal.md）"))
    proof: dict[str, Any] | None = Field(
        description=translatable("封存凭据，同上；空为还没有封存，每天零点以后封前一天的")
    )


# --- Asked of it --------------------------------------------------------------------------------------------------------
class Purpose(Sent):
    """Why an identity is looked at."""

    model_config = example(purpose="看看是不是同一件事")
    purpose: Annotated[str, StringConstraints(max_length=200)] = Field(
        description=translatable("用途，至少四个字；每一件的居民都会看到")
    )
