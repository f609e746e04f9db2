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
_NUMBER = re.compile(r'href="/matters/([^"/]+)/"')
_BEHIND = re.compile(r'href="(/board/list/[^"]+)"')
_PUBLIC = re.compile(r'href="(/p/[^"]+/)"')
_RULE = re.compile(r'href="(/rules/[a-z0-9/_-]+/v\d+/)[#"]')
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

    def __post_init__(self) -> None:
        self.cookies = http.cookiejar.CookieJar()
        self.open = urllib.request.build_opener(_Stay, urllib.request.HTTPCookieProcessor(self.cookies)).open

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> Answer:
        """One request, without following where it leads."""
        url = path if path.startswith("http") else self.base + path
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

    def miss(self, what: str) -> None:
        """Something a page should have led to was not there."""
        line = f"✗ {self.name}  {what}"
        print(line, flush=True)
        self.failures.append(line)


def check(base: str) -> int:
    """Every kind of page; 1 if one failed."""
    visitors = [
        _resident(base),
        _grid_worker(base),
        _community(base),
        _township(base),
        _department(base),
        _leader(base),
    ]
    visitors += [_auditor(base), _operator(base)]
    failures = [line for each in visitors for line in each.failures]
    print(f"\n{len(failures)} 个页面没有打开：" if failures else "\n每种页面都打开了。", flush=True)
    for line in failures:
        print(f"  {line}")
    return 1 if failures else 0


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
    else:
        me.miss("发出后没有得到链接")
    near = me.see("/nearby/", "附近的事")
    me.see("/nearby/points.json", "附近的事（地图）")
    if found := _PUBLIC.search(near.text):
        me.see(html.unescape(found[1]), "邻居的一件事")
    me.see("/places/suggest?q=" + urllib.parse.quote("为民"), "地名提示")
    rules = me.see("/rules/", "规则")
    if found := _RULE.search(rules.text):
        me.see(found[1], "一张清单的一个版本")
    me.see("/m/", "没有链接怎么办")
    return me


def _signed_in(base: str, username: str, name: str) -> Visitor:
    me = Visitor(name, base)
    me.send(f"/demo/sign-in/{username}", "一键登录", {}, page="/demo/")
    return me


def _matter(me: Visitor, page: Answer, what: str) -> str:
    """Open the first matter of a list; its path."""
    numbers = [urllib.parse.unquote(html.unescape(each)) for each in _NUMBER.findall(page.text)]
    number = next((each for each in numbers if each != "new"), "")
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
    return me


def _community(base: str) -> Visitor:
    me = _signed_in(base, "zhou", "社区书记")
    _matter(me, me.see("/desk/", "工作台"), "一件事")
    me.see("/desk/?q=" + urllib.parse.quote("路灯"), "检索")
    return me


def _township(base: str) -> Visitor:
    me = _signed_in(base, "li", "街道调度员")
    page = me.see("/desk/", "工作台")
    _matter(me, page, "一件事，系统的建议")
    for view in sorted(set(re.findall(r'href="(\?view=[a-z_]+)', page.text))):
        me.see("/desk/" + view, "工作台的一个视图")
    me.see("/desk/?q=" + urllib.parse.quote("垃圾"), "检索两个字")
    me.see("/desk/?q=" + urllib.parse.quote("水"), "检索一个字")
    me.see("/desk/points.json", "地图上的点")
    return me


def _department(base: str) -> Visitor:
    me = _signed_in(base, "wu", "城管办承办人")
    _matter(me, me.see("/desk/", "派给本单位的"), "一件事")
    return me


def _leader(base: str) -> Visitor:
    me = _signed_in(base, "zheng", "区领导")
    board = me.see("/board/", "全区一页")
    if found := _BEHIND.search(board.text):
        me.see(html.unescape(found[1]), "一个数背后的清单")
    else:
        me.miss("/board/ 上没有能点开的数")
    me.see("/board/definitions/", "口径")
    return me


def _auditor(base: str) -> Visitor:
    me = _signed_in(base, "sun", "审计")
    me.see("/audit/", "从哪里查起")
    found = _matter(me, me.see("/desk/?view=all", "看得到的事"), "一件事")
    if found:
        me.see(found + "log/", "一件事的日志", has="对得上")
        me.see(found + "log.txt", "日志的文本", has="matter:")
        me.see(found + "chain.txt", "供自己重算的文本", has="matter:")
    return me


def _operator(base: str) -> Visitor:
    me = Visitor("运维", base)
    me.see("/healthz", "活着")
    me.see("/readyz", "能服务")
    me.see("/metrics", "度量", has="linli")
    return me
