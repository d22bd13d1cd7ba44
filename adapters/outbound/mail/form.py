"""The form in a mail that asks for what is missing: a line for each field, read back as it is.

The labels are those of `adapters.inbound.labels`; a test holds them together. What stands in
brackets in a label is not read. Tables only, and no decision about what is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from adapters.outbound.mail.about import Language


@dataclass(frozen=True, slots=True)
class Blank:
    """One line to fill in: its label, what may be written there, and an example."""

    label: str
    allowed: str
    example: str


BELOW = {
    "ja": "----- この線より上にご記入ください -----",
    "en": "----- Please write above this line -----",
}
"""Nothing below it is read."""

_JA = {
    "partner": Blank("パートナー ID", "Microsoft Partner Network (MPN) のパートナー ID", "4612345"),
    "agent": Blank("サインイン", "申請に使う担当者のサインイン", "sato@contoso.example"),
    "product": Blank("製品", "製品名とバージョン、またはサービス名", "Exchange Server 2019"),
    "title": Blank("件名", "250 文字まで", "メールの送受信が遅い"),
    "description": Blank(
        "問題の説明",
        "起きている事象、影響の範囲、試したこと(何行でも構いません)",
        "今朝から社外宛てのメールが送信トレイに残ります。再起動しても変わりません。",
    ),
    "problem_type": Blank("問題の種類", "ポータルで選ぶ問題の種類", "メール フロー"),
    "category": Blank("カテゴリ", "ポータルで選ぶカテゴリ", "送受信の遅延"),
    "severity": Blank(
        "重大度(A・B・C)",
        "A(重大)、B(中程度)、C(軽微)のいずれか。Azure では必須",
        "B",
    ),
    "subscription_id": Blank(
        "サブスクリプション ID",
        "対象の Azure サブスクリプションの ID",
        "1f0c7a52-0000-4000-8000-000000000001",
    ),
    "access_id": Blank("アクセス ID", "先頭の 0 も含めたすべての数字", "0200000000"),
    "contract_id": Blank("契約 ID", "先頭の 0 も含めたすべての数字", "0010000000"),
    "contact.name": Blank("連絡先氏名", "サポート担当者から連絡を受ける方", "佐藤 花子"),
    "contact.email": Blank(
        "メールアドレス", "パートナー側のメール アドレス", "sato@contoso.example"
    ),
    "contact.phone": Blank("電話番号", "連絡を受ける電話番号", "03-0000-0000"),
    "contact.method": Blank(
        "連絡方法(電話・メール)", "メールで連絡を受ける場合は「メール」", "メール"
    ),
    "consents.services_agreement": Blank(
        "サービス契約への同意(はい・いいえ)",
        "マイクロソフト サービス契約に同意する場合は「はい」",
        "はい",
    ),
}
_EN = {
    "partner": Blank("Partner ID", "your Microsoft Partner Network (MPN) partner id", "4612345"),
    "agent": Blank("Sign-in", "the sign-in that files the request", "sato@contoso.example"),
    "product": Blank("Product", "product and version, or service", "Exchange Server 2019"),
    "title": Blank("Title", "up to 250 characters", "Mail is slow to arrive"),
    "description": Blank(
        "Description",
        "what happens, whom it affects, what you have tried (as many lines as you like)",
        "Since this morning mail to other companies stays in the queue. A restart did not help.",
    ),
    "problem_type": Blank("Problem type", "the problem type to choose in the portal", "Mail flow"),
    "category": Blank("Category", "the category to choose in the portal", "Delayed delivery"),
    "severity": Blank(
        "Severity (A, B or C)", "A (critical), B (moderate) or C (minimal); Azure asks for it", "B"
    ),
    "subscription_id": Blank(
        "Subscription ID",
        "the id of the Azure subscription concerned",
        "1f0c7a52-0000-4000-8000-000000000001",
    ),
    "access_id": Blank("Access ID", "every digit, leading zeros included", "0200000000"),
    "contract_id": Blank("Contract ID", "every digit, leading zeros included", "0010000000"),
    "contact.name": Blank("Name", "whom the support engineer should ask for", "Hanako Sato"),
    "contact.email": Blank("E-mail", "an address of the partner's", "sato@contoso.example"),
    "contact.phone": Blank("Phone number", "the number to call", "03-0000-0000"),
    "contact.method": Blank(
        "Contact method (phone or email)", "email, to be contacted by mail instead", "email"
    ),
    "consents.services_agreement": Blank(
        "Services agreement (yes or no)",
        "yes, if you accept the Microsoft Services Agreement",
        "yes",
    ),
}
BLANKS: dict[Language, dict[str, Blank]] = {"ja": _JA, "en": _EN}
_BESIDE = {"contact.phone": "contact.method", "product": "severity"}
"""A field that may be given in place of the missing one, or that is likely to be asked for next."""
_LONG = "description"


def blanks(fields: Iterable[str], language: Language) -> list[Blank]:
    """Give a blank for each field, once; the one that may take many lines comes last."""
    asked = list(dict.fromkeys(one for field in fields for one in _with_beside(field)))
    asked.sort(key=is_long)
    return [BLANKS[language].get(field, Blank(field, "", "")) for field in asked]


def is_long(field: str) -> bool:
    """Whether it may take many lines, and so stands last in a form."""
    return field == _LONG


def _with_beside(field: str) -> tuple[str, ...]:
    return (field, _BESIDE[field]) if field in _BESIDE else (field,)
