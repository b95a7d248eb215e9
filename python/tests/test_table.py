"""Tables hold what the CSV files hold, and other libraries read them in place."""

import csv
import ctypes
import gc
import io
import json
import math
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import kl_runner
import pytest
from test_kl import RUNNER

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(path.parent for path in ROOT.glob("results/*/manifest.json"))
TYPES = {"integer": "int64", "number": "float64", "string": "text"}

SPEC = """
question = "Does every file hold?"
trials = 40
record = "csv"
level = 0.95
estimators = ["log_ratio", "k3"]
N = [1, 20]
P.bernoulli.p = 0.5
Q.bernoulli.p = 0.5
[grid]
"Q.bernoulli.p" = [0.0, 0.25, 0.5, 0.75]
"""


def run_spec(folder, spec=SPEC, name="recorded"):
    """The folder that a run of the command leaves."""
    path = folder / f"{name}.toml"
    path.write_text(spec, encoding="utf-8")
    subprocess.run([RUNNER, path, "--out", folder, "--quiet"], check=True, capture_output=True)
    return folder / name


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    return run_spec(tmp_path_factory.mktemp("results"))


def files(folder):
    """Each file with its table, its header and rows by Python's reader, and the types that its schema says."""
    results = kl_runner.read(folder)
    for path in sorted(folder.glob("*.csv")):
        with open(path, newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        schema = json.loads((ROOT / "docs" / "schema" / f"{path.stem}.json").read_text(encoding="utf-8"))
        fields = {field["name"]: field for field in schema["fields"]}
        yield path, getattr(results, path.stem), header, rows, fields


def setting_type(cells):
    """The type of the column of a setting."""
    for kind, read in (("int64", int), ("float64", float)):
        try:
            numbers = [read(cell) for cell in cells if cell]
        except ValueError:
            continue
        if numbers and (kind == "float64" or "" not in cells) and not any(map(math.isnan, numbers)):
            return kind
    return "text"


def typed(cell, kind, is_optional):
    if cell == "" and is_optional:
        return None
    return {"int64": int, "float64": float, "text": str}[kind](cell)


def same(one, other):
    """Whether two values are the same to the last bit, and of one type."""
    if isinstance(other, float):
        return isinstance(one, float) and struct.pack("d", one) == struct.pack("d", other)
    return type(one) is type(other) and one == other


def expected_columns(header, rows, fields):
    """The type and the values of each column, as Python reads the file."""
    for place, name in enumerate(header):
        cells = [row[place] for row in rows]
        if name in fields:
            kind = TYPES[fields[name]["type"]]
            is_optional = not fields[name].get("constraints", {}).get("required")
            # A whole number that may be missing is a real one in memory.
            kind = "float64" if kind == "int64" and is_optional else kind
        else:
            kind, is_optional = setting_type(cells), True
        yield name, kind, [typed(cell, kind, is_optional) for cell in cells]


def every_file(recorded):
    for folder in [*FOLDERS, recorded]:
        for path, table, header, rows, fields in files(folder):
            yield path, table, list(expected_columns(header, rows, fields))


def test_every_cell_is_that_of_the_file(recorded):
    numpy = pytest.importorskip("numpy")
    assert len(FOLDERS) > 15
    names, missing = set(), 0
    for path, table, columns in every_file(recorded):
        names.add(path.name)
        assert table.columns == tuple(name for name, *_ in columns), path
        dicts = table.to_dicts()
        assert len(table) == len(dicts) == len(columns[0][2]), path
        for name, kind, values in columns:
            assert all(same(row[name], value) for row, value in zip(dicts, values)), (path, name)
            column = table[name]
            missing += values.count(None)
            if kind == "text":
                assert column == values, (path, name)
                continue
            assert isinstance(column, numpy.ndarray) and column.dtype == kind and not column.flags.writeable, (path, name)
            filled = [math.nan if value is None else value for value in values]
            assert column.tobytes() == numpy.array(filled, kind).tobytes(), (path, name)
    tests = ("decisions", "lengths", "approximations")
    others = ("summary", "measures", "law", "paths", "intervals", "curve", "trials")
    assert names == {f"{name}.csv" for name in others + tests}
    assert missing > 1000


def test_numbers_are_read_in_place(recorded):
    numpy = pytest.importorskip("numpy")
    trials = kl_runner.read(recorded).trials
    one, other = trials["estimate"], trials["estimate"]
    assert numpy.shares_memory(one, other)
    with pytest.raises(ValueError):
        one[0] = 1.0
    expected = one.tolist()
    del trials, other
    gc.collect()
    assert one.tolist() == expected


def test_without_numpy_columns_are_memoryviews(recorded):
    program = f"""
import sys
sys.modules["numpy"] = None
import kl_runner
trials = kl_runner.read({str(recorded)!r}).trials
for name, kind in (("trial", "q"), ("estimate", "d")):
    column = trials[name]
    assert type(column) is memoryview and column.format == kind and column.readonly and column.itemsize == 8
    assert column.shape == (len(trials),) and column.c_contiguous
    assert list(column) == [row[name] for row in trials.to_dicts()]
del trials
assert len(column[1:3].tolist()) == 2 and len(bytes(column)) == 8 * len(column)
law = kl_runner.read({str(recorded)!r}).law["approximate"]
assert any(number != number for number in law)
"""
    subprocess.run([sys.executable, "-I", "-c", program], check=True)


def test_a_buffer_keeps_to_the_protocol(recorded):
    table = kl_runner.read(recorded).summary
    buffer = table._data.numbers(table.columns.index("mean"))
    assert table._data.numbers(table.columns.index("p")) is None
    # A file wants bytes only: no format, no shape.
    file = io.BytesIO()
    assert file.write(buffer) == 8 * len(table)
    assert file.getvalue() == memoryview(buffer).tobytes()
    for write in ((ctypes.c_double * len(table)).from_buffer, io.BytesIO(file.getvalue()).readinto):
        with pytest.raises((BufferError, TypeError)):
            write(buffer)


def test_a_column_that_is_not_there_is_told(recorded):
    summary = kl_runner.read(recorded).summary
    with pytest.raises(KeyError, match="there is no column 'estimand'; there are experiment, condition"):
        summary["estimand"]


def test_an_empty_table_is_a_table(tmp_path):
    spec = 'trials = 5\nN = 3\nsampler = "counts"\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n'
    paths = kl_runner.read(run_spec(tmp_path, spec)).paths
    assert len(paths) == len(paths["trial"]) == 0 and paths["estimator"] == [] == paths.to_dicts()
    assert repr(paths).startswith("<Table of 0 rows and 7 columns>\n") and "<tbody></tbody>" in paths._repr_html_()
    pyarrow = pytest.importorskip("pyarrow")
    assert pyarrow.table(paths).num_rows == 0 and pyarrow.table(paths).column_names == list(paths.columns)


# Other libraries


def test_pyarrow_reads_them(recorded):
    pyarrow = pytest.importorskip("pyarrow")
    types = {"int64": pyarrow.int64(), "float64": pyarrow.float64(), "text": pyarrow.large_string()}
    for path, table, columns in every_file(recorded):
        found = pyarrow.table(table)
        found.validate(full=True)
        assert pyarrow.schema(table) == found.schema
        for name, kind, values in columns:
            column = found.column(name)
            assert column.type == types[kind] and column.null_count == values.count(None), (path, name)
            assert all(map(same, column.to_pylist(), values)), (path, name)


def test_polars_reads_them(recorded):
    polars = pytest.importorskip("polars")
    types = {"int64": polars.Int64, "float64": polars.Float64, "text": polars.String}
    for path, table, columns in every_file(recorded):
        found = polars.DataFrame(table)
        for name, kind, values in columns:
            assert found.schema[name] == types[kind], (path, name)
            assert all(map(same, found[name].to_list(), values)), (path, name)


def test_pandas_reads_them(recorded):
    pandas = pytest.importorskip("pandas")
    pyarrow = pytest.importorskip("pyarrow")
    read = getattr(pandas.DataFrame, "from_arrow", None) or (lambda table: pyarrow.table(table).to_pandas())
    is_type = {
        "int64": pandas.api.types.is_integer_dtype,
        "float64": pandas.api.types.is_float_dtype,
        "text": pandas.api.types.is_string_dtype,
    }
    for path, table, columns in every_file(recorded):
        found = read(table)
        for name, kind, values in columns:
            # Without any value, a text column may be of no type.
            assert is_type[kind](found[name].dtype) or set(values) <= {None}, (path, name, found[name].dtype)
            back = [None if pandas.isna(value) else value for value in found[name].tolist()]
            assert all(map(same, back, values)), (path, name)


def test_duckdb_reads_them(recorded):
    duckdb = pytest.importorskip("duckdb")
    types = {"int64": "BIGINT", "float64": "DOUBLE", "text": "VARCHAR"}
    for path, table, columns in every_file(recorded):
        # DuckDB finds the variable by its name.
        found_here = table
        relation = duckdb.sql("from found_here")
        assert [str(kind) for kind in relation.types] == [types[kind] for _, kind, _ in columns], path
        rows = relation.fetchall()
        assert len(rows) == len(table)
        for (name, _, values), found in zip(columns, zip(*rows)):
            assert all(map(same, found, values)), (path, name)
    trials = kl_runner.read(recorded).trials
    counts = duckdb.sql("select condition, estimator, count(estimate) from trials group by all").fetchall()
    assert len(counts) == 16 and {count for *_, count in counts} == {40} and len(trials) == 16 * 40


# The Arrow C data interface, as a library in C uses it.


class Schema(ctypes.Structure):
    pass


class Array(ctypes.Structure):
    pass


class Stream(ctypes.Structure):
    pass


POINTER, VOID, INT = ctypes.POINTER, ctypes.c_void_p, ctypes.c_int64
Schema._fields_ = [
    ("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", VOID), ("flags", INT), ("n_children", INT),
    ("children", POINTER(POINTER(Schema))), ("dictionary", VOID), ("release", VOID), ("private_data", VOID),
]  # fmt: skip
Array._fields_ = [
    ("length", INT), ("null_count", INT), ("offset", INT), ("n_buffers", INT), ("n_children", INT), ("buffers", POINTER(VOID)),
    ("children", POINTER(POINTER(Array))), ("dictionary", VOID), ("release", VOID), ("private_data", VOID),
]  # fmt: skip
Stream._fields_ = [
    ("get_schema", ctypes.CFUNCTYPE(ctypes.c_int, POINTER(Stream), POINTER(Schema))),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, POINTER(Stream), POINTER(Array))),
    ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, POINTER(Stream))),
    ("release", VOID), ("private_data", VOID),
]  # fmt: skip

