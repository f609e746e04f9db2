"""What strangers send: each gets a clear sentence beside the field, nothing typed is lost, nothing is stored."""

import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linli.portals.resident.forms import phone_from
from linli.portals.resident.tests.conftest import SENTENCE, key_of
from linli.work.matters.models import Contact, Matter, Photo
from tests import place

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(say):
    """refused(sentence, **typed): the form came back with this sentence, with what was typed, and stored nothing."""

    def check(sentence, **typed):
        typed.setdefault("g", place.HUAIHUA_1)
        answer = say(**typed)
        page = answer.content.decode()
        assert answer.status_code == 422, page
        assert sentence in page
        assert not Matter.objects.exists()
        return page

    return check


def file(raw, name="照片.jpg"):
    return SimpleUploadedFile(name, raw, content_type="image/jpeg")


# --- Words -----------------------------------------------------------------------------------------------------------
def test_an_empty_sentence(refused):
    page = refused("还没有写是什么事", text="", place="三号楼门口")
    assert "三号楼门口" in page


def test_a_sentence_of_nothing_but_invisible_characters(refused):
    refused("还没有写是什么事", text="\u200b\u202e\u2066 \t\n")


def test_a_sentence_too_long(refused):
    page = refused("写了 2001 个字，最多 2000 个字", text="灯" * 2001)
    assert "灯" * 2001 in page


def test_a_place_too_long(refused):
    assert SENTENCE in refused("最多 120 个字", place="路" * 121)


def test_a_name_too_long(refused):
    assert "赵" * 41 in refused("最多 40 个字", visibility="named", name="赵" * 41, phone="13812345678")


@pytest.mark.parametrize("text", [b"\xc2\xb7\xff\xfe\xb5\xc6", b"%c2%b7%ff%fe"])
def test_bad_utf8(client, say, text):
    key = key_of(client.get("/").content.decode())
    body = b"key=%s&visibility=anonymous&g=%s&text=%s" % (key.encode(), place.HUAIHUA_1.encode(), text)
    answer = client.post("/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert "在路上坏了" in answer.content.decode()
    assert not Matter.objects.exists()


def test_bad_utf8_among_photos(client, cast):
    boundary = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    parts = ((b"key", b"k" * 32), (b"g", place.HUAIHUA_1.encode()), (b"text", b"\xff\xfe\xb5\xc6 lamp"))
    body = b"".join(boundary % part for part in parts) + b"--x--\r\n"
    answer = client.post("/", body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 422
    assert "有几个字在路上坏了" in answer.content.decode()


def test_bad_utf8_in_a_supplement(client, make, link):
    answer = client.post(
        link(make.matter(), "add/"), b"text=\xff\xfe", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400
    assert "在路上坏了" in answer.content.decode()


def test_control_and_bidi_characters_are_taken_out(say):
    say(g=place.HUAIHUA_1, text="路\x00灯\u202e坏\x1b[31m了\u2066，三天没人修")
    assert Matter.objects.get().text == "路灯坏[31m了，三天没人修"


def test_html_is_only_words(client, say):
    page = say(g=place.HUAIHUA_1, text="<script>alert(1)</script>路灯坏了").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert Matter.objects.get().text == "<script>alert(1)</script>路灯坏了"


def test_sql_is_only_words(say):
    said = "路灯坏了'); DROP TABLE matters_matter; --"
    say(g=place.HUAIHUA_1, text=said)
    assert Matter.objects.get().text == said


def test_template_words_are_only_words(say):
    page = say(g=place.HUAIHUA_1, text="{{ 7 * 7 }} {% if 1 %} %(n)s 路灯坏了").content.decode()
    assert "{{ 7 * 7 }}" in page


def test_a_sentence_no_list_knows_goes_to_a_person(say):
    say(g=place.HUAIHUA_1, text="我想说点别的")
    assert Matter.objects.get().category == "other"


# --- How to be reached -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ["1381234567", "23812345678", "138123456789", "电话", "110", "<b>", "9" * 30])
def test_a_telephone_number_that_is_none(refused, typed):
    assert SENTENCE in refused("这个电话号码不对", visibility="pseudonym", phone=typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 1234 5678", "13812345678"),
        ("".join(chr(0xFF10 + int(digit)) for digit in "13812345678"), "13812345678"),
        ("+86-138-1234-5678", "13812345678"),
        ("0543-3160000", "0543-3160000"),
        ("（0543）3160000转8", "0543-3160000-8"),
        ("01062345678", "010-62345678"),
        ("3160000", "3160000"),
    ],
)
def test_telephone_numbers_as_people_write_them(typed, kept):
    assert phone_from(typed) == kept


def test_named_without_a_name(refused):
    refused("请写上怎么称呼您", visibility="named", phone="13812345678")


def test_a_telephone_promised_and_not_given(refused):
    refused("请写上电话", visibility="pseudonym")


def test_a_way_of_being_named_that_is_none(refused):
    refused("请在“留名、只留电话、不留”里选一个", visibility="king")


# --- Where -----------------------------------------------------------------------------------------------------------
def test_a_pin_in_the_sea(refused):
    assert SENTENCE in refused("不在本市", g=None, lon=place.OUTSIDE.lon, lat=place.OUTSIDE.lat)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [("9999", "9999"), ("nan", "37.4"), ("inf", "37.4"), ("abc", "37.4"), ("118.0", ""), ("1e400", "0"), ("١١٨", "x")],
)
def test_a_pin_that_is_no_place_on_earth(refused, lon, lat):
    refused("位置没有传好", lon=lon, lat=lat)


@pytest.mark.parametrize("area", ["9999", "-1", "1 OR 1=1", "²", "9" * 40])
def test_a_chosen_area_that_is_none(refused, area):
    refused("选的地方认不出来", area=area)


def test_a_scanned_code_that_is_none_asks_for_the_place(say):
    answer = say(g="../../etc/passwd", text="路灯坏了，没人修")
    assert answer.status_code == 422
    assert not Matter.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "../../../etc", "k" * 500, "\u202e" * 30])
