"""Whatever is typed into any field of any form, the answer is a sentence: nothing breaks and nothing strange is stored."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client

import linli
from linli.gateways.hotline import reading
from linli.gateways.hotline import service as hotline
from linli.gateways.open311 import service as open311
from linli.gateways.webhooks import service as webhooks
from linli.kernel import clock, text
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Appointment, Person, Post
from linli.mechanisms.journal import verification
from linli.mechanisms.territory import queries as places
from linli.mechanisms.territory.models import Area
from linli.portals.desk import bulk, phrases, saving
from linli.portals.openapi import service as openapi
from linli.work.announcements import service as announcements
from linli.work.announcements.models import Announcement
from linli.work.matters import service as matters
from linli.work.matters.models import Matter, Remark
from linli.work.matters.words import LONGEST, follow_token
from linli.work.whistles import service as whistles
from tests import place
from tests.make import Make
from tests.test_urls import ALL, address

pytestmark = pytest.mark.django_db
NASTY = (
    "", "   ", "x" * 20_000, "好" * 5_000, "\x00", "a\x00b", "\u202e\u2066颠倒", "<script>alert(1)</script>", "'; DROP TABLE matters_matter; --",
    "-1", "0", "9" * 30, "1e400", "NaN", "\uff11\uff12", "²", "9999-12-31", "0000-00-00", "🚽" * 60, "../../etc/passwd", "一\r\nX-Evil: 1", "[]", "{{ 7 * 7 }}",
)  # fmt: skip
ONE_BY_ONE = ("", "x" * 20_000, "\x00\u202e", "9" * 30, "9999-12-31", "'<script>🚽")


@dataclass
class Form:
    """One form: who sends it, to which address, and what they would properly write."""

    who: str
    where: Callable[["Scene"], dict[str, Any]] = lambda _: {}
    fields: dict[str, str] = field(default_factory=dict)
    more: Callable[["Scene"], dict[str, str]] = lambda _: {}


class Scene:
    """The matters and people the addresses speak of, made when first asked for."""

    def __init__(self, make: Make) -> None:
        """With nothing yet."""
        self.make = make

    def matter(self, state: str) -> dict[str, Any]:
        """One in a state."""
        made: Matter = getattr(self.make, state)(visibility="named", name="赵秀英", phone="13812345678")
        return {"number": made.number, "token": follow_token(made.number), "version": str(made.version)}

    def announcement(self, title: str = "明天停水") -> Announcement:
        """A notice of 李调度's to 槐花社区."""
        li, now = self.make.cast.actor("li"), clock.now()
        written = announcements.Written(title, "请提前存水。", now, now + timedelta(days=1), "0543-96777")
        area = places.area(self.make.cast.bodies["huaihua"].area_id)
        return announcements.publish(written, kind="water", area=area, by=li)

    def told(self) -> dict[str, str]:
        """The numbers of a notice that stands and of one that was corrected."""
        corrected, li = self.announcement("修路"), self.make.cast.actor("li")
        written = announcements.Written("修路", "改到下周。", corrected.begins_at, corrected.until_at)
        announcements.correct(corrected, written, by=li)
        return {"told": self.announcement().number, "corrected": corrected.number}

    def task(self, state: str) -> dict[str, Any]:
        """A task brought to a state."""
        made = self.make.task(state)
        return {"number": made.number, "version": str(made.version)}

    def api_key(self) -> str:
        """Of an app that may file in 柳林街道."""
        body = self.make.cast.bodies["liulin_desk"]
        _key, secret = open311.issue(
            name="随手拍", body=body, area=places.area(body.area_id), by=Actor.system("command-line")
        )
        return secret

    def token(self) -> int:
        """Of a system that acts from 李调度's post."""
        appointment = Appointment.objects.select_related("person", "post").get(person=self.make.cast.people["li"])
        made, _secret = openapi.issue(
            name="数据中台", appointment=appointment, powers=["matters.read"], until=clock.today(), by=self.make.cast.actor("li")
        )  # fmt: skip
        return made.pk

    def webhook(self, *, on: bool) -> int:
        """A subscription of 柳林街道综治中心."""
        body = self.make.cast.bodies["liulin_desk"]
        made, _secret = webhooks.subscribe(
            name="数据中台", address="https://outside.example/hook", wanted=["matters.MatterAssigned"], body=body,
            area=places.area(body.area_id), by=self.make.cast.actor("li"),
        )  # fmt: skip
        return (made if on else webhooks.stop(made, by=self.make.cast.actor("li"))).pk

    def whistle(self, state: str) -> dict[str, Any]:
        """One that calls 城管办, in a state."""
        li, wu = self.make.cast.actor("li"), self.make.cast.actor("wu")
        body = self.make.cast.bodies["liulin_urban"]
        made = whistles.sound(
            kind="emergency", area_id=li.area_id or 0, called=[whistles.Called(body)], what="树倒了", key=f"k{state}", by=li
        )  # fmt: skip
        if state != "sounded":
            made = whistles.arrive(made, by=wu)
        if state in {"agreed", "done"}:
            made = whistles.agree(made, plan="切树", by=li)
        if state == "done":
            made = whistles.conclude(made, conclusion="通了", bodies={body.pk: "来了"}, by=li)
        return {"number": made.number, "version": str(made.version)}

    def kept(self, what: str) -> dict[str, Any]:
        """A saved view, a standard text or a bulk order of 李调度's."""
        li = self.make.cast.actor("li")
        if what == "view":
            return {"pk": saving.keep("view=open", name="在办的", sharing="body", by=li).pk}
        if what == "phrase":
            return {"pk": phrases.keep(None, name="修好", said="{单位}已修好", verb="", sharing="own", by=li).pk}
        return {"pk": bulk.choose([self.make.raised().number], verb="assign", by=li).pk}

    def bulk(self) -> dict[str, int]:
        """A bulk order to look at and one that was done, both 李调度's."""
        li = self.make.cast.actor("li")
        looked_at, done = (
            bulk.choose([self.make.raised(text=said).number], verb="assign", by=li)
            for said in ("东街路灯不亮", "西街路灯不亮")
        )
        bulk.begin(done, {}, by=li)
        bulk.carry_on(done, by=li)
        return {"bulk": looked_at.pk, "done_bulk": done.pk}

    def ids(self, **who: Any) -> dict[str, Any]:
        """Of a person and their first appointment."""
        person = self.make.cast.people[who.get("person", "wang")]
        term = Appointment.objects.filter(person=person)[0]
        return {"person": person.pk, "appointment": term.pk, "body": term.post.body_id, "delegation": 1}


