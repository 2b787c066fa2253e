"""One page while it is written: what it may show, how its links and pictures become local, and whom to tell."""

import base64
import hashlib
import json
import mimetypes
import re
from html import escape
from pathlib import Path
from urllib.parse import unquote

from faults import Faults
from markup import FRAME_SCRIPT, Markup, framed
from mathematics import Helper, Refused
from prose import local_link

#: The representations of an output that a page can show, the best first.
KINDS = (
    "application/vnd.plotly.v1+json",
    "text/html",
    "text/markdown",
    "text/latex",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "application/javascript",
    "text/javascript",
    "application/json",
    "text/plain",
)

#: Scripts so long are not handed to the parser of HTML, which is slow.
LONG = 2000


class Page:
    """What the renderers of prose and outputs share."""

    def __init__(self, notebook: str, helper: Helper, faults: Faults, folder: Path, pages: dict[str, str], untrusted=False):
        """`folder`: where the notebook lies, and its pictures; `pages`: the address of each notebook's page."""
        self.notebook = notebook
        self.name = Path(notebook).stem
        self.helper = helper
        self.untrusted = untrusted
        #: Digests of what frames may run.
        self.scripts: dict[str, None] = {}
        self.handlers = False
        self.carries_library = False
        self.cell: str | None = None
        self._faults = faults
        self._folder = folder
        self._pages = pages

    def fault(self, what: str) -> None:
        self._faults.add(self.notebook, self.cell, what)

    def link(self, url: str) -> str:
        return local_link(url, self._pages)

    # ---- pictures ----

    def picture(self, address: str, attachments) -> str | None:
        """A picture as an address that holds it, or None with a fault."""
        if address.startswith("data:"):
            return address
        if address.startswith("attachment:"):
            return self._attachment(address.removeprefix("attachment:"), attachments)
        if re.match(r"[a-z][a-z0-9+.-]+:|//", address, re.I):
            self.fault(f"the picture {address} is not on this machine, and a page loads nothing: save it beside the notebook")
            return None
        return self._file(address)

    def _attachment(self, name, attachments):
        bundle = attachments.get(name) or attachments.get(unquote(name)) or {}
        for kind in ("image/svg+xml", "image/png", "image/jpeg", *bundle):
            if kind in bundle and kind.startswith("image/"):
                data = bundle[kind]
                data = "".join(data) if isinstance(data, list) else data
                if kind == "image/svg+xml" and data.lstrip().startswith("<"):
                    data = base64.b64encode(data.encode("utf8")).decode("ascii")
                return f"data:{kind};base64,{_base64(data)}"
        self.fault(f"the pasted picture {name} is not in the notebook: paste it again")
        return None

    def _file(self, address):
        name = unquote(address)
        path = self._folder / name
        if not path.is_file():  # "?" and "#" begin other things in an address, but may stand in a name.
            path = self._folder / unquote(re.sub(r"[?#].*", "", address))
        kind = mimetypes.guess_type(path.name)[0] or ""
        if not kind.startswith(("image/", "audio/", "video/")):
            self.fault(f"{address} is no picture that a page can show")
            return None
        inside = self._folder.resolve() in path.resolve().parents
        if not path.is_file() or (self.untrusted and not inside):
            where = "lies outside of the notebook's folder" if path.is_file() else "does not exist"
            self.fault(f"the picture {address} {where}: put it beside the notebook")
            return None
        return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"

    # ---- outputs ----

    def output(self, output, cell, markdown) -> str:
        """One output as HTML. `markdown`: renders a piece of markdown."""
        self.cell = cell.id
        data = output.data
        kind = next((kind for kind in KINDS if kind in data), None)
        if kind is None:
            kinds = ", ".join(data) or "no kind at all"
            self.fault(f"a page cannot show an output of the kind {kinds}: give it a text or a picture as well")
            return _note(f"This output is of a kind that a page cannot show ({kinds}).")
        content = data[kind]
        if isinstance(content, list) and all(isinstance(line, str) for line in content):
            content = "".join(content)
        if kind == "text/html":
            return self._html(content)
        if kind == "text/markdown":
            return f'<div class="prose">{markdown(content)}</div>'
        if kind == "text/latex":
            formula = content if re.search(r"\$|\\begin|\\\(|\\\[", content) else f"$${content}$$"
            return f'<div class="prose latex">{markdown(formula)}</div>'
        if kind == "application/vnd.plotly.v1+json":
            return self._plotly(content, data)
        if kind in ("application/javascript", "text/javascript"):
            code = content.replace("</script", "<\\/script").replace("<!--", "<\\!--")
            return self._html(f"<div></div><script>{code}</script>")
        if kind == "application/json":
            return f'<pre class="stdout json">{escape(json.dumps(content, indent=2, ensure_ascii=False))}</pre>'
        if kind == "text/plain":
            from nbconvert.filters import ansi2html

            return f'<pre class="stdout">{ansi2html(content)}</pre>'
        if kind == "image/svg+xml":
            if "xmlns=" not in content.partition(">")[0] + content[:2000]:
                content = content.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
            content = base64.b64encode(content.encode("utf8")).decode("ascii")
        size = output.metadata.get(kind, {}) if isinstance(output.metadata, dict) else {}
        sizes = "".join(
            f' {side}="{int(size[side])}"'
            for side in ("width", "height")
            if isinstance(size, dict) and isinstance(size.get(side), (int, float))
        )
        return f'<img alt="" src="data:{kind};base64,{_base64(content)}"{sizes}>'

    def _html(self, html: str) -> str:
        markup, restore = _parse(html)
        picture = lambda address: self.picture(address, {})  # noqa: E731
        foreign = [code for code in markup.scripts if _digest(restore(code)) not in self._own_scripts()]
        if self.untrusted:
            plain = markup.plain().embed_pictures(picture).link(self.link)
            return f'<div class="html">{plain.html()}</div>'
        note = ""
        if markup.loads:
            what = ", ".join(dict.fromkeys(markup.loads))
            self.fault(f"the output wants to load {what}, and a page loads nothing: let it bring its script along")
            note = _note(f"This output wants to load {what}. A page loads nothing, so something is missing here.")
        if (foreign or markup.handlers) and re.search(r'class="gb-(setup|figure|playground|writer)', html):
            self.fault("the output was made by another version of Glassbox: run the notebook again")
            note += _note("This output was made by another version of Glassbox; run the notebook again to see it move.")
            markup.without_activity()
        elif foreign or markup.handlers or markup.active:
            return note + self._frame(markup.embed_pictures(picture), restore)
        markup.embed_pictures(picture).link(self.link)
        if "gb-library" in html:
            self.carries_library = True
        return f'{note}<div class="html">{restore(markup.html())}</div>'

    def _frame(self, markup, restore):
        """The scripts of others run in a frame, from which they reach nothing."""
        for code in (FRAME_SCRIPT, *markup.scripts, *markup.handlers):
            self.scripts[_digest(restore(code))] = None
        self.handlers = self.handlers or bool(markup.handlers)
        return f'<div class="html">{framed(restore(markup.html()), "An output that runs by itself")}</div>'

    def _plotly(self, figure, data):
        if isinstance(figure, str):
            figure = json.loads(figure)
        try:
            html = self.helper.ask(plotly=figure)["html"]
            if not self.carries_library and not self.untrusted:
                html = self.helper.ask(carrier=True)["html"] + html
        except Refused as error:
            self.fault(f"the figure cannot be drawn ({str(error).splitlines()[0][:160]}): show it as a picture as well")
            rest = {kind: value for kind, value in data.items() if kind in ("image/svg+xml", "image/png", "text/plain")}
            text = escape(json.dumps(figure, indent=1)[:20000])
            shown = "" if rest else f'<details><summary>Its data</summary><pre class="stdout">{text}</pre></details>'
            if rest:
                from nbformat import NotebookNode

                picture = NotebookNode(data=rest, metadata=NotebookNode())
                shown = self.output(picture, NotebookNode(id=self.cell), lambda text: escape(text))
            return _note("This figure is of a kind that a page cannot draw.") + shown
        return self._html(html)

    def _own_scripts(self):
        return set(self.helper.ask(scripts=True)["hashes"])


