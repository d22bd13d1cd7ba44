"""The text of an HTML mail: blocks become lines, table cells are kept apart by a tab.

Never loads anything, never raises: what the parser cannot bear is stripped of its tags.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from typing_extensions import override

from adapters.inbound.mail_quote import SEPARATOR

_LINES = frozenset(
    {
        "address",
        "article",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "thead",
        "tr",
        "ul",
    }
)
_QUOTES = frozenset({"gmail_quote", "moz-cite-prefix", "yahoo_quoted"})
_BELOW = frozenset({"divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container"})
_CELLS = frozenset({"td", "th"})
_SILENT = frozenset({"script", "style", "head", "title", "template"})
_TAG = re.compile(r"<[^<>]{0,10000}>")
# The parser's time grows with the square of some broken documents.
_LONGEST = 500_000
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)


def charset_in(raw: bytes) -> str | None:
    """Give the charset the document names itself."""
    found = _META_CHARSET.search(raw[:4_096])
    return found[1].decode("ascii", "ignore") if found else None


def text_of_html(document: str) -> str:
    document = document[:_LONGEST]
    reader = _Reader()
    try:
        reader.feed(document)
        reader.close()
        text = "".join(reader.pieces)
    except (AssertionError, ValueError, IndexError):
        # The parser gives up on some broken declarations.
        text = html.unescape(_TAG.sub(" ", document))
    return _tidy(text)


class _Reader(HTMLParser):
    """Collects pieces of text; layout comes from tags alone."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0
        self._as_is = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        self._as_is += tag == "pre"
        if tag in _LINES:
            self.pieces.append(f"\n{SEPARATOR}\n" if _is_quote(tag, dict(attrs)) else "\n")

    @override
    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._as_is = max(0, self._as_is - (tag == "pre"))
        if tag in _LINES:
            self.pieces.append("\n")
        elif tag in _CELLS:
            self.pieces.append("\t")

    @override
    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data if self._as_is else re.sub(r"[ \t\r\n\xa0]+", " ", data))


def _is_quote(tag: str, attrs: dict[str, str | None]) -> bool:
    """Whether the mail that is answered begins here, as far as programs say so."""
    if tag == "blockquote" and (attrs.get("type") or "").lower() == "cite":
        return True
    classes = (attrs.get("class") or "").lower().split()
    return not _QUOTES.isdisjoint(classes) or (attrs.get("id") or "").lower() in _BELOW


def _tidy(text: str) -> str:
    lines = (_joined(line.split("\t")) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _joined(cells: list[str]) -> str:
    return "\t".join(cell.strip() for cell in cells).strip()
