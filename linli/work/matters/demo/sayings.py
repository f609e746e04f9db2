"""What people say in the demo's stories: replies, reasons and notes that fit what was asked. Made up, every word of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache


@dataclass(frozen=True, slots=True)
class Manner:
    """办法 — one way in which matters are dealt with, and what is said on it. Keys are codes of the city's lists."""

    replies: tuple[str, ...]
    not_yet: tuple[str, ...]
    asked: str
    """What whoever handles it found out at the first contact."""
    notes: tuple[str, ...]
    """Between officials."""
    tried: Mapping[str, str]
    """By reason for raising it."""
    otherwise: Mapping[str, str]
    """By outcome, where it was not solved."""


LATER = "列进了明年的计划，预计六月前动工。"
NOT_FOUND = "去看了两次，没有看到您说的情况；再遇到，请拍张照补充在这里。"

MENDED = Manner(
    replies=("已派人到现场修好，您路过时再看看。", "今天上午已经修好，能用了。", "坏的地方已经修好，周围又查了一遍。"),
    not_yet=("昨晚又坏了。", "只修了一半。", "没人来过。"),
    asked="问清了在哪个门口、坏了几天。",
    notes=("配件仓库里有，明天上午能换。", "这一处上个月也修过，顺便查一下线路。"),
    tried={
        "no-means": "到现场看过，要登高车和配件，社区没有。",
        "cross-unit": "找过物业，说要几家一起到场才能动。",
        "risk-rose": "看过现场，先围了起来，怕有人受伤。",
    },
    otherwise={"partly": "先把最要紧的一段修了，剩下的排在下个月。", "explained-later": LATER, "not-found": NOT_FOUND},
)
CLEANED = Manner(
    replies=("已清理干净，以后每天巡一遍。", "今天上午清走了两车，又冲洗了一遍。", "已清完，收运改成一天两次。"),
    not_yet=("两天又堆满了。", "只清了一半。", "没人来过。"),
    asked="问清了在哪个位置、多大一片。",
    notes=("收运车周三检修，清运顺延到当晚。", "这一处一个月三次了，建议加一个桶。"),
    tried={
        "no-means": "网格员清过一回，量太大，要用车拉。",
        "no-power": "找到了倒的人，劝过，我们没有权处罚。",
        "cross-unit": "一半在物业的院里，一半在路上，要两家一起清。",
    },
    otherwise={"partly": "路面上的已清完，墙根的等调来铲车再清。", "not-found": NOT_FOUND},
)
STOPPED = Manner(
    replies=(
        "已上门劝过，他答应不再这样；再有，您随时在这里说。",
        "已和对方当面说好，从明天起改。",
        "连着三天去看过，没有再犯。",
    ),
    not_yet=("昨天又这样了。", "人一走又开始了。", "没人来过。"),
    asked="问清了一般是几点钟、在哪一家。",
    notes=("晚上八点以后再去一趟，白天遇不到人。", "对方态度还好，先劝，不行再转执法。"),
    tried={
        "no-power": "劝过两回，还是照旧，我们没有权处罚。",
        "resident-objects": "两家坐下谈过一回，有一家不同意。",
    },
    otherwise={
        "not-found": NOT_FOUND,
        "explained-policy": "这个时段、这个声音没有超过规定，已当面说明依据，也请对方再轻一些。",
    },
)
ENFORCED = Manner(
    replies=(
        "执法人员当天到场，已责令改正，七天后复查。",
        "已立案查处，现场的设施当天停了。",
        "已约谈负责人，限期整改，整改前不得再开。",
    ),
    not_yet=("停了两天又开了。", "检查的人一走又照旧。", "没人来过。"),
    asked="问清了时间、地点，约好到场时间。",
    notes=("上次的责令书在案卷里，这次复查带上。", "和街道约好一起去，避开换班时间。"),
    tried={
        "no-power": "上门说过，对方不听，查处要有执法权。",
        "cross-unit": "要执法、环保几家一起到场才行。",
        "risk-rose": "看过现场，有危险，先把人劝开了。",
    },
    otherwise={"not-found": NOT_FOUND, "partly": "已停了一半，剩下的设备下周拆。"},
)
RESTORED = Manner(
    replies=(
        "抢修人员已到场，现在恢复正常了。",
        "查出了毛病在哪一段，已经换好。",
        "已查清原因并处理，观察了一天，正常。",
    ),
    not_yet=("昨晚又这样了。", "好了半天又不行。", "没人来过。"),
    asked="问清了是一户还是整栋、从几点开始。",
    notes=("整栋都这样，不是一户的事，按片区查。", "值班电话记录里当天有三户报过。"),
    tried={
        "no-means": "看过表和阀门，要专业的人来修。",
        "cross-unit": "管道在两家中间，要物业和公司一起到场。",
        "risk-rose": "已先关了总阀，怕出事。",
    },
    otherwise={
        "explained-later": "要换主管道，列进了明年的改造，预计六月前动工。",
        "partly": "先接了临时的，主线下个月换。",
    },
)
MANAGED = Manner(
    replies=(
        "社区约了物业一起上门，当天已处理，社区再盯一周。",
        "物业已派人处理，整改单贴在楼道口。",
        "已把物业、业主叫到一起，定了做法和日子。",
    ),
    not_yet=("物业来看了一眼就走了。", "贴了单子，没人动。", "没人来过。"),
    asked="问清了是哪一栋、和物业怎么说的。",
    notes=("物业合同明年三月到期，整改情况记进考核。", "同一小区这个月第四件，建议开一次联席会。"),
    tried={
        "no-power": "约过物业两回，没有动，社区管不了合同的事。",
        "cross-unit": "找过物业和维保，互相推，要街道出面。",
        "resident-objects": "开过一次楼栋会，意见没有统一。",
    },
    otherwise={"explained-policy": "要业主大会表决才能动，已当面说明怎么开、要多少户同意。", "explained-later": LATER},
)
EXPLAINED = Manner(
    replies=(
        "带身份证、户口本到村（社区）便民服务点，当场就能登记，有人帮着填表。",
        "要的材料列在这里：申请表、身份证、近期照片；交齐后十个工作日内办好。",
        "按现在的政策您可以办，网格员下次上门把表给您带去。",
    ),
    not_yet=("去了，说材料还差一样。", "窗口说不归他们办。", "还是不明白找谁。"),
    asked="问清了家里情况和已经有的材料。",
    notes=("老人行动不便，可以上门代办。", "政策下半年有调整，答复前和窗口对一下。"),
    tried={
        "no-power": "社区只能受理，审批在上面。",
        "no-means": "把知道的都说了，细的标准要主管部门答。",
        "cross-unit": "要两个部门的材料互相认，社区办不了。",
    },
    otherwise={
        "explained-policy": "按现行政策还够不上条件，差在哪一条已当面说明。",
        "partly": "先办了能办的一项，另一项等名额。",
    },
)
PAID = Manner(
    replies=(
        "已核对名册，漏的补上了，款项打到了原来的卡上。",
        "查清是卡号登记错了，更正后已到账。",
        "已约双方核对，欠的已经补发。",
    ),
    not_yet=("卡里还是没有钱。", "只到了一部分。", "说发了，没收到。"),
    asked="问清了差哪几个月、用的哪张卡。",
    notes=("名册第三页有重名，核对身份证后四位。", "银行退回两笔，都是卡注销了。"),
    tried={
        "no-power": "核对过名册，发放在上面，社区改不了。",
        "cross-unit": "涉及几个单位的账，要一起核。",
    },
    otherwise={
        "explained-policy": "按标准这一项从下个年度起算，已当面说明依据。",
        "partly": "先补了两个月，剩下的随下一批发。",
    },
)
WAGES = Manner(
    replies=("劳动监察已约谈单位，欠的工资已经发到卡上。", "查实后已责令单位补发，单位当天付清。"),
    not_yet=("只给了一半。", "老板又改了日子。"),
    asked="问清了哪个工地、差几个月、有没有记工本。",
    notes=("工资保证金账户里有余额，可以先垫。", "同一个工地还有六个人，一并处理。"),
    tried={"no-power": "找过包工头，说没钱，我们没有权查账。", "cross-unit": "总包、分包互相推，要人社和住建一起查。"},
    otherwise={
        "redirected": "双方对数额有争议，要先走劳动仲裁，不收费；怎么申请、去哪里，已经告诉您。",
        "partly": "先付了一个月的，余下的单位写了保证，月底付清。",
    },
)
SETTLED = Manner(
    replies=(
        "两家坐下来谈过，已签调解协议，各退一步。",
        "人民调解员上门调了两次，说好了，也写下来了。",
        "请来双方的长辈一起说开了，网格员下周再去看看。",
    ),
    not_yet=("他又反悔了。", "说好的没有照办。", "没人来过。"),
    asked="问清了两边各自怎么说。",
    notes=("两家以前也为这事调过，案卷在调解室。", "先分开谈，别在门口谈。"),
    tried={
        "resident-objects": "两家坐下谈过一回，有一家不同意。",
        "no-power": "劝过三回，对方不肯让步，我们只能劝。",
    },
    otherwise={"redirected": "调了两次没有谈拢，可以到法院起诉，怎么起诉、找谁帮忙写，已经告诉您。"},
)
AIDED = Manner(
    replies=(
        "网格员当天就上门帮到了，留了电话，有事再叫。",
        "已联系上家里人，今天有人陪着。",
        "志愿者结了对子，每周去两次。",
    ),
    not_yet=("来过一次，后来就没人来了。", "还是没有人管。"),
    asked="问清了人在哪里、现在怎么样。",
    notes=("家属在外地，电话记在网格员手里。", "和卫生院约好，周四一起上门。"),
    tried={"no-means": "网格员先去看了，人手不够，要专门的人。", "risk-rose": "情况比说的重，先有人陪着，请上面来人。"},
    otherwise={"partly": "眼前的事已经办了，长期的照料在申请。"},
)
OPENED = Manner(
    replies=(
        "账目和凭证已贴在公开栏，也可以到村委会翻原件。",
        "村里开了会当面说明，会议记录贴出来了。",
        "已补上半年的公开，以后每季度一次。",
    ),
    not_yet=("贴出来的看不明白，没有明细。", "只贴了半天就撕了。"),
    asked="问清了想看哪一年、哪一笔。",
    notes=("经管站有一份底账，可以对。", "下次公开前先过一遍村务监督委员会。"),
    tried={"no-power": "和村里说过，说要等上面定，督促公开要镇里出面。", "cross-unit": "账在镇经管站，要一起核。"},
    otherwise={"explained-policy": "这一项按规定要村民会议定，已说明怎么提议、要多少人。"},
)
FARMED = Manner(
    replies=(
        "农技员到地头看过，怎么办当场说了，药和用量写在纸上。",
        "已排出浇水的次序贴在机井房，先急后缓。",
        "保险公司来查过地，赔付表已报，十个工作日内到账。",
    ),
    not_yet=("照着做了，还是不行。", "轮到我这里又停了。", "没人来看过。"),
    asked="问清了哪块地、多少亩、什么时候看到的。",
    notes=("同一个村还有五户，一起看。", "去之前和保险公司约好时间。"),
    tried={"no-means": "到地头看过，村里没有这个技术。", "cross-unit": "上下游几个村的事，要镇里协调。"},
    otherwise={
        "partly": "先救了能救的几亩，补种的种子下周到。",
        "explained-policy": "这种情形不在保险的范围里，条款已当面说明。",
    },
)
TAUGHT = Manner(
    replies=(
        "已和学校核实，多收的已退，今后按公示的收。",
        "已安排到就近的学校，下周一可以去办手续。",
        "已请医院说明并道歉，多收的退回原卡。",
    ),
    not_yet=("打了电话，没有下文。", "说退，还没有退。"),
    asked="问清了哪一所、什么时候的事。",
    notes=("先听学校（医院）怎么说，再回居民。", "收费单据拍了照，存在件上。"),
    tried={"no-power": "去问过，说要主管部门定。", "cross-unit": "涉及两家的责任，要一起说清。"},
    otherwise={"explained-policy": "按今年公布的办法办，差在哪一条已当面说明。"},
)
PASSED_ON = Manner(
    replies=(
        "线索已按规定转给有权限的单位核查，核查的结果由他们答复您。",
        "已登记并核查，相关的人回避；结果按规定告知。",
    ),
    not_yet=("一直没有人找我了解情况。",),
    asked="已经收到，正在核实。",
    notes=("按保密要求单独存放，经手人签字。",),
    tried={"no-power": "这类事社区无权过问，照规定报上去。"},
    otherwise={"redirected": "这件事依法由有管辖权的单位办，怎么反映、打哪个电话，已经告诉您。"},
)
RIDERS = Manner(
    replies=(
        "社区服务站辟出一间给骑手歇脚，有热水、能充电，早八点到晚九点开门。",
        "和物业说好了，骑手登记一次，从东门进、限速慢行。",
    ),
    not_yet=("去了，门锁着。", "保安换了人，又不让进。"),
    asked="问清了是哪个小区、一般几点来。",
    notes=("小区南门岗亭旁有间空房，可以用作骑手驿站。",),
    tried={
        "cross-unit": "要物业和平台一起说定，社区定不了。",
        "resident-objects": "征求过业主，有几户不愿意放车进来。",
    },
    otherwise={"explained-later": "骑手驿站列进了明年的计划，先在服务站摆了饮水机和座椅。"},
)
PLANNED = Manner(
    replies=("已现场看过，位置定了，下周开始做。", "已经添上，您路过时看看合不合用。"),
    not_yet=("看过以后就没有动静了。",),
    asked="问清了想设在哪里、有多少户要用。",
    notes=("和交警、住建一起踏勘过，图在附件里。",),
    tried={
        "no-power": "要主管部门批，社区定不了。",
        "cross-unit": "地是一家的，钱是另一家的，要一起定。",
        "no-means": "看过地方，村里没有这笔钱。",
    },
    otherwise={"explained-later": LATER, "explained-policy": "这里的宽度（户数）还不够条件，标准已当面说明。"},
)

