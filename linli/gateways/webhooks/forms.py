"""What may be typed about a subscription. Whether it is allowed is decided in service.py."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.gateways.webhooks import kinds, reaching
from linli.kernel import clock, text
from linli.mechanisms import territory
from linli.mechanisms.access import Actor
from linli.mechanisms.territory import Node
from linli.work.matters.telling import FACTS

USUAL = ("matters.MatterRegistered", "matters.MatterAssigned", "matters.MatterAnswered", "matters.MatterOverdue")


class SubscriptionForm(forms.Form):
    """订阅."""

    name = forms.CharField(label=_("推给哪个系统"), max_length=40)
    address = forms.CharField(
        label=_("推到哪个地址"),
        max_length=reaching.LONGEST,
        help_text=_("以 https:// 开头，公网上到得了；不跟随跳转。"),
    )
    area = forms.ChoiceField(label=_("哪里的诉求"))
    wanted = forms.MultipleChoiceField(
        label=_("推哪些事"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("至少选一种。")},
        help_text=_("只推编号、代码、地方、单位和时间；不推居民说的话，也不推人的名字。举报不推。"),
    )  # fmt: skip

    def __init__(self, actor: Actor, data: Any = None) -> None:
        """Offered are the post's own area and those right below it."""
        super().__init__(data, initial={"wanted": list(USUAL)})
        area, wanted = self.fields["area"], self.fields["wanted"]
        assert isinstance(area, forms.ChoiceField)
        assert isinstance(wanted, forms.MultipleChoiceField)
        area.choices = [(each.code, each.name) for each in _places(actor)]
        wanted.choices = [(name, FACTS[name]) for name in kinds.KINDS]

    def clean_name(self) -> str:
        """Without control and bidi characters."""
        name = text.clean(self.cleaned_data["name"]).replace("\n", " ")
        if len(name) < 2:
            raise forms.ValidationError(_("请写明推给哪个系统。"))
        return name

    def clean_address(self) -> str:
        """Where it may be sent at all."""
        address = str(self.cleaned_data["address"]).strip()
        try:
            reaching.check(address)
        except reaching.Unreachable as error:
            raise forms.ValidationError(str(error)) from None
        return address


def _places(actor: Actor) -> list[Node]:
    if actor.area_id is None:
        return []
    return [territory.area(actor.area_id), *territory.children(actor.area_id)]


class ReplayForm(forms.Form):
    """补推 — from an entry, or from a day."""

    entry = forms.IntegerField(
        label=_("从日志第几号起"), required=False, min_value=1, max_value=2**53, help_text=_("推送内容里的 entry。")
    )
    since = forms.DateField(
        label=_("或者从哪一天起"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        typed: dict[str, Any] = super().clean() or {}
        if not self.errors and (typed.get("entry") is None) == (typed.get("since") is None):
            raise forms.ValidationError(_("从哪一条，或者从哪一天，写一样。"))
        return typed

    @property
    def moment(self) -> datetime | None:
        """The beginning of the day, in the city."""
        day: date | None = self.cleaned_data.get("since")
        return datetime.combine(day, time(), tzinfo=clock.CITY) if day else None
