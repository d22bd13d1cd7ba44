"""The fields a sender may have left out: name, why it is needed, how to supply it.

Tables only; which field is asked for, and when, the clauses decide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rules.verdict import Text


@dataclass(frozen=True, slots=True)
class FieldWords:
    """What is told about one missing field."""

    label: Text
    why: Text
    remedy: Text


_FILL_IN = Text(
    "{name} に記入して送り直してください。", "Fill in {name} and send the request again."
)

_FROM_PRIMARY_CONTACT = Text(
    "どちらの ID も、特典を有効化すると本社のプログラムの主要連絡先に送られます。主要連絡先に"
    "確かめ、アクセス ID と契約 ID の両方を、先頭の 0 も含めて記入して送り直してください。"
    "一度使うと契約がサインインに結び付き、次回からは不要です。",
    "Both ids are sent to your programme's primary contact at head office once the benefit is "
    "activated. Ask that contact, then send the request again with the Access ID and the "
    "Contract ID, every digit and leading zero included. After this first use the contract stays "
    "linked to the sign-in and the ids are no longer needed.",
)

_FROM_PARTNER_CENTER = Text(
    "どちらの ID も、全体管理者またはパートナー プログラムの管理者が特典を有効化すると、パートナー "
    "センターの特典のページに表示され、プログラムに関連付けられたどのユーザーでも確かめられます。"
    "アクセス ID と契約 ID の両方を、先頭の 0 も含めて記入して送り直してください。"
    "一度使うと契約がサインインに結び付き、次回からは不要です。",
    "Once a global admin or a partner admin of the programme has activated the benefit, Partner "
    "Center shows both ids on its benefits page to every user of the programme. Send the request "
    "again with the Access ID and the Contract ID, every digit and leading zero included. After "
    "this first use the contract stays linked to the sign-in and the ids are no longer needed.",
)

_UNLINKED = Text(
    "このサインインには、今回の製品に使える契約がまだ結び付いていません。"
    "初回だけは、アクセス ID と契約 ID の両方で契約を確かめます。",
    "This sign-in is not linked yet to a contract it could use here, and the first use proves the "
    "contract by both its Access ID and its Contract ID.",
)

FIELDS = {
    "partner": FieldWords(
        Text("パートナー ID", "partner id"),
        Text(
            "どのパートナーの申請か分からないと、担当者も契約も確かめられません。",
            "Without it we cannot tell whose agent and contracts to check.",
        ),
        Text(
            "MPN パートナー ID を partner に記入して送り直してください。",
            "Put your MPN partner id into partner and send the request again.",
        ),
    ),
    "agent": FieldWords(
        Text("担当者のサインイン", "agent's sign-in"),
        Text(
            "どの担当者のサインインで申請するかによって、権限と使える契約が決まります。",
            "Permissions and usable contracts depend on the sign-in that files the request.",
        ),
        Text(
            "申請に使うサインイン(例: name@partner.example)を agent に記入して送り直してください。",
            "Put the sign-in that files it (for example name@partner.example) into agent and send "
            "the request again.",
        ),
    ),
    "product": FieldWords(
        Text("製品", "product"),
        Text(
            "製品によって、申請先のポータルと必要な権限や契約が変わります。",
            "The product decides the portal, and with it the role and contract needed.",
        ),
        Text(
            "製品名かカタログのキー(例: exchange-server/2016、azure/virtual-machines)を product に"
            "記入して送り直してください。",
            "Put the product's name or catalogue key (such as exchange-server/2016 or "
            "azure/virtual-machines) into product and send the request again.",
        ),
    ),
    "title": FieldWords(
        Text("件名", "title"),
        Text(
            "ポータルは件名のないリクエストを受け付けません。",
            "The portals take no request without a title.",
        ),
        _FILL_IN,
    ),
    "description": FieldWords(
        Text("問題の説明", "description"),
        Text(
            "説明が詳しいほど最初の回答が的確になり、解決も早まります。",
            "A good description improves the first answer and shortens the way to a solution.",
        ),
        Text(
            "起きている事象、影響、試したことを description に書いて送り直してください。",
            "Describe what happens, whom it affects and what you have tried in description, then "
            "send the request again.",
        ),
    ),
    "problem_type": FieldWords(
        Text("問題の種類", "problem type"),
        Text(
            "ポータルでは問題の種類を選ばないと先に進めません。",
            "The portal does not go on until a problem type is chosen.",
        ),
        _FILL_IN,
    ),
    "category": FieldWords(
        Text("カテゴリ", "category"),
        Text(
            "オンプレミス サポートでは、問題の種類と合わせてカテゴリを選ぶ必要があります。",
            "On-premises support asks for a category beside the problem type.",
        ),
        _FILL_IN,
    ),
    "severity": FieldWords(
        Text("重大度", "severity"),
        Text(
            "Azure のリクエストでは重大度を必ず選びます。",
            "An Azure request always names its severity.",
        ),
        Text(
            "severity に A(重大)、B(中程度)、C(軽微)のいずれかを記入して送り直してください。",
            "Set severity to A (critical), B (moderate) or C (minimal) and send the request again.",
        ),
    ),
    "subscription_id": FieldWords(
        Text("Azure サブスクリプション", "Azure subscription"),
        Text(
            "このサインインで開けるサブスクリプションが複数あり、"
            "どれについての申請か決められません。",
            "This sign-in opens several subscriptions, so we cannot tell which one is meant.",
        ),
        Text(
            "対象のサブスクリプション ID を subscription_id に記入して送り直してください。",
            "Put the id of the subscription concerned into subscription_id and send the request "
            "again.",
        ),
    ),
    "access_id": FieldWords(Text("アクセス ID", "Access ID"), _UNLINKED, _FROM_PRIMARY_CONTACT),
    "contract_id": FieldWords(Text("契約 ID", "Contract ID"), _UNLINKED, _FROM_PRIMARY_CONTACT),
    "contact.name": FieldWords(
        Text("連絡先の氏名", "contact's name"),
        Text(
            "サポート担当者が誰に連絡すればよいか分かりません。",
            "The support engineer would not know whom to ask for.",
        ),
        _FILL_IN,
    ),
    "contact.email": FieldWords(
        Text("連絡先のメール アドレス", "contact's e-mail address"),
        Text(
            "リクエスト番号と回答の送り先がありません。",
            "There is nowhere to send the request number and the answers.",
        ),
        Text(
            "パートナー側のメール アドレスを contact.email に記入して送り直してください。",
            "Put an address of the partner's into contact.email and send the request again.",
        ),
    ),
    "contact.phone": FieldWords(
        Text("連絡先の電話番号", "contact's phone number"),
        Text(
            "連絡方法が電話(既定)なのに、かける番号がありません。",
            "The contact method is phone (the default), but there is no number to call.",
        ),
        Text(
            "contact.phone に電話番号を記入するか、contact.method を email に"
            "して送り直してください。",
            "Put a number into contact.phone, or set contact.method to email, and send the request "
            "again.",
        ),
    ),
    "consents.services_agreement": FieldWords(
        Text("マイクロソフト サービス契約への同意", "consent to the Microsoft services agreement"),
        Text(
            "オンプレミスのリクエストは、この契約に同意しないと送信できません。",
            "An on-premises request cannot be submitted until the agreement is accepted.",
        ),
        Text(
            "契約の内容を確かめ、同意する場合は consents.services_agreement を true にして"
            "送り直してください。",
            "Read the agreement and, if you accept it, set consents.services_agreement to true and "
            "send the request again.",
        ),
    ),
}

IDS_IN_PARTNER_CENTER = {
    name: replace(FIELDS[name], remedy=_FROM_PARTNER_CENTER)
    for name in ("access_id", "contract_id")
}
"""How the ids of a contract are asked for since Partner Center shows them (edition 2026)."""
