//! Files read back to the bytes that were written.

use super::{
    CurveRow, FailureRow, HistogramBin, IntervalRow, MeasureRow, PathRow, RESULT_FILES, SUMMARY_COLUMNS, TrialRow,
    write_summary,
};
use crate::record::csv_file::{CsvTable, CsvWriter, with_component};
use crate::record::results::SavedFile;
use crate::record::schema::{FieldKind, FieldType, FieldValue, Row};
use crate::record::{ResultsError, ResultsReader, SavedResults};
use kl_math::statistics::Unit;
use std::path::{Path, PathBuf};

fn shipped() -> impl Iterator<Item = PathBuf> {
    let results = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    std::fs::read_dir(results).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
}

fn parsed(text: &str) -> SavedFile {
    SavedFile::new("some.csv".into(), CsvTable::parse(text.as_bytes()).unwrap())
}

/// The file as it is written from the rows that were read from it.
fn written_again<R: Row>(file: &SavedFile, has_components: bool) -> String {
    let header = with_component(R::COLUMNS.iter().map(|column| column.name), has_components);
    let mut writer = CsvWriter::new(Unit::Nats, header, Vec::new());
    file.rows::<R>().unwrap().into_iter().for_each(|row| writer.rows().push(row).unwrap());
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

fn comes_back<R: Row>(rows: &str) {
    let header: Vec<&str> = R::COLUMNS.iter().map(|column| column.name).collect();
    let text = format!("{}\n{rows}", header.join(","));
    assert_eq!(written_again::<R>(&parsed(&text), false), text);
}

#[test]
fn no_row_loses_anything() {
    comes_back::<HistogramBin<'_>>("1,log_ratio,-inf,0.1,3,0.3,,0.5\n2,knn(k=3; m=9),0.1,0.1,0,0.0,1e-300,\n");
    comes_back::<PathRow<'_>>("1,8,100,log_ratio,-0.25,0.1,0.5\n1,8,101,log_ratio,inf,,\n");
    comes_back::<TrialRow<'_>>("1,18446744073709551615,10,log_ratio,0.1\n2,1,10,mine,\n3,1,10,mine,-inf\n");
    comes_back::<MeasureRow<'_>>("1,log_ratio,quantile_5,0.1,,0.2\n1,\"a \"\"b\"\", c\",precision_gain,-3.0,0.5,\n");
    comes_back::<IntervalRow<'_>>("1,log_ratio,0.5,0.1,0.01,0.08,0.12,1\n1,log_ratio,99.5,0.3,0.01,0.28,0.32,0\n");
    comes_back::<CurveRow<'_>>("1,Q.bernoulli.p,0.1,0.25,\n1,Q.bernoulli.p,0.2,inf,0.1\n");
    comes_back::<FailureRow<'_>>("1,2,mine,\"it says: \"\"no\"\", twice\"\n3,4,mine,\"two\nlines\"\n");
}

#[test]
fn committed_files_come_back_byte_for_byte() {
    for folder in shipped() {
        let reader = ResultsReader::open(&folder).unwrap();
        for name in reader.manifest().files.keys() {
            let file = reader.file(name).unwrap();
            let text = std::fs::read_to_string(folder.join(name)).unwrap();
            let components = reader.manifest().spec.contains_key("gradient");
            let again = match name.as_str() {
                "summary.csv" => {
                    let results = SavedResults::read(&folder).unwrap();
                    let rows = results.rows.iter().cloned();
                    String::from_utf8(write_summary(&results.overview, rows, Vec::new()).unwrap()).unwrap()
                }
                "law.csv" => written_again::<HistogramBin<'_>>(&file, components),
                "paths.csv" => written_again::<PathRow<'_>>(&file, components),
                "measures.csv" => written_again::<MeasureRow<'_>>(&file, components),
                "curve.csv" => written_again::<CurveRow<'_>>(&file, components),
                "intervals.csv" => written_again::<IntervalRow<'_>>(&file, components),
                _ => continue,
            };
            assert!(again == text, "{}", file.path().display());
        }
    }
}

#[test]
fn a_field_that_is_no_value_is_told_with_its_place() {
    let error = parsed("condition,trial,n,estimator,estimate\n1,one,10,mine,\n").rows::<TrialRow<'_>>().unwrap_err();
    assert_eq!(error.to_string(), "some.csv:2: trial is \"one\", and a whole number goes there");
    let error = parsed("condition,trial,estimator,estimate\n").rows::<TrialRow<'_>>().unwrap_err();
    assert!(matches!(error, ResultsError::NoColumn { column, .. } if column == "n"));
    let error = parsed("condition,trial,n,estimator,estimate\n1,1\n").rows::<TrialRow<'_>>().unwrap_err();
    assert!(matches!(error, ResultsError::NoColumn { column, .. } if column == "n"));
}

/// Whether a value is of the type that the schema gives its column.
fn is_of_type(value: &FieldValue<'_>, of: FieldType) -> bool {
    match value {
        FieldValue::Missing => of.is_optional,
        FieldValue::Integer(number) => of.kind == FieldKind::Integer || of.kind == FieldKind::Flag && *number <= 1,
        FieldValue::Number(_) => of.kind == FieldKind::Real,
        FieldValue::Text(_) => of.kind == FieldKind::Text,
    }
}

#[test]
fn values_are_of_the_types_of_their_columns() {
    for folder in shipped() {
        let results = SavedResults::read(&folder).unwrap();
        for (row, column) in results.rows.iter().flat_map(|row| SUMMARY_COLUMNS.iter().map(move |column| (row, column)))
        {
            let value = column.value(row, &results.overview);
            assert!(is_of_type(&value, column.column.field_type), "{}: {}: {value:?}", folder.display(), column.name());
        }
    }
}

#[test]
fn every_file_and_column_is_described() {
    for file in RESULT_FILES {
        assert!(file.content().ends_with('.'), "{}", file.name());
        let columns = file.columns();
        for (place, column) in columns.iter().enumerate() {
            assert!(column.meaning.ends_with('.'), "{}: {}", file.name(), column.name);
            assert!(columns.iter().skip(place + 1).all(|other| other.name != column.name), "{}", column.name);
        }
    }
}
