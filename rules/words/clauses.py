"""Every clause in a sentence, with its place in the article. A table only, in catalogue order."""

from __future__ import annotations

from rules.verdict import Text

Place = tuple[str, Text]
"""Section of the article, and what the clause demands."""

CLAUSES: dict[str, Place] = {
    "G-1": (
        "はじめに",
        Text(
            "リクエストにはパートナー、担当者、製品、件名、説明を記入する"
            "(パートナー ポータル宛てに製品は不要)。",
            "A request names partner, agent, product, title and description (no product for the "
            "partner portal).",
        ),
    ),
    "G-2": (
        "はじめに; Azure 1.2",
        Text(
            "パートナーとその担当者が登録簿にある。",
            "The partner and its agent are in the directory.",
        ),
    ),
    "G-3": (
        "Azure 3 手順 3",
        Text(
            "サブスクリプション、課金、クォータのリクエストは製品の窓口に従い、技術的なリクエストと"
            "同じ条件で受け付ける。",
            "Subscription, billing and quota requests follow the product's route and need what a "
            "technical request needs.",
        ),
    ),
    "R-1": (
        "はじめに; オンプレミス 3 手順 1",
        Text(
            "Azure は Azure portal、Office 365・Dynamics 365・Intune・EMS は Office ポータル、"
            "インストール製品はオンプレミス サポートへ。",
            "Azure goes to the Azure portal; Office 365, Dynamics 365, Intune and EMS to the "
            "Office "
            "portal; installed products to on-premises support.",
        ),
    ),
    "R-2": (
        "オンプレミス 3 手順 1 注",
        Text(
            "クラウド製品をオンプレミスの窓口から、またその逆に申請することはできない。",
            "A cloud product does not enter through the on-premises portal, nor the reverse.",
        ),
    ),
    "R-3": (
        "サポートの特典とアクティビティ",
        Text(
            "アドバイザリー サービスと、特典・メンバーシップの問題はパートナー ポータルへ。"
            "パートナー自身のサインインが必要。",
            "Advisory service and benefits or membership matters go to the partner portal with the "
            "partner's own sign-in.",
        ),
    ),
    "D-1": (
        "Azure 1.1 / Office 1.1",
        Text(
            "CSP は既定ですべての顧客と DAP がある。拒否や削除があれば代理で申請できない。",
            "A CSP has DAP with all its customers by default; where it was declined or removed, "
            "nothing is filed on behalf.",
        ),
    ),
    "D-2": (
        "Azure 1.1 / Office 1.1",
        Text(
            "間接プロバイダーが DAP を有効にしない場合でも、間接リセラーは自身で関係を申し込める。",
            "Where the indirect provider enables no DAP, the reseller may request the relationship "
            "itself.",
        ),
    ),
    "D-3": (
        "Azure 1.1, Office 1.1, Office 2",
        Text(
            "アドバイザーはパートナー機能を有効にし、DAP を申し込み、"
            "顧客の全体管理者の承認を得る。",
            "An advisor activates the partner features, asks for DAP, and the customer's global "
            "admin approves.",
        ),
    ),
    "D-4": (
        "Azure 1.2, Office 1.2",
        Text(
            "担当者は代理管理者のロールを持つ。Azure は管理者エージェントか完全管理、Office は"
            "ヘルプデスク エージェントでもよい。",
            "The agent holds a delegated admin role: admin agent or full administration; for "
            "Office "
            "helpdesk agent will do.",
        ),
    ),
    "D-5": (
        "はじめに",
        Text(
            "代理で申請する顧客は、パートナーの顧客として登録されている。",
            "The customer is on record as one of the partner's.",
        ),
    ),
    "D-6": (
        "Office 「サポート リクエストの作成」1 注",
        Text(
            "自社テナントのリクエストに DAP と代理のロールは不要。Office 管理センターを直接開く。",
            "The partner's own tenant needs neither DAP nor role; the Office admin center is "
            "opened "
            "directly.",
        ),
    ),
    "D-7": (
        "Azure 1.2",
        Text(
            "代理管理者のロールは、DAP を承認したすべての顧客に有効。顧客ごとのロールはない。",
            "A delegated role counts for every customer that granted DAP; there is no role per "
            "customer.",
        ),
    ),
    "A-1": (
        "Azure 3, 手順 2 注",
        Text(
            "サインインは有効な Azure サブスクリプションに関連付けられている。",
            "The sign-in belongs to a valid Azure subscription.",
        ),
    ),
    "A-2": (
        "Azure 1.3, 2",
        Text(
            "パートナー センターから顧客を開く CSP は Cloud Solution Provider プランを使い、"
            "契約のリンクもインシデントも不要。",
            "A CSP that opens the customer from Partner Center uses the plan Cloud Solution "
            "Provider: no linking, no incident.",
        ),
    ),
    "A-3": (
        "Azure 1.3, 2",
        Text(
            "ほかのパートナーは Signature Cloud Support または ASfP を使う。リンク済みか、"
            "アクセス ID と契約 ID を記入する。",
            "Any other member uses Signature Cloud Support or ASfP: linked already, or with Access "
            "ID and Contract ID.",
        ),
    ),
    "A-4": (
        "Azure 2; オンプレミス 3 手順 6",
        Text(
            "Signature の特典を使い切ったあとは、コア特典を Azure にも使える。",
            "Once all Signature benefits are used up, core benefits serve Azure too.",
        ),
    ),
    "A-5": (
        "Azure 1.3",
        Text(
            "Signature Cloud Support とコア特典では、アクセス ID と契約 ID が異なる。",
            "Signature Cloud Support and core benefits have ids of their own.",
        ),
    ),
    "A-6": (
        "Azure 3 手順 3, 5",
        Text(
            "Azure では問題の種類、重大度、件名、説明を記入する。開始時刻、リソース、ファイル、"
            "連絡先は任意。",
            "Azure asks for problem type, severity, title and description; begin, resource, files "
            "and contact are optional.",
        ),
    ),
    "A-7": (
        "Azure 3 手順 3 注",
        Text(
            "ポータルは契約をプラン名ではなく、年・テキスト・パートナー ID のラベルで表示する。",
            "The portal shows a contract not by plan name but by a label of year, text and partner "
            "id.",
        ),
    ),
    "O-1": (
        "Office 2",
        Text(
            "Office ポータル製品に契約は不要で、インシデントも差し引かれない。",
            "Office portal products need no contract; no incident is deducted.",
        ),
    ),
    "O-2": (
        "Office 3",
        Text(
            "CSP はパートナー センター、アドバイザーはパートナー管理センターから入る"
            "(好みによりパートナー センターも可)。",
            "A CSP enters through Partner Center, an advisor through the partner admin center or, "
            "if it prefers, Partner Center.",
        ),
    ),
    "O-3": (
        "Office 「サポート リクエストの作成」3–5",
        Text(
            "Office では説明と連絡先(氏名、メール、電話連絡なら電話番号)を記入する。",
            "Office asks for description and contact: name, e-mail, and a number if contact is by "
            "phone.",
        ),
    ),
    "O-4": (
        "Office 「サポート リクエストの作成」4 注",
        Text(
            "代理管理者の連絡先は、顧客のドメインではなくパートナーのメール アドレスにする。",
            "A delegated admin's contact address is the partner's, not one in the customer's "
            "domain.",
        ),
    ),
    "P-1": (
        "オンプレミス 1.1",
        Text(
            "インシデントは顧客テナントに結び付かず、代理の手続きはない。",
            "Incidents are not tied to a customer tenant: nothing is filed on behalf.",
        ),
    ),
    "P-2": (
        "オンプレミス 1.3",
        Text(
            "契約を使う。リンク済みか、初回にアクセス ID と契約 ID を記入する。",
            "A contract is used: linked already, or with Access ID and Contract ID at first use.",
        ),
    ),
    "P-3": (
        "オンプレミス 3 手順 6",
        Text(
            "クラウド契約(Signature、ASfP)はクラウド製品にのみ使える。",
            "Cloud offers (Signature, ASfP) serve only cloud products.",
        ),
    ),
    "P-4": (
        "オンプレミス 3 手順 6",
        Text(
            "コア特典の対象は、メインストリーム サポート中の現行版 (n) と一つ前の版 (n-1)。",
            "Core benefits serve the current version (n) and the one before (n-1) in mainstream "
            "support.",
        ),
    ),
    "P-5": (
        "オンプレミス 3 手順 6",
        Text(
            "インシデントごとの支払いは、メインストリームまたは延長サポート中の全製品に使える。",
            "Pay per incident serves every product in mainstream or extended support.",
        ),
    ),
    "P-6": (
        "オンプレミス 3 手順 9",
        Text(
            "マイクロソフト サービス契約に同意する。",
            "The Microsoft services agreement must be accepted.",
        ),
    ),
    "P-7": (
        "オンプレミス 3 手順 2, 3, 8, 9",
        Text(
            "オンプレミスでは問題の種類、カテゴリ、件名、説明を記入する。重大度の既定は C、"
            "連絡先は担当者から補う。",
            "On-premises support asks for problem type, category, title and description; severity "
            "defaults to C, contact comes from the agent.",
        ),
    ),
    "P-8": (
        "オンプレミス 概要, 3 手順 9",
        Text(
            "送信するとインシデントが一つ直ちに差し引かれ、番号、重大度、回答時間が通知される。",
            "On submission one incident is deducted at once; number, severity and response time "
            "are sent out.",
        ),
    ),
    "P-9": (
        "オンプレミス 概要",
        Text(
            "非課金としてクローズされると、インシデントは自動的に差し戻される。",
            "Closed as non-billable, the incident is given back by itself.",
        ),
    ),
    "P-10": (
        "サポートの特典とアクティビティ",
        Text(
            "資格がない場合やインシデントを使い切った場合は、途中で購入できる。",
            "Not entitled or out of incidents: incidents can be bought on the way.",
        ),
    ),
    "P-11": (
        "オンプレミス 概要",
        Text(
            "Online Assisted Support とパートナー ポータルのどちらから始めても、手順は同じ。",
            "Online Assisted Support and the partner portal lead into the same workflow.",
        ),
    ),
    "C-1": (
        "Azure 2 手順 1",
        Text(
            "アクセス ID と契約 ID に含まれる空白は取り除く。",
            "Blanks in an Access ID or Contract ID are removed.",
        ),
    ),
    "C-2": (
        "オンプレミス 3 手順 7",
        Text(
            "ID は先頭の 0 を含むすべての数字で照合する。",
            "All digits of an id count, leading zeros too.",
        ),
    ),
    "C-3": (
        "オンプレミス 概要, 手順 5 注",
        Text("期限切れの契約は使えない。", "An expired contract cannot be used."),
    ),
    "C-4": (
        "オンプレミス 概要, 手順 5 注",
        Text(
            "インシデントが残っていない契約は使えない。",
            "A contract without incidents left cannot be used.",
        ),
    ),
    "C-5": (
        "Azure 「アクセス ID…のリクエスト」, オンプレミス 2",
        Text(
            "特典は有効化してから使う。Gold と Silver はすぐに、Action "
            "Pack はリクエストして有効化する。",
            "A benefit is activated before use: gold and silver at once, action pack on request.",
        ),
    ),
    "C-6": (
        "Azure 2, オンプレミス 1.3",
        Text(
            "リンクは一度だけ行い、期限切れか使い切りまで有効。",
            "The link is made once and holds until the benefit expires or runs out.",
        ),
    ),
    "C-7": (
        "Azure 2, オンプレミス 2",
        Text(
            "アクセス ID と契約 ID は、有効化のあとプログラムの主要連絡先に送られる。",
            "Access ID and Contract ID go to the programme's primary contact after activation.",
        ),
    ),
    "C-8": (
        "オンプレミス 1.2",
        Text(
            "コア特典はメンバーシップごとに決まる。Gold は 20pack、Silver は 15pack、Action Pack "
            "は MAPS 10pack。",
            "A core benefit belongs to a membership: 20pack to gold, 15pack to silver, MAPS 10pack "
            "to action pack.",
        ),
    ),
    "C-9": (
        "Azure 1.3, オンプレミス 3 手順 6",
        Text(
            "契約名と二つの ID は、パートナーの同じ一つの契約を指す。",
            "Name and both ids fit one and the same contract of the partner.",
        ),
    ),
}
