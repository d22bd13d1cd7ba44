"""The clauses that edition 2026 says anew, each with the page that shows the change.

A table only, in catalogue order; whatever is not named here stands in the article's own words.
"""

from __future__ import annotations

from rules.verdict import Text
from rules.words.clauses import Place

GDAP_ROLES = "learn.microsoft.com/partner-center/gdap-least-privileged-roles-by-task"
GDAP = "learn.microsoft.com/graph/api/resources/delegatedadminrelationships-api-overview"
ON_BEHALF = "learn.microsoft.com/partner-center/customers/report-problems-on-behalf-of-a-customer"
BENEFITS = "learn.microsoft.com/partner-center/benefits/mpn-benefits-technical-support"
ENGAGE_CENTER = "engagecenter.microsoft.com"

CLAUSES_2026: dict[str, Place] = {
    "R-2": (
        f"{BENEFITS}; {ENGAGE_CENTER}",
        Text(
            "クラウド製品をオンプレミスの窓口 (Support for Business) から、またその逆に申請すること"
            "はできない。",
            "A cloud product does not enter through the on-premises portal, Support for Business, "
            "nor the reverse.",
        ),
    ),
    "D-1": (
        GDAP,
        Text(
            "CSP も既定では権限がない。有効な GDAP の関係が要る。",
            "A CSP has no privileges by default any more: it takes an active GDAP relationship.",
        ),
    ),
    "D-2": (
        GDAP_ROLES,
        Text(
            "間接リセラーは顧客の Azure について申請できない。間接プロバイダーに依頼する。",
            "An indirect reseller does not file for a customer's Azure; its indirect provider "
            "does.",
        ),
    ),
    "D-3": (
        f"{GDAP}; {GDAP_ROLES}",
        Text(
            "アドバイザーも GDAP の関係を申し込み、顧客の全体管理者の承認を得る。顧客の Azure には"
            "リセラーの関係が要る。",
            "An advisor, too, asks for a GDAP relationship and the customer's global admin "
            "approves; a customer's Azure takes a reseller relationship.",
        ),
    ),
    "D-4": (
        GDAP_ROLES,
        Text(
            "担当者は窓口ごとのロールを持つ。Microsoft 365、Dynamics 365、Intune はサービス "
            "サポート管理者など、Azure は GDAP のロールと、サポート リクエスト共同作成者などの "
            "Azure RBAC ロール。",
            "The agent holds a role for the workload: for Microsoft 365, Dynamics 365 and Intune "
            "one such as Service Support Administrator; for Azure any GDAP role and an Azure RBAC "
            "role such as Support Request Contributor.",
        ),
    ),
    "D-7": (
        GDAP,
        Text(
            "GDAP のロールは、それを含む関係を承認した顧客にだけ有効。登録簿の担当者のロールは、"
            "関係が有効なすべての顧客でのロールとみなす。",
            "A GDAP role counts only for customers whose relationship holds it; the roles of an "
            "agent in the directory are taken to be in every active relationship.",
        ),
    ),
    "A-3": (
        BENEFITS,
        Text(
            "ほかのパートナーは Partner Cloud Support または ASfP を使う。リンク済みか、"
            "アクセス ID と契約 ID を記入する。",
            "Any other member uses Partner Cloud Support or ASfP: linked already, or with Access "
            "ID and Contract ID.",
        ),
    ),
    "A-4": (
        BENEFITS,
        Text(
            "Partner On-premises Support はオンプレミス製品専用で、Azure には使えない。",
            "Partner On-premises Support serves on-premises products only, never Azure.",
        ),
    ),
    "A-5": (
        BENEFITS,
        Text(
            "Partner Cloud Support と Partner On-premises Support では、アクセス ID と契約 ID が"
            "異なる。",
            "Partner Cloud Support and Partner On-premises Support have ids of their own.",
        ),
    ),
    "O-2": (
        ON_BEHALF,
        Text(
            "顧客の代理では、どのパートナーもパートナー センターで顧客を選んで入る。",
            "On behalf of a customer every partner enters through the customer in Partner Center.",
        ),
    ),
    "P-2": (
        BENEFITS,
        Text(
            "契約を使う。リンク済みか、初回にアクセス ID と契約 ID を記入する。",
            "A contract is used: linked already, or with Access ID and Contract ID at first use.",
        ),
    ),
    "P-3": (
        BENEFITS,
        Text(
            "クラウド契約 (Partner Cloud Support、ASfP) はクラウド製品にのみ使える。",
            "Cloud offers (Partner Cloud Support, ASfP) serve only cloud products.",
        ),
    ),
    "P-4": (
        BENEFITS,
        Text(
            "Partner On-premises Support の対象は、メインストリーム サポート中の現行版 (n) と一つ前"
            "の版 (n-1)。",
            "Partner On-premises Support covers the current version (n) and the one before (n-1) "
            "in mainstream support.",
        ),
    ),
    "P-11": (
        ENGAGE_CENTER,
        Text(
            "Support for Business (Microsoft Engage Center) から申請する。",
            "On-premises requests enter Support for Business in the Microsoft Engage Center.",
        ),
    ),
    "C-5": (
        BENEFITS,
        Text(
            "特典は、全体管理者またはパートナー プログラムの管理者がパートナー センターで有効化して"
            "から使う。",
            "A benefit is activated before use, in Partner Center, by a global admin or a partner "
            "admin of the programme.",
        ),
    ),
    "C-7": (
        BENEFITS,
        Text(
            "アクセス ID と契約 ID は、有効化のあとパートナー センターに表示され、プログラムの"
            "どのユーザーでも確かめられる。",
            "After activation Partner Center shows Access ID and Contract ID to every user of the "
            "programme.",
        ),
    ),
    "C-8": (
        BENEFITS,
        Text(
            "Partner On-premises Support 20 はソリューション パートナーの認定に伴う。Gold、Silver、"
            "Action Pack とその特典は廃止された。",
            "Partner On-premises Support 20 goes with a Solutions Partner designation; gold, "
            "silver and action pack are gone with their benefits.",
        ),
    ),
}
