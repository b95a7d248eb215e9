//! Results are the same wherever their files are, and tables have what the files have.

use super::{DataColumn, DataTable, MANIFEST, ResultsError, ResultsReader, SavedResults, Values};
use crate::record::file::result_file;
use crate::record::schema::{FieldKind, FieldType};
use crate::record::{HashingReader, Manifest, TableReader};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files by their names.
type Files = BTreeMap<String, Vec<u8>>;

fn shipped() -> Vec<PathBuf> {
    let results = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    std::fs::read_dir(results).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
}

/// The files of a folder that its manifest names, and the manifest.
fn files(folder: &Path) -> Files {
    let reader = ResultsReader::open(folder).unwrap();
    let names = reader.manifest().files.keys().map(String::as_str).chain([MANIFEST]);
    names.map(|name| (name.to_owned(), std::fs::read(folder.join(name)).unwrap())).collect()
}

/// The files of the coin with one changed, and the manifest so that its digest is right.
fn coin_with(name: &str, text: &str) -> ResultsReader {
    let mut files = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("results/coin"));
    let mut manifest = Manifest::read(&files[MANIFEST]).unwrap();
    manifest.files.insert(name.to_owned(), HashingReader::new(text.as_bytes()).finish().unwrap());
    files.insert(name.to_owned(), text.into());
    files.insert(MANIFEST.to_owned(), manifest.to_json().unwrap().into());
    ResultsReader::of_files(files).unwrap()
}

#[test]
fn files_in_memory_are_the_results_of_their_folder() {
    for folder in shipped() {
        let reader = ResultsReader::of_files(files(&folder)).unwrap();
        let mut found = SavedResults::of_reader(&reader).unwrap();
        found.folder.clone_from(&folder);
        let (expected, of_folder) = SavedResults::open(&folder).unwrap();
        // Every digit of every number shows.
        assert_eq!(format!("{found:?}"), format!("{expected:?}"), "{}", folder.display());
        for name in reader.manifest().files.keys() {
            // Missing numbers are NaN, which is not equal to itself.
            let [one, other] = [&reader, &of_folder].map(|reader| format!("{:?}", reader.table(name).unwrap()));
            assert_eq!(one, other, "{name} of {}", folder.display());
        }
    }
}

