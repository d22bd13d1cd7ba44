"""Words of the clauses on benefits of today's programme (C, edition 2026). Tables only."""

from __future__ import annotations

from rules.verdict import Outcome, Text
from rules.wording import Wording

BENEFIT_ENDED = Wording(
    "benefit_ended",
    Outcome.REJECTED,
    Text(
        "契約「{contract}」({kind})の特典は廃止され、今のパートナー プログラムにはありません。",
        "The benefit of contract “{contract}” ({kind}) has ended: today's partner programme does "
        "not have it.",
    ),
    Text(
        "今の特典({given})の契約を使って送り直してください。契約の種類が登録簿で古いままになって"
        "いる場合は、管理者に訂正を依頼し、新しい ID で送り直してください。",
        "Send the request again with a contract of today's benefits ({given}). If the directory "
        "merely has an old kind for the contract, ask your administrator to correct it, then have "
        "the request processed again.",
    ),
)

DESIGNATION_UNKNOWN = Wording(
    "designation_unknown",
    Outcome.HELD,
    Text(
        "契約「{contract}」({kind})は{needed}の特典ですが、登録簿にある {partner} のメンバーシップ"
        "は、廃止された「{membership}」のままです。認定があるかどうか判断できません。",
        "Contract “{contract}” ({kind}) is a benefit of a {needed} designation, but the directory "
        "still has the ended membership {membership} for {partner}, which does not tell whether "
        "there is a designation.",
    ),
    Text(
        "自社の管理者に、今のメンバーシップ(例: solutions_partner)を登録簿の membership に記入する"
        "よう依頼してください。パートナー センターのメンバーシップのページで確かめられます。登録簿"
        "に反映されると自動で再判定するため、送り直しは不要です。",
        "Ask your administrator to put today's membership, such as solutions_partner, into "
        "membership in the directory; the membership page of Partner Center shows it. The request "
        "is decided again by itself once the directory has it; there is no need to send it again.",
    ),
)

BENEFIT_NOT_ACTIVATED = Wording(
    "benefit_not_activated",
    Outcome.REJECTED,
    Text(
        "契約「{contract}」({kind})の特典がまだ有効化されていません。有効化するまで ID は表示"
        "されず、契約は使えません。",
        "The benefit of contract “{contract}” ({kind}) is not activated. Until it is, no ids are "
        "shown and the contract cannot be used.",
    ),
    Text(
        "全体管理者またはパートナー プログラムの管理者に、パートナー センターの特典のページ "
        "(https://partner.microsoft.com) での有効化を依頼し、登録簿に反映されたら新しい ID "
        "で送り直して"
        "ください。",
        "Have a global admin or a partner admin of the programme activate it on the benefits page "
        "of Partner Center (https://partner.microsoft.com), then send the request again under "
        "a new id "
        "once the directory shows it.",
    ),
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
        "有効化の完了をお待ちください。登録簿に反映されると自動で再判定するため、送り直しは不要"
        "です。急ぐ場合は、全体管理者またはパートナー プログラムの管理者に、パートナー センターの"
        "特典のページで状態を確かめてもらってください。",
        "Wait for the activation to complete. The request is decided again by itself once the "
        "directory shows it; there is no need to send it again. If it is urgent, have a global "
        "admin or a partner admin of the programme look at the benefits page of Partner Center.",
    ),
)