_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = VOID, [ctypes.py_object, ctypes.c_char_p]


def contents(capsule, name, kind):
    """What a capsule points to, as long as the capsule lives."""
    return kind.from_address(_pointer(capsule, name))


def release(of):
    """Calls the callback; afterwards nothing is left to free."""
    ctypes.CFUNCTYPE(None, VOID)(of.release)(ctypes.addressof(of))
    assert of.release is None


def moved(of):
    """Takes over what a structure owns: a copy, and the mark of a released one in its place."""
    copy = type(of).from_buffer_copy(of)
    of.release = None
    return copy


def test_a_stream_gives_one_batch(recorded):
    table = kl_runner.read(recorded).law
    stream = contents(capsule := table.__arrow_c_stream__(), b"arrow_array_stream", Stream)
    schema, array = Schema(), Array()
    assert stream.get_schema(stream, schema) == 0 and stream.get_next(stream, array) == 0
    fields = [schema.children[place].contents for place in range(schema.n_children)]
    assert (schema.format, [field.name.decode() for field in fields]) == (b"+s", list(table.columns))
    assert [field.format for field in fields] == [b"l", b"U", b"g", b"g", b"l", b"g", b"g", b"g"]
    assert [field.flags for field in fields] == [0, 0, 0, 0, 0, 0, 2, 2]
    assert (array.length, array.n_children, array.n_buffers, array.null_count) == (len(table), 8, 1, 0)
    end = Array(length=7)
    assert stream.get_next(stream, end) == 0 and end.release is None
    assert stream.get_next(stream, end) == 0 and end.release is None
    assert stream.get_last_error(stream) is None
    release(stream)
    # A stream that is released gives nothing.
    assert stream.get_next(stream, end) == 22 and stream.get_schema(stream, schema) == 22
    # Arrays outlive the stream, its capsule and the table.
    expected, rows = table["lower"].tolist(), len(table)
    del capsule, table, stream
    gc.collect()
    lower = array.children[2].contents
    assert list((ctypes.c_double * rows).from_address(lower.buffers[1])) == expected
    release(schema)
    release(array)


