"""What may be typed about posts and people. Whether it is allowed is decided in service.py."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock, text
from linli.mechanisms.access import queries
from linli.mechanisms.access.models import Appointment, Person

FAR = timedelta(days=366)
"""A date farther away than this is a slip of the finger."""


class Cleaned(forms.CharField):
    """Text without control and bidi characters."""

    def to_python(self, value: Any) -> str:
        """Clean before anything is measured."""
        return str(super().to_python(text.clean(value) if isinstance(value, str) else value))


class Near(forms.DateField):
    """A date within a year of today."""

    def __init__(self, **kwargs: Any) -> None:
        """Shown as the browser's own date field."""
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)

    def validate(self, value: Any) -> None:
        """Not in another age."""
        super().validate(value)
        if value is not None and abs(value - clock.today()) > FAR:
            raise forms.ValidationError(_("日期离今天超过一年，请核对。"), code="far")


class DelegationForm(forms.Form):
    """代理 — while I am away."""

    to = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("请谁代理"),
        empty_label=_("请选"),
        error_messages={"required": _("请选一位同事。")},
    )
    from_on = Near(label=_("从哪天"))
    to_on = Near(label=_("到哪天（含）"))
    reason = Cleaned(label=_("事由"), max_length=100, help_text=_("例如：年休假、外出培训。"))

    def __init__(self, appointment: Appointment, data: Any = None, **kwargs: Any) -> None:
        """The choices are colleagues of the post."""
        today = clock.today()
        super().__init__(data, initial={"from_on": today, "to_on": today}, **kwargs)
        choice = self.fields["to"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = queries.colleagues_of(appointment)


class AccountForm(forms.Form):
    """建号 — a new colleague."""

    name = Cleaned(label=_("姓名"), max_length=40)
    username = forms.CharField(
        label=_("用户名"),
        min_length=2,
        max_length=60,
        help_text=_("登录用，小写字母、数字、点、横线，例如 wang.li。定了不改。"),
        validators=[
            RegexValidator(r"\A[a-z0-9][a-z0-9._-]*\Z", _("只能用小写字母、数字、点和横线，以字母或数字开头。"))
        ],
    )
    phone = forms.CharField(
        label=_("办公电话"),
        max_length=20,
        required=False,
        validators=[RegexValidator(r"\A[0-9+ -]{3,20}\Z", _("电话只能有数字、空格、加号和横线。"))],
    )
    email = forms.EmailField(label=_("电子邮箱"), required=False, help_text=_("忘了密码时用它重设。"))


class TermForm(forms.Form):
    """任命 — since when, and until when if that is known."""

    from_on = Near(label=_("从哪天"))
    to_on = Near(label=_("到哪天（含）"), required=False, help_text=_("长期的不填。"))


class LastDayForm(forms.Form):
    """免去 — the last day."""

    to_on = Near(label=_("最后一天（含）"))
