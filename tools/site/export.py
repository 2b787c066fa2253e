"""Export executed notebooks to self-contained pages, and the map of the course to index.html.

    python tools/site/export.py --executed FOLDER --out site [--course notebooks] [NAME...]

NAME: export only these (a file name without extension, or its beginning: "05"); the others keep their pages.
--course: the folder that says which notebooks there are and in which order; without it, the executed ones.

Every page is rendered before the first is written, and each is written beside its place and moved there: when
anything fails, the old pages stand as they were.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import nbformat

from course import Chapter, read_course, total_minutes
from exporter import GlassboxExporter
from mathematics import FormulaError, Typesetter
from search import search_index


HERE = Path(__file__).resolve().parent


class ExportError(Exception):
    """Something the author of a notebook can put right."""


def export(executed: Path, out: Path, course: Path | None = None, names: list[str] | None = None) -> list[Path]:
    """Write the pages and the index. Returns the files written, the index last."""
    chapters = read_course(course or executed)
    chosen = [
        chapter
        for chapter in chapters
        if (executed / chapter.source.name).exists() and (not names or any(chapter.name.startswith(n) for n in names))
    ]
    available = {chapter.name for chapter in chosen} | {c.name for c in chapters if (out / c.page).exists()}
    reachable = [chapter for chapter in chapters if chapter.name in available]

    pages: dict[str, str] = {}
    with Typesetter() as typesetter:
        try:
            search = search_index(reachable, executed, typesetter)
        except FormulaError as error:
            raise ExportError(str(error)) from None
        for chapter in chosen:
            pages[chapter.page] = _page(chapter, executed / chapter.source.name, reachable, typesetter, search)
        exporter = GlassboxExporter(typesetter=typesetter)
        pages["index.html"] = exporter.index(
            chapters=chapters,
            minutes=total_minutes(chapters),
            available=available,
            search=search,
            coverage=_coverage(),
        )
    return [_write(out / name, text) for name, text in pages.items()]


def _coverage() -> dict:
    """Which cells of each notebook cover which subject: a test holds the table to the notebooks."""
    return json.loads((HERE / "coverage.json").read_text(encoding="utf8"))


def _page(chapter: Chapter, path: Path, chapters: list[Chapter], typesetter: Typesetter, search: str) -> str:
    place = chapters.index(chapter)
    exporter = GlassboxExporter(
        typesetter=typesetter,
        page={
            "chapter": chapter,
            "search": search,
            "previous": chapters[place - 1] if place > 0 else None,
            "next": chapters[place + 1] if place + 1 < len(chapters) else None,
            "appendix": next((c for c in chapters if "appendix" in c.name and c is not chapter), None),
        },
    )
    try:
        text, _ = exporter.from_notebook_node(nbformat.read(path, as_version=4))
    except FormulaError as error:
        raise ExportError(f"{path.name}, {error}") from None
    return text


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
    parser.add_argument("--title", default="Glassbox")
    parser.add_argument("--untrusted", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    try:
        written = export(options.executed, options.out, options.course, options.names)
    except ExportError as error:
        sys.exit(f"export: {error}")
    for path in written:
        print(f"{path}  {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
