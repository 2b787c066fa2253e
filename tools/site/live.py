"""What makes a page run its own cells: built by tools/site/live.mjs, put into the page here. See docs/pages.md."""

import json
from functools import lru_cache
from pathlib import Path

from packed import pack

#: Where the build puts the parts.
BUILT = Path(__file__).resolve().parents[2] / "dist" / "live"

#: A cell that imports one of these needs TensorFlow.js in its page.
REFERENCE = ("glassbox/reference", "@tensorflow/")

#: A cell that calls this needs the digits in its page.
DIGITS = "handwrittenDigits"

#: A cell that calls one of these needs that text in its page: it is packed as the page is written.
TEXTS = {"mobyDick": "moby-dick", "firstNames": "first-names"}


def live_parts(nb, helper) -> dict | None:
    """The parts a notebook's page carries; None where the page cannot run its cells (another language, no code)."""
    language = nb.metadata.get("kernelspec", {}).get("language") or nb.metadata.get("language_info", {}).get("name")
    sources = [cell.source for cell in nb.cells if cell.cell_type == "code"]
    if not sources or (language or "").lower() not in ("typescript", "javascript"):
        return None
    packed = {"thread": _built("thread.gz.b64"), "editor": _built("editor.gz.b64"), "notebook": pack(_bare(nb))}
    if any(name in source for source in sources for name in REFERENCE):
        packed["tensorflow"] = _built("tensorflow.gz.b64")
    if any(DIGITS in source for source in sources):
        packed["digits"] = _built("digits.gz.b64")
    for name, part in TEXTS.items():
        if any(f"{name}(" in source for source in sources):
            packed[part] = pack(helper.ask(text=part)["text"])
    return {"css": _built("live.css"), "js": _built("live.js"), "packed": packed}


@lru_cache(maxsize=None)
def _built(name: str) -> str:
    return (BUILT / name).read_text(encoding="utf8")


def _bare(nb) -> str:
    """The notebook as it is passed on: no outputs, no execution counts; what else the author wrote stays."""
    bare = json.loads(json.dumps(nb))
    for cell in bare["cells"]:
        cell.get("metadata", {}).pop("glassbox-index", None)
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
        cell.get("metadata", {}).pop("execution", None)
    return json.dumps(bare, ensure_ascii=False, separators=(",", ":"))
