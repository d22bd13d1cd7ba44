"""The body of a post: a form of fields and files, read whole up to a limit. Stores nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from secrets import token_hex

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from workers.listeners.form.draft import Draft, File
from workers.listeners.form.fields import FIELDS, SECRETS

LANGUAGES = ("ja", "en")
MOST_FIELDS = 100
MOST_FILES = 100
KEY_LENGTH = 32
DRAINED = 8
"""So many times the limit is taken off the line: a browser hears no answer while it sends."""


class UnreadableBodyError(Exception):
    """The body is no form that a page of ours could have sent."""


class TooLargeError(Exception):
    """The body is larger than anything a form may hold."""


async def read_form(request: Request, most: int, within_s: float) -> FormData:
    """Read fields and files.

    Raises `UnreadableBodyError` or `TooLargeError`, and `TimeoutError` for what comes too slowly.
    """
    async with asyncio.timeout(within_s):
        raw = await _whole(request, most)
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise UnreadableBodyError

    async def once() -> AsyncGenerator[bytes, None]:
        yield raw

    parser = MultiPartParser(
        request.headers, once(), max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=most
    )
    parser.spool_max_size = most  # files stay in memory: nothing of a draft is put on a disk
    try:
        form = await parser.parse()
    except (MultiPartException, UnicodeDecodeError) as error:
        raise UnreadableBodyError from error
    if "key" not in form:
        await form.close()
        raise UnreadableBodyError
    return form


async def _whole(request: Request, most: int) -> bytes:
    found = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= most:
            found += chunk
        elif size > most * DRAINED:
            break
    if size > most:
        raise TooLargeError
    return bytes(found)


async def draft_of(form: FormData, language: str) -> Draft:
    """Give what was typed, and close the form; a key that is none of ours gives way to another."""
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    found = [one for one in form.getlist("attachments") if isinstance(one, UploadFile)]
    files = tuple([await _file(one) for one in found if one.filename])
    await form.close()
    key = texts.get("key", "")
    return Draft(
        key=key if is_key(key) else new_key(),
        lang=language,
        values={name: texts[name] for name in FIELDS if name in texts and name not in SECRETS},
        secrets={name: texts[name] for name in SECRETS if texts.get(name, "").strip()},
        files=files,
    )


async def _file(one: UploadFile) -> File:
    name = (one.filename or "").replace("\\", "/").rpartition("/")[2]
    return File(name, one.content_type or "application/octet-stream", await one.read())


def text_of(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def language_of(request: Request, form: FormData | None = None) -> str:
    """Give the language chosen on the page, in the address, or in the browser."""
    posted = [] if form is None else [text_of(form, name) for name in ("to", "lang")]
    for chosen in (*posted, request.query_params.get("lang", "")):
        if chosen in LANGUAGES:
            return chosen
    return preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> str:
    """Give the first of our languages in `Accept-Language`, by weight; else Japanese."""
    ranked: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), tag[:2].lower()))
        except ValueError:
            continue
    found = (tag for weight, tag in sorted(ranked, key=lambda one: one[0]) if weight < 0)
    return next((tag for tag in found if tag in LANGUAGES), LANGUAGES[0])


def new_key() -> str:
    """Make the key under which a form will be sent: drawn, for nobody may guess it."""
    return token_hex(KEY_LENGTH // 2)


def is_key(text: str) -> bool:
    return len(text) == KEY_LENGTH and all(letter in "0123456789abcdef" for letter in text)