def matter(state: str) -> Callable[[Scene], dict[str, Any]]:
    """An address of a matter in this state."""
    return lambda scene: scene.matter(state)


def along(scene: Scene) -> dict[str, Any]:
    """An address of a merged matter on the page of the one it goes along with."""
    merged = scene.make.merged(visibility="named", name="赵秀英", phone="13812345678")
    main = merged.merges.get().main
    return {"number": main.number, "merged": merged.number, "version": str(main.version)}


def whistle(state: str) -> Callable[[Scene], dict[str, Any]]:
    """An address of a whistle in this state."""
    return lambda scene: scene.whistle(state)


def meeting(scene: Scene) -> dict[str, Any]:
    """An address of a meeting that is planned."""
    li = scene.make.cast.actor("li")
    made = whistles.convene(
        area_id=li.area_id or 0, topic="夜市占道", starts_at=clock.now() + timedelta(days=2), place_text="二楼会议室",
        bodies=[scene.make.cast.bodies["liulin_urban"]], key="planned", by=li,
    )  # fmt: skip
    return {"number": made.number, "version": str(made.version)}


def urban(prefix: str, value: str) -> Callable[[Scene], dict[str, str]]:
    """A field of its own for the called body."""
    return lambda scene: {f"{prefix}_{scene.make.cast.bodies['liulin_urban'].pk}": value}


def announcement(scene: Scene) -> dict[str, Any]:
    """An address of a notice that stands."""
    made = scene.announcement()
    return {"number": made.number, "version": str(made.version)}


def tomorrow(_scene: Scene) -> dict[str, str]:
    """From when until when."""
    day = f"{clock.today() + timedelta(days=1)}"
    return {"begins_at": f"{day}T08:00", "until_at": f"{day}T17:00"}


def task(state: str) -> Callable[[Scene], dict[str, Any]]:
    """An address of a task in this state."""
    return lambda scene: scene.task(state)


