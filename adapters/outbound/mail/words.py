"""What codes of ours and of the portals are called in a letter. Tables only."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.outbound.mail.about import Language


@dataclass(frozen=True, slots=True)
class Words:
    """The names of portals and severities, and a sentence for each notice.

    A name in Latin letters has the blank that parts it from Japanese.
    """

    portals: dict[str, str]
    severities: dict[str, str]
    notices: dict[str, str]


WORDS: dict[Language, Words] = {
    "ja": Words(
        portals={
            "azure": "Azure portal ",
            "office": "Office ポータル",
            "onprem": "オンプレミス サポート",
            "partner_portal": "パートナー ポータル",
        },
        severities={"A": "A(重大)", "B": "B(中程度)", "C": "C(軽微)"},
        notices={
            "contact_is_partner": (
                "ポータルの連絡先には、顧客ではなくパートナーの会社のメール アドレスが"
                "表示されます。"
            ),
            "not_on_behalf_of": (
                "オンプレミス製品には顧客の代理 (OBO) で申請する手続きがないため、"
                "貴社のリクエストとして申請しています。"
            ),
            "purchase_needed": (
                "インシデントごとの支払い (Pay Per Incident) のため、ポータルでの購入が必要です。"
            ),
        },
    ),
    "en": Words(
        portals={
            "azure": "the Azure portal",
            "office": "the Office portal",
            "onprem": "on-premises support",
            "partner_portal": "the partner portal",
        },
        severities={"A": "A (critical)", "B": "B (moderate)", "C": "C (minimal)"},
        notices={
            "contact_is_partner": (
                "The portal shows your company's address as the contact, not your customer's."
            ),
            "not_on_behalf_of": (
                "On-premises products have no procedure on behalf of a customer, so the request "
                "was filed as your own."
            ),
            "purchase_needed": (
                "The incident is paid for one by one (Pay Per Incident), so it has to be bought "
                "in the portal."
            ),
        },
    ),
}
