from __future__ import annotations

import pytest

from adapters.inbound.mail_authentication import EXCHANGE_ONLINE, is_authentic, read_results

SENDER = "sato@contoso.example"
TRUSTED = "mx.our.example"


def believed(*results: str, sender: str = SENDER) -> bool:
    """Whether these headers, the topmost first, prove the sender."""
    return is_authentic(sender, results, (), TRUSTED)


@pytest.mark.parametrize(
    "result",
    [
        "dmarc=pass header.from=contoso.example",
        "dmarc=pass (p=reject sp=none dis=none) header.from=Contoso.Example",
        "DMARC=Pass header.from=contoso.example",
        "spf=fail smtp.mailfrom=x.example; dkim=pass header.d=contoso.example header.s=a",
        'dkim=pass header.i=@contoso.example header.b="ab="; dmarc=none',
        "dkim=fail header.d=contoso.example; dkim=pass (2048-bit; key) header.d=contoso.example",
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=sato@contoso.example",
        "spf/1=pass smtp.mailfrom=contoso.example",
        "dkim=broken header.b=a=b; dmarc=pass header.from=contoso.example",
        "dmarc=pass (a (nested) comment \\) goes on) header.from=contoso.example",
        'dmarc=pass reason="; dmarc=fail" header.from=contoso.example',
    ],
)
def test_what_proves_a_sender(result: str) -> None:
    """DMARC for the very domain, or a signature or SPF that is aligned with it."""
    assert believed(f"{TRUSTED}; {result}")
    assert believed(f"MX.our.example 1; {result}")


@pytest.mark.parametrize(
    "result",
    [
        "none",
        "dmarc=fail header.from=contoso.example",
        "dmarc=pass",
        "dmarc=pass header.from=evil.example",
        "dmarc=pass header.from=contoso.example header.from=evil.example",
        "dkim=pass header.d=evil.example",
        "dkim=pass header.d=mail.contoso.example",
        "dkim=pass header.d=example",
        "dkim=pass header.d=toso.example",
        "spf=pass smtp.helo=contoso.example",
        "spf=softfail smtp.mailfrom=contoso.example",
        "arc=pass header.d=contoso.example",
        "x=y (dmarc=pass header.from=contoso.example)",
        'spf=none reason="dmarc=pass header.from=contoso.example"',
        "dmarc=pass header.from = = contoso.example",
        "dmarc=pass; header.from=contoso.example",
        "dmarc=pass (header.from=contoso.example",
        'dmarc=pass header.from="contoso.example',
        "dmarc=pass header.from=contoso.example)",
    ],
)
def test_what_proves_nothing(result: str) -> None:
    """Whatever is for another domain, in a comment or a quotation, or cannot be read."""
    assert not believed(f"{TRUSTED}; {result}")


def test_a_part_of_a_domain_is_proven_by_the_whole() -> None:
    """Whoever signs for a domain speaks for what is below it, and not the other way round."""
    result = f"{TRUSTED}; dkim=pass header.d=contoso.example"

    assert believed(result, sender="sato@tokyo.contoso.example")
    assert not believed(result, sender="sato@notcontoso.example")


def test_only_the_topmost_of_our_server_counts() -> None:
    """What stands below was there before; other servers' words are passed over."""
    good, bad = "dmarc=pass header.from=contoso.example", "dmarc=fail header.from=contoso.example"

    assert not believed(f"{TRUSTED}; {bad}", f"{TRUSTED}; {good}")
    assert believed(f"{TRUSTED}; {good}", f"{TRUSTED}; {bad}")
    assert believed(f"mx.other.example; {bad}", f"{TRUSTED}; {good}")
    assert not believed(f"mx.other.example; {good}")
    assert not believed(f"{TRUSTED}.evil.example; {good}")
    assert not believed("(", f"{TRUSTED}; {good}")
    assert not believed(good)
    assert not believed()


def test_exchange_online_has_no_name() -> None:
    """Its topmost results count as they are, and so does its word on its own people."""
    written = (
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=contoso.example; dkim=none (message not"
        " signed) header.d=none;dmarc=pass action=none header.from=contoso.example;compauth=pass"
        " reason=100"
    )

    assert is_authentic(SENDER, [written], (), EXCHANGE_ONLINE)
    assert not is_authentic(SENDER, ["dmarc=none header.from=x", written], (), EXCHANGE_ONLINE)
    assert is_authentic(SENDER, [], ("Internal",), EXCHANGE_ONLINE)
    assert not is_authentic(SENDER, [], ("Anonymous",), EXCHANGE_ONLINE)
    assert not is_authentic(SENDER, [], ("Internal", "Anonymous"), EXCHANGE_ONLINE)
    assert not is_authentic(SENDER, [], ("Internal",), TRUSTED)


def test_a_header_that_is_too_long_proves_nothing() -> None:
    """No server writes so much."""
    with pytest.raises(ValueError, match="longer"):
        read_results(f"{TRUSTED}; " + "x=y; " * 10_000)