def ticket(scene: Scene) -> dict[str, Any]:
    """An address of a matter that the hotline handed over."""
    row = reading.Row(1, {"number": "T1", "text": "槐花社区的路灯坏了", "place": "槐花社区"})
    return {"number": hotline.take([row], way="file")[0].number}


def kept(what: str) -> Callable[[Scene], dict[str, Any]]:
    """An address of something 李调度 keeps at the desk."""
    return lambda scene: scene.kept(what)


def ids(person: str) -> Callable[[Scene], dict[str, Any]]:
    """An address of a person."""
    return lambda scene: scene.ids(person=person)


def webhook(*, on: bool = True) -> Callable[[Scene], dict[str, Any]]:
    """An address of a subscription, told or stopped."""
    return lambda scene: {"number": scene.webhook(on=on)}


def body_of(name: str) -> Callable[[Scene], dict[str, str]]:
    """A body chosen in a list."""
    return lambda scene: {"to": str(scene.make.cast.bodies[name].pk)}


def held(scene: Scene) -> dict[str, Any]:
    """A matter whose data is held back."""
    found = scene.matter("raised")
    by_number = Matter.objects.get(number=found["number"])
    matters.hold(by_number, reason="正在复议", by=scene.make.cast.actor("jiang"))
    return found | {"version": ""}


def handed_over(scene: Scene) -> dict[str, Any]:
    """A matter whose person stands at the counter and was checked."""
    found = scene.matter("raised")
    by_number = Matter.objects.get(number=found["number"])
    matters.disclose(by_number, checked="看了身份证原件", by=scene.make.cast.actor("jiang"))
    return found | {"version": ""}


def erasure_asked(scene: Scene) -> dict[str, Any]:
    """A request to delete that waits."""
    by_number = Matter.objects.get(number=scene.matter("raised")["number"])
    row = matters.ask_erasure(by_number, scope="all", why="", by=Actor.resident())
    return {"number": row.number, "version": str(row.version)}