def test_a_key_that_is_not_ours_is_changed_and_nothing_lost(say, key):
    answer = say(g=place.HUAIHUA_1, key=key)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert SENTENCE in page
    assert "请再按一次" in page
    say(g=place.HUAIHUA_1, key=key_of(page))
    assert Matter.objects.count() == 1


# --- Photos ----------------------------------------------------------------------------------------------------------
def test_a_photo_of_more_than_20_mb(refused):
    raw = b"\xff\xd8\xff\xe0" + b"\0" * 20_000_001
    assert SENTENCE in refused("照片太大，超过 20 MB", photos=file(raw))


def test_a_sending_of_a_gigabyte_is_not_read(client, cast):
    answer = client.generic(
        "POST", "/", b"--x--", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="1000000000"
    )
    assert answer.status_code == 413
    assert "太大" in answer.content.decode()


def test_a_decompression_bomb(refused):
    rows = zlib.compress(b"\0" * 20_000_000, 9)
    header = (30_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    chunk = lambda kind, data: len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")  # noqa: E731
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    refused("照片尺寸太大", photos=file(bomb))


@pytest.mark.parametrize("raw", [b"MZ\x90\0", b"%PDF-1.7", b"<svg onload=alert(1)>", b"GIF89a", b"PK\x03\x04"])
def test_a_file_that_is_no_photo(refused, raw):
    refused("这不是照片文件", photos=file(raw))


def test_an_empty_file_is_said_to_be_empty_or_was_not_chosen(say):
    say(g=place.HUAIHUA_1, photos=file(b""))
    assert not Photo.objects.exists()


def test_half_a_photo(refused):
    target = BytesIO()
    Image.effect_noise((400, 400), 90).convert("RGB").save(target, "JPEG")
    refused("没有传完整", photos=file(target.getvalue()[:2000]))


def test_a_polyglot_leaves_only_its_picture(client, say, photo, settings):
    raw = photo().read() + b"<script>alert(1)</script>PK\x03\x04"
    say(g=place.HUAIHUA_1, photos=file(raw))
    stored = b"".join(each.read_bytes() for each in settings.MEDIA_ROOT.rglob("*.jpg"))
    assert stored
    assert b"script" not in stored
    assert b"PK\x03\x04" not in stored
    assert b"SECRETPHONE" not in stored


def test_seven_photos_keep_six(refused, client, photo):
    page = refused("选了 7 张，最多 6 张", photos=[photo() for _ in range(7)])
    assert "已经收下 6 张照片" in page


def test_a_good_photo_beside_a_bad_one_is_kept(refused, photo):
    page = refused("第 2 张：这不是照片文件", photos=[photo(), file(b"MZ\x90\0")])
    assert "已经收下 1 张照片" in page


def test_a_file_name_names_nothing(client, say, photo, settings):
    say(g=place.HUAIHUA_1, photos=photo(name="../../../etc/passwd\u202egpj.exe"))
    names = {each.name for each in settings.MEDIA_ROOT.rglob("*") if each.is_file()}
    assert not any("passwd" in name for name in names)
    assert Photo.objects.count() == 1


# --- Everything at once ----------------------------------------------------------------------------------------------
def test_many_wrong_things_are_all_told_at_once_and_all_kept(refused):
    page = refused("还没有写是什么事", text="", visibility="named", name="", phone="12", place="三号楼")
    assert "这个电话号码不对" in page
    assert "请写上怎么称呼您" in page
    assert 'value="12"' in page
    assert "三号楼" in page
    assert not Contact.objects.exists()


def test_a_field_where_a_file_should_be_and_a_file_where_a_field_should_be(say):
    answer = say(g=place.HUAIHUA_1, photos="not a file", text=file(b"hello"))
    assert answer.status_code == 422
    assert "还没有写是什么事" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/places/suggest?q=%ff%fe", "/?g=%ff", "/nearby/?area=%ff", "/nearby/?lon=%ff&lat=1"]
)
def test_bad_utf8_in_an_address_is_no_fault_of_ours(client, cast, address):
    assert client.get(address).status_code == 200
