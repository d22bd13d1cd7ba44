"""Words of the clauses on delegated administration (D). Tables only."""

from __future__ import annotations

from rules.verdict import Outcome, Text
from rules.wording import Wording

DAP_STATES = {
    "declined": Text("拒否されています", "were declined"),
    "default": Text(
        "既定のままです(アドバイザーには既定の DAP はありません)",
        "were never asked for (an advisor has none by default)",
    ),
    "none": Text("ありません", "have not been granted"),
}

DAP_NOT_GRANTED = Wording(
    "dap_not_granted",
    Outcome.REJECTED,
    Text(
        "顧客 {customer} との代理管理者特権 (DAP) は{state}。DAP がないと、この顧客の代理 (OBO) で"
        "リクエストを作成できません。",
        "The delegated admin privileges (DAP) for customer {customer} {state}. Without them no "
        "request can be filed on this customer's behalf.",
    ),
    Text(
        "CSP には既定で DAP があるため、この顧客では拒否または解除されています。パートナー "
        "センターから顧客に関係を申し込み、顧客の全体管理者の承認を得てから新しい ID "
        "で送り直してください。",
        "A CSP has DAP by default, so this customer has declined or removed it. Request the "
        "relationship from the customer in Partner Center, have the customer's global admin "
        "approve it, then send the request again under a new id.",
    ),
)

REQUEST_IT_YOURSELF = Text(
    "間接プロバイダーが DAP を有効にしていなくても、間接リセラー自身が顧客に関係を申し込めます。"
    "パートナー センターから自社で申し込み、顧客の全体管理者の承認を得てから新しい ID "
    "で送り直してください。",
    "Your indirect provider may have chosen not to enable DAP for you, but a reseller may request "
    "the relationship itself. Request it from the customer in Partner Center, have the customer's "
    "global admin approve it, then send the request again under a new id.",
)

ASK_FOR_DAP = Text(
    "メールか、[代理管理の許可を含む] を有効にした試用版への招待または購入オファーで、顧客に "
    "DAP を申し込んでください。顧客の全体管理者が承認したら新しい ID で送り直してください。",
    "Ask the customer for DAP by e-mail, or with a trial invitation or purchase offer that has "
    "delegated administration ticked. Once the customer's global admin has approved, have the "
    "request processed again.",
)

DAP_PENDING = Wording(
    "dap_pending",
    Outcome.HELD,
    Text(
        "顧客 {customer} に代理管理者特権 (DAP) を申し込み済みですが、顧客の全体管理者がまだ"
        "承認していません。承認されるまで代理 (OBO) では提出できません。",
        "Delegated admin privileges (DAP) were requested from customer {customer}, but the "
        "customer's global admin has not approved them yet. Until then nothing can be filed on the "
        "customer's behalf.",
    ),
    Text(
        "顧客の全体管理者に承認を依頼してください。承認が登録簿に反映されると自動で再判定するため、"
        "送り直しは不要です。",
        "Ask the customer's global admin to approve. The request is decided again by itself once "
        "the directory shows the approval; there is no need to send it again.",
    ),
)

PENDING_AS_RESELLER = Text(
    "顧客の全体管理者に承認を依頼してください。間接プロバイダー経由で進まない場合は、"
    "間接リセラー自身が関係を申し込むこともできます。承認が登録簿に反映されると自動で"
    "再判定するため、送り直しは不要です。",
    "Ask the customer's global admin to approve. If it does not move through your indirect "
    "provider, you may request the relationship yourself. The request is decided again by itself "
    "once the directory shows the approval; there is no need to send it again.",
)

