"""`linli demo --check`: opens every kind of page once, as the person it is for, and says how each went."""

import html
import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field

_HIDDEN = re.compile(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"')
_NUMBER = re.compile(r'href="/matters/([^"/]*\d[^"/]*)/"')
_BEHIND = re.compile(r'href="(/board/list/[^"]+)"')
_RATE = re.compile(r'href="(/board/rates/one/[^"]+)"')
_RATED = re.compile(r'href="(/board/rates/list/[^"]+)"')
_PUBLIC = re.compile(r'href="(/p/[^"]+/)"')
_RULE = re.compile(r'href="(/rules/[a-z0-9/_-]+/v\d+/)[#"]')
_AREA = re.compile(r'href="(/places/[0-9]+/)"')
_GRID = re.compile(r'href="(/grids/[^"/]+/)"')
_ENDED = re.compile(r'href="(/places/was/\d+/)"')
_OUTLINES = re.compile(r'"(/places/outlines/[^"]+)"')
_VISIT = re.compile(r'href="(/matters/[^"/]+/visit/)"')
_WHISTLE = re.compile(r'href="(/whistles/%E5%93%A8[^"/]+/)"')
_MEETING = re.compile(r'href="(/whistles/meetings/%E4%BC%9A[^"/]+/)"')
_BODY = re.compile(r'href="(/people/bodies/\d+/)"')
_ERASURE = re.compile(r'href="(/matters/erasures/[^"/]+/)"')
_TASK = re.compile(r'href="(/tasks/[^"/?]*\d[^"/?]*/)"')
_TOLD = re.compile(r'href="(/n/[^"/]+/)"')
_TELLING = re.compile(r'href="(/announcements/%E5%91%8A[^"/]+/)"')
_PERSON = re.compile(r'href="(/people/\d+/)"')
SENTENCE = "为民社区小区门口的路灯坏了三天，晚上看不见路"
PLACE = "彭李街道为民社区"


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer: it is followed by the check, not behind its back."""

    def redirect_request(self, *_: object) -> None:
        return None


@dataclass
class Answer:
    """What came back."""

    status: int
    text: str
    url: str
    milliseconds: float
    goes_to: str = ""


@dataclass
class Visitor:
    """One person with one browser."""

    name: str
    base: str
    failures: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Every path asked for, so that a test can say which kind of page nobody opens."""

    def __post_init__(self) -> None:
        self.cookies = http.cookiejar.CookieJar()
        self.open = urllib.request.build_opener(_Stay, urllib.request.HTTPCookieProcessor(self.cookies)).open

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> Answer:
        """One request, without following where it leads."""
        url = path if path.startswith("http") else self.base + path
        self.asked.append(urllib.parse.unquote(urllib.parse.urlsplit(url).path))
        # Links are written with Chinese numbers in them; a request line is not.
        asked = urllib.request.Request(urllib.parse.quote(url, safe=":/?&=%#+,;@~"))  # noqa: S310  Our own address.
        if form is not None:
            asked.data = urllib.parse.urlencode(form).encode()
            asked.add_header("Referer", url)
        began = time.perf_counter()
        try:
            with self.open(asked, timeout=30) as got:
                status, body, to = got.status, got.read(), ""
        except urllib.error.HTTPError as error:
            status, body, to = error.code, error.read(), error.headers.get("Location", "")
        except OSError as error:
            status, body, to = 0, str(error).encode(), ""
        taken = (time.perf_counter() - began) * 1000
        return Answer(status, body.decode("utf-8", "replace"), url, taken, to)

    def see(self, path: str, what: str, *, has: str = "") -> Answer:
        """Open a page and say how it went; what it leads to is followed."""
        answer = self.ask(path)
        for _ in range(3):
            if not answer.goes_to:
                break
            answer = self.ask(urllib.parse.urljoin(answer.url, answer.goes_to))
        self._say(answer, what, holds=answer.status == 200 and has in answer.text, path=path)
        return answer

    def send(self, path: str, what: str, form: Mapping[str, str], *, page: str) -> Answer:
        """Fill in a page's form and send it; it must lead on."""
        hidden = {name: html.unescape(value) for name, value in _HIDDEN.findall(self.ask(page).text)}
        answer = self.ask(path, {**hidden, **form})
        self._say(answer, what, holds=answer.status in {302, 303}, path=path)
        return answer

    def _say(self, answer: Answer, what: str, *, holds: bool, path: str) -> None:
        shown = urllib.parse.unquote(path)
        line = f"{'✓' if holds else '✗'} {answer.status}  {answer.milliseconds:6.0f} ms  {self.name}  {what}  {shown}"
        print(line, flush=True)
        if not holds:
            self.failures.append(line)

    def follow(self, page: Answer, link: re.Pattern[str], what: str) -> Answer:
        """Open the first such link of a page; that it leads nowhere is a failure too."""
        found = link.search(page.text)
        if found is None:
            self.miss(f"{what}：{urllib.parse.unquote(page.url)} 上没有这样的链接")
            return page
        return self.see(html.unescape(found[1]), what)

    def miss(self, what: str) -> None:
        """Something a page should have led to was not there."""
        line = f"✗ {self.name}  {what}"
        print(line, flush=True)
        self.failures.append(line)


def check(base: str) -> int:
    """Every kind of page; 1 if one failed."""
    failures = [line for each in visit(base) for line in each.failures]
    print(f"\n{len(failures)} 个页面没有打开：" if failures else "\n每种页面都打开了。", flush=True)
    for line in failures:
        print(f"  {line}")
    return 1 if failures else 0


def visit(base: str) -> list[Visitor]:
    """Everybody goes through the pages that are theirs."""
    everybody = (
        _resident, _passer_by, _grid_worker, _community, _township, _department, _head, _county, _overseer, _leader, _auditor, _rule_keeper, _personnel_keeper,
        _operator,
    )  # fmt: skip
    return [each(base) for each in everybody]


def _resident(base: str) -> Visitor:
    me = Visitor("居民", base)
    me.see("/", "发给社区")
    form = {"text": SENTENCE, "place": PLACE, "visibility": "anonymous", "public": "on", "anyway": "1"}
    sent = me.send("/", "发出一句话", form, page="/")
    if sent.goes_to:
        me.see(sent.goes_to, "收到了，编号和期限")
        link = sent.goes_to.removesuffix("sent/")
        me.see(link, "像查快递一样跟进")
        me.see(link + "proof/", "没有被改过的证明")
        me.see(link + "receipt.pdf", "回执", has="%PDF")
        me.see(link + "mine/", "我的个人信息", has="抄一份")
        me.see(link + "mine.json", "抄一份个人信息", has="contact")
    else:
        me.miss("发出后没有得到链接")
    near = me.see("/nearby/", "附近的事")
    me.see("/nearby/points.json", "附近的事（地图）")
    me.see("/nearby/outlines.json", "附近的界线")
    me.follow(near, _PUBLIC, "邻居的一件事")
    me.see("/places/suggest?q=" + urllib.parse.quote("为民"), "地名提示")
    me.see("/m/", "没有链接怎么办")
    return me


def _passer_by(base: str) -> Visitor:
    """Who wants nothing settled and looks how the city is made: rules, places, the doors."""
    me = Visitor("路人", base)
    rules = me.see("/rules/", "规则")
    version = me.follow(rules, _RULE, "一张清单的一个版本")
    me.see(re.sub(r"v\d+/$", "", urllib.parse.urlsplit(version.url).path), "一张清单的历次版本")
    me.see("/open311/discovery.xml", "开放接口在哪里")
    me.see("/open311/v2/services.json", "开放接口能报什么")
    me.see("/open311/v2/services/streetlight.json", "开放接口上的一类诉求")
    listed = me.see("/open311/v2/requests.json", "开放接口上公开的诉求")
    for number in re.findall(r'"service_request_id": "([^"]+)"', listed.text)[:1]:
        me.see(f"/open311/v2/requests/{urllib.parse.quote(number)}.json", "开放接口上的一件诉求")
    me.see("/opendata/", "公开数据")
    me.see("/opendata/catalog.ttl", "公开数据的目录", has="dcat:Catalog")
    me.see("/opendata/catalog.jsonld", "公开数据的目录（JSON-LD）", has="dcat:Catalog")
    me.see("/opendata/dictionary.csv", "公开数据的字典")
    city = me.see("/places/", "区划")
    me.follow(city, _OUTLINES, "区划的界线")
    county = me.follow(city, _AREA, "一个地方")
    me.see(urllib.parse.urlsplit(county.url).path + "?on=2019-06-30", "一个地方，从前的样子")
    found = me.see("/places/?q=" + urllib.parse.quote("为民社区"), "找一个地方")
    me.follow(me.follow(found, _AREA, "一个社区"), _GRID, "网格公示牌")
    me.follow(me.see("/places/?q=371626000000", "找一个旧代码"), _ENDED, "已不再有的地方")
    me.follow(me.see("/t/pengli/", "一个街道的主页", has="为民社区明天停水"), _TOLD, "一份告知")
    me.see("/t/pengli/told/", "街道的邻里告知")
    me.see("/t/pengli/told.xml", "邻里告知的订阅", has="http://www.w3.org/2005/Atom")
    me.see("/api/", "数据接口的说明")
    me.see("/api/v1/openapi.json", "数据接口的说明，给机器看", has="openapi")
    me.see("/demo/", "换一个人看看")
    me.see("/accounts/login/", "登录")
    me.see("/accounts/password/reset/", "忘了密码")
    me.see("/pieces/", "页面的部件")
    me.see("/pieces/points.json", "部件的点")
    me.see("/pieces/outlines.json", "部件的界线")
    return me


def _signed_in(base: str, username: str, name: str) -> Visitor:
    me = Visitor(name, base)
    me.send(f"/demo/sign-in/{username}", "一键登录", {}, page="/demo/")
    return me


def _matter(me: Visitor, page: Answer, what: str, *, place: int = 0) -> str:
    """Open the first matter of a list, or the one at another place; its path."""
    numbers = [urllib.parse.unquote(html.unescape(each)) for each in _NUMBER.findall(page.text)]
    number = next(iter([each for each in numbers if any(map(str.isdigit, each))][place:]), "")
    if not number:
        me.miss(f"{urllib.parse.unquote(page.url)} 上没有一件事")
        return ""
    me.see(f"/matters/{number}/", what)
    return f"/matters/{number}/"


def _grid_worker(base: str) -> Visitor:
    me = _signed_in(base, "wang", "网格员")
    _matter(me, me.see("/today/", "今天的事"), "一件事")
    me.see("/matters/new/", "代居民登记")
    me.see("/notices/", "消息")
    me.see("/me/", "我的岗位")
    me.see("/me/calendar/", "期限日历")
    me.see("/me/start/", "从哪里开始", has="今天")
    me.see("/accounts/password/change/", "换密码")
    me.see("/accounts/sessions/", "在哪里登录着")
    me.see("/accounts/2fa/", "两步验证")
    return me


def _community(base: str) -> Visitor:
    me = _signed_in(base, "zhou", "社区书记")
    _matter(me, me.see("/desk/", "工作台"), "一件事")
    me.see("/desk/?q=" + urllib.parse.quote("路灯"), "检索")
    return me


def _township(base: str) -> Visitor:
    me = _signed_in(base, "li", "街道调度员")
    page = me.see("/desk/", "工作台")
    one = _matter(me, page, "一件事，系统的建议")
    if one:
        me.see(one + "related/", "相关的")
        me.see(one + "print.pdf", "打印一件", has="%PDF")
        me.see(one + "privacy/", "一件事的个人信息和公开的字句")
    me.see("/matters/people/", "本人来查个人信息")
    me.follow(me.see("/announcements/", "告诉邻居的"), _TELLING, "一份告知：更正、撤下")
    me.see("/announcements/new/", "发一份告知")
    me.see("/announcements/front/", "街道主页")
    for view in sorted(set(re.findall(r'href="(\?view=[a-z_]+)', page.text))):
        me.see("/desk/" + view, "工作台的一个视图")
    me.see("/desk/?q=" + urllib.parse.quote("垃圾"), "检索两个字")
    one = _matter(me, me.see("/desk/?view=triage", "待派单的"), "一件待派单的")
    if one:
        me.see(one + "alike/", "附近相近的")
        me.see(one + "split/", "分给几家办")
    me.see("/desk/?q=" + urllib.parse.quote("水"), "检索一个字")
    me.see("/desk/points.json", "地图上的点")
    calls = me.see("/matters/visits/", "待回访")
    if _VISIT.search(calls.text):
        me.follow(calls, _VISIT, "回访一件")
    me.see("/desk/fresh.json?view=open", "有没有新的")
    me.see("/desk/hexagons.json?view=open", "六边形")
    me.see("/desk/map/?view=open", "哪里多")
    me.see("/desk/views/", "常用筛选")
    me.see("/desk/phrases/", "常用语")
    me.see("/desk/phone/", "接电话登记")
    ticked = re.findall(r'name="number" value="([^"]+)"', page.text)[:2]
    bulk = me.send(
        "/desk/bulk/", "勾选两件，先看看", {"verb": "verify", "number": next(iter(ticked), "")}, page="/desk/"
    )
    if "/desk/bulk/" in bulk.goes_to:
        me.see(bulk.goes_to, "批量，先看看")
    me.see("/desk/bulk/", "办过的批量")
    whistles = me.see("/whistles/", "吹哨报到")
    me.follow(whistles, _WHISTLE, "一次吹哨")
    me.see("/matters/exclusions/", "不予受理")
    me.see("/whistles/new/", "吹哨")
    me.see("/whistles/statistics/", "吹哨统计")
    meeting = me.follow(me.see("/whistles/meetings/", "联席会议"), _MEETING, "一次联席会议")
    me.see(urllib.parse.urlsplit(meeting.url).path.rstrip("/") + ".ics", "会议的日历文件", has="BEGIN:VEVENT")
    me.see("/whistles/meetings/new/", "召集联席会议")
    me.see("/api/tokens/", "接口令牌")
    me.see("/webhooks/", "推送")
    me.see("/webhooks/new/", "订阅推送")
    return me


def _department(base: str) -> Visitor:
    me = _signed_in(base, "wu", "城管办承办人")
    me.see("/matters/helping/", "请我们协办的")
    _matter(me, me.see("/desk/", "派给本单位的"), "一件事")
    me.follow(me.see("/whistles/", "叫本单位的哨"), _WHISTLE, "收到、到了")
    return me


def _head(base: str) -> Visitor:
    me = _signed_in(base, "feng", "城管办负责人")
    _matter(me, me.see("/desk/?view=mine", "等我批的、挂着的"), "一件事")
    return me


def _county(base: str) -> Visitor:
    me = _signed_in(base, "jiang", "区调度员")
    me.see("/hotline/", "热线对接")
    _matter(me, me.see("/desk/?view=mine", "等我裁定的"), "一件事")
    _matter(me, me.see("/desk/?view=pressed", "督办中的"), "一件督办中的事")
    _matter(me, me.see("/matters/appeals/", "评价申诉和剔除清单"), "一件等我审的申诉")
    me.follow(me.see("/matters/erasures/", "删除个人信息的申请"), _ERASURE, "一个删除申请")
    return me


def _overseer(base: str) -> Visitor:
    me = _signed_in(base, "tang", "监督员")
    months = me.see("/matters/exclusions/", "不予受理")
    last = re.findall(r'href="(\?month=[0-9-]+)"', months.text)[1:2]
    if last:
        _matter(me, me.see("/matters/exclusions/" + last[0], "上个月抽中的"), "一件抽中的")
    return me


def _leader(base: str) -> Visitor:
    me = _signed_in(base, "zheng", "区领导")
    board = me.see("/board/", "全区一页")
    me.follow(board, _BEHIND, "一个数背后的清单")
    me.see("/board/definitions/", "口径")
    rates = me.see("/board/rates/", "比率和口径", has="怎么算的")
    me.follow(rates, _RATE, "一个比率：各地和近十二个月")
    me.follow(rates, _RATED, "比率背后的清单")
    me.see("/board/brief/", "月报", has="没有人填过一个数")
    me.see("/board/brief/pdf/", "月报（PDF）", has="%PDF-")
    me.see("/board/brief/xlsx/", "月报（表格）")
    me.see("/places/coverage/", "覆盖")
    me.see("/places/coverage/?level=4&lack=premises&unknown=1", "覆盖：缺什么的清单")
    me.follow(me.see("/tasks/", "工作组的任务"), _TASK, "一项任务")
    me.see("/tasks/new/", "布置任务")
    me.see("/tasks/meetings/", "工作组的会议")
    me.see("/tasks/monthly/", "月度台账")
    me.see("/tasks/monthly/?format=csv", "月度台账的表格")
    return me


def _auditor(base: str) -> Visitor:
    me = _signed_in(base, "sun", "审计")
    me.see("/audit/", "从哪里查起")
    newest_first = me.see("/desk/?view=all&order=new", "看得到的事")
    found = _matter(me, newest_first, "一件早已封存的事", place=-1)
    if found:
        me.see(found + "log/", "一件事的日志", has="对得上")
        me.see(found + "log.txt", "日志的文本", has="matter:")
        me.see(found + "chain.txt", "供自己重算的文本", has="matter:")
        me.see(found + "proof.json", "封存凭据", has="{")
    for kind, pattern, name in (("tasks", _TASK, "一项任务"), ("whistles", _WHISTLE, "一次吹哨")):
        first = pattern.search(me.see(f"/{kind}/?view=all", f"看得到的{name[2:]}").text)
        if first:
            me.see(first[1] + "log/", f"{name}的日志", has="对得上")
            me.see(first[1] + "chain.txt", f"{name}：供自己重算的文本", has=f"{kind[:-1]}:")
    return me


def _rule_keeper(base: str) -> Visitor:
    me = _signed_in(base, "gui", "规则管理员")
    me.see("/rules/calendar/enter/", "录入工作日历")
    return me


def _personnel_keeper(base: str) -> Visitor:
    me = _signed_in(base, "ren", "岗位管理员")
    people = me.see("/people/", "人员和岗位")
    me.follow(people, _PERSON, "一个人的岗位")
    me.see("/people/new/", "开账号")
    bodies = me.see("/people/bodies/", "单位和岗位")
    me.follow(bodies, _BODY, "一个单位的岗位")
    me.see("/people/bodies/new/", "设立单位")
    bodies = me.see("/people/bodies/", "单位")
    me.follow(bodies, _BODY, "一个单位和它的岗位")
    me.see("/people/bodies/new/", "设立单位")
    return me


def _operator(base: str) -> Visitor:
    me = Visitor("运维", base)
    me.see("/healthz", "活着")
    me.see("/readyz", "能服务")
    me.see("/metrics", "度量", has="linli")
    return me
