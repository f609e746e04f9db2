"""演示登录 — one click and one is somebody of the demo city. Nothing of this answers where settings.DEMO is off."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from linli.mechanisms.access import pages, public
from linli.mechanisms.access.models import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Role:
    """One person of the demo, and in a sentence what they do here."""

    username: str
    title: "StrPromise"
    sentence: "StrPromise"


ROLES = (
    Role("wang", _("网格员"), _("看今天要办的事：当场解决，或写明试过什么再上报；办好的去现场核实。")),
    Role("zhou", _("社区书记"), _("看本社区的事：分给网格员或站所，自己能定的当场定。")),
    Role("li", _("街道调度员"), _("看全街道的队列：系统建议谁办、依据哪条，照派或另派；不合格的退回重办。")),
    Role("ma", _("街道另一位调度员"), _("确认别人提出的不予受理：两个人都同意才算。")),
    Role("wu", _("城管办承办人"), _("受理派来的事，写答复，能看到每件还剩多少时间。")),
    Role("feng", _("城管办负责人"), _("批本单位的延期；现在办不了的挂账，到日子再看。")),
    Role("jiang", _("区调度员"), _("裁定街道派单的职责异议，复核居民不同意的不予受理；吹哨没有人应的，报到这里。")),
    Role("zheng", _("区领导"), _("看全区：超期的、解决不了的和为什么；每个数都能点开。")),
    Role("sun", _("审计"), _("看谁在什么时候做了什么、谁看过居民身份，核对流水没有被改过。")),
    Role("tang", _("监督员"), _("每月抽查不予受理的：对不对、为什么；不对的转上一级复核。")),
    Role("gui", _("规则管理员"), _("管清单和工作日历：新一年的放假安排公布了，录入后期限跟着重算。")),
    Role("ren", _("岗位管理员"), _("开账号，安排谁在哪个岗位、从哪天到哪天。")),
)


@public
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who one can be."""
    _only_in_a_demo()
    there = {
        person.username: person for person in Person.objects.filter(username__in=[role.username for role in ROLES])
    }
    context = {"roles": [(role, there.get(role.username)) for role in ROLES]}
    return pages.page(request, "demo.jinja", context)


@public
@require_POST
def sign_in(request: HttpRequest, username: str) -> HttpResponse:
    """Be somebody."""
    _only_in_a_demo()
    if username not in {role.username for role in ROLES}:
        raise Http404
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise Http404
    request.session.flush()
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, person, method="demo")
    return redirect("access:start")


def _only_in_a_demo() -> None:
    if not settings.DEMO:
        raise Http404


app_name = "demo"
urlpatterns = [
    path("", people, name="people"),
    path("sign-in/<slug:username>", sign_in, name="sign_in"),
]