PARTNER_FEATURES_REQUIRED = Wording(
    "partner_features_required",
    Outcome.REJECTED,
    Text(
        "アドバイザー パートナー {partner} の「パートナー機能」(代理管理、試用版、見積もり)が有効に"
        "なっていません。有効にするまで代理管理を使えず、顧客の代理で申請できません。",
        "The partner features (delegated administration, trials, quotes) of advisor {partner} are "
        "not activated. Until they are, an advisor cannot use delegated administration or file for "
        "a customer.",
    ),
    Text(
        "デジタル ダウンロード ポータルでパートナー機能を有効にしてください。顧客の DAP が"
        "まだであれば、続いて申し込んでください。登録簿に反映されたら新しい ID で送り直して"
        "ください。",
        "Activate the partner features through the digital download portal, then ask the customer "
        "for DAP unless it is granted already. Have the request processed again once the directory "
        "shows both.",
    ),
)

ROLE_REQUIRED_AZURE = Wording(
    "role_required",
    Outcome.REJECTED,
    Text(
        "担当者 {agent} には代理管理者のロールがありません。顧客の Azure について申請できるのは、"
        "管理者エージェント(パートナー センター)または完全管理(Office 管理センター)の"
        "担当者だけです。",
        "Agent {agent} holds no delegated admin role. For a customer's Azure only an admin agent "
        "(Partner Center) or an agent with full administration (Office admin center) may file.",
    ),
    Text(
        "自社の管理者に管理者エージェントまたは完全管理の割り当てを依頼するか、そのロールを持つ"
        "担当者のサインインで申請してください。割り当ては DAP を承認したすべての顧客に有効です。",
        "Have your administrator assign admin agent or full administration, or file with the "
        "sign-in of an agent who holds one. The role counts for every customer that granted DAP.",
    ),
)

ROLE_REQUIRED_HELPDESK = Wording(
    "role_required",
    Outcome.REJECTED,
    Text(
        "担当者 {agent} のロールはヘルプデスク エージェントです。このロールでは Office "
        "ポータル製品のリクエストは作成できますが、顧客の Azure のリクエストは作成できません。",
        "Agent {agent} is a helpdesk agent. A helpdesk agent may file for Office portal products, "
        "but not for a customer's Azure.",
    ),
    Text(
        "管理者エージェントまたは完全管理のロールを持つ担当者のサインインで申請するか、"
        "自社の管理者にそのロールの割り当てを依頼してください。",
        "File with the sign-in of an agent who is an admin agent or holds full administration, or "
        "have your administrator assign one of these roles.",
    ),
)

ROLE_REQUIRED_OFFICE = Wording(
    "role_required",
    Outcome.REJECTED,
    Text(
        "担当者 {agent} には代理管理者のロールがありません。顧客の Office ポータル製品について"
        "申請できるのは、管理者エージェント、完全管理、"
        "ヘルプデスク エージェントのいずれかの担当者だけです。",
        "Agent {agent} holds no delegated admin role. For a customer's Office portal product only "
        "an admin agent, an agent with full administration or a helpdesk agent may file.",
    ),
    Text(
        "自社の管理者にいずれかのロールの割り当てを依頼するか、ロールを持つ担当者のサインインで"
        "申請してください。割り当ては DAP を承認したすべての顧客に有効です。",
        "Have your administrator assign one of these roles, or file with the sign-in of an agent "
        "who holds one. The role counts for every customer that granted DAP.",
    ),
)

UNKNOWN_CUSTOMER = Wording(
    "unknown_customer",
    Outcome.REJECTED,
    Text(
        "顧客「{customer}」は、{partner} の顧客として登録されていません。関係を確かめられない顧客の"
        "代理では申請できません。",
        "Customer “{customer}” is not on record as a customer of {partner}, and nothing can be "
        "filed on behalf of a customer whose relationship is unknown.",
    ),
    Text(
        "テナント名またはテナント ID に誤りがないか確かめてください。正しい場合は、管理者に登録簿"
        "への追加を依頼し、追加後に新しい ID で送り直してください。自社テナントの申請なら "
        "customer を空に"
        "します。",
        "Check the tenant name or tenant id. If it is right, ask your administrator to add the "
        "customer to the directory, then send the request again under a new id. For your own "
        "tenant, "
        "leave customer out.",
    ),
)
