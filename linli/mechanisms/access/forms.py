"""What may be typed about posts and people. Whether it is allowed is decided in service.py."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock, text
from linli.mechanisms import rulebook
from linli.mechanisms.access import queries
from linli.mechanisms.access.models import Appointment, BodyKind, Person
from linli.mechanisms.access.rules import Functions
from linli.mechanisms.territory.index import Node

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


class ReviseForm(forms.Form):
    """改单位 — what it is for, and how it is called for short and reached."""

    short_name = Cleaned(
        label=_("简称"),
        max_length=40,
        required=False,
        help_text=_("给居民看的叫法，例如 柳林街道城管办；不填就用全称。"),
    )
    functions = forms.MultipleChoiceField(
        label=_("职能"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("诉求按职能派到单位。")
    )
    phone = forms.CharField(
        label=_("办公电话"),
        max_length=20,
        required=False,
        validators=[RegexValidator(r"\A[0-9+ -]{3,20}\Z", _("电话只能有数字、空格、加号和横线。"))],
    )

    def __init__(self, level: int, *args: Any, **kwargs: Any) -> None:
        """Only functions that stand at this level."""
        super().__init__(*args, **kwargs)
        functions = self.fields["functions"]
        assert isinstance(functions, forms.MultipleChoiceField)
        held = rulebook.current(Functions).list.items
        functions.choices = [(each.code, rulebook.label(each)) for each in held if level in each.levels]


class BodyForm(ReviseForm):
    """设立单位."""

    name = Cleaned(label=_("单位全称"), max_length=80, help_text=_("照公章上的写；定了不改。"))
    kind = forms.ChoiceField(label=_("性质"), choices=BodyKind.choices)


class PostForm(forms.Form):
    """设立岗位 — a chair in a body, for its own area or one just below."""

    kind = forms.ChoiceField(label=_("哪种岗位"))
    area = forms.TypedChoiceField(label=_("管哪里"), coerce=int)
    title = Cleaned(label=_("岗位名称"), max_length=60, required=False, help_text=_("不填就用种类的名称。"))

    def __init__(self, areas: list[Node], *args: Any, **kwargs: Any) -> None:
        """The kinds that stand at the level of one of these areas."""
        super().__init__(*args, **kwargs)
        levels = {area.level for area in areas}
        kinds = [each for each in queries.post_kinds().values() if levels & set(each.levels)]
        for name, choices in (
            ("kind", [(each.code, rulebook.label(each)) for each in kinds]),
            ("area", [(str(area.id), area.name) for area in areas]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class TermForm(forms.Form):
    """任命 — since when, and until when if that is known."""

    from_on = Near(label=_("从哪天"))
    to_on = Near(label=_("到哪天（含）"), required=False, help_text=_("长期的不填。"))


class LastDayForm(forms.Form):
    """免去 — the last day."""

    to_on = Near(label=_("最后一天（含）"))
