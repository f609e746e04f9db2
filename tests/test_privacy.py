"""Personal data goes when its time has come; what is counted and the journal's chain stay; the person decides with us."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linli.kernel import clock
from linli.mechanisms import flow, journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Reveal
from linli.mechanisms.flow import NotNow, timers
from linli.mechanisms.journal import verification
from linli.mechanisms.journal.models import Entry
from linli.mechanisms.journal.testing import deliver
from linli.review.indicators.models import Standing
from linli.work.matters import persons, queries, service, telling
from linli.work.matters.commands import run
from linli.work.matters.flow import ErasureState
from linli.work.matters.models import Clearing, Contact, Erasure, Hold, Matter, Photo, Remark, Submission, Support
from linli.work.matters.service import photos, privacy
from linli.work.matters.words import WordsError

pytestmark = pytest.mark.django_db
NAME, PHONE = "赵秀英", "13812345678"
SAID = "我叫赵秀英，电话138 1234 5678，小区门口的路灯坏了三天"


@pytest.fixture
def ended(make):
    """A matter that ended, with somebody's name and phone in its words as well."""
    matter = make.closed(text=SAID, visibility="named", name=NAME, phone=PHONE, place_text="3号楼2单元501")
    Support.objects.create(matter=matter, device="x" * 64, at=clock.now())
    return matter


def later(days):
    """So many days on."""
    return clock.at(clock.now() + timedelta(days=days))


def rows(matter):
    """What indicators say of it."""
    return list(Standing.objects.filter(number=matter.number).values())


def test_nothing_goes_before_its_day(ended):
    with later(364):
        assert service.clear_due() == 0
    assert Contact.objects.filter(matter=ended).exists()


def test_contact_first_and_words_later(ended):
    with later(366):
        assert service.clear_due() == 1
        assert service.clear_due() == 0
    assert not Contact.objects.filter(matter=ended).exists()
    ended.refresh_from_db()
    assert NAME not in ended.text
    assert "路灯坏了三天" in ended.text
    with later(731):
        assert service.clear_due() == 1
    ended.refresh_from_db()
    assert "138" not in ended.text
    assert "路灯坏了三天" in ended.text
    assert ended.place_text == ""
    assert (ended.lon, ended.lat) == (round(ended.lon, 3), round(ended.lat, 3))
    assert not Support.objects.filter(matter=ended).exists()
    assert not Submission.objects.filter(matter=ended).exists()
    gone = Clearing.objects.get(matter=ended)
    assert gone.contact_at
    assert gone.words_at


def test_what_is_counted_and_the_chain_are_the_same_before_and_after(ended):
    deliver()
    counted, entries = rows(ended), list(Entry.objects.filter(subject=ended.subject).values_list("hash", flat=True))
    before = {
        f: getattr(ended, f)
        for f in ("state", "category", "grid_id", "handler_id", "satisfaction", "visibility", "channel", "supporters")
    }
    with later(1000):
        service.clear_due()
    deliver()
    ended.refresh_from_db()
    assert {f: getattr(ended, f) for f in before} == before
    assert rows(ended) == counted
    after = list(Entry.objects.filter(subject=ended.subject).order_by("seq").values_list("hash", flat=True))
    assert [bytes(each) for each in after[: len(entries)]] == [bytes(each) for each in entries]
    assert list(verification.findings()) == []


def test_the_log_says_why_words_differ_and_calls_nothing_altered(ended):
    with later(1000):
        service.clear_due()
    log = telling.log(Matter.objects.get(pk=ended.pk))
    assert log.altered == []
    assert log.broken == []
    assert any("已按期清除" in detail.note for told in log.told for detail in told.details)


def test_words_changed_by_hand_are_still_found_out(ended):
    Matter.objects.filter(pk=ended.pk).update(text="另一件事")
    assert telling.log(Matter.objects.get(pk=ended.pk)).altered != []


def test_a_person_is_no_longer_found_by_a_search(ended):
    with later(1000):
        service.clear_due()
        assert NAME not in str(Matter.objects.get(pk=ended.pk).search)
    found = Matter.objects.extra(where=["search @@ to_tsquery('simple', '秀英')"])
    assert not found.exists()


def test_every_text_that_hangs_on_a_matter_is_gone_through(ended):
    Remark.objects.create(
        matter=ended, seq=900, move="add", text=f"联系人：{NAME}，{PHONE}", for_resident=True, at=clock.now()
    )
    with later(1000):
        service.clear_due()
    for text in Remark.objects.filter(matter=ended).values_list("text", flat=True):
        assert NAME not in text
        assert PHONE not in text


def test_photos_go_with_their_files(ended, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    Photo.objects.create(matter=ended, key="ab" * 16, width=1, height=1, size=1, sha256="", at=clock.now())
    path = photos.path_of("ab" * 16)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"jpeg")
    with later(366), django_capture_on_commit_callbacks(execute=True):
        service.clear_due()
    assert not Photo.objects.filter(matter=ended).exists()
    assert not path.exists()


