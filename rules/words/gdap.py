"""Words of the clauses on granular delegated admin privileges (D, edition 2026). Tables only."""

from __future__ import annotations

from rules.verdict import Outcome, Text
from rules.wording import Wording

STATES = {
    "declined": Text("拒否されています", "was declined"),
    "default": Text(
        "ありません(既定で与えられていた DAP は廃止されました)",
        "does not exist (the DAP that was there by default is gone)",
    ),
    "none": Text("ありません", "does not exist"),
}

GDAP_NOT_GRANTED = Wording(
    "gdap_not_granted",
    Outcome.REJECTED,
    Text(
        "顧客 {customer} とのきめ細かな代理管理者特権 (GDAP) の関係は{state}。有効な関係がないと、"
        "この顧客の代理 (OBO) でリクエストを作成できません。",
        "The relationship of granular delegated admin privileges (GDAP) with customer {customer} "
        "{state}. Without an active one no request can be filed on this customer's behalf.",
    ),
    Text(
        "自社の管理者エージェントがパートナー センターで、サービス サポート管理者などのロールを"
        "含む GDAP の関係を申し込み、顧客の全体管理者の承認を得てください。承認が登録簿に反映"
        "されたら新しい ID で送り直してください。関係は最長 2 年で切れます: https://partner.microsoft.com",
        "Have an admin agent of yours request a GDAP relationship in Partner Center, with a role "
        "such as Service Support Administrator, and the customer's global admin approve it. Once "
        "the directory shows the approval, send the request again under a new id. A "
        "relationship ends "
        "after two years at most: https://partner.microsoft.com",
    ),
)

GDAP_PENDING = Wording(
    "gdap_pending",
    Outcome.HELD,
    Text(
        "顧客 {customer} に GDAP の関係を申し込み済みですが、顧客の全体管理者がまだ承認していま"
        "せん。有効になるまで代理 (OBO) では提出できません。",
        "A GDAP relationship was requested from customer {customer}, but the customer's global "
        "admin has not approved it yet. Until it is active nothing can be filed on the customer's "
        "behalf.",
    ),
    Text(
        "顧客の全体管理者に、申し込みの招待リンクから Microsoft 365 管理センターで承認するよう"
        "依頼してください。承認が登録簿に反映されると自動で再判定するため、送り直しは不要です。",
        "Ask the customer's global admin to approve in the Microsoft 365 admin center, by the "
        "link in the invitation. The request is decided again by itself once the directory shows "
        "the approval; there is no need to send it again.",
    ),
)

PROVIDER_FILES_AZURE = Wording(
    "provider_must_file",
    Outcome.REJECTED,
    Text(
        "{partner} は間接リセラーのため、顧客 {customer} の Azure のサポート リクエストを作成"
        "できません。顧客の Azure については、間接プロバイダーだけが申請できます。",
        "{partner} is an indirect reseller and cannot create a support request for the Azure of "
        "customer {customer}. For a customer's Azure only the indirect provider may file.",
    ),
    Text(
        "この顧客を担当する間接プロバイダーに、同じ内容で申請を依頼してください。間接プロバイダー"
        "もこの窓口を使う場合は、partner と agent を間接プロバイダーのものに直して送り直せます。",
        "Ask the indirect provider you work with for this customer to file it. If the provider "
        "files here as well, the request may be sent again with the provider's partner and agent.",
    ),
)

RESELLER_RELATIONSHIP_REQUIRED = Wording(
    "reseller_relationship_required",
    Outcome.REJECTED,
    Text(
        "顧客 {customer} の Azure について代理で申請するには、顧客とのリセラーの関係が必要ですが、"
        "{partner} はアドバイザーとして登録されています。",
        "Filing on behalf of customer {customer} for its Azure takes a reseller relationship with "
        "the customer, but {partner} is on record as an advisor.",
    ),
    Text(
        "この顧客に Azure を販売している CSP(直接請求パートナーまたは間接プロバイダー)か、顧客自身"
        "に申請を依頼してください。リセラーの関係がある場合は、管理者に登録簿のパートナーの種類を"
        "直してもらい、新しい ID で送り直してください。",
        "Ask the CSP that sells Azure to this customer (a direct-bill partner or an indirect "
        "provider), or the customer itself, to file. If there is a reseller relationship, ask your "
        "administrator to correct the partner's type in the directory, then have the request "
        "processed again.",
    ),
)

