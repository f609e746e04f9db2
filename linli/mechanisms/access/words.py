"""What posts are called, in the language of whoever reads. The record keeps the title as it was; only pages turn it."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from linli.mechanisms import rulebook
from linli.mechanisms.access.rules import PostKinds

if TYPE_CHECKING:
    from linli.engines.pictures import PictureError
    from linli.kernel.codes import CodeError


def title_words(title: str) -> str:
    """书记, Secretary. A title the city's list of posts does not know stays as it is."""
    if not rulebook.is_english():
        return title
    try:
        return rulebook.current(PostKinds).list.english_titles.get(title, title)
    except rulebook.NoRuleError:
        return title


def told(error: "CodeError | PictureError") -> str:
    """What plain Python says is wrong with something typed or sent, in the language of the page."""
    return gettext(error.sentence) % error.values if error.values else gettext(error.sentence)


def office_words(office: str) -> str:
    """An office as it was written down, "柳林街道 调度员 李调度", its title turned."""
    return " ".join(title_words(part) for part in office.split(" "))
