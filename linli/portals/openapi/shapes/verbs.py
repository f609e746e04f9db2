"""What must be said at each verb of a matter's lifecycle."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StrictBool, StringConstraints

from linli.kernel.text import translatable
from linli.portals.openapi.shapes.pieces import (
    BodyNumber,
    Code,
    Day,
    Days,
    Grade,
    Instant,
    MatterNumber,
    Piece,
    Said,
    Sent,
    example,
)


class Told(Sent):
    """What a resident will read: words in which somebody's own number is found are asked about once."""

    sure: StrictBool = Field(
        default=False, description=translatable("话里像有个人信息时（409 的 personal），看过了还要发，就写 true 再发")
    )


class Settle(Told):
    """当场解决."""

    model_config = example(reply="换了灯泡，今晚亮了")
    reply: Said = Field(description=translatable("怎么解决的，居民会看到"))


class RaiseUp(Sent):
    """上报."""

    model_config = example(reason="beyond-means", tried="敲门问过，要换灯头，我们没有登高车")
    reason: Code = Field(description=translatable("理由代码（lists/raise_reasons）"))
    tried: Said = Field(description=translatable("试过什么办法"))


class Assign(Sent):
    """派单."""

    model_config = example(to=7)
    to: BodyNumber = Field(description=translatable("派给哪个单位"))
    category: Code | None = Field(default=None, description=translatable("改成哪个类别；不写不改"))
    differs: Code | None = Field(default=None, description=translatable("不照建议的理由代码（lists/differ_reasons）"))


class Object(Sent):
    """职责异议."""

    model_config = example(reason="not-our-duty", note="小区里面的灯归社区管", believed=9)
    reason: Code = Field(description=translatable("理由代码（lists/objections）"))
    note: Said = Field(description=translatable("为什么不该由本单位办"))
    believed: BodyNumber | None = Field(default=None, description=translatable("认为应属哪个单位"))


class Rule(Sent):
    """裁定."""

    model_config = example(upheld=False, note="按清单由城管办办")
    upheld: StrictBool = Field(description=translatable("异议成立吗"))
    note: Said = Field(description=translatable("裁定的理由和依据"))
    to: BodyNumber | None = Field(default=None, description=translatable("成立时改派给谁；不写重新派单"))


class AskExtension(Told):
    """申请延期."""

    model_config = example(days=3, why="配件要从外地发来")
    days: Days = Field(description=translatable("延几个工作日"))
    why: Said = Field(description=translatable("为什么，居民会看到"))


class Why(Sent):
    """A reason."""

    model_config = example(why="来得及，按原来的期限办")
    why: Said = Field(description=translatable("为什么"))


class WhyTold(Told):
    """A reason that the resident reads."""

    model_config = example(why="化冻了，接着修")
    why: Said = Field(description=translatable("为什么，居民会看到"))


class Carry(Told):
    """挂账."""

    model_config = example(reason="season", why="等开春化冻", review_on="2026-12-20")
    reason: Code = Field(description=translatable("理由代码（lists/carry_reasons）"))
    why: Said = Field(description=translatable("为什么现在办不了，居民会看到"))
    review_on: Day = Field(description=translatable("哪天再看"))


class Review(Told):
    """挂账再看."""

    model_config = example(why="还冻着", review_on="2026-12-20")
    why: Said = Field(description=translatable("这次看到的情况和下一步，居民会看到"))
    review_on: Day = Field(description=translatable("下次哪天再看"))


class AnswerTo(Told):
    """答复."""

    model_config = example(outcome="solved", reply="灯头已换，今晚亮了")
    outcome: Code = Field(description=translatable("办理结果代码（lists/outcome_reasons）"))
    reply: Said = Field(description=translatable("给居民的答复"))


class Note(Sent):
    """A note."""

    model_config = example(note="去看过了，亮着")
    note: Said = Field(default="", description=translatable("备注，居民看不到"))


class Redo(Sent):
    """退回重办."""

    model_config = example(reason="not-done", note="还不亮")
    reason: Code = Field(description=translatable("理由代码（lists/redo_reasons）"))
    note: Said = Field(description=translatable("哪里没有办好"))


class Add(Told):
    """补充."""

    model_config = example(said="又打来电话，说昨晚更暗了")
    said: Said = Field(description=translatable("补充的话，居民会看到"))


class Reveal(Sent):
    """查看联系方式."""

    model_config = example(purpose="电话核实路灯的位置")
    purpose: Annotated[str, StringConstraints(max_length=200)] = Field(
        description=translatable("用途，至少四个字；居民会看到")
    )