TENDED = replace(
    CLEANED,
    replies=("园林站已派人到场处理，绿地恢复了原样。", "已修剪、补种，周围的也一起看过。"),
    not_yet=("只弄了一半。", "没人来过。"),
    asked="问清了在哪几棵、哪一片。",
    notes=("补种要等开春，先把死树清走。",),
    tried={"no-means": "网格员看过，要园林的车和人。", "no-power": "劝过一回，对方不听，我们没有权处罚。"},
    otherwise={"explained-later": "移栽要等开春化冻，已经列进三月的计划。"},
)
SHELTERED = replace(
    AIDED,
    replies=("鉴定人员已来看过，人先住到周转房，修缮的表已经报上。", "已拉起警戒，支了撑子，鉴定结果出来就修。"),
    not_yet=("看过以后就没有动静了。",),
    asked="问清了家里几口人、晚上住在哪里。",
    notes=("雨天前再去看一次裂缝。",),
    tried={"no-power": "鉴定要专门的机构，村里定不了。", "risk-rose": "裂缝又大了，先把人劝出来了。"},
    otherwise={"partly": "先支了撑子，修缮的钱在申请。"},
)

OF_GROUP: dict[str, Manner] = {
    "city-appearance": CLEANED, "roads-lights": MENDED, "transport": MENDED, "utilities": RESTORED, "housing": MANAGED,
    "building-land": ENFORCED, "environment": ENFORCED, "safety": STOPPED, "livelihood": EXPLAINED, "employment": EXPLAINED,
    "health-education": EXPLAINED, "rural": MENDED, "disputes": SETTLED, "market": ENFORCED, "service": EXPLAINED,
    "conduct": PASSED_ON,
}  # fmt: skip
OF_CATEGORY: dict[str, Manner] = {
    "street-vending": ENFORCED, "billboard": MENDED, "public-toilet": MENDED, "stray-dogs": STOPPED, "green-space": TENDED,
    "traffic-signal": PLANNED, "road-works": ENFORCED, "illegal-parking": STOPPED, "parking-space": PLANNED, "charging": PLANNED,
    "bus": PLANNED, "taxi": ENFORCED, "shared-bikes": CLEANED, "abandoned-vehicle": CLEANED,
    "rural-heating": PAID, "loose-wires": MENDED, "well-water": MENDED,
    "lift": MENDED, "lift-trapped": AIDED, "maintenance-fund": EXPLAINED, "owners-committee": EXPLAINED, "old-estate": PLANNED,
    "unfinished-housing": EXPLAINED, "public-housing": EXPLAINED, "leak": MENDED, "dangerous-house": SHELTERED,
    "land-contract": SETTLED, "homestead": EXPLAINED, "demolition": PAID,
    "noise-living": STOPPED, "straw-burning": STOPPED,
    "fire-passage": STOPPED, "fire-hazard": ENFORCED, "production-safety": ENFORCED, "drowning": MENDED, "falling-object": MANAGED,
    "emergency-aid": AIDED, "extreme-weather": AIDED,
    "temporary-aid": AIDED, "orphan-children": AIDED, "benefit-card": PAID,
    "wages": WAGES, "labour-rights": WAGES, "gig-workers": RIDERS,
    "hospital": TAUGHT, "school-conduct": TAUGHT,
    "village-accounts": OPENED, "village-election": OPENED, "collective-assets": OPENED, "farming": FARMED, "crop-insurance": FARMED,
    "rural-toilet": CLEANED, "public-area-village": PLANNED, "rural-road": PLANNED,
    "mutual-help": AIDED, "mental-crisis": AIDED, "domestic-violence": AIDED,
    "service-window": TAUGHT, "hotline-service": TAUGHT,
    "illegal-gathering": PASSED_ON,
}  # fmt: skip
"""Where a category is not dealt with as most of its group."""
REPLIES: dict[str, tuple[str, ...]] = {
    "lift-trapped": ("维保八分钟到场，人已平安出来；电梯停用检修，修好再开。",),
    "gas-leak": ("燃气公司当场关阀抢修，测过没有泄漏才恢复供气。",),
    "fallen-tree": ("倒的树当天锯开清走了，路已经通了。",),
    "emergency-aid": ("人已经找到，平安；网格员每天去看一次。",),
    "domestic-violence": ("民警和妇联当天上门，已出具告诫书，留了求助的电话。",),
    "mental-crisis": ("卫生院和网格员一起上门，人已安稳下来，约好了复诊。",),
    "mutual-help": ("志愿者当天就到了，以后每周去两次。",),
    "lift": ("维保换了配件，试运行半天，电梯已经恢复。",),
    "price": ("已责令明码标价，多收的退回。",),
    "consumer": ("已约双方到场调解，钱款当天退回。",),
    "unfinished-housing": ("已约开发商和不动产登记中心一起核，差的材料本月补齐，补齐就办。",),
    "open-information": ("办的地方、时间和要带的材料写在这里，也贴在社区门口了。",),
}
"""Where even the manner's own reply would not fit."""
UNREACHABLE = "换着时间打了三次电话，都没有人接；您看到这里，随时可以补充。"
"""Of whoever left a telephone."""


@cache
def manner_of(category: str, group: str | None) -> Manner:
    """How such a matter is dealt with; what is of no group is explained."""
    manner = OF_CATEGORY.get(category) or OF_GROUP.get(group or "", EXPLAINED)
    return replace(manner, replies=REPLIES[category]) if category in REPLIES else manner
