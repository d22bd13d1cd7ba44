"""Words of the routing clauses (R), and what the portals are called. Tables only."""

from __future__ import annotations

from dataclasses import dataclass

from rules.verdict import Outcome, Text
from rules.wording import Wording


@dataclass(frozen=True, slots=True)
class Portal:
    """What a portal is called, and where it is."""

    name: Text
    address: str


PORTALS = {
    "azure": Portal(Text("Azure portal", "the Azure portal"), "https://portal.azure.com"),
    "office": Portal(Text("Office ポータル", "the Office portal"), "https://portal.office.com"),
    "onprem": Portal(
        Text(
            "オンプレミス サポート (Online Assisted Support)",
            "on-premises support (Online Assisted Support)",
        ),
        "https://aka.ms/OAS",
    ),
}
PORTALS_OF_TODAY = {
    **PORTALS,
    "office": Portal(
        Text("Microsoft 365 管理センター", "the Microsoft 365 admin center"),
        "https://admin.microsoft.com",
    ),
    "onprem": Portal(
        Text(
            "Support for Business (Microsoft Engage Center)",
            "Support for Business (Microsoft Engage Center)",
        ),
        "https://engagecenter.microsoft.com",
    ),
}
"""Edition 2026; the last name of what was Online Assisted Support, then Services Hub."""

UNKNOWN_PRODUCT = Wording(
    "unknown_product",
    Outcome.INCOMPLETE,
    Text(
        "製品「{given}」は製品カタログにないため、どのポータルに申請すべきか決められません。"
        "近い名前: {closest}。",
        "The product “{given}” is not in the catalogue, so we cannot tell which portal takes it. "
        "Closest names: {closest}.",
    ),
    Text(
        "該当する名前かカタログのキー(例: exchange-server/2016)を product に"
        "記入して送り直してください。",
        "Put the name that fits, or a catalogue key such as exchange-server/2016, into product and "
        "send the request again.",
    ),
    field="product",
)

UNKNOWN_PRODUCT_NOTHING_NEAR = Wording(
    "unknown_product",
    Outcome.INCOMPLETE,
    Text(
        "製品「{given}」は製品カタログになく、近い名前も見つかりません。どのポータルに申請すべきか"
        "決められません。",
        "The product “{given}” is not in the catalogue and no name comes near it, so we cannot "
        "tell "
        "which portal takes it.",
    ),
    Text(
        "製品の正式名とバージョン(例: Exchange Server 2016、Azure 仮想マシン)を product に"
        "記入して送り直してください。",
        "Put the full product name and version (such as Exchange Server 2016 or Azure Virtual "
        "Machines) into product and send the request again.",
    ),
    field="product",
)

NOT_RELEASED = Wording(
    "unknown_product",
    Outcome.INCOMPLETE,
    Text(
        "{product} は {day} の時点ではまだ提供されていません(提供開始 {released})。"
        "提供済みの近い名前: {closest}。",
        "{product} was not out yet on {day} (released {released}). Closest names by then: "
        "{closest}.",
    ),
    Text(
        "実際に使っているバージョンを product に記入して送り直してください。",
        "Put the version that is in use into product and send the request again.",
    ),
    field="product",
)

NOTHING_NEAR = Text("なし", "none")
AND_MORE = Text("{names} ほか {more} 件", "{names} and {more} more")

NO_VERSION = Wording(
    "missing",
    Outcome.INCOMPLETE,
    Text(
        "「{family}」だけでは、どのバージョンまたはサービスか分からず、サポートの対象かどうかを"
        "判断できません。選べるもの: {versions}。",
        "“{family}” alone does not say which version or service is meant, so we cannot tell "
        "whether "
        "it is covered. Choose from: {versions}.",
    ),
    Text(
        "いずれか一つを product に記入して送り直してください。",
        "Put one of them into product and send the request again.",
    ),
    field="product",
)

WRONG_PORTAL = Wording(
    "wrong_portal",
    Outcome.REJECTED,
    Text(
        "「{product}」の窓口は「{right}」ですが、route には {given}({name})が指定されています。"
        "窓口は製品ごとに決まっており、ほかの窓口からは提出できません。",
        "{product} is handled by {right}, but route names {given} ({name}). Each product has one "
        "portal of its own and cannot be filed through another.",
    ),
    Text(
        "route を {route} に直すか空にして送り直してください。正しい窓口: {address}",
        "Set route to {route}, or leave it out, and send the request again. The right portal: "
        "{address}",
    ),
)
