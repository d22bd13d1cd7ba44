"""What the form's pages say, in Japanese and English. Words only."""

from __future__ import annotations

from collections.abc import Iterable

from rules.verdict import Text
from workers.listeners.form.field import Field

PAGE = {
    "service": Text("サポート リクエスト受付", "Support request desk"),
    "skip": Text("本文へ移動", "Skip to content"),
    "language": Text("表示言語", "Language"),
    "heading": Text("サポート リクエストの作成", "Create a support request"),
    "intro": Text(
        "製品を選ぶと、そのリクエストに必要な項目だけをお尋ねします。"
        "送信の前に、受付の規則に合っているかを確認します。",
        "Choose the product and you are asked only what this request needs. Before you send it, "
        "it is checked against the rules.",
    ),
    "step_who": Text("申請者と製品", "Who and which product"),
    "step_details": Text("内容", "Details"),
    "step_done": Text("受付番号", "Your number"),
    "steps": Text("手順", "Steps"),
    "change": Text("変更する", "Change"),
    "next": Text("次へ進む", "Continue"),
    "check": Text("内容を確認する", "Check it"),
    "send": Text("送信する", "Send"),
    "sending": Text("送信しています…", "Sending…"),
    "anyway": Text("このまま送信する", "Send it as it is"),
    "anyway_hint": Text(
        "このまま送信すると、受付番号は発行されますが、上の理由が解消するまでチケットは作成されません。",
        "Sent as it is, the request gets its number, but no ticket until the reasons above are "
        "settled.",
    ),
    "optional": Text("任意", "optional"),
    "required": Text("必須", "required"),
    "example": Text("例:", "e.g."),
    "other_products": Text("製品名の候補", "Did you mean"),
    "attachments": Text("添付ファイル", "Attachments"),
    "attach": Text("ファイルを選択する", "Choose files"),
    "attach_hint": Text(
        "スクリーンショットやログなどです。合計 {most} まで、{count} 個まで添付できます。",
        "Screenshots, logs and the like: up to {count} files, {most} in all.",
    ),
    "drop": Text("ここにファイルをドロップすることもできます。", "You can also drop files here."),
    "remove": Text("削除", "Remove"),
    "too_large": Text(
        "添付ファイルの合計が {most} を超えています。ファイルを減らすか、小さくしてください。",
        "The attachments are larger than {most} in all. Attach fewer or smaller files.",
    ),
    "too_many": Text(
        "添付ファイルは {count} 個までです。まとめて圧縮するなどして減らしてください。",
        "There can be {count} files at most. Put some of them into one archive.",
    ),
    "empty_file": Text(
        "中身のないファイルがあります。選び直してください。",
        "One of the files is empty. Choose it again.",
    ),
    "errors": Text("入力内容をご確認ください", "Please check what you entered"),
    "retype": Text(
        "アクセス ID、契約 ID と添付ファイルは、安全のためページに書き戻しません。"
        "お手数ですが、もう一度入力・選択してください。",
        "For safety the Access ID, the Contract ID and files are not written back into the page. "
        "Please enter or choose them again.",
    ),
    "live": Text("規則による確認", "Check against the rules"),
    "live_intro": Text(
        "入力に合わせて、このリクエストを受け付けられるかをここに表示します。",
        "Whether the request can be taken is shown here as you type.",
    ),
    "live_nojs": Text(
        "製品を選んで進むと、このリクエストを受け付けられるかをここに表示します。",
        "Choose a product and go on: whether the request can be taken is shown here.",
    ),
    "remedy": Text("対処方法", "What to do"),
    "rule": Text("規則 {rule}(記事の「{section}」)", "Rule {rule} (article: {section})"),
    "to_fill": Text("あと {count} 項目の入力が必要です", "{count} more to fill in"),
    "to_fill_one": Text("あと 1 項目の入力が必要です", "One more to fill in"),
    "ok": Text("送信できます", "Ready to send"),
    "ok_route": Text("{portal}に申請します。", "It will be filed at {portal}."),
    "ok_incident": Text(
        "サポート契約から 1 インシデントが差し引かれます。",
        "One incident is deducted from a support contract.",
    ),
    "ok_free": Text("インシデントは差し引かれません。", "No incident is deducted."),
    "held": Text("送信できます(承認などを待ちます)", "Can be sent, and will wait"),
    "rejected": Text("このままでは受け付けられません", "Cannot be taken as it stands"),
    "incomplete": Text("確認が必要です", "Something is unclear"),
    "recognised": Text("製品: {product}", "Product: {product}"),
    "net": Text(
        "応答がありません。送信できたかどうか分かりません。もう一度「送信する」を押してください。"
        "同じリクエストが二重に登録されることはありません。",
        "There was no answer, so we cannot tell whether it was sent. Press “Send” again: the "
        "request is never taken twice.",
    ),
    "away": Text(
        "ただいま記録できません。保存されたかどうか分からないため、少し待ってからもう一度"
        "「送信する」を押してください。同じリクエストが二重に登録されることはありません。",
        "Nothing can be stored just now, and it may or may not have been. Wait a little and press "
        "“Send” again: the request is never taken twice.",
    ),
    "reused": Text(
        "このフォームは、別の内容ですでに送信されています(受付番号 {number})。"
        "今回の内容を新しいリクエストとして送る場合は「新しいリクエストとして送信する」を押してください。",
        "This form was already sent with other content, as {number}. To send what is here now as "
        "a request of its own, press “Send as a new request”.",
    ),
    "see_first": Text("送信済みのリクエストを見る", "See the request that was sent"),
    "send_new": Text("新しいリクエストとして送信する", "Send as a new request"),
    "refused": Text(
        "この内容は保存できませんでした。特殊な文字などを取り除いて、もう一度送信してください。",
        "This could not be stored. Take out unusual characters and send it again.",
    ),
    "another": Text("新しいリクエストを作成する", "Create another request"),
    "js_off": Text("このページは自動的に更新されます。", "This page refreshes by itself."),
    "pay_hint": Text("「支払方法」へ移動", "Go to “Payment”"),
}

