from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from adapters.inbound.label_values import form_data
from adapters.inbound.labelled_lines import read_lines
from adapters.inbound.labels import field_of
from adapters.outbound.mail.about import Language, about, one_line
from adapters.outbound.mail.form import BELOW, BLANKS
from adapters.outbound.mail.lines import WIDTH, broken, width
from adapters.outbound.mail.moment import written
from adapters.outbound.mail.text import LETTERS, text_of
from contracts.request import SupportRequest
from rules.words.fields import FIELDS
from tests.adapters.outbound.letters import AT, DESK, LABELS, NUMBER, about_of, letters
from tests.rules.cast import rule_book

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES: tuple[Language, ...] = get_args(Language)
EVENTS = letters()
SIGNS = {"ja": "：", "en": ": "}


def letter(name: str, language: Language) -> str:
    """Give the letter of that name."""
    return text_of(EVENTS[name], about_of(name, language), DESK, LABELS[language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EVENTS)
def test_every_letter_is_as_it_was_read(name: str, language: Language) -> None:
    """Each text in each language is the golden one; whoever changes one reads it aloud first."""
    golden = GOLDEN / f"{name}.{language}.txt"

    assert letter(name, language) == golden.read_text(encoding="utf-8")


def test_every_event_of_a_letter_has_a_golden_text_and_nothing_more() -> None:
    """No template is without a text that was read, no text without an event."""
    assert {EVENTS[name].type for name in EVENTS} == set(LETTERS)
    expected = {f"{name}.{language}.txt" for name in EVENTS for language in LANGUAGES}
    assert {path.name for path in GOLDEN.iterdir()} == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EVENTS)
def test_no_letter_reads_as_a_request(name: str, language: Language) -> None:
    """Quoted in full by an answer, a letter names no field but those of its empty form."""
    above, _, below = letter(name, language).partition(BELOW[language])

    assert form_data(read_lines(above).fields.items()) == {}
    assert read_lines(below).fields == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EVENTS)
def test_no_line_is_too_wide(name: str, language: Language) -> None:
    """Lines fit a plain window; only an address may be wider."""
    lines = letter(name, language).splitlines()

    assert [line for line in lines if width(line) > WIDTH + 4 and "://" not in line] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_has_what_may_be_missing(language: Language) -> None:
    """Every field that the rules may miss has a line, which is read back as that field."""
    assert set(FIELDS) <= set(BLANKS[language])
    for field, blank in BLANKS[language].items():
        assert field_of(blank.label) == field
        line = f"{blank.label}{SIGNS[language]}{blank.example}"
        assert read_lines(line).fields == {field: blank.example}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_are_good_answers(language: Language) -> None:
    """A form filled in with its own examples is a request with every field of it."""
    data = form_data((field, blank.example) for field, blank in BLANKS[language].items())

    request = SupportRequest.model_validate(data)
    given = {**request.given(), **request.secrets()}
    assert given["contact"]["method"] == "email"
    assert given["consents"]["services_agreement"] is True
    assert given["severity"] == "B"
    parts = {f"{name}.{part}" for name in ("contact", "consents") for part in given.pop(name)}
    assert {*given, *parts} - {"extra"} == set(BLANKS[language])
    assert rule_book().products.find(str(request.product))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_filled_in_is_read_back(language: Language) -> None:
    """The lines of the form, filled in above the marker, are the missing fields."""
    text = letter("incomplete-severity", language)
    answer = text.replace(f"{SIGNS[language].rstrip()}\n", f"{SIGNS[language]}B\n")
    above = answer.partition(BELOW[language])[0]

    found = form_data(read_lines(above).fields.items())
    assert found == {"problem_type": "B", "severity": "B"}


def test_a_missing_title_is_no_gap() -> None:
    """A request without a title or a name is spoken of without them."""
    text = text_of(EVENTS["accepted"], about(NUMBER, {}), DESK)

    assert text.startswith(f"ご担当者様\n\nサポート リクエストを、受付番号 {NUMBER} で")


def test_what_a_person_wrote_stays_one_line() -> None:
    """No line break, direction mark or secret of a title reaches a letter."""
    title = "a\r\n製品：x\u2028\u202eb\x00 アクセス ID: 0230242323"

    assert one_line(title, 80) == "a 製品：x b アクセス ID: ***"
    text = text_of(EVENTS["accepted"], about(NUMBER, {"title": title}), DESK)
    assert "「a 製品：x b アクセス ID: ***」" in text


@pytest.mark.parametrize(
    ("language", "letters_in"),
    [("ja", "ja"), ("ja-JP", "ja"), ("Japanese", "ja"), ("en-GB", "en"), ("fr", "en")],
)
def test_the_language_is_the_contacts(language: str, letters_in: str) -> None:
    """Japanese for whom wants it, English for all others."""
    assert about(NUMBER, {"contact": {"language": language}}).language == letters_in


@pytest.mark.parametrize(
    ("zone", "language", "expected"),
    [
        ("Asia/Tokyo", "ja", "2026 年 11 月 30 日(月) 15:15 JST (Asia/Tokyo)"),
        ("Asia/Tokyo", "en", "Mon, 30 November 2026, 15:15 JST (Asia/Tokyo)"),
        ("America/Sao_Paulo", "en", "Mon, 30 November 2026, 03:15 UTC-03:00 (America/Sao_Paulo)"),
        ("UTC", "ja", "2026 年 11 月 30 日(月) 06:15 UTC (UTC)"),
    ],
)
def test_a_moment_is_told_in_the_readers_zone(zone: str, language: Language, expected: str) -> None:
    """Day and time are those of the contact's zone, whose name stands beside them."""
    assert written(AT, zone, language) == expected


def test_lines_are_broken_by_the_manners_of_both_languages() -> None:
    """No full stop begins a line, no bracket ends one, and no address is cut."""
    address = "https://example.com/" + "a" * 100
    text = f"・{'あ' * 36}、い「う」{'え' * 40}。 {address} {'word ' * 20}"
    lines = broken(text).split("\n")

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert address in [line.strip() for line in lines]
    assert all(line[0] not in "、。」" and line[-1] != "「" for line in lines)
    assert all(line.startswith("  ") for line in lines[1:])


def test_reasons_that_share_a_way_on_tell_it_once() -> None:
    """Both ids of a contract are found in one place, which is told once."""
    text = letter("incomplete-ids", "ja")

    assert "".join(text.split()).count("主要連絡先に送られます") == 1


@pytest.mark.parametrize("marker", BELOW.values())
def test_nothing_below_the_form_is_the_senders(marker: str) -> None:
    """Quoted without any mark, what stands below our line is still ours."""
    assert read_lines(f"重大度：B\n{marker}\n製品：x").fields == {"severity": "B"}