def test_a_category_may_have_a_period_of_its_own(make):
    matter = make.closed(visibility="pseudonym", phone=PHONE)
    Matter.objects.filter(pk=matter.pk).update(category="wages")
    with later(400):
        assert service.clear_due() == 0
    with later(731):
        assert service.clear_due() == 1


def test_what_was_merged_keeps_its_reporter_until_the_other_has_ended(make, cast):
    matter = make.merged(visibility="pseudonym", phone=PHONE)
    assert matter.state == "merged"
    main = Matter.objects.get(took_in__matter=matter)
    with later(1000):
        assert service.clear_due() == 0
    Matter.objects.filter(pk=main.pk).update(state="closed", ended_at=clock.now(), outcome="solved", reply="好了")
    with later(1000):
        service.clear_due()
    assert not Contact.objects.filter(matter=matter).exists()


def test_an_open_matter_is_never_cleared(make):
    matter = make.handling(visibility="pseudonym", phone=PHONE)
    with later(5000):
        assert service.clear_due() == 0
        assert not service.clear(matter, parts=("contact",), by=Actor.system("retention"))


def test_a_hold_keeps_it_and_a_release_lets_it_go(ended, cast):
    jiang = cast.actor("jiang")
    service.hold(ended, reason="正在行政复议，柳政复2026年1号", by=jiang)
    with pytest.raises(NotNow):
        service.hold(ended, reason="再来一次", by=jiang)
    with later(5000):
        assert service.clear_due() == 0
    service.release(ended, why="复议已经结束", by=jiang)
    with later(5000):
        assert service.clear_due() == 1
    assert Hold.objects.get(matter=ended).released_at


def test_a_hold_needs_a_reason_and_a_power(ended, cast):
    with pytest.raises(WordsError):
        service.hold(ended, reason=" ", by=cast.actor("jiang"))
    with pytest.raises(Refused):
        service.hold(ended, reason="我想留着", by=cast.actor("wu"))


def test_the_command_says_what_is_due_and_changes_nothing_when_dry(ended, capsys):
    from argparse import Namespace

    with later(400):
        assert run(Namespace(verb="anonymise", dry_run=True, limit=0)) == 0
        assert "联系方式：1 件到期" in capsys.readouterr().out
        assert Contact.objects.filter(matter=ended).exists()
        assert run(Namespace(verb="anonymise", dry_run=False, limit=0)) == 0
    assert "已清除 1 件，还剩 0 件" in capsys.readouterr().out
    assert not Contact.objects.exists()


def test_the_journal_never_holds_who_it_was(ended, cast):
    service.disclose(ended, checked="看了身份证原件，回拨了电话", by=cast.actor("jiang"))
    service.correct(ended, name="赵秀英", phone="13987654321", email="", by=Actor.resident())
    service.hold(ended, reason=f"{NAME}正在起诉", by=cast.actor("jiang"))
    written = "".join(Entry.objects.values_list("payload", flat=True)) + "".join(
        Entry.objects.values_list("author", flat=True)
    )
    for personal in (NAME, PHONE, "13987654321", "2单元501", "路灯坏了三天"):
        assert personal not in written


# --- The person's own ---------------------------------------------------------------------------------------------------
def test_a_correction_is_told_without_what_it_says(ended):
    service.correct(ended, name="赵秀英", phone="13987654321", email="", by=Actor.resident())
    assert Contact.objects.get(matter=ended).phone == "13987654321"
    assert journal.history(ended.subject)[-1].fact.kinds == ("phone",)


def test_taking_every_field_away_makes_it_anonymous(ended):
    service.correct(ended, name="", phone="", email="", by=Actor.resident())
    ended.refresh_from_db()
    assert ended.visibility == "anonymous"
    assert not Contact.objects.filter(matter=ended).exists()


def test_a_correction_that_changes_nothing_writes_nothing(ended):
    with pytest.raises(NotNow):
        service.correct(ended, name=NAME, phone=PHONE, email="", by=Actor.resident())


def test_an_email_that_is_none_is_refused_beside_its_field(ended):
    with pytest.raises(privacy.WrongContactError) as error:
        service.correct(ended, name=NAME, phone=PHONE, email="zhao", by=Actor.resident())
    assert error.value.field == "email"


def test_a_request_to_delete_has_a_date_and_a_rule_and_is_asked_once(ended, cast):
    row = service.ask_erasure(ended, scope="all", why="搬走了", by=Actor.resident())
    assert row.number == f"{ended.number}-删1"
    assert "#default" in row.rule
    with pytest.raises(NotNow):
        service.ask_erasure(ended, scope="contact", why="", by=Actor.resident())
    with pytest.raises(IntegrityError), transaction.atomic():
        Erasure.objects.create(
            number="x", matter=ended, scope="all", asked_at=clock.now(), decide_by=clock.now(), rule="", state="asked"
        )


