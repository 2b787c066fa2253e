"""Markdown cells to HTML: nbconvert's own renderer, with formulas typeset, headings listed, pictures embedded and links
made local."""

import re
from html import escape, unescape
from urllib.parse import quote, unquote

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath, MathInlineParser

from markup import clean_text
from mathematics import Refused

#: A formula of so many letters of TeX stays on one line; a longer one may be broken where it has a relation.
SHORT = 40

#: What may stand unescaped in the fragment of an address.
IN_FRAGMENT = "?/:@!$&'()*+,;="


class Contents:
    """The headings of one page, in order; hands out an anchor for each."""

    def __init__(self):
        self.entries = []
        self._taken = set()

    def add(self, html: str, text: str, source: str, level: int) -> str:
        """`source`: the text of the heading with its formulas as TeX between dollars, of which JupyterLab makes its anchor."""
        anchor = wanted = re.sub(r"\s", "-", source) or "section"
        number = 2
        while anchor in self._taken:
            anchor = f"{wanted}-{number}"
            number += 1
        self._taken.add(anchor)
        self.entries.append(
            {"level": level, "anchor": anchor, "href": quote(anchor, safe=IN_FRAGMENT), "html": html, "text": text}
        )
        return anchor


class Dollars(MathInlineParser):
    r"""
    Pandoc's rules for dollars, which leave money alone: the first has no space after it, the last has none before it
    and no digit behind it, and no dollar or code stands between them. `\$` is a dollar.
    """

    SPECIFICATION = {
        **MathInlineParser.SPECIFICATION,
        "inline_math_tex": (
            r"(?<![$\\])\$(?![\s$])(?P<math_inline_tex>(?:\\(?s:.)|[^\\$`\s]|\s(?!\s*\$))+)(?<!\s)\$(?![\d$])"
        ),
    }


class ProseRenderer(IPythonRenderer):
    """
    What differs from nbconvert's renderer. A formula is a mark in the text until the cell is complete: what is done to
    the text leaves it alone.
    """

    def __init__(self, page, contents, attachments):
        super().__init__(escape=False, attachments=attachments or {})
        self._page = page
        self._contents = contents
        #: By its mark, each formula: its HTML and its source, with dollars.
        self._formulas = []
        #: Whether the author wrote HTML, which may be anything.
        self.raw = False

    def _formula(self, body, display):
        source = f"$${body}$$" if display else f"${body}$"
        try:
            html = self._page.helper.typeset(body, display, self._page.name)
            if display:
                html = f'<span class="formula">{html}</span>'
        except Refused as error:
            reason = str(error).removeprefix("KaTeX parse error: ")
            self._page.fault(f"the formula {_short(source)} is shown as it was written: {_short(reason, 120)}")
            html = f'<code class="refused" title="This formula could not be set">{escape(source)}</code>'
            self._formulas.append((html, source, False))
        else:
            self._formulas.append((html, source, not display and len(body) <= SHORT))
        return f"\ue000{len(self._formulas) - 1}\ue001"

    def block_math(self, body):
        return self._formula(body, display=True)

    def inline_math(self, body):
        return self._formula(body, display=False)

    def latex_environment(self, name, body):
        return self._formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)

    def complete(self, html):
        """The formulas in their places. A comma stays with a short one."""

        def formula(match):
            set_, _, short = self._formulas[int(match[1])]
            return f'<span class="tex">{set_}{match[2]}</span>' if short else set_ + match[2]

        return re.sub("\ue000(\\d+)\ue001([.,:;!?)]*)", formula, html)

    def source_of(self, html, dollars=True):
        """The text of some HTML, with the source of its formulas."""

        def formula(match):
            source = self._formulas[int(match[1])][1]
            return escape(source if dollars else source.strip("$"))

        return plain_text(re.sub("\ue000(\\d+)\ue001", formula, html))

    def heading(self, text, level, **_):
        name = self.source_of(text, dollars=False)
        anchor = self._contents.add(self.complete(_without_links(text)), name, self.source_of(text), level)
        href = self._contents.entries[-1]["href"]
        label = escape(name, quote=True)
        link = f'<a class="anchor" href="#{escape(href)}" aria-label="Link to “{label}”">#</a>' if level > 1 else ""
        return f'<h{level} id="{escape(anchor, quote=True)}">{text}{link}</h{level}>\n'

    def link(self, text, url, title=None):
        return super().link(text, self._page.link(url), title)

    def image(self, text, url, title=None):
        embedded = self._page.picture(unescape(url), self.attachments)
        if embedded is None:
            return f'<span class="missing" role="img" aria-label="{escape(text, quote=True)}">[picture: {escape(text or url)}]</span>'
        more = f' title="{escape(title, quote=True)}"' if title else ""
        return f'<img src="{embedded}" alt="{escape(plain_text(text), quote=True)}"{more}>'

    def block_html(self, html):
        self.raw = True
        return html + "\n"

    def inline_html(self, html):
        self.raw = True
        return html

    def table(self, text):
        """Tables scroll by themselves where the window is narrower."""
        return f'<div class="wide"><table>\n{text}</table></div>\n'

    def table_cell(self, text, align=None, head=False):
        """As the table plugin renders it; but a corner without a word in it is a cell, not a heading."""
        tag = "th" if head and text.strip() else "td"
        style = f' style="text-align:{align}"' if align else ""
        scope = ' scope="col"' if tag == "th" else ""
        return f"  <{tag}{scope}{style}>{text}</{tag}>\n"