TERM = {"from_on": "2026-12-01", "to_on": "2026-12-31"}
BODY = {
    "name": "柳林街道司法所",
    "short_name": "司法所",
    "kind": "government",
    "functions": "justice",
    "phone": "0543-1",
}
TOLD = {"title": "明天停水", "text": "请提前存水。", "phone": "0543-96777"}
FORMS = {
    "matters:settle": Form("wang", matter("matter"), {"reply": "换好了"}),
    "matters:raise_up": Form("wang", matter("matter"), {"tried": "敲过门"}, lambda s: {"reason": s.make.raise_reason}),
    "matters:assign": Form("li", matter("raised"), {"category": "", "differs": "", "helpers": ""}, body_of("liulin_urban")),
    "matters:accept": Form("wu", matter("assigned")),
    "matters:object": Form(
        "wu", matter("assigned"), {"reason": "not-our-duty", "note": "归社区管"}, lambda s: {"believed": str(s.make.cast.bodies["huaihua"].pk)},
    ),
    "matters:rule": Form("jiang", matter("objected"), {"upheld": "no", "to": "", "note": "按清单由城管办办"}),
    "matters:ask_extension": Form("wu", matter("handling"), {"days": "3", "why": "配件要从外地发来"}),
    "matters:extend": Form("feng", matter("extending")),
    "matters:refuse_extension": Form("feng", matter("extending"), {"why": "来得及"}),
    "matters:carry": Form("feng", matter("handling"), {"reason": "season", "why": "等开春", "review_on": "2026-12-20"}),
    "matters:review": Form("feng", matter("carried"), {"why": "还冻着", "review_on": "2026-12-20"}),
    "matters:take_back": Form("feng", matter("carried"), {"why": "化冻了"}),
    "matters:propose_exclusion": Form("li", matter("raised"), {"reason": "other", "said": "法律另有规定", "channel": "区司法局"}),
    "matters:exclude": Form("ma", matter("excluding")),
    "matters:keep": Form("ma", matter("excluding"), {"why": "该街道管"}),
    "matters:look_again": Form("jiang", matter("second_look"), {"stands": "no", "why": "该受理"}),
    "matters:find": Form("tang", matter("sampled"), {"rightly": "no", "why": "该受理"}),
    "matters:contact": Form(
        "wu", matter("handling"), {"means": "phone", "reached": "yes", "said": "问清了", "said_at": "2026-11-23T09:00"}
    ),
    "matters:answer": Form("wu", matter("handling"), {"reply": "修好了"}, lambda s: {"outcome": s.make.outcome}),
    "matters:verify": Form("zhou", matter("answered"), {"note": "看过了"}),
    "matters:redo": Form("zhou", matter("answered"), {"reason": "not-done", "note": "还不亮"}),
    "matters:add": Form("li", matter("raised"), {"said": "又打来电话"}),
    "matters:reveal": Form("li", matter("raised"), {"purpose": "电话核实"}),
    "matters:press": Form("zheng", matter("handling"), {"grade": "yellow", "reason": "三天没有动静", "skip": "急"}),
    "matters:withdraw_card": Form("zheng", matter("pressed"), {"reason": "已经说明"}),
    "matters:respond": Form("wu", matter("pressed"), {"said": "明天换灯头"}),
    "matters:visit": Form("li", matter("silent"), {"outcome": "reached", "contacted": "yes", "solved": "no", "satisfaction": "5", "said": "还不亮"}),
    "matters:rating": Form("wu", matter("taken_up"), {"reason": "impossible", "note": "灯头要等厂家"}),
    "matters:appeal": Form("wu", matter("disliked"), {"reason": "impossible", "note": "灯头要等厂家"}),
    "matters:decide_appeal": Form("jiang", matter("appealed"), {"upheld": "yes", "note": "确要等厂家"}),
    "matters:note": Form("li", matter("raised"), {"said": "住户情绪激动"}),
    "matters:attach": Form("li", matter("raised"), {"for_resident": "no", "file": ""}),
    "matters:same_person": Form("li", matter("raised"), {"purpose": "核对是不是同一件"}),
    "desk:keep_view": Form("li", fields={"asked": "view=open&q=路灯", "name": "灯", "sharing": "area"}),
    "desk:edit_view": Form("li", kept("view"), {"name": "改名", "sharing": "body"}),
    "desk:move_view": Form("li", kept("view"), {"way": "up"}),
    "desk:delete_view": Form("li", kept("view")),
    "desk:take_over_view": Form("li", kept("view")),
    "desk:phrases": Form("li", fields={"name": "修好了", "text": "{单位}已修好", "verb": "answer", "sharing": "own"}),
    "desk:phrase": Form("li", kept("phrase"), {"name": "修好了", "text": "{单位}已修好", "verb": "answer", "sharing": "own"}),
    "desk:delete_phrase": Form("li", kept("phrase")),
    "desk:insert_phrase": Form("li", lambda s: s.matter("raised") | {"verb": "raise_up"}, {"phrase": "city:beyond-our-means", "tried": "试过"}),
    "desk:bulk_list": Form("li", fields={"verb": "assign", "back": "view=open", "whole": "1", "number": ""}),
    "desk:bulk_do": Form("li", kept("order"), {"to": "", "differs": ""}),
    "desk:bulk_again": Form("li", kept("order")),
    "desk:phone": Form(
        "li", fields={"phone": "13812345678", "name": "赵秀英", "text": "路灯坏了", "place_text": "槐花社区", "area": "", "category": "", "channel": "phone", "behalf": "on", "person_name": "孙奶奶", "person_phone": "", "relation": "family", "how": "beside", "agreed_at": "", "key": "a-form-key-7"},
    ),
    "desk:phone_read": Form("li", fields={"text": "路灯坏了", "phone": "13812345678"}),
    "desk:phone_earlier": Form("li", fields={"text": "路灯坏了", "phone": "13812345678"}),
    "matters:mask": Form("li", matter("raised"), {"keep": "", "hide": "路灯"}),
    "matters:hold": Form("jiang", matter("raised"), {"reason": "正在复议"}),
    "matters:release": Form("jiang", held, {"why": "复议结束"}),
    "matters:ask_erasure": Form("jiang", handed_over, {"scope": "contact", "why": "搬走了"}),
    "matters:erasure": Form("jiang", erasure_asked, {"decision": "refuse", "reason": "open", "said": "还在办"}),
    "matters:people": Form("jiang", fields={"phone": "13812345678", "checked": "看了身份证原件", "as": ""}),
    "matters:merge": Form("li", matter("raised"), {"with": "滨26-0417-0032", "numbers": "", "into": ""}),
    "matters:unmerge": Form("li", matter("merged"), {"why": "不是同一件"}),
    "matters:reveal_along": Form("wu", along, {"purpose": "电话核实"}),
    "matters:split": Form(
        "li", matter("raised"), {f"{name}_{n}": value for n in range(1, 5) for name, value in (("what", ""), ("to", ""), ("category", ""))},
    ),
    "matters:ask_help": Form("wu", matter("handling"), more=lambda s: {"bodies": str(s.make.cast.bodies["huaihua"].pk)}),
    "matters:advise": Form("zhou", matter("helped"), {"opinion": "钥匙在物业"}),
    "matters:ask_approval": Form("li", matter("raised"), {"why": "离得近，给材料费"}, body_of("huaihua")),
    "matters:approve": Form("jiang", matter("asked_for")),
    "matters:reject": Form("jiang", matter("asked_for"), {"why": "该城管办办"}),
    "matters:refuse_off_list": Form("zhou", matter("asked_for")),
    "matters:new": Form(
        "wang", fields={"text": "井盖翘起来了", "place_text": "", "channel": "grid", "category": "", "name": "", "phone": "", "key": "a-form-key-1", "photos": ""},
    ),
    "whistles:new": Form(
        "li", fields={"kind": "emergency", "area": "", "place_text": "东门", "what": "树倒了", "arrive_by": "", "matters": "", "key": "a-form-key-9"},
        more=lambda s: {"body": str(s.make.cast.bodies["liulin_urban"].pk)},
    ),
    "whistles:acknowledge": Form("wu", whistle("sounded")),
    "whistles:arrive": Form("wu", whistle("sounded")),
    "whistles:explain": Form("wu", whistle("sounded"), {"reason": "on-the-way", "said": "堵车"}),
    "whistles:report": Form("wu", whistle("arrived"), {"action": "切了树"}),
    "whistles:agree": Form("li", whistle("arrived"), {"plan": "切树"}),
    "whistles:conclude": Form("li", whistle("agreed"), {"conclusion": "通了"}, urban("conclusion", "来了")),
    "whistles:rate": Form("li", whistle("done"), more=urban("score", "5")),
    "whistles:judge": Form("wu", whistle("done"), {"justified": "no", "reason": "own-power", "said": "自己能切"}),
    "whistles:withdraw": Form("li", whistle("sounded"), {"reason": "误报"}),
    "whistles:convene": Form(
        "li", fields={"topic": "夜市占道", "starts_at": "2099-01-01T09:00", "place_text": "二楼会议室", "key": "a-form-key-8", "area": "", "whistle": ""},
        more=lambda s: {"body": str(s.make.cast.bodies["liulin_urban"].pk)},
    ),
    "whistles:hold": Form("li", meeting, {"text_1": "划线", "due_on_1": "2099-01-01"}, lambda s: {"body_1": str(s.make.cast.bodies["liulin_urban"].pk)}),
    "whistles:cancel": Form("li", meeting, {"reason": "不开了"}),
    "announcements:publish": Form(
        "li", fields=TOLD | {"kind": "water"}, more=lambda s: tomorrow(s) | {"area": str(s.make.cast.bodies["huaihua"].area_id)}
    ),
    "announcements:correct": Form("li", announcement, TOLD, tomorrow),
    "announcements:withdraw": Form("li", announcement, {"reason": "改期了"}),
    "announcements:front": Form("li", fields={"welcome": "有事说一声", "alias": "liulin", "described": "大门"}),
    "tasks:new": Form(
        "zheng", fields={"group": "grid", "content": "清一遍占道经营", "due_on": "2027-01-05", "co_owners": "", "meeting": "", "q": ""}, more=lambda s: {"owner": str(s.make.cast.bodies["liulin_urban"].pk)},
    ),
    "tasks:meetings": Form("zheng", fields={"group": "grid", "held_on": "2026-11-02", "title": "例会", "minutes": "https://example.org/1"}),
    "tasks:take_up": Form("wu", task("given")),
    "tasks:report": Form("wu", task("doing"), {"note": "办了一半"}),
    "tasks:ask_delay": Form("wu", task("doing"), {"until": "2027-02-05", "reason": "下雪"}),
    "tasks:grant_delay": Form("zheng", task("asked")),
    "tasks:refuse_delay": Form("zheng", task("asked"), {"reason": "不行"}),
    "tasks:finish": Form("wu", task("doing"), {"evidence": "清完了", "evidence_url": "https://example.org/2"}),
    "tasks:confirm": Form("zheng", task("finished")),
    "tasks:send_back": Form("zheng", task("finished"), {"reason": "缺照片"}),
    "tasks:cancel": Form("zheng", task("given"), {"reason": "并了"}),
    "tasks:press": Form("zheng", task("doing"), {"reason": "慢"}),
    "tasks:withdraw_card": Form("zheng", task("pressed"), {"reason": "不实"}),
    "notices:inbox": Form("wang"),
    "notices:read": Form("wang"),
    "access:act": Form("wang", ids("wang")),
    "access:delegate": Form("li", ids("li"), {"to": "", "reason": "休假", **TERM}),
    "access:recall": Form("li", ids("li")),
    "access:recall_of": Form("ren", ids("li")),
    "access:open_account": Form("ren", fields={"name": "新同事", "username": "xin", "phone": "", "email": "", "post": "1", "from_on": "2026-12-01"}),
    "access:appoint": Form("ren", ids("wang"), {"post": "1", "part_time": "", **TERM}),
    "access:relieve": Form("ren", ids("wang"), {"to_on": "2026-12-31", "last_on": "2026-12-31"}),
    "access:reset_password": Form("ren", ids("wang")),
    "access:close_account": Form("ren", ids("wang")),
    "access:restore_account": Form("ren", ids("wang")),
    "access:establish_body": Form("ren", fields={"area": "1", **BODY}),
    "access:revise_body": Form("ren", ids("wu"), BODY),
    "access:establish_post": Form("ren", ids("wu"), {"kind": "department_handler", "title": "承办人", "area": "1"}),
    "places:note_coverage": Form("qu", lambda _: {"code": place.HUAIHUA}, {"party_organisation": "yes", "premises": "no", "service": ""}),
    "rulebook:enter_year": Form(
        "gui", fields={"year": "2027", "notice": "元旦：1月1日放假。", "text": "元旦：1月1日放假。", "basis": "国办发明电", "enact": "1"}
    ),
    "calendars:open": Form("wu"),
    "calendars:revoke": Form("wu"),
    "desk:export": Form("li", fields={"format": "csv", "purpose": "周例会核对"}),
    "tasks:export": Form("zheng", fields={"format": "csv", "purpose": "周例会核对"}),
    "whistles:export": Form("li", fields={"format": "csv", "purpose": "周例会核对"}),
    "places:export_coverage": Form("zheng", fields={"format": "csv", "purpose": "周例会核对"}),
    "hotline:take": Form("jiang", fields={"file": ""}),
    "hotline:give": Form("jiang"),
    "hotline:compare": Form("jiang", fields={"day": "2026-11-20", "file": ""}),
    "hotline:send_again": Form("jiang", ticket),
    "hotline:hand_back": Form("jiang", ticket, {"reason": "not-our-area", "words": "在杏花镇"}),
    "hotline:tickets": Form("", fields={"tickets": ""}),
    "hotline:orders": Form("", fields={"orders": ""}),
    "sms:fates": Form("", lambda _: {"key": "wrong"}, {"mark": "entry-1", "status": "0"}),
    "sms:answers": Form("", lambda _: {"key": "wrong"}, {"phone": "13812345678", "text": "T"}),
    "resident:channel": Form("", matter("handling"), {"channel": "page"}),
    "resident:home": Form("", fields={"text": "路灯坏了", "place": "槐花社区", "key": "", "area": "", "g": "", "lon": "", "lat": "", "visibility": "named", "name": "赵", "phone": "13812345678", "sms": "on", "email": "", "into": "", "look": "", "drop": "", "within": "", "behalf": "on", "person_name": "孙奶奶", "person_phone": "0543-3160000", "relation": "family", "how": "beside"}),
    "resident:likewise": Form("", fields={"text": "路灯坏了", "place": "槐花社区", "area": "", "g": "", "lon": "", "lat": ""}),
    "resident:add": Form("", matter("handling"), {"said": "还没修", "text": "还没修", "key": "a-form-key-2", "drop": "", "photos": ""}),
    "resident:withdraw": Form("", matter("handling"), {"why": "好了", "reason": ""}),
    "resident:rate": Form("", matter("verified"), {"satisfaction": "5", "comment": "谢谢", "version": "1"}),
    "resident:second_look": Form("", matter("excluded"), {"why": "不是借钱"}),
    "resident:urge": Form("", matter("handling"), {"key": ""}),
    "resident:reopen": Form("", matter("verified"), {"why": "还不亮", "reason": "", "version": "1"}),
    "resident:correct": Form("", matter("handling"), {"name": "赵秀英", "phone": "13812345678", "email": "zhao@example.com"}),
    "resident:erase": Form("", matter("handling"), {"scope": "contact", "why": "搬走了"}),
    "resident:forget": Form("", matter("handling"), {"x": ""}),
    "resident:support": Form("", matter("matter"), {"key": "a-form-key-3"}),
    "open311:requests": Form(
        "", fields={"service_code": "streetlight", "description": "路灯坏了", "address_string": "槐花社区", "lat": "", "long": "", "address_id": "", "first_name": "秀英", "last_name": "赵", "phone": "", "email": "", "media_url": "", "attribute[public]": "yes", "attribute[place]": "", "jurisdiction_id": ""},
        more=lambda scene: {"api_key": scene.api_key()},
    ),
    "openapi:tokens": Form("li", fields={"name": "数据中台", "powers": "matters.read", "until": "2027-01-31"}),
    "openapi:revoke": Form("li", lambda scene: {"token": scene.token()}),
    "webhooks:new": Form(
        "li", fields={"name": "数据中台", "address": "https://outside.example/hook", "area": place.LIULIN, "wanted": "matters.MatterAssigned"},
    ),
    "webhooks:stop": Form("li", webhook()),
    "webhooks:resume": Form("li", webhook(on=False)),
    "webhooks:renew": Form("li", webhook()),
    "webhooks:replay": Form("li", webhook(), {"entry": "1", "since": "2026-11-01"}),
    "site:language": Form("", fields={"language": "en", "next": "/nearby/"}),
    "site:large": Form("", fields={"large": "1", "next": "/nearby/"}),
}  # fmt: skip
OTHERS = (
    "account_",
    "mfa_",
    "socialaccount_",
    "usersessions_",
    "openid_connect_",
    "weixin_",
    "demo:",
    "openapi:v1:",
    "django.",
    "linli.site.web.missing",
)
"""A library's own forms, those of the demo, what only leads on; and the JSON API, which schemathesis tries."""


