"""The exporter itself: nbconvert's HTML exporter with our template, formulas typeset, and no soup afterwards."""

import re
from pathlib import Path

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.preprocessors import Preprocessor
from traitlets import Any, Bool, Dict, default

from fonts import licences, text_fonts
from live import live_parts
from mathematics import formula_css
from policy import SCRIPTS, allow_own_scripts
from page import Page
from prose import Contents, render

HERE = Path(__file__).resolve().parent


class CountCells(Preprocessor):
    """
    Numbers the cells by their place, and fills in execution counts that are missing. The kernel tells them to JupyterLab, but not to nbclient; cells were
    run once, from top to bottom, so their counts are their positions.
    """

    def preprocess(self, nb, resources):
        count = 0
        for index, cell in enumerate(nb.cells):
            cell.metadata["glassbox-index"] = index
            if cell.cell_type == "code" and cell.source.strip():
                count += 1
                if cell.execution_count is None:
                    cell.execution_count = count
        return nb, resources


class FoldDeeper(Preprocessor):
    """
    A heading that JupyterLab shows collapsed ("Go deeper: …") is a fold of the page too: its first cell opens the
    fold, and the last one before the next heading of its rank closes it.
    """

    def preprocess(self, nb, resources):
        rank, last = 0, None
        for cell in nb.cells:
            heading = re.match(r"(#+) (.+)", cell.source) if cell.cell_type == "markdown" else None
            if rank and heading and len(heading[1]) <= rank:
                last.metadata["gb_fold_ends"], rank = True, 0
            if heading and not rank and cell.metadata.get("jp-MarkdownHeadingCollapsed"):
                cell.metadata["gb_fold_begins"], rank = heading[2], len(heading[1])
            last = cell
        if rank:
            last.metadata["gb_fold_ends"] = True
        return nb, resources


class GlassboxExporter(HTMLExporter):
    """One notebook to one page that needs nothing else."""

    template_name = "glassbox"

    page = Any(help="The Page that is written (page.py).")
    place = Dict(help="What the template knows of the course: chapter, previous, next, ….")
    site = Dict(help="What the pages of a site share: title, own.")
    live = Bool(True, help="Whether the page runs its own cells.")

    @default("extra_template_basedirs")
    def _our_templates(self):
        return [str(HERE / "templates")]

    @default("extra_template_paths")
    def _page_sources(self):
        # Styles and scripts of the page are files of their own, which the template includes.
        return [str(HERE / "page")]

    @property
    def default_config(self):
        config = super().default_config
        config.HTMLExporter.preprocessors = [CountCells, FoldDeeper]
        return config

    def _markdown(self, source, cell=None):
        if cell is not None:
            self.page.cell = cell.id
        return render(source, self.page, self._contents, cell.get("attachments") if cell is not None else None)

    def _output(self, output, cell):
        return self.page.output(output, cell, lambda text: self._markdown(text, cell))

    def default_filters(self):
        yield from super().default_filters()
        yield ("formula_css", formula_css)
        yield ("first_line", first_line)

    def from_notebook_node(self, nb, resources=None, **kw):
        resources = self._init_resources(resources)
        resources["glassbox"] = self.place
        language = nb.metadata.get("language_info", {})
        lexer = language.get("pygments_lexer") or language.get("name") or "typescript"
        # What nobody vouches for does not run at all.
        resources["live"] = live_parts(nb, self.page.helper) if self.live and not self.page.untrusted else None
        self._prepare()
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer=lexer, parent=self))
        self.register_filter("shown", self._output)
        # HTMLExporter would parse the page once more to add attributes that our template writes itself.
        page, resources = TemplateExporter.from_notebook_node(self, nb, resources, **kw)
        return allow_own_scripts(page, self.page.scripts, self.page.handlers), resources

    def index(self, **context) -> str:
        """The page with the map of the course."""
        self._prepare()
        return allow_own_scripts(self.environment.get_template("course.html.j2").render(**context))

    def _prepare(self):
        self._contents = Contents()
        self.register_filter("markdown2html", self._markdown)
        # Not a resource: nbconvert copies those before it renders, and the headings are found while it does.
        self.environment.globals["contents"] = self._contents.entries
        self.environment.globals["site"] = self.site
        self.environment.globals["text_fonts"] = text_fonts()
        self.environment.globals["licences"] = licences()
        self.environment.globals["allowed_scripts"] = SCRIPTS
        self.environment.globals["outputs_css"] = _outputs_css() if self.page.untrusted else ""


def _outputs_css() -> str:
    """The styles that our own outputs bring along, for pages to which no output may bring any."""
    path = HERE.parents[1] / "dist/notebook/assets/outputs.css"
    return path.read_text(encoding="utf8") if path.exists() else ""


def first_line(source: str) -> str:
    """What a folded cell still shows: its first line, without comment signs."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    return lines[0].removeprefix("//").strip() if lines else ""
