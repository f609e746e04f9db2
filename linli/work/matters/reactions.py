"""What matters does when its own facts are heard: it writes to the reporter, who alone knows their address."""

from collections.abc import Sequence

from django.db import connection

from linli.facts import matters as facts
from linli.mechanisms import journal
from linli.mechanisms.journal import outward
from linli.work.matters import rules, service
from linli.work.matters.letters import OWN, RIGHTS, TOLD


@journal.batch_reader("matters.letters", *TOLD)
def write_to_reporters(entries: Sequence[journal.Heard]) -> None:
    """Queue letters in the same transaction as the cursor: at least once, with the entry's own identity."""
    with connection.cursor() as db:  # Most have left no address, and every fact asks.
        db.execute(
            "SELECT number FROM matters_contact JOIN matters_matter ON matters_matter.id = matter_id"
            " WHERE number = ANY(%s) AND email <> ''",
            [[heard.key for heard in entries]],
        )
        reachable = {number for (number,) in db.fetchall()}
        # Whoever's matter goes along with one of these, from when it was merged.
        db.execute(
            "SELECT main.number, along.number, held.merged_at, held.ended_at FROM matters_merge AS held"
            " JOIN matters_matter AS main ON main.id = main_id JOIN matters_matter AS along ON along.id = held.matter_id"
            " JOIN matters_contact ON matters_contact.matter_id = along.id"
            " WHERE main.number = ANY(%s) AND email <> '' ORDER BY along.id",
            [[heard.key for heard in entries]],
        )
        along = db.fetchall()
    for heard in entries:
        if heard.key in reachable:
            outward.enqueue("matters.letter", subject=heard.subject, seq=heard.seq)
        for main, number, since, until in along:
            if (
                main == heard.key
                and not isinstance(heard.fact, OWN)
                and since <= heard.at
                and (until is None or heard.at < until)
            ):
                outward.enqueue("matters.letter", subject=heard.subject, seq=heard.seq, along=number)


@journal.reader(
    "matters.parts", facts.MatterPartVerified, facts.MatterAssigned, facts.MatterRuled, facts.MatterRedone, facts.MatterExtended,
    facts.MatterExtensionRefused, facts.MatterTakenBack, facts.MatterRecounted, facts.MatterWithdrawn,
)  # fmt: skip
def follow_the_parts(heard: journal.Heard) -> None:
    """What happened to a part moves the whole's day, or answers it; what was taken back is taken back in all its parts."""
    whole = rules.whole_of(heard.key)
    if whole is not None:
        service.keep_up_with_parts(whole)
    elif isinstance(heard.fact, facts.MatterWithdrawn):
        service.withdraw_parts(heard.key)


@journal.reader("matters.rights", *RIGHTS)
def write_about_rights(heard: journal.Heard) -> None:
    """What somebody asked of their own data is decided: a letter, to the address they left, or the last one there was."""
    outward.enqueue("matters.letter", subject=heard.subject, seq=heard.seq)
