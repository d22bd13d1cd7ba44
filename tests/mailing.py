"""Mails as partners' people write them, vouched for by the server that tests trust."""

from __future__ import annotations

from typing import Any

from ledger.mails import Standing
from tests.builders import AGENT
from tests.driving import Driver
from workers.letterbox import Letterbox
from workers.mail_intake import take

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


def came(post: Driver, raw: bytes) -> Standing:
    """Take a mail in."""
    return take(post.app, box_of(post.app.letterbox), raw)


def lacking(post: Driver) -> str:
    """Take in a request that lacks a field, and have it decided; give its number."""
    incomplete = REQUEST.replace("サービス契約への同意： 同意する\n", "")
    fate = came(post, mail(incomplete))
    post.settle()
    assert fate.request is not None
    assert post.story(fate.request).line.state == "incomplete"
    return fate.request
