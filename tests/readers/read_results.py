"""Reads all results with pandas, polars and DuckDB, as docs/schema/ says and by each reader's own inference.

    python3 tests/readers/read_results.py [RESULTS [SCHEMAS]]

Every cell must come out as the double, the whole number or the text that the file has: an empty cell is missing, and `inf` is infinite.
"""

import csv
import json
import math
import struct
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl

PANDAS = {"integer": "Int64", "number": "float64", "string": "str"}
POLARS = {"integer": pl.Int64, "number": pl.Float64, "string": pl.String}
DUCKDB = {"integer": "BIGINT", "number": "DOUBLE", "string": "VARCHAR"}

# Before version 3 the default parser of pandas may be off by a unit in the last place.
EXACT = {} if int(pd.__version__.split(".")[0]) >= 3 else {"float_precision": "round_trip"}


def types(schema, columns):
    """The type of each column of a file; what the schema leaves to each experiment, its settings, is text."""
    fields = {field["name"]: field["type"] for field in schema["fields"]}
    found = [column for column in columns if column in fields]
    assert found == list(fields), "the columns of the schema, in its order"
    assert schema["fieldsMatch"] == "subset" or found == columns, "no other columns"
    return {column: fields.get(column, "string") for column in columns}


def with_pandas(path, kinds):
    kinds = {column: PANDAS[kind] for column, kind in kinds.items()}
    return pd.read_csv(path, dtype=kinds, keep_default_na=False, na_values=[""], **EXACT)


def with_polars(path, kinds):
    return pl.read_csv(path, schema={column: POLARS[kind] for column, kind in kinds.items()})


def with_duckdb(path, kinds):
    return duckdb.read_csv(str(path), header=True, dtype=duckdb_types(kinds))


def duckdb_types(kinds):
    """The types by DuckDB's names: to it, the key `P` of a grid and the column `p` are the same, and it renames the second."""
    found = {}
    for column, kind in kinds.items():
        is_taken = column.lower() in (other.lower() for other in found)
        found[f"{column}_1" if is_taken else column] = DUCKDB[kind]
    return found


def same(found, cell, kind):
    """Whether a reader's value is what the cell says."""
    if cell == "":
        return found is None or found is pd.NA or (isinstance(found, float) and math.isnan(found))
    if kind == "string":
        return found == cell
    if kind == "integer":
        return not isinstance(found, float) and int(found) == int(cell)
    return isinstance(found, float) and struct.pack("d", found) == struct.pack("d", float(cell))


def check_types(path, kinds):
    """The readers have the types of the schema."""
    pandas = with_pandas(path, kinds)
    is_type = {
        "integer": pd.api.types.is_integer_dtype,
        "number": pd.api.types.is_float_dtype,
        "string": pd.api.types.is_string_dtype,
    }
    polars = with_polars(path, kinds)
    relation = with_duckdb(path, kinds)
    assert list(pandas) == polars.columns == list(kinds), path
    assert relation.columns == list(duckdb_types(kinds)), path
    for (column, kind), duckdb_type in zip(kinds.items(), relation.types):
        assert is_type[kind](pandas[column].dtype), (path, column, pandas[column].dtype)
        assert polars.schema[column] == POLARS[kind], (path, column, polars.schema[column])
        assert str(duckdb_type) == DUCKDB[kind], (path, column, duckdb_type)
    return pandas, polars, relation


def check_values(path, rows, kinds):
    """The readers have the values of the file; returns how many cells are missing and infinite."""
    pandas, polars, relation = check_types(path, kinds)
    found = {
        "pandas": {column: list(pandas[column]) for column in kinds},
        "polars": polars.to_dict(as_series=False),
        "DuckDB": dict(zip(kinds, map(list, zip(*relation.fetchall())))) if rows else {column: [] for column in kinds},
    }
    counts = Counter()
    for place, (column, kind) in enumerate(kinds.items()):
        cells = [row[place] for row in rows]
        for reader, values in found.items():
            assert len(values[column]) == len(cells), (reader, path, column)
            for line, (value, cell) in enumerate(zip(values[column], cells), start=2):
                assert same(value, cell, kind), f"{path}:{line}: {column}: {reader} reads {cell!r} as {value!r}"
        counts["cells"] += len(cells)
        counts["missing"] += cells.count("")
        counts["infinite"] += sum(cell in ("inf", "-inf") for cell in cells)
    return counts


