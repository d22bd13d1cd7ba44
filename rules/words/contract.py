"""Words of the clauses on contracts (C). Tables only; no digit of an id ever stands here."""

from __future__ import annotations

from rules.verdict import Outcome, Text
from rules.wording import Wording

LEADING_ZEROS_MISSING = Wording(
    "leading_zeros_missing",
    Outcome.REJECTED,
    Text(
        "{label} の先頭の 0 が抜けています。ID は 0 を含むすべての数字がそろって初めて有効です。",
        "The {label} lacks its leading zeros. An id is valid only with every digit, zeros "
        "included.",
    ),
    Text(
        "先頭の 0 を含め、通知されたとおりに {name} へ記入して送り直してください。表計算ソフトで"
        "扱う場合は文字列として保存すると 0 が消えません。",
        "Enter {name} exactly as it was sent to you, leading zeros included, and send the request "
        "again. In a spreadsheet, keep it as text so that the zeros stay.",
    ),
)

UNKNOWN_NAME = Wording(
    "unknown_contract",
    Outcome.REJECTED,
    Text(
        "契約「{contract}」は {partner} の契約として登録されていません。",
        "Contract “{contract}” is not on record for {partner}.",
    ),
    Text(
        "契約名に誤りがないか確かめるか、contract を空にして送り直してください。空の場合は、"
        "リンク済みの契約から自動で選びます。",
        "Check the contract's name, or leave contract out to have one of the linked contracts "
        "chosen, and send the request again.",
    ),
)

UNKNOWN_IDS = Wording(
    "unknown_contract",
    Outcome.REJECTED,
    Text(
        "記入されたアクセス ID・契約 ID に合う契約が {partner} にありません。二つの ID は同じ一つの"
        "契約のものでなければなりません。「{cloud}」と「{core}」では ID が異なります。",
        "No contract of {partner} fits the Access ID and Contract ID given. Both must belong to "
        "one and the same contract; {cloud} and {core} have different ids.",
    ),
    Text(
        "プログラムの主要連絡先に届いた通知で、使いたい契約の ID を二つとも確かめて"
        "送り直してください。",
        "Check both ids of the contract you mean against the notice sent to your programme's "
        "primary contact, and send the request again.",
    ),
)

IDS_OF_ANOTHER = Wording(
    "unknown_contract",
    Outcome.REJECTED,
    Text(
        "記入された ID は、指定された契約「{contract}」のものではありません。契約名と ID が同じ"
        "一つの契約を指していないため、どれを使うか決められません。",
        "The ids given do not belong to contract “{contract}” named in the request. Name and ids "
        "do not point to one and the same contract, so we cannot tell which one to use.",
    ),
    Text(
        "契約名と ID を同じ契約のものにそろえて送り直してください。ID は二つそろっていれば契約名は"
        "不要で、リンク済みの契約なら契約名だけでも構いません。",
        "Make the name and the ids agree and send the request again. Both ids will do without the "
        "name, and for a contract that is already linked the name will do without the ids.",
    ),
)

BUY_ONPREM = Text(
    "有効な別の契約を使うか、payment を pay_per_incident にして送り直してください。その場合、"
    "インシデントは申請の途中で購入します。",
    "Use another valid contract, or set payment to pay_per_incident, and send the request again. "
    "With pay per incident the incident is bought on the way.",
)

BUY_AZURE = Text(
    "有効な別の契約を使うか、サポート特典を更新または購入し、新しい契約の ID を記入して"
    "送り直してください。インシデントごとの支払いは Azure では選べません。",
    "Use another valid contract, or renew or purchase a support benefit and send the request again "
    "with the new contract's ids. Pay per incident is not offered for Azure.",
)

CONTRACT_EXPIRED = Wording(
    "contract_expired",
    Outcome.REJECTED,
    Text(
        "契約「{contract}」({kind})は {end} に有効期限が切れました。期限切れの契約はポータルに"
        "表示されず、使えません。",
        "Contract “{contract}” ({kind}) expired on {end}. The portal does not show an expired "
        "contract, so it cannot be used.",
    ),
    BUY_ONPREM,
)