def _digest(source: str) -> str:
    return base64.b64encode(hashlib.sha256(source.encode("utf8")).digest()).decode("ascii")


def _base64(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9+/=]", "", text)


def _note(text: str) -> str:
    return f'<p class="note-of-page">{escape(text)}</p>'


def _parse(html: str):
    """
    The markup, and a function that puts long scripts back into a text of it. A long script is handed to the parser as a
    short word; where that word is not the whole of a script afterwards, it was none, and all is parsed as it is.
    """
    kept: list[str] = []

    def shorten(match):
        if "<!--" in match[2]:
            return match[0]
        kept.append(match[2])
        return f"{match[1]}\ue002{len(kept) - 1}\ue003{match[3]}"

    if "\ue002" in html or "\ue003" in html:
        return Markup(html), lambda text: text
    pattern = r"(<script\b[^<>]*>)((?:(?!</script)[\s\S]){%d,})(</script>)" % LONG
    short = re.sub(pattern, shorten, html, flags=re.I)
    markup = Markup(short)
    words = [
        _text_of(element) for element in markup.elements() if element.tagName.lower() == "script"
    ]
    if any(words.count(f"\ue002{number}\ue003") != 1 for number in range(len(kept))):
        return Markup(html), lambda text: text
    return markup, lambda text: re.sub("\ue002(\\d+)\ue003", lambda match: kept[int(match[1])], text)


def _text_of(element) -> str:
    return "".join(child.data for child in element.childNodes if child.nodeType == child.TEXT_NODE)
