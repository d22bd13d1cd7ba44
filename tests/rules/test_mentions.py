from __future__ import annotations

import pytest

from rules.mentions import mentioned
from tests.rules.cast import rule_book

CATALOGUE = rule_book().products


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("Exchange Server 2016 でメールが届きません。", "exchange-server/2016"),
        ("The DAG of our Exchange Server 2019 fails.", "exchange-server/2019"),
        ("エクスチェンジ サーバーが止まる", "exchange-server"),
        ("Ｅｘｃｈａｎｇｅ　Ｓｅｒｖｅｒ　２０１６で", "exchange-server/2016"),
        ("SQL Server 2022 and again SQL Server", "sql-server/2022"),
        ("Windows Server 2019 上の SQL Server 2019", None),
        ("We exchange files with teams.", None),
        ("", None),
        ("何もわかりません", None),
    ],
)
def test_names_the_one_product(text: str, product: str | None) -> None:
    """A text that names one product speaks of it; two, or a common word, say nothing."""
    assert mentioned(CATALOGUE, text) == product


def test_the_title_counts_first() -> None:
    """What stands in the title decides; the text is asked only where that names nothing."""
    title, text = "Exchange Server 2016: mail", "We also have SQL Server 2019."

    assert mentioned(CATALOGUE, title, text) == "exchange-server/2016"
    assert mentioned(CATALOGUE, "mail", text) == "sql-server/2019"
    assert mentioned(CATALOGUE, "SQL Server 2019, Exchange Server 2016", text) is None
