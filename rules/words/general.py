"""Words of the general clauses (G). Tables only."""

from __future__ import annotations

from rules.verdict import Outcome, Text
from rules.wording import Wording

UNKNOWN_PARTNER = Wording(
    "unknown_partner",
    Outcome.REJECTED,
    Text(
        "パートナー ID「{partner}」は登録簿にありません。どのパートナーの申請か確かめられないため、"
        "提出できません。",
        "Partner id “{partner}” is not in the directory, so we cannot tell which partner is "
        "filing.",
    ),
    Text(
        "MPN パートナー ID に誤りがないか確かめてください。正しい場合は、管理者に登録簿への追加を"
        "依頼し、追加後に新しい ID で送り直してください。",
        "Check the MPN partner id. If it is right, ask your administrator to add the partner "
        "to the "
        "directory, then send the request again under a new id.",
    ),
)

UNKNOWN_AGENT = Wording(
    "unknown_agent",
    Outcome.REJECTED,
    Text(
        "サインイン「{agent}」は、パートナー {partner} の担当者として登録されていません。"
        "権限を確かめられないため、提出できません。",
        "The sign-in “{agent}” is not registered as an agent of {partner}, so its permissions "
        "cannot be checked.",
    ),
    Text(
        "登録済みの担当者のサインインに直すか、管理者にこの担当者の登録を依頼し、登録後に"
        "新しい ID で送り直してください。",
        "Use the sign-in of a registered agent, or ask your administrator to register this one, "
        "then send the request again under a new id.",
    ),
)
