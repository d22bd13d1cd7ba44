"""Takes old events off a stream, never one that a consumer group has not read and acknowledged.

What may go is reckoned here, and asked once more by the server in the same step in which it trims:
a group that was made or set back in between finds all that it needs. Never deletes a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from redis import Redis

TRIM = """
-- KEYS[1] a stream, ARGV[1] the first id that stays. Gives how many went, -1 if a group needs one.
local function parts(id) return string.match(id, '(%d+)-(%d+)') end
local function less(a, b) if #a ~= #b then return #a < #b end return a < b end
local function before(a, b)
  local am, an = parts(a)
  local bm, bn = parts(b)
  if am ~= bm then return less(am, bm) end
  return less(an, bn)
end
local function follows(a, b)
  local am, an = parts(a)
  local bm, bn = parts(b)
  return am == bm and tonumber(an) == tonumber(bn) + 1
end
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local upto = ARGV[1]
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local said = {}
  for i = 1, #group, 2 do said[group[i]] = group[i + 1] end
  local last = said['last-delivered-id']
  if before(last, upto) and not follows(upto, last) then return -1 end
  if said['pending'] > 0 then
    local lowest = redis.call('XPENDING', KEYS[1], said['name'])[2]
    if lowest and before(lowest, upto) then return -1 end
  end
end
return redis.call('XTRIM', KEYS[1], 'MINID', upto)
"""
NEEDED = -1
STEP = 1_000
"""How many entries over the number are passed over in one round: their ids have to be read."""
TRIES = 20

Id = tuple[int, int]
"""The server's milliseconds, and a number within them."""
NEVER: Id = (1 << 63, 0)


@dataclass(frozen=True, slots=True)
class Keeping:
    """How much of a stream stays."""

    age_s: float
    """What is younger stays where no group says that it was read."""
    most: int
    """More than so many entries go, if every group is done with them, however young they are."""
    cap: int | None = None
    """More than so many go whoever has not read them: the last resort of a full server."""


@dataclass(frozen=True, slots=True)
class Group:
    """A consumer group, and the first entry that it still needs."""

    name: str
    floor: Id


@dataclass(frozen=True, slots=True)
class Trimmed:
    """What a round did."""

    number: int
    """Entries that every group was done with."""
    cut: int
    """Entries that went over the cap, perhaps unread."""
    holding: tuple[str, ...]
    """Groups that keep the stream from losing what is older than the age."""


def trim(client: Redis, stream: str, keeping: Keeping) -> Trimmed:
    """Trim once; raises what the client raises."""
    number = 0
    holding: tuple[str, ...] = ()
    for _ in range(TRIES):
        upto, holding = _reckon(client, stream, keeping)
        number = int(client.eval(TRIM, 1, stream, f"{upto[0]}-{upto[1]}"))
        if number != NEEDED:
            break
    cut = 0 if keeping.cap is None else client.xtrim(stream, keeping.cap, approximate=False)
    return Trimmed(max(0, number), cut, holding)


def groups(client: Redis, stream: str) -> list[Group]:
    """Give the stream's groups and what each of them still needs."""
    if not client.exists(stream):
        return []
    return [_group(client, stream, one) for one in client.xinfo_groups(stream)]


def _group(client: Redis, stream: str, said: dict[str, Any]) -> Group:
    name = said["name"].decode()
    pending = client.xpending(stream, name) if said["pending"] else {}
    if pending.get("min"):
        return Group(name, _id(pending["min"]))
    milliseconds, number = _id(said["last-delivered-id"])
    return Group(name, (milliseconds, number + 1))


def _reckon(client: Redis, stream: str, keeping: Keeping) -> tuple[Id, tuple[str, ...]]:
    """Give the first id that has to stay, and which groups keep what is too old."""
    there, old = groups(client, stream), _old(client, keeping.age_s)
    over = client.xlen(stream) - keeping.most if there else 0
    wanted = max(old, _over(client, stream, over))
    upto = min([wanted, *(one.floor for one in there)])
    return upto, _holding(client, stream, there, old)


def held(client: Redis, stream: str, age_s: float) -> tuple[str, ...]:
    """Give the groups that keep what is older than that on the stream."""
    return _holding(client, stream, groups(client, stream), _old(client, age_s))


def _holding(client: Redis, stream: str, there: Sequence[Group], old: Id) -> tuple[str, ...]:
    return tuple(one.name for one in there if _needs(client, stream, one.floor) < old)


def _old(client: Redis, age_s: float) -> Id:
    """Give the first id that is not too old, by the clock that makes ids."""
    seconds, microseconds = client.time()
    return max(0, seconds * 1000 + microseconds // 1000 - round(age_s * 1000)), 0


def _over(client: Redis, stream: str, number: int) -> Id:
    """Give the id of the entry behind the first so many, or behind a step of them."""
    if number <= 0:
        return 0, 0
    found = cast("Sequence[tuple[bytes, Any]]", client.xrange(stream, count=min(number, STEP) + 1))
    return _id(found[-1][0])


def _needs(client: Redis, stream: str, floor: Id) -> Id:
    """Give the id of the first entry that is there from the floor on."""
    low = f"{floor[0]}-{floor[1]}"
    found = cast("Sequence[tuple[bytes, Any]]", client.xrange(stream, min=low, count=1))
    return _id(found[0][0]) if found else NEVER


def _id(text: bytes | str) -> Id:
    milliseconds, _, number = (text.decode() if isinstance(text, bytes) else text).partition("-")
    return int(milliseconds), int(number)