STATUS = {
    "title": Text("リクエスト {number}", "Request {number}"),
    "number": Text("受付番号", "Your number"),
    "keep": Text(
        "このページのアドレスを控えておくと、いつでも状況を確認できます。"
        "アドレスを知っている方は誰でも見られますので、ご注意ください。",
        "Keep this page's address to look at the state at any time. Whoever has the address can "
        "see it.",
    ),
    "ticket": Text("サポート リクエスト番号", "Support request number"),
    "open_ticket": Text("ポータルで開く", "Open at the portal"),
    "severity": Text("重大度", "Severity"),
    "response": Text("初回回答の期限", "First response due"),
    "product": Text("製品", "Product"),
    "subject": Text("件名", "Title"),
    "received": Text("受付日時", "Received"),
    "updated": Text("最終更新", "Last change"),
    "incidents": Text("差し引かれたインシデント", "Incidents deducted"),
    "why": Text("理由と対処方法", "Reasons, and what to do"),
    "notes": Text("お知らせ", "Please note"),
    "complete": Text("不足している項目を入力する", "Fill in what is missing"),
    "complete_intro": Text(
        "入力して送信すると、同じ受付番号のまま、もう一度確認します。",
        "Send what is missing, and the request is decided again under the same number.",
    ),
    "not_incomplete": Text(
        "このリクエストはすでに先へ進んでいるため、追加の入力は不要です。",
        "This request has moved on and takes no more fields.",
    ),
    "code": Text("コード", "Code"),
}

