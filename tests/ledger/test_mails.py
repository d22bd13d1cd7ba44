from __future__ import annotations

from sqlalchemy import func, select

from ledger import mails
from ledger.mails import Standing
from ledger.store import Store
from ledger.tables import mails as table
from ledger.vault import Vault
from tests.builders import admitted, arrival

RAW = b"Message-ID: <a@contoso.example>\r\n\r\nAccess ID 0230242323"


def kept(store: Store, vault: Vault, raw: bytes = RAW, name: str = "<a@contoso.example>") -> str:
    """Keep a mail that came."""
    return store.write(lambda db: mails.keep(db, vault, raw, way="in", message_id=name))


def test_the_same_bytes_are_kept_once(store: Store, vault: Vault) -> None:
    """A mail that is fetched again is the one that is there, with what became of it."""
    which = kept(store, vault)
    store.write(lambda db: mails.settle(db, which, "ignored", "bounce"))

    assert kept(store, vault) == which
    assert kept(store, vault, RAW + b"!") != which
    assert store.read(lambda db: mails.standing(db, which)) == Standing("ignored", None, "bounce")
    assert store.read(lambda db: db.execute(select(func.count()).select_from(table)).scalar()) == 2


def test_the_same_bytes_may_go_and_come(store: Store, vault: Vault) -> None:
    """A mail of ours that comes back is another one than the one that went."""
    which = kept(store, vault)
    ours = store.write(
        lambda db: mails.keep(db, vault, RAW, way="out", message_id=None, state="recorded")
    )

    assert ours != which
    assert list(store.read(mails.kept)) == [which]


def test_a_mail_is_sealed_and_comes_back_whole(store: Store, vault: Vault) -> None:
    """Its bytes are in no column in clear."""
    which = kept(store, vault)

    rows = store.read(lambda db: list(db.execute(select(table))))

    assert "0230242323" not in repr(rows)
    assert store.read(lambda db: mails.raw(db, vault, which)) == RAW
    assert store.read(lambda db: mails.raw(db, vault, "M-0")) is None


def test_what_is_not_dealt_with_is_found_again(store: Store, vault: Vault) -> None:
    """After a crash the mails that were stored and no more are there, oldest first."""
    first, second = kept(store, vault, b"1"), kept(store, vault, b"2")
    assert sorted(store.read(mails.kept)) == sorted([first, second])

    store.write(lambda db: mails.settle(db, first, "quarantined", "unreadable"))

    assert list(store.read(mails.kept)) == [second]


def test_a_thread_is_found_by_the_mails_it_names(store: Store, vault: Vault) -> None:
    """The first name that belongs to a request counts; empty and unknown ones belong to none."""
    one, other = admitted(store, vault, arrival("1"), arrival("2"))
    first = kept(store, vault)
    store.write(lambda db: mails.settle(db, first, "recorded", None, one))
    store.write(
        lambda db: mails.keep(
            db, vault, b"o", way="out", message_id="<o@t.example>", request=other, state="recorded"
        )
    )
    kept(store, vault, b"nameless", "<>")

    def found(*names: str) -> str | None:
        return store.read(lambda db: mails.request_of(db, names))

    assert found("<a@contoso.example>", "<o@t.example>") == one
    assert found("o@t.example", "a@contoso.example") == other
    assert found("<unknown@x.example>", "a@contoso.example ") == one
    assert found() is None
    assert found("<>", "", "<unknown@x.example>", "a\x00b", "x" * 2_000) is None


def test_our_own_name_wins(store: Store, vault: Vault) -> None:
    """A mail that came under the name of one of ours does not take its thread over."""
    one, other = admitted(store, vault, arrival("1"), arrival("2"))
    name = "<o@t.example>"
    store.write(lambda db: mails.keep(db, vault, b"o", way="out", message_id=name, request=one))
    false = kept(store, vault, b"false", name)
    store.write(lambda db: mails.settle(db, false, "recorded", None, other))

    assert store.read(lambda db: mails.request_of(db, [name])) == one
    assert store.read(lambda db: mails.is_ours(db, [name]))
    assert not store.read(lambda db: mails.is_ours(db, ["<a@contoso.example>"]))


def test_a_name_that_no_index_takes_is_left_out(store: Store, vault: Vault) -> None:
    """A Message-ID of a thousand Japanese letters must not keep its mail from being written down.

    PostgreSQL presses what repeats itself together; so these letters do not.
    """
    name = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(900))
    which = kept(store, vault, name="")

    store.write(lambda db: mails.name(db, which, name))

    assert mails.bare_id(name) is None
    assert mails.bare_id("a" * 998) == "a" * 998
    assert mails.bare_id("a" * 999) is None
