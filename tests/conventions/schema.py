"""Holds the schema of experiment files against the reader: taplo and jsonschema accept whatever `runner plan` accepts, and refuse whatever a
schema can know to be wrong. The texts are the experiments, the documents, the template, and the texts of the tests of messages."""

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import jsonschema

ROOT = Path(__file__).parents[2]
RUNNER = os.environ["RUNNER"]
TAPLO = sys.argv[1]

# Parts of messages about one key or one value, which a schema knows.
KNOWN = [
    "there is no key `",
    "` has no key `",
    "has no parameter `",
    "there is no distribution called",
    "the key `",
    'must be "',
    "must be a whole number",
    "must be a string",
    "must be a list of names",
    "is not a probability: a probability lies between",
]


def texts():
    """Each text of an experiment, with a name."""
    for path in sorted((ROOT / "experiments").glob("*.toml")):
        yield path.stem, path.read_text()
    yield "template", subprocess.run([RUNNER, "init"], check=True, capture_output=True, text=True).stdout
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for place, block in enumerate(re.findall(r"```toml\n(.*?)```", page.read_text(), re.DOTALL)):
            yield f"{page.stem}-{place}", block
    folder = ROOT / "src" / "experiment_file" / "tests" / "messages"
    sources = [*sorted(folder.glob("*.rs")), ROOT / "tests" / "it" / "refusals.rs"]
    for source in sources:
        found = re.findall(r'r#"(.*?)"#', source.read_text(), re.DOTALL)
        found += [text.encode().decode("unicode_escape").encode("latin-1").decode() for text in re.findall(r'with_spec\("(.*?)"\)', source.read_text())]
        for place, text in enumerate(text for text in found if re.search(r"^\w+.*=", text, re.MULTILINE)):
            yield f"{source.stem}-{place}", text


def main():
    schema = json.loads(subprocess.run([RUNNER, "schema"], check=True, capture_output=True).stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    assert schema == json.loads((ROOT / "docs/schema/experiment.schema.json").read_text())
    validator = jsonschema.Draft7Validator(schema)
    accepted, refused, unknowable = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "schema.json").write_text(json.dumps(schema))
        (folder / "wrong.toml").write_text("wrong = true\n")
        for name, text in texts():
            try:
                value = tomllib.loads(text)
            except tomllib.TOMLDecodeError:
                continue
            path = folder / f"{name}.toml"
            path.write_text(text)
            # A block of a page may be a part of a file.
            if not {"trials", "P", "N", "Q"} & value.keys():
                continue
            # Beside a wrong file no plan is worked out, and the mistakes of both are said.
            said = subprocess.run([RUNNER, "plan", path, folder / "wrong.toml"], capture_output=True, text=True, timeout=60).stderr
            assert "wrong.toml" in said, said
            said = "\n\n".join(mistake for mistake in said.split("\n\n") if str(path) in mistake)
            is_right = validator.is_valid(value)
            lint = subprocess.run([TAPLO, "lint", "--no-auto-config", "--schema", f"file://{folder}/schema.json", path], capture_output=True, text=True)
            assert (lint.returncode == 0) == is_right, f"taplo and jsonschema disagree on {name}:\n{text}\n{lint.stderr}"
            if not said:
                assert is_right, f"{name} is accepted by runner:\n{text}\n{lint.stderr}"
                accepted.append(name)
            # A step of a range, and the value of a fraction, are beyond a schema.
            elif "from =" not in text and any(known in said for known in KNOWN):
                assert not is_right, f"{name} is refused by runner:\n{text}\n{said}"
                refused.append(name)
            else:
                unknowable += 1
    print(f"{len(accepted)} texts are accepted, {len(refused)} refused; {unknowable} have faults that only the mathematics knows")
    assert len(accepted) >= 35 and len(refused) >= 10


main()
