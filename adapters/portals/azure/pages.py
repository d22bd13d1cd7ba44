"""A list of the official client's, page by page: one that did not come can be asked for again.

The client's own iterator takes a page that it could not read for the last one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from azure.core.paging import ItemPaged, PageIterator
from azure.mgmt.support.models import SupportTicketDetails


class Pages:
    """What is left of a list of tickets."""

    def __init__(self, listed: Iterable[SupportTicketDetails]) -> None:
        self._listed = cast("ItemPaged[SupportTicketDetails]", listed)
        self._token: str | None = None
        self.more = True

    def next(self) -> list[SupportTicketDetails]:
        """Ask for the next page; after an error of the client's, for the same one."""
        pages = cast("PageIterator[SupportTicketDetails]", self._listed.by_page(self._token))
        try:
            page = list(next(pages))
        except TypeError:  # an answer without a list
            raise ValueError("the answer holds no list") from None
        self._token, self.more = pages.continuation_token, pages.continuation_token is not None
        return page