@pytest.fixture
def enter(client: Client, cast: Any) -> Callable[[str], Client]:
    """Be somebody of the cast, or the keeper of posts, places or rules, or nobody."""
    county = Area.objects.get(code=place.COUNTY)
    for username, kind in (("ren", "personnel_keeper"), ("qu", "territory_keeper"), ("gui", "rule_keeper")):
        person = Person.objects.create_user(username, "x", name=username)
        post = Post.objects.create(kind=kind, title=kind, body=cast.bodies["county_desk"], area=county)
        Appointment.objects.create(person=person, post=post, from_on=date(2026, 1, 1))

    def be(username: str) -> Client:
        if username == "tang":
            Make(cast).overseer()
        if username:
            client.force_login(Person.objects.get(username=username))
        return client

    return be


def tries(proper: dict[str, str]) -> list[dict[str, str]]:
    """Every field nasty at once, then one after the other among proper ones."""
    every = [dict.fromkeys(proper, value) for value in NASTY]
    return every + [{**proper, name: value} for name in proper for value in ONE_BY_ONE]


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_no_field_of_no_form_breaks_anything(enter: Callable[[str], Client], make: Make, name: str) -> None:
    form = FORMS[name]
    scene = Scene(make)
    at = form.where(scene)
    route = next(route for each, route in ALL if each == name)
    path = address(route, **{key: str(value) for key, value in at.items()})
    proper = (
        form.fields
        | form.more(scene)
        | ({"version": at["version"]} if name.startswith(("matters:", "tasks:", "announcements:")) and at else {})
    )
    client = enter(form.who)
    for typed in tries(proper):
        before = transaction.savepoint()
        with clock.at(clock.now()):
            answer = client.post(path, typed)
        assert answer.status_code < 500, (typed, answer.status_code)
        for said in Remark.objects.values_list("text", flat=True):
            assert said == text.clean(said)
            assert len(said) <= LONGEST
        for kept in Matter.objects.values_list("text", "reply", "title", "place_text"):
            assert kept == tuple(map(text.clean, kept))
        transaction.savepoint_rollback(before)
    assert (
        client.post(
            path,
            b"text=%ff%fe&reply=%ed%a0%80&said=%c0%80&reason=%ff",
            content_type="application/x-www-form-urlencoded",
        ).status_code
        < 500
    )
    assert client.post(path, b"not a form at all", content_type="multipart/form-data; boundary=x").status_code < 500
    assert client.post(path, "{", content_type="application/json").status_code < 500
    assert list(verification.findings()) == []