#[test]
fn files_in_memory_are_checked_as_those_of_a_folder_are() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("results/coin");
    let read = |change: &dyn Fn(&mut Files)| {
        let mut files = files(&folder);
        change(&mut files);
        ResultsReader::of_files(files).and_then(|reader| SavedResults::of_reader(&reader)).unwrap_err()
    };
    let error = read(&|files| files.get_mut("law.csv").unwrap().push(b'\n'));
    assert!(matches!(&error, ResultsError::Edited { path } if path.ends_with("law.csv")), "{error}");
    let error = read(&|files| drop(files.remove("law.csv")));
    assert!(matches!(&error, ResultsError::NoFile { path } if path.ends_with("law.csv")), "{error}");
    let error = read(&|files| drop(files.remove(MANIFEST)));
    assert!(matches!(error, ResultsError::NoResults { .. }), "{error}");
    let error = read(&|files| drop(files.insert(MANIFEST.to_owned(), br#"{"format": 99}"#.to_vec())));
    assert!(matches!(error, ResultsError::Newer { format: 99, .. }), "{error}");
    let error = read(&|files| drop(files.insert(MANIFEST.to_owned(), b"{".to_vec())));
    assert!(matches!(&error, ResultsError::Manifest { path, .. } if path.ends_with(MANIFEST)), "{error}");
}

/// A value of a table as the file writes it.
fn written(column: &DataColumn, row: usize) -> String {
    match &column.values {
        Values::Integers(numbers) => numbers[row].to_string(),
        Values::Reals(reals) => {
            assert_eq!(reals.get(row).is_some(), reals.validity().get(row));
            reals.get(row).map(kl_math::numeric::shortest_real).unwrap_or_default()
        }
        Values::Texts(texts) => texts.get(row).unwrap_or_default().to_owned(),
    }
}

#[test]
fn a_table_has_the_cells_and_the_types_of_its_file() {
    for folder in shipped() {
        let reader = ResultsReader::open(&folder).unwrap();
        for name in reader.manifest().files.keys() {
            let place = format!("{name} of {}", folder.display());
            let table = reader.table(name).unwrap();
            let mut expected = TableReader::new(std::fs::File::open(folder.join(name)).unwrap()).unwrap();
            assert!(table.columns().iter().map(|column| &column.name).eq(expected.columns()), "{place}");
            let mut cells = Vec::new();
            while let Some(row) = expected.next_row().unwrap() {
                cells.push(row);
            }
            assert_eq!(table.len(), cells.len(), "{place}");
            let schema = result_file(name).unwrap().columns();
            for (place_in_row, column) in table.columns().iter().enumerate() {
                let declared = schema.iter().find(|declared| declared.name == column.name);
                if let Some(declared) = declared {
                    let kinds: &[FieldKind] = match column.values {
                        Values::Integers(_) => &[FieldKind::Integer, FieldKind::Flag],
                        Values::Reals(_) if declared.field_type.is_optional => &[FieldKind::Real, FieldKind::Integer],
                        Values::Reals(_) => &[FieldKind::Real],
                        Values::Texts(_) => &[FieldKind::Text],
                    };
                    assert!(kinds.contains(&declared.field_type.kind), "{place}: {}", column.name);
                }
                for (row, cells) in cells.iter().enumerate() {
                    let cell = cells[place_in_row].as_str();
                    let found = written(column, row);
                    // A setting is written as the user wrote it.
                    // A whole number that may be missing is a real one in memory.
                    let is_same = found == cell
                        || found == format!("{cell}.0")
                        || declared.is_none() && found.parse::<f64>() == cell.parse();
                    assert!(is_same, "{place}:{}: {}: {found} for {cell}", row + 2, column.name);
                }
            }
        }
    }
}

#[test]
fn a_missing_value_is_told_from_an_empty_text() {
    let column = |of: FieldType, fields: &[&str]| {
        let mut values = Values::empty(of);
        fields.iter().for_each(|field| values.push(field, of).unwrap());
        values
    };
    let fields = ["a", "", "β", "", "", "", "", "", "", "last"];
    let Values::Texts(optional) = column(FieldType::optional(FieldKind::Text), &fields) else { panic!() };
    let found: Vec<Option<&str>> = (0..11).map(|row| optional.get(row)).collect();
    let expected = fields.map(|field| Some(field).filter(|field| !field.is_empty()));
    assert_eq!((found.split_last(), optional.validity().missing()), (Some((&None, &expected[..])), 7));
    assert_eq!((optional.validity().bits(), optional.text()), (Some(&[0b101, 0b10][..]), "aβlast"));
    assert_eq!(optional.offsets(), [0, 1, 1, 3, 3, 3, 3, 3, 3, 3, 7]);
    let Values::Texts(required) = column(FieldType::required(FieldKind::Text), &fields) else { panic!() };
    assert_eq!((required.get(1), required.get(10), required.validity().bits()), (Some(""), None, None));
    let Values::Reals(reals) = column(FieldType::optional(FieldKind::Real), &["0.5", "", "-inf"]) else { panic!() };
    assert_eq!([0, 1, 2, 3].map(|row| reals.get(row)), [Some(0.5), None, Some(f64::NEG_INFINITY), None]);
    assert!(reals.numbers()[1].is_nan() && reals.numbers().len() == 3);
}

/// The type of a setting's column, whose fields are these.
fn kind_of_setting(fields: &[&str]) -> &'static str {
    let of = FieldType::optional(FieldKind::Text);
    let mut values = Values::empty(of);
    fields.iter().for_each(|field| values.push(field, of).unwrap());
    let Values::Texts(texts) = values else { panic!() };
    match Values::of_setting(texts).unwrap() {
        Values::Integers(_) => "integers",
        Values::Reals(_) => "reals",
        Values::Texts(_) => "texts",
    }
}

#[test]
fn settings_are_numbers_if_all_of_them_are() {
    for (fields, expected) in [
        (&["1", "-2"][..], "integers"),
        (&["1", ""], "reals"),
        (&["1", "1e3"], "reals"),
        (&["0.5", "inf"], "reals"),
        (&["1", "1/6"], "texts"),
        (&["0.5", "nan"], "texts"),
        (&["[0.5, 0.5]"], "texts"),
        (&["", ""], "texts"),
        (&["99999999999999999999"], "reals"),
    ] {
        assert_eq!(kind_of_setting(fields), expected, "{fields:?}");
    }
}

#[test]
fn a_field_of_another_type_is_told_with_its_place() {
    let table = |text: &str| coin_with("trials.csv", text).table("trials.csv");
    let header = "condition,trial,n,estimator,estimate\n";
    let error = table(&format!("{header}1,1,10,mine,0.5\n1,one,10,mine,\n")).unwrap_err().to_string();
    assert!(error.ends_with("trials.csv:3: trial is \"one\", and a whole number goes there"), "{error}");
    let error = table(&format!("{header}1,9223372036854775808,10,mine,\n")).unwrap_err().to_string();
    assert!(error.ends_with("trial is \"9223372036854775808\", and 2^63 - 1 is the most"), "{error}");
    let error = table(&format!("{header}1,1,10,mine,NaN\n")).unwrap_err().to_string();
    assert!(error.ends_with("estimate is \"NaN\", and a number goes there"), "{error}");
    for cut in [&format!("{header}1,1\n"), "condition,trial,estimator,estimate\n"] {
        let error = table(cut).unwrap_err();
        assert!(matches!(&error, ResultsError::NoColumn { column, .. } if column == "n"), "{error}");
    }
    let error = table(&format!("{header}1,1,10,\"mine,\n")).unwrap_err();
    assert!(matches!(&error, ResultsError::NoColumn { column, .. } if column == "estimate"), "{error}");
    assert_eq!(table(header).unwrap().len(), 0);
    assert!(matches!(table(""), Err(ResultsError::NoColumn { .. })));
    let error = coin_with("trials.csv", header).table("paths.txt").unwrap_err();
    assert!(matches!(error, ResultsError::Manifest { .. }), "{error}");
    assert_eq!(DataTable::default().columns(), []);
}
