"""岗位 — what kinds of post there are and what each may do: a list of the city pack, never code."""

from functools import cached_property
from typing import ClassVar, Literal

from linli.kernel.rules import Named, RuleList, Words


class PostKind(Named):
    """岗位种类 — one kind of post, its reach and its powers."""

    scope: Literal["area", "body", "own"]
    """area: everything in the post's area; body: what the post's body is answerable for; own: one's own."""
    levels: tuple[int, ...] = ()
    powers: tuple[str, ...] = ()
    titles: dict[Words, Words] = {}
    """What people at such a post are called, and its English: 书记, Secretary. A title that is not here stays as it is."""


class PostKinds(RuleList[PostKind]):
    """岗位清单."""

    key: ClassVar[str] = "posts/posts"

    @cached_property
    def english_titles(self) -> dict[str, str]:
        """Every name and title of a post that has an English one."""
        named = {item.name: item.name_en for item in self.items if item.name_en}
        return named | {title: english for item in self.items for title, english in item.titles.items()}


class Function(Named):
    """职能 — what a body is for, and at which levels there is such a body. Never one city's names of offices."""

    levels: tuple[Literal[1, 2, 3, 4], ...]
    kind: Literal["government", "party", "self_government", "company"]
    usual: dict[Literal["1", "2", "3", "4"], str] = {}
    """How such a body is usually called at a level; a real city's bodies carry their own names."""


class Functions(RuleList[Function]):
    """职能清单."""

    key: ClassVar[str] = "bodies/functions"