def check_constraints(path, columns, rows, schema):
    """The cells keep the rules of the schema."""
    for field in schema["fields"]:
        place, rules = columns.index(field["name"]), field.get("constraints", {})
        for line, row in enumerate(rows, start=2):
            cell = row[place]
            assert cell or not rules.get("required"), f"{path}:{line}: {field['name']} is missing"
            if not cell:
                continue
            assert "minimum" not in rules or int(cell) >= rules["minimum"], f"{path}:{line}: {field['name']}: {cell}"
            assert "enum" not in rules or int(cell) in rules["enum"], f"{path}:{line}: {field['name']}: {cell}"


def check_inference(path, rows, kinds):
    """Without the schema each reader takes a column for the type that it has, unless it is empty throughout."""
    pandas = pd.read_csv(path)
    polars = pl.read_csv(path)
    relation = duckdb.read_csv(str(path), header=True)
    for place, (column, kind) in enumerate(kinds.items()):
        duckdb_type = str(relation.types[place])
        cells = [row[place] for row in rows]
        if kind == "string" or not any(cells):
            continue
        # pandas has no whole numbers beside missing ones, unless it is told so.
        expected = "float64" if kind == "number" or "" in cells else "int64"
        assert str(pandas[column].dtype) == expected, (path, column, pandas[column].dtype)
        # polars looks at the first hundred rows only.
        if any(cells[:100]):
            assert polars.schema[column] == POLARS[kind], (path, column, polars.schema[column])
        # DuckDB takes a column that begins with -inf for dates and then for text, unless it is told its type.
        if not any(cell.endswith("inf") for cell in cells):
            assert duckdb_type == DUCKDB[kind], (path, column, duckdb_type)


def check_together(paths, kinds):
    """All summaries are one table in each reader."""
    rows = sum(len(pd.read_csv(path)) for path in paths)
    fixed = {column for column in kinds[paths[0]] if all(column in kinds[path] for path in paths)}
    polars = pl.concat([with_polars(path, kinds[path]) for path in paths], how="diagonal")
    strict = pl.concat([with_polars(path, kinds[path]).select(sorted(fixed)) for path in paths], how="vertical")
    pandas = pd.concat([with_pandas(path, kinds[path]) for path in paths])
    every = {column: kind for path in paths for column, kind in kinds[path].items()}
    relation = duckdb.read_csv(
        [str(path) for path in paths],
        header=True,
        union_by_name=True,
        dtype=duckdb_types(every),
    )
    assert (len(polars), len(strict), len(pandas), len(relation)) == (rows,) * 4
    assert dict(zip(relation.columns, map(str, relation.types))) == duckdb_types(every)
    assert dict(polars.schema) == {column: POLARS[kind] for column, kind in every.items()}
    infinite = sum((polars[column].is_infinite()).sum() for column, kind in every.items() if kind == "number")
    return rows, infinite


def main(results="results", schemas="docs/schema"):
    kinds, counts = {}, Counter()
    paths = sorted(Path(results).glob("*/*.csv"))
    assert paths, f"there are no results in {results}"
    for path in paths:
        with open(path, newline="", encoding="utf-8") as file:
            columns, *rows = csv.reader(file)
        schema = json.loads((Path(schemas) / f"{path.stem}.json").read_text(encoding="utf-8"))
        kinds[path] = types(schema, columns)
        check_constraints(path, columns, rows, schema)
        check_inference(path, rows, kinds[path])
        counts += check_values(path, rows, kinds[path])
    rows, infinite = check_together([path for path in paths if path.name == "summary.csv"], kinds)
    assert infinite and counts["infinite"], "some cells are infinite"
    versions = f"pandas {pd.__version__}, polars {pl.__version__}, DuckDB {duckdb.__version__}"
    print(f"{versions}: {len(paths)} files, {counts['cells']} cells, {counts['missing']} missing, {counts['infinite']} infinite;", end=" ")
    print(f"{rows} rows of all summaries in one table, {infinite} cells infinite")


if __name__ == "__main__":
    main(*sys.argv[1:])
