"""Where a sender's own words end: what stands below is a mail that is answered or passed on.

Knows how mail programs mark it, in Japanese and English. Cuts nothing off itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

SEPARATOR = "_" * 32
"""The line that Outlook draws above the mail it answers; HTML's quotes are given it, too."""
_LONGEST = 1_000
_BELOW = re.compile(
    r"-{2,}\s{0,9}(?:Original Message|元のメッセージ|Forwarded message|転送).{0,80}"
    r"|_{20,}"
    r"|On .{5,300} wrote:"
    r"|\d{4}[-/年].{5,300}(?:wrote|書きました|のメール)[:：]?"
    r"|\d{4}年\d{1,2}月\d{1,2}日.{0,60}\d{1,2}:\d\d.{0,200}<[^<>]{3,254}>\s?[:：]"
    r"|.{1,200}(?:さん|様)(?:は|が)書きました[:：]"
)
_MARKER = re.compile(r"-{2,} ?(?:この線より上にご記入ください|Please write above this line) ?-{2,}")
"""The end of the form in a letter of ours; whatever stands below is ours."""
_FIRST_LINE = re.compile(r"(?:On |\d{4}[-/年])[^:：]{0,20}\d.{0,300}")
_FROM = re.compile(r"\*?(?:From|差出人|送信者|发件人)\*?\s{0,9}[:：].{0,500}", re.IGNORECASE)
_SENT = re.compile(
    r"\*?(?:Sent|Date|送信日時|送信日|日時|日付|To|宛先)\*?\s{0,9}[:：].{0,500}", re.IGNORECASE
)
_SIGNATURE = re.compile(r"-- ?")
_MARKS_OF_QUOTE = re.compile(r"(?:[ \t]{0,9}[>＞] ?){1,20}")
_QUOTED = re.compile(r"[>＞]")


def own_length(lines: Sequence[str]) -> int:
    """Give how many of the lines come before the mail below and the signature."""
    for at, line in enumerate(lines):
        if _SIGNATURE.fullmatch(line) or _begins_below(lines, at):
            return at
    return len(lines)


def filled_in_below(text: str, marks: Collection[str]) -> str:
    """Give what stands in the mail below down to a line that is one of the marks; else nothing.

    Some fill in a form where they find it. The lines that tell whose mail is below are left out.
    """
    lines = text.split("\n")
    plain = [_MARKS_OF_QUOTE.sub("", line) for line in lines]
    end = next((at for at, line in enumerate(plain) if line.strip() in marks), 0)
    begin = next((at for at in range(own_length(lines), end) if not plain[at].strip()), end)
    quoted = next((at for at in range(end) if is_quoted(lines[at])), end)
    return "\n".join(plain[min(begin, quoted) : end])


def is_quoted(line: str) -> bool:
    """Whether the line is another's, put in by the sender's program."""
    return _QUOTED.match(line.lstrip(" \t")) is not None


def _begins_below(lines: Sequence[str], at: int) -> bool:
    line = lines[at].strip()
    if not line or len(line) > _LONGEST:
        return False
    following = [each.strip() for each in lines[at + 1 : at + 4]]
    if _FROM.fullmatch(line):
        return any(_SENT.fullmatch(each[:_LONGEST]) for each in following)
    if _BELOW.fullmatch(line) or _MARKER.fullmatch(line):
        return True
    # Long lines of this kind are cut in two by the program that writes them.
    folded = f"{line} {following[0]}" if following and _FIRST_LINE.fullmatch(line) else ""
    return 0 < len(folded) <= _LONGEST and _BELOW.fullmatch(folded) is not None
