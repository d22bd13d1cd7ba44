"""What people write beside a label, as the value of its field.

Never guesses: words that are not in the tables are handed on as they are, and the request's own
check says what is allowed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.inbound.fields import nested

_LISTS = frozenset({"contact.cc"})
_TRUTHS = frozenset({"consents.services_agreement", "consents.advanced_diagnostics"})

_NOT_GIVEN = {
    "未記入",
    "未入力",
    "未選択",
    "未定",
    "なし",
    "無し",
    "特になし",
    "none",
    "n/a",
    "-",
    "ー",
}
_YES = {"true", "yes", "はい", "同意", "同意する", "同意します", "同意済み", "有", "1", "on", "y"}
_NO = {"false", "no", "いいえ", "同意しない", "同意しません", "無", "0", "off", "n"}
_CHOICES: dict[str, dict[str, str]] = {
    "kind": {
        "技術": "technical", "技術サポート": "technical", "テクニカル": "technical",
        "サブスクリプション": "subscription", "請求": "billing", "課金": "billing",
        "クォータ": "quota", "アドバイザリ": "advisory", "アドバイザリーサービス": "advisory",
        "特典": "membership", "メンバーシップ": "membership",
    },
    "route": {"オンプレミス": "onprem", "on-premises": "onprem", "office365": "office"},
    "severity": {
        "重大": "A", "緊急": "A", "critical": "A",
        "中": "B", "中程度": "B", "moderate": "B",
        "低": "C", "最小": "C", "最小限": "C", "minimal": "C",
        "a": "A", "b": "B", "c": "C",
    },
    "payment": {
        "契約": "contract", "インシデントごと": "pay_per_incident",
        "都度払い": "pay_per_incident", "pay per incident": "pay_per_incident",
    },
    "contact.method": {"電話": "phone", "tel": "phone", "メール": "email", "e-mail": "email"},
    "contact.language": {"日本語": "ja", "英語": "en", "japanese": "ja", "english": "en"},
    "contact.country": {"日本": "JP", "japan": "JP"},
    "usage": {"it プロフェッショナル": "it_professional"},
}  # fmt: skip
_ENGLISH_CHOICES = {"kind", "route", "entry", "payment", "contact.method", "usage"}
_LETTER = re.compile(r"([abc])(?:\s*[(:・].*|\s+.*)", re.DOTALL)
_LOCAL_TIME = re.compile(
    r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?[\st]*(\d{1,2})[:時](\d{1,2})?分?(?::\d\d)?頃?"
)
_OUTER = "()[]【】（）「」『』"


def is_given(text: str) -> bool:
    return _folded(text).strip(_OUTER) not in _NOT_GIVEN and bool(text.strip())


def form_data(fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Build a request's data; raise NameConflict as `nested` does."""
    given = [(field, text.strip()) for field, text in fields if is_given(text)]
    zone = dict(given).get("contact.time_zone", "Asia/Tokyo")
    return nested((field, _value_of(field, text, zone)) for field, text in given)


def _value_of(field: str, text: str, zone: str) -> Any:  # noqa: ANN401 (text, list or truth)
    if field in _LISTS:
        return [part.strip() for part in re.split(r"[;；、,\n]", text) if part.strip()]
    folded = _folded(text)
    if field in _TRUTHS:
        return True if folded in _YES else False if folded in _NO else text
    if field == "started_at":
        return _local_time(folded, zone) or text
    return _choice(field, folded) or text


def _choice(field: str, folded: str) -> str | None:
    found = _CHOICES.get(field, {}).get(folded)
    if found is None and field == "severity":
        letter = _LETTER.fullmatch(folded)
        return letter[1].upper() if letter else None
    if found is None and field in _ENGLISH_CHOICES and folded.isascii():
        return re.sub(r"[\s-]+", "_", folded)
    return found


def _local_time(folded: str, zone: str) -> str | None:
    """People leave the time zone out: it is the contact's, or the messages' default."""
    found = _LOCAL_TIME.fullmatch(folded)
    if found is None:
        return None
    year, month, day, hour, minute = (int(part or 0) for part in found.groups())
    try:
        moment = datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None
    return moment.isoformat()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
