"""操作者 — who is acting, from which post, with which powers. Made by the middleware, carried everywhere."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from django.utils.translation import gettext as _

from linli.mechanisms.access.words import title_words
from linli.mechanisms.journal.entries import Author

View = TypeVar("View", bound=Callable[..., Any])


class Refused(Exception):  # noqa: N818  Reads as a sentence where it is raised.
    """The actor may not do this. The sentence says what was refused and who may; it becomes the 403 page."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at a post, a resident holding a matter's link, a stranger, or the system.

    `area_path` is the post's area as territory writes it ("/1/5/77/"); `scope` says what the post reaches:
    everything in that area, what its body is answerable for, or only one's own.
    """

    kind: Literal["staff", "resident", "system", "stranger"]
    name: str = ""
    person_id: int | None = None
    appointment_id: int | None = None
    post: str = ""
    title: str = ""
    body_id: int | None = None
    body_name: str = ""
    area_id: int | None = None
    area_name: str = ""
    area_level: int = 0
    area_path: str = ""
    scope: Literal["area", "body", "own", "all", "nothing"] = "nothing"
    powers: frozenset[str] = field(default_factory=frozenset)
    on_behalf_of: str = ""
    """Whose post this is, while acting as their delegate."""
    through: str = ""
    """The token (令牌) by whose name a machine acts from this post."""

    @classmethod
    def stranger(cls) -> "Actor":
        """Somebody who has not signed in: may only do what is public."""
        return cls("stranger", powers=RESIDENT_OPEN)

    @classmethod
    def resident(cls) -> "Actor":
        """居民 — somebody who holds a matter's secret link: may do with that matter what its reporter may."""
        return cls("resident", scope="own", post="resident", powers=RESIDENT_OPEN | RESIDENT_OWN)

    @classmethod
    def system(cls, name: str) -> "Actor":
        """The platform itself, by the name of what acts ("timers", "pack"). Its powers are listed, not endless."""
        return cls("system", name=name, scope="all", post=name, powers=SYSTEM_POWERS)

    @property
    def author(self) -> Author:
        """As the journal writes it: officials by name, residents never."""
        if self.kind == "staff":
            name = f"{self.name}（代{self.on_behalf_of}）" if self.on_behalf_of else self.name
            name += f"（凭令牌“{self.through}”）" if self.through else ""
            return Author("staff", self.person_id, self.title or self.post, self.body_name, name)
        if self.kind == "system":
            return Author("system", None, self.post, "", "")
        return Author("resident", None, "", "", "")

    @property
    def office(self) -> str:
        """人 by office: "柳林街道 调度员 李调度"."""
        name = f"{self.name}（凭令牌“{self.through}”）" if self.through else self.name
        return " ".join(part for part in (self.body_name, self.title, name) if part)

    @property
    def title_words(self) -> str:
        """The post's title in the language of the page; `title` is what goes on record."""
        return title_words(self.title)

    def has(self, power: str) -> bool:
        """For showing or hiding a button. To decide, use `require`, which cannot be ignored."""
        return power in self.powers


RESIDENT_OPEN = frozenset({"matters.register", "matters.support"})
RESIDENT_OWN = frozenset(
    {
        "matters.add",
        "matters.withdraw",
        "matters.rate",
        "matters.reopen",
        "matters.ask_second_look",
        "matters.urge",
        "matters.correct",
        "matters.ask_erasure",
    }
)
SYSTEM_POWERS = frozenset(
    {
        "matters.lapse",
        "matters.remind",
        "matters.escalate",
        "matters.press",
        "matters.mark_overdue",
        "matters.mark_unreviewed",
        "matters.mark_unruled",
        "matters.mark_unconfirmed",
        "matters.mark_unlooked",
        "matters.remind_contact",
        "matters.mark_uncontacted",
        "matters.sample",
        "matters.extend",
        "matters.recount",
        "matters.clear",
        "matters.mark_undecided",
        "matters.remind_to_decide",
        "matters.unmerge",
        "matters.put_together",
        "tasks.remind",
        "tasks.mark_overdue",
        "announcements.end",
        "rulebook.enact",
        "territory.edit",
        "access.appoint",
        "whistles.escalate",
    }
)


def require(actor: Actor, power: str) -> None:
    """Let the act go on, or raise Refused. A power nobody listed belongs to nobody."""
    if power not in actor.powers:
        others = {"stranger": _("未登录的访客"), "resident": _("居民"), "system": actor.name}
        who = actor.title_words or others.get(actor.kind, _("您的岗位"))
        raise Refused(
            _("%(who)s没有“%(power)s”这项权限。需要的话，请联系本单位的管理员调整岗位。") % {"who": who, "power": power}
        )


def public(view: View) -> View:
    """Open a view to strangers. Every other view asks them to sign in."""
    view.linli_public = True  # type: ignore[attr-defined]  # Django passes attributes of views on.
    return view