STATES = {
    "received": (
        Text("受け付けました", "Taken in"),
        Text("規則に照らして確認しています。", "It is being checked against the rules."),
    ),
    "queued": (
        Text("申請の順番を待っています", "Waiting its turn"),
        Text(
            "規則の確認が済み、まもなくポータルに申請します。",
            "The rules let it pass; it is about to be filed.",
        ),
    ),
    "submitting": (
        Text("申請しています", "Being filed"),
        Text("ポータルに申請しています。", "It is being filed at the portal."),
    ),
    "submitted": (
        Text("チケットを作成しました", "The ticket is created"),
        Text(
            "マイクロソフトのサポート担当者からの連絡をお待ちください。",
            "A support engineer of Microsoft will be in touch.",
        ),
    ),
    "closed": (
        Text("クローズしました", "Closed"),
        Text("このサポート リクエストは終了しました。", "The support request has been closed."),
    ),
    "incomplete": (
        Text("入力が不足しています", "Something is missing"),
        Text(
            "このままでは申請できません。不足している項目を入力してください。",
            "It cannot be filed yet. Please fill in what is missing.",
        ),
    ),
    "held": (
        Text("保留しています", "On hold"),
        Text(
            "承認や有効化が済むと、自動的に確認し直して申請します。",
            "Once what is pending is done, it is decided again by itself and filed.",
        ),
    ),
    "rejected": (
        Text("受け付けられませんでした", "Not accepted"),
        Text(
            "このままでは申請できません。理由と対処方法をご確認ください。",
            "It cannot be filed as it stands. See the reasons and what to do.",
        ),
    ),
    "handed_over": (
        Text("担当者が申請しています", "In a person's hands"),
        Text(
            "担当者がポータルで申請し、番号が決まりしだいここに表示します。",
            "Someone is filing it at the portal; the number will appear here.",
        ),
    ),
    "uncertain": (
        Text("ポータルの応答を確認しています", "Being looked into"),
        Text(
            "チケットが作成されたかどうかを担当者が確認しています。二重に作成されないよう、再送はしません。"
            "もう一度送信する必要はありません。",
            "Someone is finding out whether the portal has the ticket. It is not sent twice; you "
            "need not send it again.",
        ),
    ),
    "failed": (
        Text("申請できませんでした", "Could not be filed"),
        Text(
            "ポータルに申請できませんでした。受付番号とコードを添えて、管理者にお問い合わせください。",
            "It could not be filed at the portal. Ask your administrator, with the number and the "
            "code.",
        ),
    ),
    "cancelled": (
        Text("取り消されました", "Called off"),
        Text("このリクエストは取り消されました。", "This request was called off."),
    ),
}
"""What each state is called, and what it means for the sender."""

NOTICES = {
    "contact_is_partner": Text(
        "代理でのリクエストのため、連絡先のメール アドレスを担当者のものに置き換えました。",
        "As it is filed on a customer's behalf, the contact's address was replaced by the agent's.",
    ),
    "not_on_behalf_of": Text(
        "オンプレミス製品には代理でのリクエストがないため、顧客は参考情報として扱います。",
        "On-premises products are not filed on anyone's behalf; the customer is a reference only.",
    ),
    "purchase_needed": Text(
        "インシデントの購入が必要です。",
        "An incident has to be bought.",
    ),
}

PORTALS = {
    "azure": Text("Azure portal", "the Azure portal"),
    "office": Text("Office ポータル", "the Office portal"),
    "onprem": Text("オンプレミス製品のサポート", "on-premises support"),
    "partner_portal": Text("パートナー ポータル", "the partner portal"),
}

