"""What may be typed about a token. Whether it is allowed is decided in service.py."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock, text
from linli.mechanisms.access import Actor
from linli.portals.openapi import queries
from linli.portals.openapi.service import LONGEST

USUAL = timedelta(days=90)
POWERS = {
    "matters.read": _("看诉求"),
    "matters.register": _("代报"),
    "matters.settle": _("当场解决"),
    "matters.raise_up": _("上报"),
    "matters.assign": _("派单"),
    "matters.accept": _("受理"),
    "matters.object": _("提职责异议"),
    "matters.rule": _("裁定"),
    "matters.ask_extension": _("申请延期"),
    "matters.extend": _("批延期"),
    "matters.carry": _("挂账"),
    "matters.answer": _("答复"),
    "matters.verify": _("核实通过"),
    "matters.redo": _("退回重办"),
    "matters.propose_exclusion": _("提出不予受理"),
    "matters.exclude": _("确认不予受理"),
    "matters.look_again": _("复核不予受理"),
    "matters.oversee": _("抽查不予受理"),
    "matters.contact": _("首次联系"),
    "matters.ask_help": _("请协办"),
    "matters.advise": _("协办意见"),
    "matters.approve": _("批清单外派办"),
    "matters.refuse_off_list": _("清单外拒接"),
    "matters.merge": _("并案"),
    "matters.unmerge": _("撤回并案"),
    "matters.split": _("拆分"),
    "matters.add": _("补充"),
    "matters.press": _("督办"),
    "matters.respond": _("回复督办"),
    "matters.visit": _("回访"),
    "matters.appeal": _("评价申诉"),
    "matters.decide_appeal": _("审评价申诉"),
    "matters.mask": _("核定公开字句"),
    "matters.hold": _("暂缓清除"),
    "matters.ask_erasure": _("看删除申请"),
    "matters.erase": _("审删除申请"),
    "matters.reveal": _("查看联系方式"),
    "indicators.read": _("看指标"),
    "journal.read": _("看日志和凭据"),
    "notices.read": _("看消息"),
    "whistles.read": _("看吹哨"),
    "whistles.sound": _("吹哨"),
    "whistles.acknowledge": _("接哨"),
    "whistles.arrive": _("到场"),
    "whistles.report": _("报告吹哨办理"),
    "whistles.agree": _("议定办法"),
    "whistles.conclude": _("吹哨办结"),
    "whistles.rate": _("评部门"),
    "whistles.judge": _("评哨"),
    "whistles.withdraw": _("撤回吹哨"),
    "tasks.read": _("看任务"),
    "tasks.take_up": _("领受任务"),
    "tasks.report": _("报任务进展"),
    "tasks.ask_delay": _("申请任务延期"),
    "tasks.finish": _("报任务完成"),
    "tasks.grant_delay": _("批任务延期"),
    "tasks.confirm": _("确认任务完成"),
    "tasks.cancel": _("取消任务"),
    "tasks.press": _("督办任务"),
}
"""What of a post's powers the API can use, in words."""


class TokenForm(forms.Form):
    """发放令牌."""

    name = forms.CharField(
        label=_("哪个系统用"), max_length=40, help_text=_("它办的每一步都署上这个名字，例如：数据中台。")
    )
    powers = forms.MultipleChoiceField(
        label=_("能做什么"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("至少选一项。")},
        help_text=_("只选它用得着的。岗位以后少了哪项，令牌跟着少。"),
    )  # fmt: skip
    until = forms.DateField(
        label=_("用到哪天（含）"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), help_text=_("最长一年，到期另发。")
    )  # fmt: skip

    def __init__(self, actor: Actor, data: Any = None) -> None:
        """Offered is what the post has."""
        super().__init__(data, initial={"powers": ["matters.read"], "until": clock.today() + USUAL})
        choice = self.fields["powers"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [(each, POWERS[each]) for each in queries.powers_of(actor)]

    def clean_name(self) -> str:
        """Without control and bidi characters."""
        name = text.clean(self.cleaned_data["name"]).replace("\n", " ")
        if len(name) < 2:
            raise forms.ValidationError(_("请写明哪个系统用。"))
        return name

    def clean_until(self) -> Any:
        """From today to a year from now."""
        day = self.cleaned_data["until"]
        if not clock.today() <= day <= clock.today() + LONGEST:
            raise forms.ValidationError(_("请选今天到一年以内的一天。"))
        return day