def render(source: str, page, contents: Contents, attachments=None) -> str:
    """One cell of `page` (a Page of page.py) as HTML that is whole in itself."""
    return _rendered(source, page, contents, attachments)[0]


def _rendered(source, page, contents, attachments):
    renderer = ProseRenderer(page, contents, attachments)
    markdown = MarkdownWithMath(renderer=renderer, inline=Dollars(hard_wrap=False))
    # The table plugin has registered its own wrapper by now; ours is a method and is asked first.
    html = markdown.render(re.sub("[\ue000\ue001]", "", source))
    if renderer.raw:
        html = clean_text(html, page)
    return renderer.complete(html), renderer, html


def sections(source: str, page, contents: Contents, attachments=None):
    """
    The text of a cell, cut at its headings: first what stands before the first of them, then (anchor, heading, text)
    of each. Formulas are left out: a search for words should not find TeX.
    """
    _, renderer, html = _rendered(source, page, contents, attachments)
    html = re.sub(r'<a class="anchor".*?</a>', "", html)
    text = lambda part: plain_text(re.sub("\ue000\\d+\ue001", " ", part))  # noqa: E731
    first, *rest = re.split(r'<h([1-4]) id="([^"]*)">(.*?)</h\1>', html, flags=re.S)
    parts = [
        (unescape(anchor), renderer.source_of(heading, dollars=False), text(body))
        for _, anchor, heading, body in zip(*[iter(rest)] * 4)
    ]
    return text(first), parts


def local_link(url: str, pages: dict[str, str]) -> str:
    """From notebook to notebook, as in JupyterLab; from page to page here. `pages`: their addresses, by notebook."""
    whole = unescape(url)
    if unquote(whole) in pages:  # A name with a "#" in it that nobody escaped.
        return pages[unquote(whole)]
    path, hash_, fragment = whole.partition("#")
    if re.match(r"[a-z][a-z0-9+.-]*:|//", path, re.I) or not path.endswith(".ipynb"):
        return url
    target = pages.get(unquote(path)) or f"{path.removesuffix('.ipynb')}.html"
    return target + hash_ + fragment


def plain_text(html: str) -> str:
    """The text of a piece of HTML."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", html))).strip()


def _without_links(html: str) -> str:
    """The contents are links themselves."""
    return re.sub(r"</?a\b[^>]*>", "", html)


def _short(text: str, most: int = 60) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return text if len(text) <= most else f"{text[: most - 2]} …"
