"""The text of an HTML mail: blocks become lines, table cells are kept apart by a tab.

Never loads anything, never raises, and takes no longer than the document is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

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
# A tag ends where the next begins, closed or not: looking on for its end, for each of many, takes
# a time that grows with the square of the document. So does the standard library's parser.
_PIECE = re.compile(
    r"(?P<comment><!--)"
    r"|<(?P<end>/?)(?P<tag>[A-Za-z][A-Za-z0-9:-]{0,40})"
    r"(?P<attributes>(?:[^<>\"']|\"[^\"<]{0,4000}+\"|'[^'<]{0,4000}+'|[\"'])*+)>?"
    r"|<[!?/][^<>]*+>?"
    r"|(?P<text><?[^<]++|<)"
)
_ATTRIBUTE = re.compile(r"\b(type|class|id)\s{0,9}=\s{0,9}[\"']?([^\"'>]{1,200})", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\xa0]+")
_NO_CHARACTER = re.compile(r"&#[0-9]{20,};?|&#x[0-9a-f]{20,};?", re.IGNORECASE)
_LONGEST = 2_000_000
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)


def charset_in(raw: bytes) -> str | None:
    """Give the charset the document names itself."""
    found = _META_CHARSET.search(raw[:4_096])
    return found[1].decode("ascii", "ignore") if found else None


def text_of_html(document: str) -> str:
    reader = _Reader()
    for piece in _pieces(document[:_LONGEST]):
        reader.take(piece)
    return _tidy("".join(reader.pieces))


def _pieces(document: str) -> Iterator[re.Match[str]]:
    """Give tags and texts in turn; comments are left out. Looks at each character once."""
    at, comments_end = 0, True
    while found := _PIECE.match(document, at):
        at = found.end()
        if found["comment"] is None:
            yield found
        elif comments_end:
            end = document.find("-->", at)
            comments_end = end >= 0
            at = end + len("-->") if comments_end else at


class _Reader:
    """Collects pieces of text; layout comes from tags alone."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._silent = 0
        self._as_is = 0

    def take(self, piece: re.Match[str]) -> None:
        tag = (piece["tag"] or "").lower()
        if not tag:
            self._text(piece["text"] or "")
        elif piece["end"]:
            self._end(tag)
        else:
            self._begin(tag, piece["attributes"])

    def _begin(self, tag: str, attributes: str) -> None:
        if tag == "body":
            self._silent = 0  # whatever was left open in the head
        self._silent += tag in _SILENT
        self._as_is += tag == "pre"
        if tag in _LINES:
            self.pieces.append(f"\n{SEPARATOR}\n" if _is_quote(tag, attributes) else "\n")

    def _end(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._as_is = max(0, self._as_is - (tag == "pre"))
        if tag in _LINES:
            self.pieces.append("\n")
        elif tag in _CELLS:
            self.pieces.append("\t")

    def _text(self, text: str) -> None:
        if self._silent:
            return
        if not self._as_is:
            text = _BLANKS.sub(" ", text)
        # A number of many digits is no character, and raises.
        self.pieces.append(html.unescape(_NO_CHARACTER.sub("", text)).replace("\xa0", " "))


def _is_quote(tag: str, attributes: str) -> bool:
    """Whether the mail that is answered begins here, as far as programs say so."""
    given = {name.lower(): value.lower() for name, value in _ATTRIBUTE.findall(attributes)}
    if tag == "blockquote" and given.get("type") == "cite":
        return True
    return not _QUOTES.isdisjoint(given.get("class", "").split()) or given.get("id") in _BELOW


def _tidy(text: str) -> str:
    lines = (_joined(line.split("\t")) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _joined(cells: list[str]) -> str:
    return "\t".join(cell.strip() for cell in cells).strip()
