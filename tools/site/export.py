"""Export executed notebooks to self-contained pages, and the map of the course to index.html.

    python tools/site/export.py --executed FOLDER --out site [--course notebooks] [--sources notebooks] [NAME...]

NAME: export only these (a file name without extension, or its beginning: "05"); the others keep their pages.
--course: the folder that says which notebooks there are and in which order; without it, the executed ones.
--sources: where the notebooks lie, with the pictures they name; without it, the folder of the course.
--title: the name of the site.
--untrusted: text, tables and pictures only; nothing that an output brings along runs or has a style.

Every page is rendered before the first is written, and each is written beside its place and moved there. What a page
cannot show as it was meant is told in one line on stderr, beginning with "export: ", and costs no other page anything.

Exit code: 0, all well; 3, every page is written that could be, and something was told; 1, nothing was written.
"""

import argparse
import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parent / "python"))

from notebook_file import NotebookFault, read_notebook  # noqa: E402

from course import Chapter, Part, parts_of_course, read_course, total_minutes  # noqa: E402
from exporter import GlassboxExporter  # noqa: E402
from faults import Faults  # noqa: E402
from mathematics import Helper, HelperGone  # noqa: E402
from packed import with_packed_figures  # noqa: E402
from page import Page  # noqa: E402
from search import pack, sections_of  # noqa: E402


class Export:
    """One run: what all pages of a site share."""

    def __init__(self, executed: Path, out: Path, course: Path | None, sources: Path | None, title: str, untrusted: bool, live: bool):
        self.faults = Faults()
        self._executed = executed
        self._out = out
        self._sources = sources or course or executed
        self._untrusted = untrusted
        self._live = live
        self._chapters = read_course(course or executed, self.faults)
        coverage = _coverage()
        # The course itself says more on its index than a folder of notebooks can.
        own = any(chapter.name in coverage for chapter in self._chapters)
        self._site = {"title": title, "own": own}
        self._parts = parts_of_course(self._chapters) if own else [Part("", self._chapters)]
        # One page leads to the next in the order of the parts.
        self._chapters = [chapter for part in self._parts for chapter in part.chapters]
        self._coverage = coverage if own else {}
        self._notebooks = {}
        for chapter in self._chapters:
            path = executed / chapter.source.name
            if path.exists():
                try:
                    self._notebooks[chapter.name] = read_notebook(path)
                except NotebookFault as fault:
                    self.faults.add(path.name, None, f"the executed copy {fault}")

    def run(self, names: list[str]) -> list[Path]:
        """Write the pages and the index. Returns the files written, the index last."""
        chosen = [
            chapter
            for chapter in self._chapters
            if chapter.name in self._notebooks and (not names or any(chapter.name.startswith(name) for name in names))
        ]
        available = {chapter.name for chapter in chosen}
        available |= {chapter.name for chapter in self._chapters if (self._out / chapter.page).exists()}
        reachable = [chapter for chapter in self._chapters if chapter.name in available]

        pages: dict[str, str] = {}
        with Helper() as self._helper:
            search = pack(
                section
                for chapter in reachable
                if chapter.name in self._notebooks
                for section in sections_of(chapter, self._notebooks[chapter.name], self._page(chapter, Faults()))
            )
            for chapter in chosen:
                try:
                    pages[chapter.page] = self._write_page(chapter, reachable, search)
                except HelperGone:
                    raise
                except Exception as error:
                    # Whatever it is, it is this notebook's, and the others have their pages.
                    reason = f"{type(error).__name__}: {str(error)[:300]}"
                    self.faults.add(chapter.source.name, self._at.cell, f"no page was written ({reason})")
                    available.discard(chapter.name) if not (self._out / chapter.page).exists() else None
            index = self._page(None, Faults())  # What is wrong with a summary is told with its page.
            pages["index.html"] = GlassboxExporter(page=index, site=self._site).index(
                chapters=self._chapters,
                parts=self._parts,
                lessons=sum("appendix" not in chapter.name for chapter in self._chapters),
                minutes=total_minutes(self._chapters),
                available=available,
                search=search,
                coverage=self._coverage,
            )
        return [_write(self._out / name, text) for name, text in pages.items()]

    def _page(self, chapter: Chapter | None, faults: Faults) -> Page:
        return Page(
            notebook=chapter.source.name if chapter else "index",
            helper=self._helper,
            faults=faults,
            folder=self._sources,
            pages={other.source.name: other.href for other in self._chapters},
            untrusted=self._untrusted,
        )

    def _write_page(self, chapter: Chapter, chapters: list[Chapter], search: str) -> str:
        place = chapters.index(chapter)
        self._at = self._page(chapter, self.faults)
        exporter = GlassboxExporter(
            page=self._at,
            site=self._site,
            live=self._live,
            place={
                "chapter": chapter,
                "search": search,
                "previous": chapters[place - 1] if place > 0 else None,
                "next": chapters[place + 1] if place + 1 < len(chapters) else None,
                "appendix": next((c for c in chapters if "appendix" in c.name and c is not chapter), None),
            },
        )
        return with_packed_figures(exporter.from_notebook_node(self._notebooks[chapter.name])[0])


def _coverage() -> dict:
    """Which cells of each notebook cover which subject: a test holds the table to the notebooks."""
    return json.loads((HERE / "coverage.json").read_text(encoding="utf8"))


def _write(target: Path, text: str) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    partial.write_text(text, encoding="utf8", newline="\n")
    partial.replace(target)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--executed", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--course", type=Path)
    parser.add_argument("--sources", type=Path)
    parser.add_argument("--title", default="Glassbox")
    parser.add_argument("--untrusted", action="store_true")
    parser.add_argument("--static", action="store_true", help="pages whose cells do not run")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    try:
        export = Export(
            options.executed,
            options.out,
            options.course,
            options.sources,
            options.title,
            options.untrusted,
            live=not options.static,
        )
        written = export.run(options.names)
    except HelperGone as error:
        sys.exit(f"export: {error}")
    for path in written:
        print(f"{path}  {path.stat().st_size / 1e6:.2f} MB")
    for line in export.faults.lines:
        print(f"export: {line}", file=sys.stderr)
    sys.exit(3 if export.faults.lines else 0)


if __name__ == "__main__":
    main()
