"""What can be written into a field: said to whom wrote something else. Decides nothing.

A field that is not in them can only be too long.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.outbound.mail.about import Language, one_line
from adapters.outbound.mail.form import BLANKS
from contracts.event_parts import UnreadableNews
from contracts.malformed import Fault, data_faults

LONGEST_LABEL = 40
_MOST = re.compile(r"more than ([\d,]+) ")


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of fields; `{most}` is a number of characters."""

    readable: Mapping[str, str]
    foreign: Mapping[str, str]
    too_long: str
    unknown: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A field that was not taken, by the name its sender gives it, and what may stand there."""

    field: str
    label: str
    allowed: str


_EMAIL = {
    "ja": "メール アドレス 1 つ。例 sato@contoso.example",
    "en": "one address, such as sato@contoso.example",
}
_TRUTH = {"ja": "「はい」か「いいえ」", "en": "yes or no"}
WORDS: dict[Language, Words] = {
    "ja": Words(
        readable={
            "kind": (
                "「技術」「サブスクリプション」「請求」「クォータ」「アドバイザリ」「特典」のいずれか"
            ),
            "route": "「azure」「office」「onprem」のいずれか",
            "entry": "「partner_center」か「partner_admin_center」",
            "severity": "「A」(重大)、「B」(中程度)、「C」(軽微)のいずれか",
            "started_at": "日付と時刻。例 2026-11-30 09:15",
            "payment": "「契約」か「インシデントごと」",
            "usage": "「IT プロフェッショナル」",
            "contact.email": _EMAIL["ja"],
            "contact.method": "「電話」か「メール」",
            "contact.cc": "メール アドレス。複数の場合は「、」で区切ります",
            "contact.time_zone": "IANA のタイムゾーン名。例 Asia/Tokyo",
            "contact.country": "英字 2 文字の国コード。例 JP",
            "consents.services_agreement": _TRUTH["ja"],
            "consents.advanced_diagnostics": _TRUTH["ja"],
            "reply_to.email": _EMAIL["ja"],
            "reply_to.webhook": "https:// で始まるアドレス",
        },
        foreign={
            "partner": "ご自身のパートナーの ID だけ。省略しても構いません",
            "agent": "ご自身のパートナーの担当者のサインインだけ。省略しても構いません",
        },
        too_long="{most} 文字まで",
        unknown="読み取れませんでした。書き方を変えてお試しください",
    ),
    "en": Words(
        readable={
            "kind": "one of technical, subscription, billing, quota, advisory, membership",
            "route": "one of azure, office, onprem",
            "entry": "partner_center or partner_admin_center",
            "severity": "one of A (critical), B (moderate), C (minimal)",
            "started_at": "date and time, such as 2026-11-30 09:15",
            "payment": "contract or pay per incident",
            "usage": "it professional",
            "contact.email": _EMAIL["en"],
            "contact.method": "phone or email",
            "contact.cc": "addresses, with commas between them",
            "contact.time_zone": "an IANA name, such as Asia/Tokyo",
            "contact.country": "a country's two letters, such as JP",
            "consents.services_agreement": _TRUTH["en"],
            "consents.advanced_diagnostics": _TRUTH["en"],
            "reply_to.email": _EMAIL["en"],
            "reply_to.webhook": "an address that starts with https://",
        },
        foreign={
            "partner": "the id of a partner of your own; it may be left out",
            "agent": "the sign-in of an agent of your partner; it may be left out",
        },
        too_long="up to {most} characters",
        unknown="could not be read; please write it in another way",
    ),
}


def unread(error: UnreadableNews, labels: Mapping[str, str], language: Language) -> list[Unread]:
    """Give the fields that were not taken, each once."""
    found: dict[str, Unread] = {}
    for fault in data_faults(error.message):
        field = fault.place.removeprefix("data.").partition("[")[0]
        allowed = _allowed(error.code, field, fault, WORDS[language])
        found.setdefault(field, Unread(field, label_of(field, labels, language), allowed))
    return list(found.values())


def label_of(field: str, labels: Mapping[str, str], language: Language) -> str:
    """Give the sender's own name for a field, or ours."""
    blank = BLANKS[language].get(field)
    return one_line(labels.get(field) or (blank.label if blank else field), LONGEST_LABEL)


def most_of(error: UnreadableNews) -> str:
    """Give the number that was exceeded; empty if it is not told."""
    found = _MOST.search(error.message)
    return found[1] if found else ""


def _allowed(code: str, field: str, fault: Fault, words: Words) -> str:
    if code == "foreign_partner":
        return words.foreign.get(field, words.unknown)
    if (found := _MOST.search(fault.message)) is not None:
        return words.too_long.format(most=found[1])
    return words.readable.get(field, words.unknown)
