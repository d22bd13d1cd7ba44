"""The names that people give to our fields, in Japanese and English.

One table for forms, mails and spreadsheets; the field names themselves are always known.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Field (dotted) -> names beside its own, folded as `_folded` does.
_NAMES: dict[str, str] = {
    "id": "受付番号 管理番号 依頼番号 requestid",
    "kind": "種別 依頼種別 お問い合わせ種別 問い合わせ種別 リクエスト種別 requesttype",
    "partner": "パートナー パートナーid mpn mpnid パートナー番号 partnerid",
    "agent": "サインイン サインインid サインインアカウント エージェント 申請アカウント upn signin",
    "customer": "顧客 顧客テナント お客様 お客様テナント テナント tenant customertenant",
    "product": "製品 製品名 対象製品 プロダクト サービス サービス名 productname",
    "route": "窓口 ポータル portal",
    "entry": "入口",
    "title": "件名 タイトル 表題 題名 subject summary",
    "description": (
        "内容 説明 詳細 詳細内容 本文 お問い合わせ内容 問い合わせ内容 ご質問内容"
        " 問題の説明 問題の詳細 問題の内容 details problem"
    ),
    "problem_type": "問題の種類 問題種別 問題の種別",
    "category": "カテゴリ カテゴリー 分類",
    "severity": "重大度 深刻度 緊急度 severitylevel",
    "started_at": "発生日時 発生時刻 開始日時 問題発生日時 問題の発生日時 started begin began",
    "subscription_id": "サブスクリプション サブスクリプションid subscription",
    "resource_id": "リソース リソースid resource",
    "contract": "契約 契約名 contractname",
    "access_id": "アクセスid",
    "contract_id": "契約id コントラクトid",
    "payment": "支払い 支払 支払方法 支払い方法 お支払い方法 paymentmethod",
    "usage": "用途 使用目的",
    "contact.name": "連絡先 連絡先氏名 氏名 お名前 名前 担当者 担当者名 ご担当者 ご担当者名 name",
    "contact.email": "メール メールアドレス eメール 連絡先メール 連絡先メールアドレス email mail",
    "contact.phone": "電話 電話番号 お電話番号 連絡先電話番号 tel phone phonenumber",
    "contact.method": "連絡方法 ご希望の連絡方法 希望連絡方法",
    "contact.cc": "cc 追加の連絡先",
    "contact.language": "言語 language",
    "contact.time_zone": "タイムゾーン timezone",
    "contact.country": "国 国名 country",
    "consents.services_agreement": (
        "サービス契約 サービス契約への同意 サービス契約に同意 マイクロソフトサービス契約"
        " 規約への同意 利用規約への同意 servicesagreement"
    ),
    "consents.advanced_diagnostics": (
        "高度な診断 高度な診断情報 高度な診断情報の収集 診断情報の収集 advanceddiagnostics"
    ),
    "reply_to.email": "返信先 返信先メールアドレス replyto",
    "reply_to.webhook": "webhook",
}
_BRACKETED = re.compile(r"[(（\[［【][^)）\]］】]*[)）\]］】]")
_NOISE = re.compile(r"[\W_]+")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


@lru_cache(maxsize=1_024)
def field_of(label: str) -> str | None:
    """Give the field's dotted name, or None for a label that is not ours."""
    return _table().get(_folded(label)) or _table().get(_folded(_BRACKETED.sub("", label)))


def bare(label: str) -> str:
    """Give the label without ornaments, and without brackets where they are not read."""
    short = _EDGES.sub("", _BRACKETED.sub("", label))
    return short if field_of(short) else _EDGES.sub("", label)


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    found = {_folded(field): field for field in _NAMES}
    for field, names in _NAMES.items():
        found.update(dict.fromkeys(names.split(), field))
    return found


def _folded(label: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", label)).lower()