def test_a_child_outlives_its_parent(recorded):
    table = kl_runner.read(recorded).summary
    place, expected = table.columns.index("mean"), table["mean"].tolist()
    stream = contents(capsule := table.__arrow_c_stream__(), b"arrow_array_stream", Stream)
    schema, array = Schema(), Array()
    stream.get_schema(stream, schema), stream.get_next(stream, array)
    child, field = moved(array.children[place].contents), moved(schema.children[place].contents)
    release(array)
    release(schema)
    del table, stream, capsule
    gc.collect()
    assert (field.name, field.format, child.null_count) == (b"mean", b"g", 0)
    assert list((ctypes.c_double * child.length).from_address(child.buffers[1])) == expected
    release(child)
    release(field)


def test_a_schema_alone(recorded):
    table = kl_runner.read(recorded).law
    kept = moved(contents(capsule := table.__arrow_c_schema__(), b"arrow_schema", Schema))
    del table, capsule
    gc.collect()
    assert kept.n_children == 8 and kept.children[0].contents.name == b"condition"
    release(kept)


def exports(table):
    """Exports as readers leave them: never read, read in part, read whole, freed by the capsule or by the reader."""
    table.__arrow_c_stream__()
    table.__arrow_c_schema__()
    stream = contents(capsule := table.__arrow_c_stream__(), b"arrow_array_stream", Stream)
    schema, array = Schema(), Array()
    stream.get_schema(stream, schema)
    release(schema)
    stream.get_next(stream, array)
    child = moved(array.children[0].contents)
    release(array)
    release(child)
    taken = moved(stream)
    del capsule
    release(taken)
    release(moved(contents(capsule := table.__arrow_c_schema__(), b"arrow_schema", Schema)))
    # A stream that gave its array and is freed by its capsule.
    stream = contents(capsule := table.__arrow_c_stream__(), b"arrow_array_stream", Stream)
    stream.get_next(stream, array)
    del capsule
    release(array)
    memoryview(table._data.numbers(table.columns.index("condition"))).release()


