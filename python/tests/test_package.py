"""The package as it is installed: imports, documentation, the command."""

import doctest
import importlib
import pkgutil
import pydoc
import signal
import subprocess
import sys
from pathlib import Path

import kl_runner
import pytest
from test_kl import RUNNER

PAGE = Path(__file__).resolve().parents[2] / "docs" / "python.md"


def test_no_library_is_imported():
    program = """
import sys
class Nothing:
    def find_spec(self, name, *_):
        if name in ("numpy", "scipy", "torch"):
            raise ImportError(name)
sys.meta_path.insert(0, Nothing())
import kl_runner
assert kl_runner.kl([0.5, 0.5], {"H": 0.4, "T": 0.6}).divergence > 0
assert kl_runner.score([0.5, 0.5], [0.4, 0.6], "HT").n == 2
"""
    subprocess.run([sys.executable, "-I", "-c", program], check=True)


def test_examples_say_the_truth():
    examples = 0
    for found in pkgutil.iter_modules(kl_runner.__path__):
        if found.name == "__main__":
            continue
        failed, tried = doctest.testmod(importlib.import_module(f"kl_runner.{found.name}"))
        assert failed == 0
        examples += tried
    assert doctest.testmod(kl_runner).failed == 0
    assert examples > 5


def test_the_page_says_the_truth(monkeypatch):
    pytest.importorskip("scipy")
    monkeypatch.chdir(PAGE.parents[1])
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert failed == 0 and tried > 5


def test_the_help_names_what_there_is():
    text = pydoc.plain(pydoc.render_doc(kl_runner))
    for words in ("kl(p: object, q: object)", "nats per symbol", "SpecError", "families()", "score(p, q, sequence)", "run(spec, …)", "assert_estimator", "read(folder)"):
        assert words in text, words
    assert all(getattr(kl_runner, name).__doc__ for name in kl_runner.__all__)
    assert (Path(kl_runner.__file__).parent / "py.typed").exists()


def test_the_command_is_the_program():
    done = subprocess.run([RUNNER, "kl", "--p", "0.5,0.5", "--q", "0.4,0.6"], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0 and "0.020411" in done.stdout
    assert subprocess.run([RUNNER, "kl", "--p", "2"], capture_output=True).returncode == 2
    by_module = subprocess.run([sys.executable, "-I", "-m", "kl_runner", "--version"], capture_output=True, text=True)
    assert by_module.stdout == subprocess.run([RUNNER, "--version"], capture_output=True, text=True).stdout != ""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_ends_a_run_and_a_wait(tmp_path):
    spec = tmp_path / "long.toml"
    spec.write_text('trials = 1_000_000_000\nN = 1000\nsampler = "sequence"\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n')
    run = subprocess.Popen([RUNNER, spec, "--out", tmp_path / "out"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    # It writes its lock before it simulates.
    while not (tmp_path / "out").exists():
        assert run.poll() is None
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=60)
    assert run.returncode in (128 + signal.SIGINT, -signal.SIGINT)

    wait = subprocess.Popen([RUNNER, "score", "--p", "0.5,0.5", "--q", "0.4,0.6"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    wait.stdin.write(b"HT\nTH\nHH\n")
    wait.stdin.flush()
    # The header comes when the program has read: it waits for more lines.
    assert wait.stdout.readline()
    wait.send_signal(signal.SIGINT)
    assert wait.wait(timeout=60) == -signal.SIGINT
