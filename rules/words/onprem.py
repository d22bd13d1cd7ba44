"""Words of the on-premises clauses (P). Tables only."""

from __future__ import annotations

from rules.verdict import Outcome, Text
from rules.wording import Wording

CONTRACT_NOT_FOR_PRODUCT = Wording(
    "contract_not_for_product",
    Outcome.REJECTED,
    Text(
        "契約「{contract}」({kind})は {product} には使えません。{cloud} などのクラウド契約は"
        "クラウド製品専用で、ポータルでは「これらの契約は使用できません」"
        "(These contracts cannot be used with …) と表示されます。",
        "Contract “{contract}” ({kind}) cannot be used for {product}: cloud offers such as "
        "{cloud} serve cloud products only. The portal would say 'These contracts cannot be "
        "used with …'.",
    ),
    Text(
        "{core}({packs})の契約を使うか、サポートを購入するか、"
        "payment を pay_per_incident にして送り直してください。",
        "Use a contract of {core} ({packs}), purchase support, or set payment to "
        "pay_per_incident, and send the request again.",
    ),
)

VERSION_NOT_COVERED = Wording(
    "version_not_covered",
    Outcome.REJECTED,
    Text(
        "{product} に「{core}」は使えません。対象は現行 (n) と一つ前 (n-1) のバージョンで、"
        "メインストリーム サポート中のものだけです。{why}",
        "{product} is not covered by {core}: only the current version (n) and the one before "
        "(n-1) are, while mainstream support lasts. {why}",
    ),
    Text(
        "延長サポートが続いている間({until})は、payment を pay_per_incident にして送り直せば"
        "申請できます。",
        "While extended support lasts ({until}), set payment to pay_per_incident and send the "
        "request again.",
    ),
)

UNTIL = Text("{end} まで", "until {end}")
NO_END = Text("終了日は未定", "no end is set")

UPGRADE = Text(
    "このバージョンのサポートは {end} にすべて終了しているため、インシデントごとの支払いも"
    "使えません。サポート対象のバージョンへアップグレードしてから申請してください。",
    "All support of this version ended on {end}, so pay per incident is no way out either. Upgrade "
    "to a supported version, then file again.",
)

MAINSTREAM_ENDED = Text(
    "このバージョンのメインストリーム サポートは {end} に終了しました。",
    "Mainstream support of this version ended on {end}.",
)

SUPERSEDED = Text(
    "{day} の時点での現行 (n) と一つ前 (n-1) は {current} です。",
    "On {day} the current version and the one before are {current}.",
)

OUT_OF_SUPPORT = Wording(
    "out_of_support",
    Outcome.REJECTED,
    Text(
        "{product} のサポートは {end} にすべて終了しました。インシデントごとの支払いを使えるのは、"
        "メインストリームまたは延長サポート中の製品だけです。",
        "All support of {product} ended on {end}. Pay per incident serves only products in "
        "mainstream or extended support.",
    ),
    Text(
        "サポート対象のバージョンへアップグレードしてから申請してください。",
        "Upgrade to a supported version, then file again.",
    ),
)