REFUSALS = {
    "not_found": (
        Text("ページが見つかりません", "Page not found"),
        Text(
            "アドレスが正しいかをご確認ください。番号だけでは状況を表示できません。",
            "Check the address. A number alone does not show a request.",
        ),
    ),
    "cross_site": (
        Text("別のサイトからの送信は受け付けません", "Not taken from another site"),
        Text(
            "このフォームを開き直して、そこから送信してください。",
            "Open the form here and send it from there.",
        ),
    ),
    "wrong_host": (
        Text("このアドレスでは受け付けません", "Not taken under this address"),
        Text(
            "このコンピューターの localhost のアドレスで開くか、管理者に設定(TORITSUGI_FORM)を"
            "ご確認ください。",
            "Open it under this machine's localhost address, or ask your administrator about the "
            "setting TORITSUGI_FORM.",
        ),
    ),
    "too_large": (
        Text("送信された内容が大きすぎます", "Far too large"),
        Text(
            "何も保存していません。ブラウザーの「戻る」で入力内容に戻り、添付ファイルを減らして"
            "送信してください。",
            "Nothing was stored. Go back in your browser, attach less, and send it again.",
        ),
    ),
    "unreadable": (
        Text("送信された内容を読み取れません", "Cannot be read"),
        Text(
            "何も保存していません。フォームを開き直して、もう一度送信してください。",
            "Nothing was stored. Open the form again and send it from there.",
        ),
    ),
    "too_fast": (
        Text("確認の回数が多すぎます", "Too many checks"),
        Text("少し待ってから、もう一度お試しください。", "Wait a little and try again."),
    ),
    "away": (
        Text("ただいま表示できません", "Not available just now"),
        Text(
            "少し待ってから、このページを読み込み直してください。送信済みの内容は失われません。",
            "Wait a little and load this page again. What was sent is not lost.",
        ),
    ),
}

TOO_LONG = Text(
    "{label}が長すぎます。{most:,} 文字以内にしてください。",
    "{label} is too long. Keep it to {most:,} characters.",
)
FAULTS = {
    "email": Text(
        "メール アドレスは name@example.com の形で入力してください。",
        "Enter an e-mail address such as name@example.com.",
    ),
    "moment": Text(
        "日時は 2026-04-01T09:30 の形で入力してください。",
        "Enter date and time as in 2026-04-01T09:30.",
    ),
    "choice": Text("選択肢から選んでください。", "Choose one of those offered."),
    "text": Text(
        "この内容は使えません。入力し直してください。", "This cannot be used. Enter it anew."
    ),
}
REQUIRED = {
    "tick": Text("同意が必要です。", "Your consent is needed."),
    "choice": Text("{label}を選択してください。", "{label} is required."),
    "text": Text("{label}を入力してください。", "{label} is required."),
}


PLAIN = {
    "payment を pay_per_incident に": "支払方法を「インシデントごとに支払う」に",
    "payment を contract に": "支払方法を「既存の契約を使用する」に",
    "customer を空に": "対象を「自社」に",
    "set payment to pay_per_incident": "choose “Pay per incident”",
    "Set payment to contract": "Choose “Use an existing contract”",
    "leave customer out": "choose “Our own”",
}
"""How the rules name a field to a system, and how the form does to a person."""


def plain(said: str, names: Iterable[str]) -> str:
    """Say what the rules say without the names that fields have for systems."""
    for name in names:
        said = said.replace(f" ({name})", "").replace(f"({name})", "")
    for for_systems, for_people in PLAIN.items():
        said = said.replace(for_systems, for_people)
    return said


def fault_words(field: Field, typed: str) -> Text:
    """Say what is wrong with what was typed into a field; never shows it."""
    if len(typed) > field.most and not field.is_choice:
        return _filled(TOO_LONG, field, most=field.most)
    if field.control == "email" or field.name == "contact.cc":
        return FAULTS["email"]
    return (
        FAULTS["choice" if field.is_choice else field.control]
        if field.control
        in {
            "moment",
            "radio",
            "select",
            "tick",
        }
        else FAULTS["text"]
    )


def required_words(field: Field) -> Text:
    """Say that a field has to be filled in."""
    kind = "tick" if field.control == "tick" else "choice" if field.is_choice else "text"
    return _filled(REQUIRED[kind], field)


def _filled(text: Text, field: Field, **parts: object) -> Text:
    return Text(
        text.ja.format(label=field.label.ja, **parts), text.en.format(label=field.label.en, **parts)
    )
