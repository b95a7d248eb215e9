"""Executes the notebooks of this folder, and compares what comes out with what they hold: every text and every picture.

    python execute.py             exit code 1 if an output or a page is not what is committed
    python execute.py --update    writes the outputs, and the page that the guide shows

Needs nbclient and ipykernel, and what the notebooks import.
"""

import difflib
import json
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent


def main() -> int:
    wrong = 0
    for path in sorted(HERE.glob("*.ipynb")):
        files = {path: executed(path)}
        files |= page(path, json.loads(files[path]))
        for file, text in files.items():
            wrong += 0 if settled(file, text, "--update" in sys.argv[1:]) else 1
    return 1 if wrong else 0


def executed(path: Path) -> str:
    """The text of the notebook after it was executed anew, in its own folder."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": HERE}}).execute()
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}}
    for cell in notebook.cells:
        cell.metadata = {}
        if "outputs" in cell:
            cell.outputs = joined(cell.outputs)
        for output in cell.get("outputs", []):
            # A figure is a picture and its name. The same picture once more, and its description, would double the size.
            if "image/svg+xml" in output.get("data", {}):
                output.data = {"image/svg+xml": output.data["image/svg+xml"], "text/plain": "<Figure>"}
                output.metadata = {}
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def joined(outputs: list) -> list:
    """The outputs, with what was printed in one piece: where it is cut is a matter of time."""
    whole: list = []
    for output in outputs:
        if whole and output.output_type == "stream" and whole[-1].get("name") == output.name:
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole


def page(path: Path, notebook: dict) -> dict[Path, str]:
    """The page of a notebook in Markdown, and its pictures as files."""
    files: dict[Path, str] = {}
    parts: list[str] = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        for output in cell["outputs"]:
            data = output.get("data", {})
            if "image/svg+xml" in data:
                svg = "".join(data["image/svg+xml"])
                picture = HERE / path.stem / f"{path.stem}-{len(files) + 1}.svg"
                files[picture] = svg if svg.endswith("\n") else svg + "\n"
                title = re.search(r"<title[^>]*>([^<]*)</title>", svg)
                parts.append(f"![{title[1] if title else 'A figure'}]({path.stem}/{picture.name})")
            else:
                text = "".join(output.get("text") or data["text/plain"])
                parts.append(f"```text\n{text.rstrip()}\n```")
    told = f"This page is the notebook [{path.name}]({path.name}), with its outputs."
    parts.insert(1, told)
    return {HERE / f"{path.stem}.md": "\n\n".join(parts) + "\n"} | files


def settled(file: Path, text: str, is_update: bool) -> bool:
    """Whether the file holds this text, or does now."""
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    if before == text:
        return True
    if is_update:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote {file.name}")
        return True
    print(f"{file.name} differs from what comes out:")
    changes = difflib.unified_diff(before.splitlines(), text.splitlines(), "committed", "executed", lineterm="", n=1)
    print("\n".join(line[:200] for line in list(changes)[:60]))
    return False


if __name__ == "__main__":
    sys.exit(main())