def test_every_form_is_here(enter: Callable[[str], Client]) -> None:
    """The table of addresses is walked: what answers a POST must be typed into above."""
    client = enter("zheng")
    takes_a_form = {
        name
        for name, route in ALL
        if not name.startswith(OTHERS)
        and client.post(address(route, **({"key": "matters/limits"} if name.startswith("rulebook") else {}))).status_code != 405
    }  # fmt: skip
    assert takes_a_form == set(FORMS)


@pytest.mark.parametrize(("name", "route"), [pair for pair in ALL if "<" in pair[1] and not pair[0].startswith(OTHERS)])
def test_no_address_breaks_whatever_stands_in_it(enter: Callable[[str], Client], name: str, route: str) -> None:
    client = enter("zheng")
    for value in (
        "%00",
        "..",
        "0",
        "9" * 19,
        "9" * 200,
        "-1",
        quote("滨26-9999-9999"),
        quote("'; --"),
        "%ED%A0%80",
        quote("\u202e"),
    ):
        values = dict.fromkeys(
            (
                "number",
                "token",
                "key",
                "code",
                "person",
                "body",
                "appointment",
                "delegation",
                "area_id",
                "level",
                "username",
                "word",
            ),
            value,
        )
        path = address(route, **values)
        assert client.get(path).status_code < 500, path


