"""Every field of the form, as a table, and the groups in which they stand. Words only."""

from __future__ import annotations

from dataclasses import dataclass

from rules.verdict import Text
from workers.listeners.form.field import Choice, Field

WHOSE = Field(
    name="whose",
    label=Text("どなたの環境についてのリクエストですか", "Whose environment is this about?"),
    control="radio",
    default="own",
    choices=(
        Choice("own", Text("自社(パートナー自身のテナント)", "Our own (the partner's tenant)")),
        Choice(
            "customer",
            Text("顧客(代理でリクエストします)", "A customer's (we file on its behalf)"),
        ),
    ),
)
KIND = Field(
    name="kind",
    label=Text("リクエストの種類", "Kind of request"),
    control="select",
    default="technical",
    choices=(
        Choice("technical", Text("テクニカル サポート", "Technical support")),
        Choice("subscription", Text("サブスクリプション", "Subscription")),
        Choice("billing", Text("課金", "Billing")),
        Choice("quota", Text("クォータ(サービスの上限)", "Quota (service limits)")),
        Choice(
            "advisory",
            Text(
                "アドバイザリ サービス(プリセールス、展開)",
                "Advisory service (presales, deployment)",
            ),
        ),
        Choice(
            "membership",
            Text("特典またはメンバーシップの問題", "A benefits or membership problem"),
        ),
    ),
)
WHO = (
    Field(
        name="partner",
        label=Text("MPN パートナー ID", "MPN partner id"),
        hint=Text("7 桁前後の数字です。", "A number of about seven digits."),
        autocomplete="organization",
        example="4612345",
    ),
    Field(
        name="agent",
        label=Text("担当者のサインイン", "Agent's sign-in"),
        hint=Text(
            "リクエストを作成する担当者がポータルで使うアカウントです。",
            "The account with which the agent signs in to the portals.",
        ),
        autocomplete="username",
        example="sato@contoso.example",
    ),
    WHOSE,
    Field(
        name="customer",
        label=Text("顧客のテナント", "Customer's tenant"),
        hint=Text("ドメイン名またはテナント ID です。", "Its domain or its tenant id."),
        example="fabrikam.example",
    ),
    KIND,
    Field(
        name="product",
        label=Text("製品", "Product"),
        hint=Text(
            "名前の一部を入力して一覧から選びます。日本語でも英語でもかまいません。",
            "Type a part of the name and choose from the list. Japanese and English both work.",
        ),
        example="Exchange Server 2019",
    ),
)

