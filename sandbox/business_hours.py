"""When a first answer is due, counted in business hours. Knows no holidays.

Microsoft, "Support overview" of the Power Platform admin center (2020-10 copy): business hours in
Japan are 9:00-17:30 on weekdays.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone

JAPAN = timezone(timedelta(hours=9), "JST")
OPENS = time(9, 0)
CLOSES = time(17, 30)
SATURDAY = 5


def opening(at: datetime) -> datetime:
    """Give the moment itself if the office is open then, else the next opening."""
    day = at.astimezone(JAPAN)
    if day.weekday() < SATURDAY and OPENS <= day.time() < CLOSES:
        return day
    if day.weekday() >= SATURDAY or day.time() >= CLOSES:
        day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day.replace(hour=OPENS.hour, minute=OPENS.minute, second=0, microsecond=0)


def after_business_minutes(at: float, minutes: int) -> tuple[float, float]:
    """When the clock starts and when it runs out, as seconds since the epoch."""
    start = opening(datetime.fromtimestamp(at, UTC))
    left, moment = timedelta(minutes=minutes), start
    while True:
        closing = moment.replace(hour=CLOSES.hour, minute=CLOSES.minute, second=0, microsecond=0)
        if moment + left <= closing:
            return start.timestamp(), (moment + left).timestamp()
        left -= closing - moment
        moment = opening(closing)