def resident():
    """The memory that this process has, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_exports_leave_nothing_behind(recorded):
    table = kl_runner.read(recorded).trials
    for _ in range(2_000):
        exports(table)
    gc.collect()
    before = resident()
    for _ in range(20_000):
        exports(table)
    gc.collect()
    # A leak of 100 bytes each time would be 2 MB.
    assert resident() - before < 1_500_000


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_tables_are_freed():
    # Some 40 kB each.
    read = lambda: [exports(table := kl_runner.read(ROOT / "results" / "coin").law), table["lower"].sum()]
    for _ in range(50):
        read()
    gc.collect()
    before = resident()
    for _ in range(300):
        read()
    gc.collect()
    assert resident() - before < 4_000_000


def test_threads_export_one_table(recorded):
    table = kl_runner.read(recorded).summary
    with ThreadPoolExecutor(4) as threads:
        done = [threads.submit(lambda: [exports(table) for _ in range(300)]) for _ in range(4)]
    assert all(len(one.result()) == 300 for one in done)


# For people


def test_the_repr_is_short():
    for folder in FOLDERS:
        results = kl_runner.read(folder)
        for table in (results.summary, results.law, results.paths, results.measures, results.intervals, results.curve):
            lines = [] if table is None else repr(table).splitlines()
            assert all(len(line) <= 80 for line in lines) and len(lines) <= 14, folder
    assert repr(kl_runner.read(ROOT / "results" / "coin").summary) == """\
<Table of 4 rows and 41 columns>
experiment  condition  p                         q                             n
coin                1  categorical(H=0.5, T=0.…  categorical(H=0.4, T=0.…     10
coin                2  categorical(H=0.5, T=0.…  categorical(H=0.4, T=0.…    100
coin                3  categorical(H=0.5, T=0.…  categorical(H=0.4, T=0.…   1000
coin                4  categorical(H=0.5, T=0.…  categorical(H=0.4, T=0.…  10000
… and 36 more columns"""


def test_html_is_escaped_and_short(tmp_path):
    spec = 'trials = 5\nN = 1\nP.categorical = { "<b>&" = 0.5, T = 0.5 }\nQ.categorical = { "<b>&" = 0.4, T = 0.6 }\n'
    results = kl_runner.read(run_spec(tmp_path, spec))
    text = results.summary._repr_html_()
    assert "&lt;b&gt;&amp;" in text and "<b>" not in text and text.count("<tr>") == 2
    assert "<b>" in results.summary["p"][0]
    law = kl_runner.read(ROOT / "results" / "coin").law
    text = law._repr_html_()
    assert text.count("<tr>") == 51 and text.endswith(f"<p>… and {len(law) - 50} more rows</p>")
