"""What may be typed about tasks and meetings. Whether it is allowed is decided in the service."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock, text
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Body
from linli.work.tasks import queries
from linli.work.tasks.words import LONGEST


class Cleaned(forms.CharField):
    """Text without control and bidi characters."""

    def to_python(self, value: Any) -> str:
        """Clean before anything is measured."""
        return str(super().to_python(text.clean(value) if isinstance(value, str) else value))


class Day(forms.DateField):
    """A day, in the browser's own field."""

    def __init__(self, **kwargs: Any) -> None:
        """Written as browsers write days."""
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


def groups() -> list[tuple[str, str]]:
    """The leading group and the working groups, by name."""
    return [(each.code, rulebook.label(each)) for each in queries.groups()]


class MeetingForm(forms.Form):
    """记一次会议."""

    group = forms.ChoiceField(label=_("工作组"), choices=groups)
    held_on = Day(label=_("哪天开的"))
    title = Cleaned(label=_("会议名称"), max_length=80)
    minutes = Cleaned(label=_("纪要的链接"), max_length=300, required=False)


class GivingForm(forms.Form):
    """布置任务."""

    group = forms.ChoiceField(label=_("工作组"), choices=groups)
    content = Cleaned(label=_("做什么"), max_length=LONGEST, error_messages={"required": _("请写一句做什么。")})
    owner = forms.ModelChoiceField(Body.objects.none(), label=_("主办单位"), empty_label=_("请选单位"))
    co_owners = forms.ModelMultipleChoiceField(Body.objects.none(), label=_("协办单位"), required=False)
    due_on = Day(label=_("哪天完成"))
    meeting = forms.ModelChoiceField(
        queries.no_meetings(), label=_("哪次会议定的"), required=False, empty_label=_("不是会议定的")
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        """The bodies in the actor's reach, and the meetings of the last year."""
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = clock.today() + timedelta(days=14)
        for name, rows in (
            ("owner", queries.owners_for(actor)), ("co_owners", queries.owners_for(actor)), ("meeting", queries.meetings_of(actor).filter(held_on__gte=clock.today() - timedelta(days=366))),
        ):  # fmt: skip
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows


def day_from(typed: str) -> date | None:
    """A day a browser wrote; None for anything else."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def month_from(typed: str) -> date | None:
    """ "2026-11" as its first day; None for anything else."""
    found = day_from(f"{typed}-01") if len(typed) == 7 else None
    return found if found and 2000 <= found.year <= 2099 else None


def number_from(posted: Any, name: str) -> int | None:
    """A whole number somebody's form carries; None for anything else."""
    value = posted.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 10 else None
