"""In which encodings a feed may come, and that none of them hides what is refused in the open."""

from pathlib import Path

import pytest

from collection.feed import parse
from common.errors import Retryable
from common.models import Story

TICK = 1_795_176_000  # 2026-11-20T12:00Z
TITLE = "Ether “up” 3 % – Käufer kehren zurück"
EVIL = (
    '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY x "&a;&a;&a;&a;">]>',
    '<!DOCTYPE rss SYSTEM "https://news.example/rss.dtd">',
)
WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
BOMS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff",
        "utf-32-le": b"\xff\xfe\x00\x00", "utf-32-be": b"\x00\x00\xfe\xff"}  # fmt: skip


def document(title: str = TITLE, declared: str | None = None, dtd: str = "") -> str:
    head = "" if declared is None else f'<?xml version="1.0" encoding="{declared}"?>'
    return (
        f'{head}{dtd}<rss version="2.0"><channel><title>T</title><item><title>{title}</title>'
        "<link>https://news.example/a</link></item></channel></rss>"
    )


def title_of(body: bytes) -> str:
    (story,) = parse(body, TICK).rows
    assert isinstance(story, Story)
    return story.title


@pytest.mark.parametrize("declared", [None, "utf-8", "UTF-16", "utf-32"])
@pytest.mark.parametrize("encoding", WIDE)
def test_a_feed_in_utf_16_or_utf_32_is_read(encoding: str, declared: str | None) -> None:
    assert title_of(document(declared=declared).encode(encoding)) == TITLE


@pytest.mark.parametrize("encoding", BOMS)
def test_a_mark_of_the_byte_order_is_no_part_of_the_feed(encoding: str) -> None:
    assert title_of(BOMS[encoding] + document().encode(encoding)) == TITLE
    assert title_of(BOMS[encoding] + ("\ufeff\n" + document()).encode(encoding)) == TITLE


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", None), ("utf-8", "UTF-8"), ("utf-8-sig", "utf-8"), ("utf-8-sig", None),
     ("windows-1252", "windows-1252"), ("windows-1252", "utf-8"), ("windows-1252", None),
     ("utf-8", "iso-8859-99")],
)  # fmt: skip
def test_a_feed_in_an_ordinary_encoding_is_read_even_if_it_declares_another(
    encoding: str, declared: str | None
) -> None:
    assert title_of(document(declared=declared).encode(encoding)) == TITLE


def test_a_declaration_that_is_not_at_the_very_start_is_one_still() -> None:
    assert title_of(b"\r\n \n" + document(declared="utf-8").encode()) == TITLE


@pytest.mark.parametrize("dtd", EVIL, ids=["external entity", "entities", "external dtd"])
@pytest.mark.parametrize("declared", [None, "utf-8", "utf-16"])
@pytest.mark.parametrize("encoding", WIDE)
def test_a_document_type_definition_is_refused_in_every_width(
    encoding: str, declared: str | None, dtd: str
) -> None:
    body = document("&x;", declared, dtd).encode(encoding)
    with pytest.raises(Retryable, match="a document with a DTD"):
        parse(body, TICK)
    with pytest.raises(Retryable, match="a document with a DTD"):
        parse(BOMS.get(encoding, b"") + body, TICK)


@pytest.mark.parametrize(
    "body",
    [
        document("&x;", "utf-7", EVIL[0]).replace("<!", "+ADwAIQ-").encode(),
        (b"\xef\xbb\xbf" + document("&x;", "utf-7", EVIL[0]).replace("<!", "+ADwAIQ-").encode()),
        document("&x;", "hz", EVIL[0]).encode("hz"),
        document("&x;", "iso-2022-jp", EVIL[0]).replace("<!", "<\x1b(J!").encode(),
        document("&x;", "unicode_escape", EVIL[0]).replace("<!", "\\x3c!").encode(),
    ],
    ids=["utf-7", "utf-7 with a mark", "hz", "iso-2022-jp", "unicode_escape"],
)
def test_an_encoding_in_which_markup_can_hide_is_refused(body: bytes) -> None:
    with pytest.raises(Retryable, match="an encoding that may hide markup"):
        parse(body, TICK)


@pytest.mark.parametrize(
    "head",
    [
        '<?xml version="1.0" encoding="utf-8"?><?x encoding="utf-7"?>',
        '<?x encoding="utf-7"?>',
        '\ufeff<?xml version="1.0" encoding="utf-7"?>',
    ],
    ids=["a second instruction", "an instruction that is no declaration", "behind a second mark"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_no_other_instruction_decides_the_encoding(encoding: str, head: str) -> None:
    hidden = EVIL[0].replace("<!", "+ADwAIQ-")
    try:
        rows = parse((head + document("before &x; after", dtd=hidden)).encode(encoding), TICK).rows
    except Retryable:
        return
    assert [row.title for row in rows if isinstance(row, Story)] == ["before &x; after"]


@pytest.mark.parametrize("dtd", EVIL)
def test_a_definition_in_ebcdic_is_no_feed(dtd: str) -> None:
    with pytest.raises(Retryable):
        parse(document("&x;", "cp037", dtd).encode("cp037"), TICK)


@pytest.mark.parametrize("place", ["<title>", "<item>", "</rss>", "version"])
def test_a_nul_inside_a_feed_is_refused(place: str) -> None:
    with pytest.raises(Retryable, match="NUL in a feed"):
        parse(document().replace(place, "\0" + place).encode(), TICK)


@pytest.mark.parametrize("encoding", WIDE)
@pytest.mark.parametrize("missing", [1, 2, 3, 4, 13, 40])
def test_a_wide_feed_that_ends_early_is_cut_off(encoding: str, missing: int) -> None:
    with pytest.raises(Retryable, match="cut off after"):
        parse(document().encode(encoding)[:-missing], TICK)


def test_a_body_that_is_the_name_of_a_file_is_not_opened(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(document(), "utf-8")
    assert title_of(file.read_bytes()) == TITLE
    for body in (str(file), f"file://{file}", "https://news.example/rss"):
        with pytest.raises(Retryable, match="not a feed"):
            parse(body.encode(), TICK)
