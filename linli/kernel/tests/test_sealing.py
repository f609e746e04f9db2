"""What sealing promises: nobody reads it without the key, nobody moves it, and a key that is gone is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.sealing import CIPHERS, BrokenSealError, Keyring, KeysError, MissingKeyError

LINE = "k2 {} b25seSBmb3IgdGVzdHMsIG5vdCBmb3IgYW55IGNpdHk="
OLDER = "k1 aes-256-gcm YW5vdGhlciAzMiBieXRlcywgbm90IGEgc2VjcmV0Li4="


@pytest.fixture(params=CIPHERS)
def ring(request):
    """One key in use, one older."""
    return Keyring.parse(f"# in use\n{LINE.format(request.param)}\n{OLDER}\n")


def test_what_is_sealed_opens_and_says_nothing(ring):
    sealed = ring.seal("赵秀英", bound="contact.name:1")
    assert sealed.startswith("enc:k2:")
    assert "赵" not in sealed
    assert ring.open(sealed, bound="contact.name:1") == "赵秀英"
    assert ring.seal("赵秀英", bound="contact.name:1") != sealed


@pytest.mark.parametrize("bound", ["contact.name:2", "contact.phone:1", "other.name:1"])
def test_a_text_moved_elsewhere_does_not_open(ring, bound):
    sealed = ring.seal("赵秀英", bound="contact.name:1")
    with pytest.raises(BrokenSealError):
        ring.open(sealed, bound=bound)


def test_one_changed_character_does_not_open(ring):
    sealed = ring.seal("13812345678", bound="x:1")
    changed = sealed[:30] + ("A" if sealed[30] != "A" else "B") + sealed[31:]
    with pytest.raises(BrokenSealError):
        ring.open(changed, bound="x:1")


def test_a_missing_key_is_named(ring):
    sealed = ring.seal("赵秀英", bound="x:1")
    with pytest.raises(MissingKeyError) as error:
        Keyring.parse(OLDER).open(sealed, bound="x:1")
    assert error.value.key == "k2"
    with pytest.raises(MissingKeyError):
        Keyring(()).seal("赵秀英", bound="x:1")


def test_an_older_key_still_opens_and_finds(ring):
    older = Keyring.parse(OLDER)
    assert ring.open(older.seal("赵秀英", bound="x:1"), bound="x:1") == "赵秀英"
    assert older.digest("phone", "13812345678") in ring.digests("phone", "138 1234-5678")


def test_digests_of_two_keys_or_kinds_tell_nothing_of_each_other(ring):
    first, second = (each.partition(":")[2] for each in ring.digests("phone", "13812345678"))
    assert first != second
    assert ring.digest("phone", "13812345678") != ring.digest("email", "13812345678")


@pytest.mark.parametrize(
    "written",
    [
        "13812345678",
        "138 1234 5678",
        "+86 138-1234-5678",
        "\uff11\uff13\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
        "8613812345678",
    ],
)
def test_one_phone_has_one_digest_however_it_is_written(ring, written):
    assert ring.digest("phone", written) == ring.digest("phone", "13812345678")


def test_nothing_stays_nothing(ring):
    assert (ring.seal("", bound="x:1"), ring.open("", bound="x:1"), ring.digest("phone", " ")) == ("", "", "")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.sampled_from(CIPHERS))
def test_any_text_comes_back(text, cipher):
    ring = Keyring.parse(LINE.format(cipher))
    assert ring.open(ring.seal(text, bound="x:1"), bound="x:1") == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("k1 rot13 YQ==", "line 1"),
        ("\nk1 sm4-gcm YQ==", "line 2: the secret has 1 bytes"),
        (f"{OLDER}\n{OLDER}", "stands there twice"),
        ("just a secret", "line 1"),
    ],
)
def test_a_file_that_is_no_key_file_says_where_and_never_what(text, says):
    with pytest.raises(KeysError, match=says) as error:
        Keyring.parse(text)
    assert "YQ==" not in str(error.value)


def test_a_key_never_shows_its_secret():
    key = Keyring.parse(OLDER).current
    assert "YW5" not in repr(key)
    assert "another" not in repr(key)