ASKED = ("after", "area", "matter", "whistle", "body", "from", "g", "lack", "lat", "level", "lon", "measure", "month", "next", "on", "order", "page", "post", "q", "risk", "solved", "unknown", "view", "within", "handler", "category", "until", "who", "year", "text", "small", "reason", "t", "state", "format", "group", "since", "size", "zoom", "filed", "metres", "edition")  # fmt: skip
"""Every name a page looks for behind the question mark."""
QUESTIONS = ("", "x" * 500, "a\x00b", "\u202e", "9" * 30, "1e400", "-1", "9999-12", "0000-00-00", "🚽", "'; --")
KEEPERS = {
    "access": "ren",
    "rulebook": "gui",
    "audit": "sun",
    "field": "wang",
    "desk": "li",
    "whistles": "li",
    "announcements": "li",
}


@pytest.mark.parametrize(
    ("name", "route"), [pair for pair in ALL if "<" not in pair[1] and not pair[0].startswith(OTHERS)]
)
def test_no_question_breaks_a_page(enter: Callable[[str], Client], name: str, route: str) -> None:
    client = enter(KEEPERS.get(name.partition(":")[0], "zheng"))
    for value in QUESTIONS:
        assert client.get(address(route), dict.fromkeys(ASKED, value)).status_code < 500, value
    assert client.get(address(route) + "?q=%ff%fe&month=%ED%A0%80&after=%c0%80&area=%00").status_code < 500


def test_every_name_a_page_looks_for_is_tried() -> None:
    files = [*(Path(linli.__file__).parent).rglob("web*.py"), *(Path(linli.__file__).parent).rglob("web/*.py")]
    looked_for = {
        name for each in files for name in re.findall(r'GET(?:\.get(?:list)?\(|\[)"([a-z_]+)"', each.read_text(encoding="utf-8"))
    }  # fmt: skip
    assert len(looked_for) > 10
    assert looked_for <= set(ASKED)
