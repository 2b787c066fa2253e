"""Reading a notebook file that anybody may have made, edited by hand, merged, or left half written."""

import json
import re
import sys
from pathlib import Path

# jsonschema, which nbformat loads, checks internationalised addresses with this if it can. Building its grammar takes
# more than a second, and no notebook holds such an address in its structure.
sys.modules["rfc3987_syntax"] = None

import nbformat  # noqa: E402


class NotebookFault(Exception):
    """What is wrong with a notebook and what to do, in one line that does not yet name the file."""


def read_notebook(path: Path):
    """The notebook in today's format, each cell with an id of its own. Raises NotebookFault."""
    try:
        text = path.read_bytes().decode("utf-8-sig")  # A byte-order mark is no part of the text.
    except OSError as error:
        raise NotebookFault(f"cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise NotebookFault("is not text in UTF-8. Save it again in JupyterLab.") from None
    if not text.strip():
        raise NotebookFault("is empty. Delete it, or restore it from a copy.")
    if any(line.startswith(("<<<<<<< ", ">>>>>>> ")) for line in text.splitlines()):
        raise NotebookFault("holds the marks of a merge (<<<<<<<, >>>>>>>). Choose one side in an editor for text.")
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise NotebookFault(f"is not JSON: line {error.lineno}, {error.msg}. Restore it from a copy.") from None
    except RecursionError:
        raise NotebookFault("is nested too deeply to be a notebook.") from None
    if not isinstance(content, dict) or not isinstance(content.get("nbformat"), int):
        raise NotebookFault("is JSON, but not a notebook: it has no nbformat. Save it again in JupyterLab.")
    try:
        notebook = nbformat.reads(text, as_version=4)
        _complete(notebook)
        nbformat.validate(notebook, relax_add_props=True)
    except nbformat.ValidationError as error:
        where = ", ".join(str(step) for step in error.absolute_path) or "the top"
        raise NotebookFault(f"breaks the format of notebooks ({where}): {_first_line(error.message)}") from None
    except Exception as error:  # nbformat raises what it likes on structures it did not expect.
        raise NotebookFault(f"breaks the format of notebooks: {_first_line(str(error)) or type(error).__name__}") from None
    return notebook


def kernel_name(notebook) -> str:
    """The kernel that a notebook asks for. Raises NotebookFault where it names none."""
    name = notebook.metadata.get("kernelspec", {}).get("name")
    if not name:
        raise NotebookFault(
            'names no kernel. Open it in JupyterLab, choose one and save; or give it "metadata": '
            '{"kernelspec": {"name": "tslab", "display_name": "TypeScript"}}.'
        )
    return name


def _complete(notebook) -> None:
    """
    What other tools leave out. Old notebooks have no ids: a cell gets its place as its id, which is the same in every
    run, and no id occurs twice.
    """
    kernelspec = notebook.setdefault("metadata", {}).get("kernelspec")
    if isinstance(kernelspec, dict) and "name" in kernelspec:
        kernelspec.setdefault("display_name", kernelspec["name"])
    notebook.nbformat_minor = max(notebook.get("nbformat_minor", 0), 5)
    taken: set[str] = set()
    for number, cell in enumerate(notebook.cells, 1):
        cell.setdefault("metadata", {})
        if cell.cell_type == "code":
            cell.setdefault("outputs", [])
            cell.setdefault("execution_count", None)
        wanted = cell.get("id")
        if not isinstance(wanted, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", wanted) or wanted in taken:
            wanted = f"cell-{number}"
            while wanted in taken:
                wanted += "-again"
        cell["id"] = wanted
        taken.add(wanted)


def _first_line(text: str) -> str:
    line = text.strip().splitlines()[0] if text.strip() else ""
    return line if len(line) < 160 else f"{line[:150]} …"
