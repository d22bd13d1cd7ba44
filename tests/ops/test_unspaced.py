from __future__ import annotations

import pytest

from ops.unspaced import broken


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("申請するか、依頼する。", ["申請する", "か、依頼", "する。"]),
        ("申請できます。", ["申請でき", "ます。"]),
        ("申請です。）次", ["申請で", "す。）次"]),
        ("申請の「契約」です", ["申請の", "「契約」", "です"]),
        ("申請 Office の", ["申請", "Office", "の"]),
        ("担当者のデータ", ["担当者の", "データ"]),
        ("サーバー", ["サーバー"]),
        ("、、、、、、", ["、、、、", "、、"]),
        ("abcdefghijk", ["abcdefgh", "ijk"]),
        ("", [""]),
    ],
)
def test_lines_are_broken_as_readers_expect(text: str, lines: list[str]) -> None:
    """Ends stay with what they end, beginnings with what they begin, and Latin words are whole."""
    assert list(broken(text, 8)) == lines
