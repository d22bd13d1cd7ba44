"""Words of the Azure clauses (A). Tables only."""

from __future__ import annotations

from rules.verdict import Outcome, Text
from rules.wording import Wording

NO_SUBSCRIPTION = Wording(
    "no_subscription",
    Outcome.REJECTED,
    Text(
        "サインイン {agent} で開ける Azure サブスクリプションがありません。Azure portal は"
        "「サブスクリプションがありません」というエラーを出し、リクエストを受け付けません。",
        "The sign-in {agent} opens no Azure subscription. The Azure portal answers with its 'no "
        "subscriptions' error and takes no request.",
    ),
    Text(
        "有効な Azure サブスクリプションに関連付けられたサインインで申請するか、この担当者に"
        "サブスクリプションへのアクセスを付与し、登録簿に反映してから新しい ID で送り直して"
        "ください。",
        "File with a sign-in that belongs to a valid Azure subscription, or give this agent access "
        "to one and send the request again under a new id once the directory shows it.",
    ),
)

SUBSCRIPTION_NOT_ACCESSIBLE = Wording(
    "subscription_not_accessible",
    Outcome.REJECTED,
    Text(
        "サインイン {agent} では、指定されたサブスクリプション「{subscription}」を開けません。"
        "開けないサブスクリプションについてのリクエストは作成できません。",
        "The sign-in {agent} cannot open the subscription “{subscription}” named in the request, "
        "and no request can be filed for a subscription that does not open.",
    ),
    Text(
        "サブスクリプション ID に誤りがないか確かめてください。正しい場合は、アクセスできる担当者で"
        "申請するか、アクセスを付与してから新しい ID で送り直してください。",
        "Check the subscription id. If it is right, file with an agent who has access to it, or "
        "grant the access, then send the request again under a new id.",
    ),
)

PAYMENT_NOT_OFFERED = Wording(
    "payment_not_offered",
    Outcome.REJECTED,
    Text(
        "支払方法にインシデントごとの支払い (Pay Per Incident) が指定されていますが、Azure では"
        "選べません。Azure のリクエストには {cloud} などの契約を使います。",
        "The request asks for pay per incident, which is not offered for Azure. Azure requests use "
        "a contract such as {cloud}.",
    ),
    Text(
        "payment を contract に直し、リンク済みの契約を使うか、アクセス ID と契約 ID を記入して"
        "送り直してください。",
        "Set payment to contract and send the request again, with a linked contract or with an "
        "Access ID and Contract ID.",
    ),
)

CONTRACT_NOT_OFFERED = Wording(
    "payment_not_offered",
    Outcome.REJECTED,
    Text(
        "契約「{contract}」({kind})は Azure のリクエストには使えません。Azure に使えるのは次の"
        "契約だけです: パートナー向けの高度なサポート (ASfP)、{offers}。",
        "Contract “{contract}” ({kind}) cannot pay for an Azure request. Only these serve Azure: "
        "Advanced Support for Partners (ASfP), {offers}.",
    ),
    Text(
        "いずれかの契約を contract に指定するか、そのアクセス ID と契約 ID を記入して"
        "送り直してください。",
        "Name one of these contracts in contract, or give its Access ID and Contract ID, and send "
        "the request again.",
    ),
)

SIGNATURE_FIRST = Wording(
    "signature_first",
    Outcome.REJECTED,
    Text(
        "Azure のリクエストにコア特典「{contract}」が指定されていますが、クラウド契約「{rivals}」が"
        "まだ使えます。コア特典を Azure に使えるのは、Signature の特典をすべて使い切ったあとです。",
        "The request names core benefit “{contract}” for Azure while cloud contract “{rivals}” is "
        "still usable. Core benefits serve Azure only once all Signature benefits are used up.",
    ),
    Text(
        "contract を {rivals} に直すか空にし、アクセス ID と契約 ID は記入せずに送り直して"
        "ください。空の場合は使える契約を自動で選びます。",
        "Set contract to {rivals}, or leave it out to have the right one chosen; leave out Access "
        "ID and Contract ID, and send the request again.",
    ),
)
