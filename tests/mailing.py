"""Mails as partners' people write them, vouched for by the server that tests trust."""

from __future__ import annotations

from typing import Any

from tests.builders import AGENT
from workers.letterbox import Letterbox

TRUSTED = "mx.toritsugi.example"
OURS = "support@toritsugi.example"
VOUCHED = f"Authentication-Results: {TRUSTED}; dmarc=pass (p=none) header.from=contoso.example"
REQUEST = """\
製品： Exchange Server SE
件名： データベース可用性グループが停止する
問題の種類： 高可用性
カテゴリ： DAG
契約： gold-2026
サービス契約への同意： 同意する
内容：
更新プログラムの適用後、DAG のメンバーが切り離されます。
"""
"""Everything that the rules ask for but the partner, whose agent has only one."""
MAILBOX: dict[str, Any] = {
    "host": "127.0.0.1",
    "tls": False,
    "user": OURS,
    "password": "x",
    "trusts": TRUSTED,
    "domain": "toritsugi.example",
    "poll_s": 5,
    "max_bytes": 200_000,
}


def mail(
    text: str = REQUEST,
    *headers: str,
    number: str = "m1",
    sender: str = AGENT,
    vouched: str = VOUCHED,
) -> bytes:
    """Write a mail; `headers` come beside the usual ones."""
    lines = [
        vouched,
        f"From: Sato <{sender}>",
        f"To: {OURS}",
        *([f"Message-ID: <{number}@contoso.example>"] if number else []),
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        *headers,
    ]
    return "\r\n".join([*(line for line in lines if line), "", *text.split("\n")]).encode()


def box_of(letterbox: Letterbox | None) -> Letterbox:
    """Give the mailbox that must be there."""
    assert letterbox is not None
    return letterbox
