"""The page's Content-Security-Policy: no connection at all, and of scripts only those the page was written with."""

import base64
import gzip
import hashlib
from collections.abc import Iterable
from html.parser import HTMLParser

#: Stands in the template where the names of the allowed scripts go; they are known when the page is complete.
SCRIPTS = "scripts-of-this-page"


def allow_own_scripts(page: str, framed: Iterable[str] = (), handlers: bool = False) -> str:
    """
    The page with its policy filled in. `framed`: digests of what may run in the frames of other people's outputs, which
    take their policy from the page; `handlers`: whether some of that stands in attributes (`onclick=…`). In the page
    itself nothing of it stands, so nothing of it runs.
    """
    parser = _Scripts()
    parser.feed(page)
    parser.close()
    sources = dict.fromkeys(parser.executable + [_unpacked(packed) for packed in parser.packed])
    digests = dict.fromkeys([_digest(source) for source in sources] + list(framed))
    allowed = " ".join([f"'sha256-{digest}'" for digest in digests] + ["'unsafe-hashes'"] * handlers)
    return page.replace(SCRIPTS, allowed, 1)


def _digest(source: bytes) -> str:
    return base64.b64encode(hashlib.sha256(source).digest()).decode("ascii")


def _unpacked(packed: bytes) -> bytes:
    """A packed library runs as a script of its own, once the page has unpacked it."""
    return gzip.decompress(base64.b64decode(packed))


class _Scripts(HTMLParser):
    """Collects what a browser would run (`executable`), and the libraries it would unpack first (`packed`)."""

    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.executable: list[bytes] = []
        self.packed: list[bytes] = []
        self._into: list[bytes] | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag != "script":
            return
        attributes = dict(attrs)
        self._text = []
        if "type" not in attributes:
            self._into = self.executable
        elif "gb-library" in (attributes.get("class") or "").split():
            self._into = self.packed

    def handle_data(self, data):
        if self._into is not None:
            self._text.append(data)

    def handle_endtag(self, tag):
        if tag == "script" and self._into is not None:
            self._into.append("".join(self._text).encode("utf8"))
            self._into = None