ROLE_REQUIRED = Wording(
    "role_required",
    Outcome.REJECTED,
    Text(
        "担当者 {agent} には、顧客の Microsoft 365、Dynamics 365、Intune のサポート リクエストを"
        "作成できる GDAP のロールがありません。",
        "Agent {agent} holds no GDAP role that may create support requests for a customer's "
        "Microsoft 365, Dynamics 365 or Intune.",
    ),
    Text(
        "自社の管理者に、サービス サポート管理者のロール(必要最小限)を持つセキュリティ グループへ"
        "の追加を依頼してください。顧客との関係にそのロールがなければ、GDAP を申し込み直します。"
        "ロールを持つ担当者のサインインで申請することもできます。",
        "Have your administrator add the agent to a security group with the role Service Support "
        "Administrator, the least that will do. If the relationship with the customer lacks the "
        "role, request a new one. Or file with the sign-in of an agent who holds such a role.",
    ),
)

ROLE_REQUIRED_AZURE = Wording(
    "role_required",
    Outcome.REJECTED,
    Text(
        "担当者 {agent} には、顧客の Azure のサポート リクエストに必要な二つのロール、GDAP の"
        "ロール(ディレクトリ閲覧者など、どれでも可)と、サブスクリプションに対するサポート "
        "リクエスト共同作成者などの Azure RBAC ロールが、そろっていません。",
        "Agent {agent} does not hold both roles that a support request for a customer's Azure "
        "takes: any GDAP role, such as Directory Readers, and on the subscription an Azure RBAC "
        "role such as Support Request Contributor.",
    ),
    Text(
        "GDAP のロールは自社の管理者に、サブスクリプションに対するサポート リクエスト共同作成者の"
        "ロールはそのサブスクリプションの所有者に割り当てを依頼し、登録簿に反映されたら新しい "
        "ID で送り直し"
        "てください。両方を持つ担当者のサインインで申請することもできます。",
        "Have your administrator assign a GDAP role, and an owner of the subscription the role "
        "Support Request Contributor on it; once the directory shows both, have the request "
        "processed again. Or file with the sign-in of an agent who holds both.",
    ),
)

ROLE_UNKNOWN = Wording(
    "role_unknown",
    Outcome.HELD,
    Text(
        "登録簿にある担当者 {agent} のロールはパートナー センターのものだけで、顧客のテナントで"
        "サポート リクエストを作成できる GDAP のロールを持つかどうか判断できません。",
        "The directory lists only Partner Center roles for agent {agent}, which do not tell "
        "whether the agent holds a GDAP role that may create support requests in the customer's "
        "tenant.",
    ),
    Text(
        "自社の管理者に、担当者が持つ GDAP のロール(例: service_support_administrator)を登録簿の "
        "roles に加えるよう依頼してください。どのロールを持つかは、パートナー センターの管理関係で"
        "確かめられます。登録簿に反映されると自動で再判定するため、送り直しは不要です。",
        "Ask your administrator to add the agent's GDAP roles, such as "
        "service_support_administrator, to roles in the directory; the admin relationship in "
        "Partner Center shows which they are. The request is decided again by itself once the "
        "directory shows them; there is no need to send it again.",
    ),
)

ROLE_UNKNOWN_AZURE = Wording(
    "role_unknown",
    Outcome.HELD,
    Text(
        "登録簿にある担当者 {agent} のロールはパートナー センターのものだけで、顧客の Azure に必要"
        "な GDAP のロールと、サブスクリプションに対する Azure RBAC ロールを持つかどうか判断"
        "できません。",
        "The directory lists only Partner Center roles for agent {agent}, which do not tell "
        "whether the agent holds the two roles a customer's Azure takes: a GDAP role, and an Azure "
        "RBAC role on the subscription.",
    ),
    Text(
        "自社の管理者に、担当者が持つロール(例: directory_readers と "
        "support_request_contributor)を登録簿の roles に加えるよう依頼してください。前者は"
        "パートナー センターの管理関係で、後者はサブスクリプションのアクセス制御 (IAM) で"
        "確かめられます。登録簿に反映されると自動で再判定するため、送り直しは不要です。",
        "Ask your administrator to add the agent's roles, such as directory_readers and "
        "support_request_contributor, to roles in the directory; the admin relationship in Partner "
        "Center shows the first, access control (IAM) of the subscription the second. The request "
        "is decided again by itself once the directory shows them; there is no need to send it "
        "again.",
    ),
)
