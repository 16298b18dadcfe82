import time
import unicodedata

import pytest

from related.similarity.text.plain_text import MAX_BYTES, alt_texts, clean_text, plain_text


def test_clean_text_drops_what_databases_refuse():
    assert clean_text("a\x00b\ud800c\udfff") == "abc"


def test_clean_text_composes_letters():
    assert clean_text("cafe\u0301") == "café"


def test_paragraphs_are_parted_by_a_blank_line():
    html = "<h1>Title</h1><p>One <b>bold</b>ly\nwrapped.</p><div>Two<br>lines</div>tail"
    assert plain_text(html) == "Title\n\nOne boldly wrapped.\n\nTwo\nlines\n\ntail"


def test_table_cells_do_not_run_into_each_other():
    assert plain_text("<table><tr><td>a<td>b</tr></table>").split() == ["a", "b"]


def test_scripts_styles_and_comments_are_not_read():
    html = (
        "<p>Seen</p><script>var p = '<p>no</p>'</script><style>p {}</style><!-- no -->"
        "<iframe>no</iframe><SCRIPT>no</SCRIPT>"
    )
    assert plain_text(html) == "Seen"


def test_attributes_are_not_read_even_with_angle_brackets():
    assert plain_text('<p title="a > b">Text</p>') == "Text"


def test_entities_become_characters():
    assert plain_text("Marks &amp; Spencer&nbsp;&#8212; caf&eacute;") == "Marks & Spencer — café"


@pytest.mark.parametrize("text", ["5 < 6 and 7 > 6", "AT&T; fish & chips", "a <3 b"])
def test_text_that_is_not_html_stays(text):
    assert plain_text(text) == text


def test_plain_text_keeps_its_paragraphs():
    assert plain_text("One\r\nline \t two\n \n\n\nThree") == "One\nline two\n\nThree"


@pytest.mark.parametrize("value", ["", " \n ", "<p></p>", "<script>x</script>", "\x00"])
def test_nothing_to_read(value):
    assert plain_text(value) == ""


def test_the_cap_counts_bytes_and_cuts_no_character():
    text = plain_text("é" * 100, max_bytes=51)
    assert text == "é" * 25


def test_the_cap_allows_for_markup():
    html = "<p class='a long class name'>word</p>" * 1000
    assert plain_text(html, max_bytes=12_000).count("word") == 1000


@pytest.mark.parametrize(
    "hostile",
    [
        "<a " * 50_000,
        "<a <a>" * 100_000,
        "<div>" * 500_000,
        "<div>" * 500_000 + "x" + "</div>" * 500_000,
        "<b><i><a href=x>" * 100_000,
        "</i>" * 500_000,
        "<table><tr><td>" * 100_000,
        "<!--" * 300_000,
        "<![CDATA[" * 100_000,
        "<script>" * 200_000,
        "<title><textarea>" * 100_000,
        "&" * 1_000_000,
        "&amp" * 300_000,
        "<p " + " ".join(f"a{number}" for number in range(80_000)) + ">",
        "</p/" + "/".join(f"a{number}" for number in range(80_000)),
        "<p " + "".join(f'a{number}=">"' for number in range(80_000)),
        '<script>x<b a="</script><p ' + " ".join(f"a{n}" for n in range(80_000)) + ">",
        "<a b='" * 80_000 + '<a b="' * 80_000,
        "x" * 5_000_000,
        "ab " * 1_700_000,
        " \n" * 2_500_000,
        "<p>" + " " * 5_000_000,
        "a" + "\u0300\u0316" * 500_000,
        "क" + "\u093c\u094d" * 500_000,
        "🎉" * 1_000_000,
        "\x00\ud800" * 1_000_000,
    ],
    ids=lambda text: ascii(text[:16]),
)
def test_hostile_text_takes_less_than_a_second(hostile):
    started = time.process_time()
    text = plain_text(hostile)
    assert time.process_time() - started < 1
    assert len(text.encode()) <= MAX_BYTES
    assert unicodedata.is_normalized("NFC", text)


def test_a_tag_with_too_many_attributes_costs_no_word():
    attributes = " ".join(f"a{number}" for number in range(201))
    text = plain_text(f"<p {attributes}>The council &amp; the mayor</p><p>met.</p>")
    assert text == "The council & the mayor\n\nmet."


def test_what_stands_in_the_place_of_pictures():
    html = (
        "<p>Text</p><img src='/a.jpg' alt='The mayor &amp; her\n dog'><img alt='IMG_0815.jpg'>"
        '<figure><IMG ALT="A ribbon is cut"><figcaption>Caption</figcaption></figure>'
        "<img alt=''><img src='b.jpg'><img alt='A ribbon is cut'><!-- <img alt='no'> -->"
        "<script>'<img alt=no>'</script>"
    )
    assert alt_texts(html) == "The mayor & her dog\nA ribbon is cut"
    assert plain_text(html) == "Text\n\nCaption"
    assert alt_texts("no alt=here") == ""


def test_references_are_composed_too():
    assert plain_text("<p>cafe&#769;</p>") == "café"


@pytest.mark.parametrize("read", [plain_text, alt_texts])
def test_thousands_of_attributes_take_no_longer(read):
    attributes = " ".join(f"a{n}=1" for n in range(80_000))
    began = time.perf_counter()
    read(f"<p {attributes}>Text</p><img {attributes} alt=x>")
    assert time.perf_counter() - began < 2
