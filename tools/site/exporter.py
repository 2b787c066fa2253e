"""The exporter itself: nbconvert's HTML exporter with our template, formulas typeset, and no soup afterwards."""

from pathlib import Path

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.preprocessors import Preprocessor
from traitlets import Any, Dict, default

from fonts import text_fonts
from mathematics import FormulaError, formula_css
from policy import SCRIPTS, allow_own_scripts
from prose import Contents, render

HERE = Path(__file__).resolve().parent


class CountExecutions(Preprocessor):
    """
    Fills in execution counts that are missing. The kernel tells them to JupyterLab, but not to nbclient; cells were
    run once, from top to bottom, so their counts are their positions.
    """

    def preprocess(self, nb, resources):
        count = 0
        for cell in nb.cells:
            if cell.cell_type == "code" and cell.source.strip():
                count += 1
                if cell.execution_count is None:
                    cell.execution_count = count
        return nb, resources


class GlassboxExporter(HTMLExporter):
    """One notebook to one page that needs nothing else."""

    template_name = "glassbox"

    typesetter = Any(help="The Typesetter that formulas are sent to.")
    page = Dict(help="What the template knows of the course: chapter, previous, next, ….")

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
        config.HTMLExporter.preprocessors = [CountExecutions]
        return config

    def _markdown(self, context, source):
        try:
            return render(source, self.typesetter, self._contents)
        except FormulaError as error:
            cell = context.get("cell", {}).get("id", "?")
            raise FormulaError(f'cell "{cell}": {error}') from None

    _markdown.contextfilter = True

    def default_filters(self):
        yield from super().default_filters()
        yield ("formula_css", formula_css)
        yield ("first_line", first_line)

    def from_notebook_node(self, nb, resources=None, **kw):
        self._contents = Contents()
        resources = self._init_resources(resources)
        resources["glassbox"] = self.page
        # Not a resource: nbconvert copies those before it renders, and the headings are found while it does.
        self.environment.globals["contents"] = self._contents.entries
        self._share()
        self.register_filter("markdown2html", _context_filter(self._markdown))
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer="typescript", parent=self))
        self.register_filter("filter_data_type", _richest)
        # HTMLExporter would parse the page once more to add attributes that our template writes itself.
        page, resources = TemplateExporter.from_notebook_node(self, nb, resources, **kw)
        return allow_own_scripts(page), resources

    def index(self, **context) -> str:
        """The page with the map of the course."""
        self._contents = Contents()
        self.register_filter("markdown2html", _context_filter(self._markdown))
        self._share()
        return allow_own_scripts(self.environment.get_template("course.html.j2").render(**context))

    def _share(self):
        self.environment.globals["text_fonts"] = text_fonts()
        self.environment.globals["allowed_scripts"] = SCRIPTS


def _context_filter(function):
    from jinja2 import pass_context

    @pass_context
    def filtered(context, source):
        return function(context, source)

    return filtered


def _richest(data):
    """The one representation of an output that the page shows."""
    for kind in ("text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain"):
        if kind in data:
            return [kind]
    return []


def first_line(source: str) -> str:
    """What a folded cell still shows: its first line, without comment signs."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    return lines[0].removeprefix("//").strip() if lines else ""
