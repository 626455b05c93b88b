"""Saved pages: sections under their headings, anchors, links, dates in JSON-LD; what is no page is refused."""

from __future__ import annotations

import pytest

from probatum.errors import BadFormat
from probatum.formats.html_page import Section, fragment, page

PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>T - Site</title><link rel="canonical" href="https://x.org/t">
<meta name="description" content="D"><script type="application/ld+json">[{"@type":"A"},{"lastReviewed":"2020-01-01"}]
</script><script type="application/ld+json">{broken</script><script>var hidden = "no";</script></head><body>
<nav>Home</nav><p>Before &amp; all.</p><h1>Title<br>of it</h1>One<div>two</div>
<div id="s1"><h2>First</h2><p>A <a href="/l">link <b>bold</b></a> here.</p></div>
<h3 id="deep">Deep</h3><ul><li>a</li><li>b</li></ul><h2><a id="s2"></a>Second</h2>
<table><tr><td>x</td><td>y</td></tr></table>
<!-- comment --><aside>Not me</aside>tail</body></html>"""


def test_a_page_is_cut_at_its_headings() -> None:
    read = page(PAGE.encode(), "t.html")
    assert (read.title, read.address, read.language, read.meta) == (
        "Title of it", "https://x.org/t", "en-GB", (("description", "D"),),
    )  # fmt: skip
    assert read.sections == (
        Section(0, "", "", "Before & all."),
        Section(1, "Title of it", "", "One\ntwo"),
        Section(2, "First", "s1", "A link bold here.", ("Title of it",), (("/l", "link bold"),)),
        Section(3, "Deep", "deep", "a\nb", ("Title of it", "First")),
        Section(2, "Second", "s2", "xy\ntail", ("Title of it",)),
    )
    assert read.linked("lastReviewed") == "2020-01-01" and read.linked("nothing") is None


def test_a_heading_without_an_id_has_that_of_the_heading_above() -> None:
    first, second = fragment("<h2 id='a'>A</h2>x<h3>B</h3>y", "f")
    assert (first.anchor, second.anchor) == ("a", "a")
    assert fragment("  ", "f") == ()


@pytest.mark.parametrize("data", [b"", b"\x89PNG<a>", b"<p>\0</p>", b"plain words", b"<html><head><title>x</title>"])
def test_what_is_no_page_is_refused(data: bytes) -> None:
    with pytest.raises(BadFormat):
        page(data, "x.html")
