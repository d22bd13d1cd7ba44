"""A moment as people write it, in the zone of whom reads it. Never asks what time it is."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.outbound.mail.about import Language

DAYS = {"ja": "月火水木金土日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip


def written(moment: datetime, zone: str, language: Language) -> str:
    """Give day, time and the zone's name, such as `11月30日(月) 18:00 JST (Asia/Tokyo)`."""
    there = moment.astimezone(ZoneInfo(zone))
    day = DAYS[language][there.weekday()]
    named = f"{there:%H:%M} {_short(there)}({zone})"
    if language == "ja":
        return f"{there.year} 年 {there.month} 月 {there.day} 日({day}) {named}"
    return f"{day}, {there.day} {MONTHS[there.month - 1]} {there.year}, {named}"


def _short(there: datetime) -> str:
    """Give the zone's abbreviation; some have none but their offset, which says more than +09."""
    name = there.tzname() or ""
    if name.isalpha():
        return f"{name} "
    offset = there.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]} "