class Empty(Sent):
    """Nothing need be said."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{}]})


class ProposeExclusion(Told):
    """提出不予受理."""

    model_config = example(reason="litigation", said="这件事法院已经受理，请按诉讼程序办。")
    reason: Code = Field(description=translatable("情形代码（lists/exclusions）"))
    said: Said = Field(description=translatable("为什么不归这里办，居民会看到"))
    channel: Annotated[str, StringConstraints(max_length=200)] = Field(
        default="", description=translatable("该找谁；清单里已写明的不用写")
    )


class LookAgain(Told):
    """复核."""

    model_config = example(stands=False, why="没有进入诉讼程序，应当受理")
    stands: StrictBool = Field(description=translatable("维持不予受理吗"))
    why: Said = Field(description=translatable("复核的理由，居民会看到"))


class Find(Sent):
    """抽查."""

    model_config = example(rightly=True, why="有法院的受理通知")
    rightly: StrictBool = Field(description=translatable("不予受理得对吗"))
    why: Said = Field(description=translatable("理由"))


class FirstContact(Told):
    """首次联系."""

    model_config = example(means="phone", reached=True, said="约好今天下午去看", said_at="2026-11-23T09:30:00+08:00")
    means: Literal["phone", "visit", "message"] = Field(description=translatable("打电话、上门、在页面上留言"))
    reached: StrictBool = Field(description=translatable("联系上了吗"))
    said: Said = Field(default="", description=translatable("说了什么；留言就是给居民的话"))
    said_at: Instant = Field(description=translatable("什么时刻联系的，带时区"))


class AskHelp(Sent):
    """请协办."""

    model_config = example(bodies=[9, 11])
    bodies: Annotated[list[BodyNumber], Field(min_length=1, max_length=20)] = Field(
        description=translatable("请哪些单位协办")
    )


class Advise(Sent):
    """协办意见."""

    model_config = example(opinion="电源归我们管，已经送电")
    opinion: Said = Field(description=translatable("本单位的意见或办了什么，居民看不到"))


class AskApproval(Sent):
    """清单外请示."""

    model_config = example(to=9, why="只有社区有人手")
    to: BodyNumber = Field(description=translatable("想派给哪个单位"))
    why: Said = Field(description=translatable("为什么要派清单外的"))


class Merge(Sent):
    """并案."""

    model_config = example(others=["滨26-1123-0033"])
    others: Annotated[list[MatterNumber], Field(min_length=1, max_length=50)] = Field(
        description=translatable("并进来的各件的编号")
    )


class PartWanted(Sent):
    """拆出的一部分."""

    what: Said = Field(description=translatable("这一部分要办什么"))
    to: BodyNumber = Field(description=translatable("由哪个单位办"))
    category: Code | None = Field(default=None, description=translatable("类别；不写和整件一样"))


class Split(Sent):
    """拆分."""

    model_config = example(into=[{"what": "修路灯", "to": 7}, {"what": "补路面", "to": 9}])
    into: Annotated[list[PartWanted], Field(min_length=1, max_length=10)] = Field(description=translatable("各部分"))


# --- 督办、回访、评价申诉 -------------------------------------------------------------------------------------------------
class Press(Sent):
    """督办."""

    model_config = example(reason="三天没有动静")
    reason: Said = Field(description=translatable("为什么督办，承办单位会看到"))
    grade: Code | None = Field(default=None, description=translatable("哪一级（matters/grades）；不写是下一级"))
    skip: Said = Field(default="", description=translatable("跳过中间的等级时，为什么"))


class Reason(Sent):
    """A reason between officials."""

    model_config = example(reason="已经当面督促过")
    reason: Said = Field(description=translatable("为什么"))


class Respond(Sent):
    """回复督办."""

    model_config = example(said="灯头已到，明天下午换")
    said: Said = Field(description=translatable("办到哪一步、打算哪天办完"))


class VisitCall(Sent):
    """回访 — what came of one call."""

    model_config = example(outcome="reached", contacted=True, solved=True, satisfaction=5, said="说灯亮了")
    outcome: Code = Field(description=translatable("这次电话的结果（lists/visit_outcomes）"))
    contacted: StrictBool | None = Field(default=None, description=translatable("第一问：承办单位联系过吗"))
    solved: StrictBool | None = Field(default=None, description=translatable("第二问：解决了吗"))
    satisfaction: Grade | None = Field(default=None, description=translatable("第三问：满意度，1至5"))
    said: Said = Field(default="", description=translatable("居民的话；没解决的，哪里没有解决"))


class AppealOf(Sent):
    """评价申诉."""

    model_config = example(reason="impossible", note="灯头要等厂家，已当面说明")
    reason: Code = Field(description=translatable("理由代码（lists/appeal_reasons）"))
    note: Said = Field(description=translatable("事实和依据"))


class DecideAppeal(Told):
    """审评价申诉."""

    model_config = example(upheld=False, note="厂家的说明没有附上")
    upheld: StrictBool = Field(description=translatable("申诉成立吗"))
    note: Said = Field(description=translatable("为什么，居民和申诉的单位会看到"))


# --- 备注、个人信息 -------------------------------------------------------------------------------------------------------
class Noted(Sent):
    """内部备注."""

    model_config = example(said="配件在仓库三号架")
    said: Said = Field(description=translatable("写给同事的话，居民看不到"))


class Mask(Sent):
    """核定公开字句."""

    model_config = example(keep=[], hide=["三号楼"])
    keep: Annotated[list[Piece], Field(max_length=50)] = Field(
        default=[], description=translatable("系统会隐去、其实不必隐去的，照原样写")
    )
    hide: Annotated[list[Piece], Field(max_length=50)] = Field(
        default=[], description=translatable("还要隐去的，照原样写")
    )
