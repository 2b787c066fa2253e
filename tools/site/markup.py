"""
HTML that an author or an output has brought: parsed as a browser would and written anew, so that whatever is left open
in it ends with it, and so that nothing in it can move the reader elsewhere or run where it should not.
"""

import re
from html import escape

# The parser that bleach carries, which nbconvert brings along: it reads HTML by the same rules as browsers.
from bleach._vendor import html5lib
from bleach._vendor.html5lib import treebuilders, treewalkers
from bleach._vendor.html5lib.constants import namespaces
from bleach._vendor.html5lib.serializer import HTMLSerializer

HTML = namespaces["html"]

#: They act on the page as a whole, or bring other documents into it.
NEVER = {"meta", "base", "link", "title", "noscript", "frame", "frameset", "noframes", "noembed", "applet", "portal"}
#: With one of these an output does something; it gets a frame of its own to do it in.
ACTIVE = {"iframe", "object", "embed"}
#: Where the text inside is read by other rules than elsewhere: outside of HTML the two readings differ.
RAW = {"style", "script", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext", "title", "textarea"}
#: An element with such a name hides what the document calls by that name.
NAMED = {"img", "form", "embed", "object", "iframe", "image"}
#: What a browser runs; a script of another type is data.
RUNS = re.compile(r"(module|(text|application)/(x-)?(java|ecma|j)script)?$", re.I)

#: All that is left of an output that nobody vouches for: text, tables and pictures.
PLAIN = set(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2"
    " h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strong sub summary sup table tbody td"
    " tfoot th thead time tr u ul var wbr".split()
)
PLAIN_SVG = set(
    "svg g path rect circle ellipse line polyline polygon text tspan defs lineargradient radialgradient stop clippath desc"
    " marker".split()
)
PLAIN_ATTRIBUTES = re.compile(r"on|style$|name$|form|action$|srcdoc$|background$|ping$|target$", re.I)


class Markup:
    """One piece of HTML."""

    def __init__(self, html: str):
        parser = html5lib.HTMLParser(tree=treebuilders.getTreeBuilder("dom"))
        self._top = parser.parseFragment(html, container="div")
        #: Scripts that a browser would run, as they stand there.
        self.scripts: list[str] = []
        #: Handlers in attributes.
        self.handlers: list[str] = []
        #: Addresses of scripts that would have to be loaded.
        self.loads: list[str] = []
        self.active = False
        self._look()

    def elements(self):
        """Every element, in order; the tree may be changed meanwhile."""
        stack = list(reversed(self._top.childNodes))
        while stack:
            node = stack.pop()
            if node.nodeType == node.ELEMENT_NODE:
                yield node
                if node.parentNode is not None:
                    stack.extend(reversed(node.childNodes))

    def _look(self):
        for element in list(self.elements()):
            name = element.tagName.lower()
            foreign = element.namespaceURI != HTML
            if name in NEVER or (foreign and name in RAW):
                _remove(element)
            elif name in ("plaintext", "xmp"):
                _replace(element, "pre")
            elif name == "script":
                self._look_at_script(element)
            else:
                if name in ACTIVE:
                    self.active = True
                    address = element.getAttribute("src") or element.getAttribute("data")
                    if address and not address.startswith(("data:", "about:")):
                        self.loads.append(address)
                for attribute, value in list(element.attributes.items()):
                    if attribute.lower().startswith("on"):
                        self.handlers.append(value)
                    elif attribute.lower() == "name" and name in NAMED:
                        element.removeAttribute(attribute)
                    elif re.match(r"\s*(java|vb)script:", re.sub(r"[\x00-\x20]", "", value), re.I):
                        element.removeAttribute(attribute)
        _remove_comments(self._top)

    def _look_at_script(self, element):
        if not RUNS.match(element.getAttribute("type").strip()):
            return
        if element.hasAttribute("src"):
            self.loads.append(element.getAttribute("src"))
            _remove(element)
        else:
            self.scripts.append(_text(element))

    @property
    def passive(self) -> bool:
        return not (self.scripts or self.handlers or self.loads or self.active)

    def without_activity(self) -> "Markup":
        for element in list(self.elements()):
            name = element.tagName.lower()
            if name in ACTIVE or (name == "script" and RUNS.match(element.getAttribute("type").strip())):
                _remove(element)
                continue
            for attribute in list(element.attributes.keys()):
                if attribute.lower().startswith("on"):
                    element.removeAttribute(attribute)
        return self

    def plain(self) -> "Markup":
        """Text, tables and pictures only."""
        for element in list(self.elements()):
            name = element.tagName.lower()
            if name in ("style", "script", "template", "select", "textarea", "button", "audio", "video", "canvas", *ACTIVE):
                _remove(element)
            elif name not in (PLAIN if element.namespaceURI == HTML else PLAIN_SVG):
                _unwrap(element)
            else:
                for attribute, value in list(element.attributes.items()):
                    if PLAIN_ATTRIBUTES.match(attribute) or re.search(r"url\s*\(", value, re.I):
                        element.removeAttribute(attribute)
        return self

    def embed_pictures(self, picture) -> "Markup":
        """`picture(address)`: the picture itself as an address, or None."""
        for element in list(self.elements()):
            name = element.tagName.lower()
            if name not in ("img", "source", "video", "audio", "track", "image", "input"):
                continue
            element.hasAttribute("srcset") and element.removeAttribute("srcset")
            address = element.getAttribute("src")
            if not address or address.startswith(("data:", "blob:")):
                continue
            embedded = picture(address)
            if embedded is None:
                element.removeAttribute("src")
                alt = element.getAttribute("alt")
                if name == "img":
                    _replace(element, "span", f"[picture: {alt or address}]")
            else:
                element.setAttribute("src", embedded)
        return self

    def link(self, local) -> "Markup":
        for element in self.elements():
            if element.tagName.lower() == "a" and element.hasAttribute("href"):
                element.setAttribute("href", local(element.getAttribute("href")))
        return self

    def html(self) -> str:
        serializer = HTMLSerializer(
            omit_optional_tags=False, quote_attr_values="always", use_trailing_solidus=False, resolve_entities=False
        )
        return serializer.render(treewalkers.getTreeWalker("dom")(self._top))


def clean_text(html: str, page) -> str:
    """The HTML of a markdown cell. JupyterLab runs no script in one; neither do pages."""
    markup = Markup(html)
    if not markup.passive:
        page.fault("a script, a handler or a frame in the text is left out, as JupyterLab does; put it into an output")
        markup.without_activity()
    if page.untrusted:
        markup.plain()
    return markup.embed_pictures(lambda address: page.picture(address, {})).link(page.link).html()


def framed(html: str, title: str) -> str:
    """A document of its own, which may run scripts but can neither read nor leave the page (nor load anything)."""
    document = f"<!doctype html><meta charset=utf-8><style>{FRAME_STYLE}</style><body>{html}<script>{FRAME_SCRIPT}</script>"
    return (
        f'<iframe class="foreign" sandbox="allow-scripts" title="{escape(title, quote=True)}"'
        f' srcdoc="{escape(document, quote=True)}"></iframe>'
    )


FRAME_STYLE = "body{margin:0;font:16px/1.5 system-ui,sans-serif;color-scheme:light;background:#fff;color:#222}"
#: Tells the page how high the document is; the page cannot look.
FRAME_SCRIPT = (
    'new ResizeObserver(()=>parent.postMessage({glassboxHeight:document.documentElement.offsetHeight},"*"))'
    ".observe(document.documentElement)"
)


def _text(element) -> str:
    return "".join(child.data for child in element.childNodes if child.nodeType == child.TEXT_NODE)


def _remove(node) -> None:
    if node.parentNode is not None:
        node.parentNode.removeChild(node)


def _unwrap(element) -> None:
    parent = element.parentNode
    if parent is None:
        return
    while element.firstChild is not None:
        parent.insertBefore(element.firstChild, element)
    parent.removeChild(element)


def _replace(element, tag: str, text: str | None = None) -> None:
    document = element.ownerDocument
    new = document.createElementNS(HTML, tag) if hasattr(document, "createElementNS") else document.createElement(tag)
    new.appendChild(document.createTextNode(_text(element) if text is None else text))
    element.parentNode.replaceChild(new, element)


def _remove_comments(node) -> None:
    for child in list(node.childNodes):
        if child.nodeType in (child.ELEMENT_NODE, child.DOCUMENT_FRAGMENT_NODE):
            _remove_comments(child)
        elif child.nodeType != child.TEXT_NODE:
            node.removeChild(child)
