"""岗位 — what kinds of post there are and what each may do: a list of the city pack, never code."""

from typing import ClassVar, Literal

from linli.kernel.rules import Named, RuleList


class PostKind(Named):
    """岗位种类 — one kind of post, its reach and its powers."""

    scope: Literal["area", "body", "own"]
    """area: everything in the post's area; body: what the post's body is answerable for; own: one's own."""
    levels: tuple[int, ...] = ()
    powers: tuple[str, ...] = ()


class PostKinds(RuleList[PostKind]):
    """岗位清单."""

    key: ClassVar[str] = "posts/posts"


class Function(Named):
    """职能 — what a body is for, and at which levels there is such a body. Never one city's names of offices."""

    levels: tuple[Literal[1, 2, 3, 4], ...]
    kind: Literal["government", "party", "self_government", "company"]
    usual: dict[Literal["1", "2", "3", "4"], str] = {}
    """How such a body is usually called at a level; a real city's bodies carry their own names."""


class Functions(RuleList[Function]):
    """职能清单."""

    key: ClassVar[str] = "bodies/functions"