CONTRACT_EXHAUSTED = Wording(
    "contract_exhausted",
    Outcome.REJECTED,
    Text(
        "契約「{contract}」({kind})にはサポート インシデントが残っていません。残りのない契約は"
        "ポータルに表示されず、使えません。",
        "Contract “{contract}” ({kind}) has no support incidents left. The portal does not show "
        "such a contract, so it cannot be used.",
    ),
    BUY_ONPREM,
)

NOT_ENTITLED = Wording(
    "not_entitled",
    Outcome.REJECTED,
    Text(
        "契約「{contract}」({kind})は {needed} パートナー向けの特典ですが、{partner} の"
        "メンバーシップは「{membership}」です。ほかのメンバーシップの特典は使えません。",
        "Contract “{contract}” ({kind}) is a benefit of {needed} members, but the membership of "
        "{partner} is {membership}. Benefits of another membership cannot be used.",
    ),
    BUY_ONPREM,
)

BENEFIT_NOT_ACTIVATED = Wording(
    "benefit_not_activated",
    Outcome.REJECTED,
    Text(
        "契約「{contract}」({kind})の特典がまだ有効化されていません。有効化するまで ID は発行"
        "されず、契約は使えません。",
        "The benefit of contract “{contract}” ({kind}) is not activated. Until it is, no ids are "
        "issued and the contract cannot be used.",
    ),
    Text(
        "マイクロソフト パートナー ネットワーク ポータルの特典のページで有効化し、"
        "登録簿に反映されたら新しい ID で送り直してください。",
        "Activate it on the benefits page of the Microsoft Partner Network portal, then have the "
        "request processed again once the directory shows it.",
    ),
)

ACTIVATE_AT_ONCE = Text(
    "Gold および Silver のパートナーは、特典をすぐに有効化できます。パートナー ネットワーク "
    "ポータルの特典のページで有効化し、登録簿に反映されたら新しい ID で送り直してください。",
    "Gold and silver partners can activate their benefits at once. Do so on the benefits page of "
    "the Partner Network portal, then send the request again under a new id once the "
    "directory shows "
    "it.",
)

REQUEST_ACTIVATION = Text(
    "Action Pack のパートナーは、必ず有効化をリクエストする必要があります。パートナー ネットワーク "
    "ポータルの特典のページで有効化をリクエストしてください。リクエスト済みであることが登録簿に反映"
    "されたら新しい ID で送り直してください。以後は有効化を待って自動で判定します。",
    "An action pack member must always request the activation. Request it on the benefits page of "
    "the Partner Network portal, then send the request again under a new id once the "
    "directory shows "
    "that it was requested; from then on it waits for the activation by itself.",
)

ACTIVATION_PENDING = Wording(
    "activation_pending",
    Outcome.HELD,
    Text(
        "契約「{contract}」({kind})の有効化はリクエスト済みですが、まだ完了していません。"
        "完了するまでこの契約は使えません。",
        "The activation of contract “{contract}” ({kind}) was requested but is not done yet; until "
        "then the contract cannot be used.",
    ),
    Text(
        "有効化の完了をお待ちください。登録簿に反映されると自動で再判定するため、送り直しは"
        "不要です。急ぐ場合は、プログラムの主要連絡先に進捗を問い合わせてください。",
        "Wait for the activation to complete. The request is decided again by itself once the "
        "directory shows it; there is no need to send it again. If it is urgent, ask your "
        "programme's primary contact how far it is.",
    ),
)

MEMBERSHIPS = {
    "gold": Text("Gold", "gold"),
    "silver": Text("Silver", "silver"),
    "action_pack": Text("Action Pack", "action pack"),
    "none": Text("なし", "none"),
    "solutions_partner": Text("ソリューション パートナー", "Solutions Partner"),
    "success_expanded": Text("Success Expanded", "Success Expanded"),
    "success_core": Text("Success Core", "Success Core"),
    "launch": Text("Launch", "Launch"),
}
