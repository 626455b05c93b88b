"""Small things that templates do to words."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_ID = re.compile(r"\(?\b(?:HP|OMIM|ORPHA|DECIPHER|PMID|UMLS|MONDO|NCBIGene):[A-Za-z0-9]+\)?")


def with_ids(text: str) -> Markup:
    """The text, escaped, with ids set apart so that the eye can pass over them."""
    out, at = Markup(), 0
    for found in _ID.finditer(text):
        out += escape(text[at : found.start()]) + Markup('<span class="id">{}</span>').format(found[0])
        at = found.end()
    return out + escape(text[at:])


def short(version: str) -> str:
    """A release as it is shown: a hash by its first eight letters, anything else whole."""
    return version[:8] if re.fullmatch(r"[0-9a-f]{32,}", version) else version