DETAILS = (
    Field(
        name="title",
        label=Text("件名", "Title"),
        hint=Text(
            "何が起きているかを一文でお書きください。", "Say in one sentence what is happening."
        ),
    ),
    Field(
        name="description",
        label=Text("問題の説明", "Description"),
        control="area",
        most=30_000,
        hint=Text(
            "起きている事象、影響の範囲、エラー メッセージ、試したことをお書きください。"
            "説明が詳しいほど、最初の回答が的確になります。",
            "What happens, whom it affects, error messages, and what you have tried. The better "
            "the description, the better the first answer.",
        ),
    ),
    Field(
        name="problem_type",
        label=Text("問題の種類", "Problem type"),
        most=1_000,
        hint=Text(
            "例: 接続、インストール、パフォーマンス", "Such as connectivity, setup, performance"
        ),
    ),
    Field(
        name="category",
        label=Text("カテゴリ", "Category"),
        most=1_000,
        hint=Text(
            "問題の種類をさらに絞り込む分類です。例: 高可用性、メール フロー",
            "What narrows the problem type down, such as high availability or mail flow",
        ),
    ),
    Field(
        name="severity",
        label=Text("重大度", "Severity"),
        control="radio",
        choices=(
            Choice(
                "A",
                Text("A(重大)", "A – critical"),
                Text("業務が止まっている", "business is at a standstill"),
            ),
            Choice(
                "B",
                Text("B(中程度)", "B – moderate"),
                Text("業務に支障があるが続けられる", "impaired, and still going on"),
            ),
            Choice(
                "C",
                Text("C(軽微)", "C – minimal"),
                Text("影響は小さい", "little impact"),
            ),
        ),
    ),
    Field(
        name="started_at",
        label=Text("問題が始まった日時", "When the problem began"),
        control="moment",
    ),
    Field(
        name="subscription_id",
        label=Text("Azure サブスクリプション ID", "Azure subscription id"),
        example="1f0c7a52-0000-4000-8000-000000000001",
    ),
    Field(
        name="resource_id",
        label=Text("Azure リソース ID", "Azure resource id"),
        most=1_000,
        example="/subscriptions/…/resourceGroups/…",
    ),
    Field(
        name="payment",
        label=Text("支払方法", "Payment"),
        control="radio",
        default="contract",
        choices=(
            Choice("contract", Text("既存の契約を使用する", "Use an existing contract")),
            Choice(
                "pay_per_incident",
                Text("インシデントごとに支払う", "Pay per incident"),
                Text("費用が発生します", "this costs money"),
            ),
        ),
    ),
    Field(
        name="contract",
        label=Text("契約の名前", "Name of the contract"),
        hint=Text(
            "登録されている契約の名前です。空欄なら、使える契約を自動で選びます。",
            "As it is registered. Left blank, a contract that can be used is chosen for you.",
        ),
        example="gold-2026",
    ),
    Field(
        name="access_id",
        label=Text("アクセス ID", "Access ID"),
        control="secret",
        hint=Text(
            "先頭の 0 も含めて、すべての数字を入力してください。",
            "Enter every digit, leading zeros included.",
        ),
    ),
    Field(
        name="contract_id",
        label=Text("契約 ID", "Contract ID"),
        control="secret",
        hint=Text(
            "先頭の 0 も含めて、すべての数字を入力してください。",
            "Enter every digit, leading zeros included.",
        ),
    ),
    Field(
        name="entry",
        label=Text("使用するポータル", "Portal to use"),
        control="radio",
        default="",
        choices=(
            Choice("", Text("おまかせ", "No preference")),
            Choice("partner_admin_center", Text("パートナー管理センター", "Partner admin center")),
            Choice("partner_center", Text("パートナー センター", "Partner Center")),
        ),
    ),
    Field(
        name="contact.name",
        label=Text("氏名", "Name"),
        autocomplete="name",
    ),
    Field(
        name="contact.method",
        label=Text("連絡方法", "Contact by"),
        control="radio",
        default="phone",
        choices=(
            Choice("phone", Text("電話", "Phone")),
            Choice("email", Text("メール", "E-mail")),
        ),
    ),
    Field(
        name="contact.phone",
        label=Text("電話番号", "Phone number"),
        control="tel",
        autocomplete="tel",
        example="03-1234-5678",
    ),
    Field(
        name="contact.email",
        label=Text("メール アドレス", "E-mail address"),
        control="email",
        most=320,
        autocomplete="email",
        hint=Text(
            "顧客ではなく、パートナーの会社のアドレスです。",
            "The partner's address, not the customer's.",
        ),
    ),
    Field(
        name="contact.cc",
        label=Text("追加のメール アドレス", "Further e-mail addresses"),
        most=2_000,
        hint=Text("複数ある場合はコンマで区切ります。", "Several are separated by commas."),
    ),
    Field(
        name="contact.language",
        label=Text("連絡に使う言語", "Language of contact"),
        control="select",
        choices=(
            Choice("ja", Text("日本語", "Japanese")),
            Choice("en", Text("英語", "English")),
        ),
    ),
    Field(
        name="consents.services_agreement",
        label=Text(
            "マイクロソフト サービス契約に同意します", "I accept the Microsoft services agreement"
        ),
        control="tick",
    ),
    Field(
        name="consents.advanced_diagnostics",
        label=Text(
            "高度な診断情報の収集を許可します",
            "I allow advanced diagnostic information to be collected",
        ),
        control="tick",
    ),
)
FIELDS = {field.name: field for field in (*WHO, *DETAILS)}
SECRETS = tuple(field.name for field in DETAILS if field.control == "secret")


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together under one heading."""

    id: str
    heading: Text | None
    """None where the one field speaks for itself."""
    names: tuple[str, ...]
    folded: Text | None = None
    """What opens the group while none of its fields is required; None: it always stands open."""


GROUPS = (
    Group(
        "problem",
        Text("問題", "The problem"),
        ("title", "description", "problem_type", "category", "severity", "started_at"),
    ),
    Group(
        "object",
        Text("対象のリソース", "What it concerns"),
        ("subscription_id", "resource_id"),
        Text("対象のリソースを指定する", "Name the resource"),
    ),
    Group("payment", None, ("payment",)),
    Group(
        "contract",
        Text("サポート契約", "Support contract"),
        ("contract", "access_id", "contract_id"),
        Text("別の契約を使用する", "Use another contract"),
    ),
    Group("entry", None, ("entry",)),
    Group(
        "contact",
        Text("連絡先", "Contact"),
        (
            "contact.name",
            "contact.method",
            "contact.phone",
            "contact.email",
            "contact.cc",
            "contact.language",
        ),
        Text("連絡先を指定する(空欄なら担当者)", "Name a contact (else the agent)"),
    ),
    Group(
        "consents",
        Text("同意", "Consent"),
        ("consents.services_agreement", "consents.advanced_diagnostics"),
    ),
)
