"""Who let a calendar outside read their deadlines, and who stopped it."""

from dataclasses import dataclass

from linli.facts.base import Fact


@dataclass(frozen=True)
class FeedOpened(Fact):
    """开通期限日历 — an address exists that reads one post's deadlines."""

    feed: int
    appointment: int


@dataclass(frozen=True)
class FeedRevoked(Fact):
    """停用期限日历 — it reads nothing any more."""

    feed: int
    appointment: int
