"""One page of several, mounted while the address is one of its own (assets/page.js)."""

from __future__ import annotations

from dashboard.components.base import OwnComponent


class Page(OwnComponent):
    """Shows its children at addresses under ``path``; sets ``address`` whenever it changes.

    With ``others`` it answers for every address that is not under one of those. A ``title``
    becomes that of the window.
    """

    takes = ("path", "others", "address", "title")