def test_granting_deletes_at_once_and_says_so(ended, cast):
    row = service.ask_erasure(ended, scope="all", why="", by=Actor.resident())
    row = service.grant(row, by=cast.actor("jiang"))
    assert row.state == ErasureState.GRANTED
    ended.refresh_from_db()
    assert "138" not in ended.text
    assert not Contact.objects.filter(matter=ended).exists()
    assert list(verification.findings()) == []


def test_an_open_matter_can_only_lose_its_contact(make, cast):
    jiang = cast.actor("jiang")
    matter = make.handling(visibility="named", name=NAME, phone=PHONE)
    row = service.ask_erasure(matter, scope="all", why="", by=Actor.resident())
    with pytest.raises(NotNow, match="没有办结"):
        service.grant(row, by=jiang)
    service.refuse(row, reason="open", said="还在办，办结以后请再申请", by=jiang)
    again = service.ask_erasure(matter, scope="contact", why="", by=Actor.resident())
    service.grant(again, by=jiang)
    assert not Contact.objects.filter(matter=matter).exists()
    assert queries.contact_of(matter, cast.actor("wang")).gone


def test_what_is_held_back_is_not_granted(ended, cast):
    service.hold(ended, reason="正在诉讼", by=cast.actor("jiang"))
    row = service.ask_erasure(ended, scope="contact", why="", by=Actor.resident())
    with pytest.raises(NotNow, match="暂缓清除"):
        service.grant(row, by=cast.actor("jiang"))
    row.refresh_from_db()
    assert row.state == ErasureState.ASKED
    assert Contact.objects.filter(matter=ended).exists()


def test_a_refusal_names_a_lawful_case_in_words(ended, cast):
    row = service.ask_erasure(ended, scope="contact", why="", by=Actor.resident())
    with pytest.raises(LookupError):
        service.refuse(row, reason="no-time", said="没有空", by=cast.actor("jiang"))
    with pytest.raises(WordsError):
        service.refuse(row, reason="period", said="", by=cast.actor("jiang"))
    row = service.refuse(row, reason="proceedings", said="信访复查用得着，十二月结束", by=cast.actor("jiang"))
    held = persons.held(ended)
    assert "信访复查复核" in held.refusal
    assert held.erasure.said == "信访复查用得着，十二月结束"


@pytest.mark.parametrize("username", ["wu", "li", "wang", "sun"])
def test_who_handles_it_does_not_decide(ended, cast, username):
    row = service.ask_erasure(ended, scope="contact", why="", by=Actor.resident())
    with pytest.raises(Refused):
        service.grant(row, by=cast.actor(username))


def test_a_request_nobody_decides_is_marked_and_the_county_is_told(ended, cast):
    from linli.work.notices.models import Notice

    row = service.ask_erasure(ended, scope="contact", why="", by=Actor.resident())
    with clock.at(row.decide_by + timedelta(minutes=1)):
        while timers.run_once():
            pass
    row.refresh_from_db()
    assert row.overdue
    deliver()
    told = Notice.objects.filter(subject=row.subject, kind="privacy.ErasureOverdue")
    assert cast.people["jiang"].pk in told.values_list("person_id", flat=True)
    with pytest.raises(flow.Stale):
        service.grant(row, by=cast.actor("jiang"), expected=1)
    assert service.grant(row, by=cast.actor("jiang")).state == ErasureState.GRANTED


def test_a_person_is_found_by_phone_within_reach_and_on_record(ended, cast):
    assert persons.of_phone(cast.actor("jiang"), "138 1234 5678") == [ended]
    assert persons.of_phone(cast.actor("qian"), PHONE) == []
    service.disclose(ended, checked="看了身份证原件", by=cast.actor("jiang"))
    assert Reveal.objects.get(subject=ended.subject).field == "copy"
    assert "看了身份证原件" in [look.purpose for look in persons.looks(ended)]


# --- What neighbours see --------------------------------------------------------------------------------------------------
@pytest.fixture
def public(make):
    """Public, with a mobile number in its title and a word that only looks like a name."""
    return make.raised(text="我叫王平安，13812345678找老李头修路灯", public=True)


def test_what_the_system_finds_is_hidden_and_a_dispatcher_hides_more(public, cast):
    assert "13812345678" not in queries.public_title(public)
    matter = service.mask(public, keep=[], hide=["老李头"], by=cast.actor("li"))
    assert "老李头" not in queries.public_title(matter)
    assert "138****5678" in queries.public_title(matter)
    assert journal.history(matter.subject)[-1].fact.masked == 1
    shown = queries.public_one(matter.number)
    assert shown.title == matter.shown_title


def test_a_dispatcher_shows_again_what_was_no_name(public, cast):
    matter = service.mask(public, keep=["王平安"], hide=[], by=cast.actor("li"))
    assert "王平安" in queries.public_title(matter)
    assert "13812345678" not in queries.public_title(matter)


def test_nobody_rewrites_what_a_resident_said(public, cast):
    with pytest.raises(WordsError, match="照原样写"):
        service.mask(public, keep=[], hide=["没有这几个字"], by=cast.actor("li"))
    with pytest.raises(Refused):
        service.mask(public, keep=[], hide=[], by=cast.actor("wu"))
