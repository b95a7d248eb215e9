//! Student's t against values from an independent source (`tests/reference/student.py`).
use kl_math::statistics::student_p_value;

/// Far into the tail, and for so many degrees of freedom that the crate statrs alone would be off by all of the value.
#[test]
fn every_reference_value_is_met() {
    let mut reader = csv::Reader::from_path("tests/reference/student.csv").unwrap();
    let (mut count, mut smallest) = (0, 1.0);
    for row in reader.records() {
        let row = row.unwrap();
        let [degrees, t, expected] = [0, 1, 2].map(|column| row[column].parse::<f64>().unwrap());
        // The crate statrs takes 1 for what is a little less near t = 0, and is right to 1e-10 elsewhere.
        let room = if t < 0.1 { 1e-9 } else { 1e-10 };
        for t in [t, -t] {
            let found = student_p_value(t, degrees);
            assert!((found / expected - 1.0).abs() <= room, "{row:?}: {found:e}");
        }
        count += 1;
        smallest = expected.min(smallest);
    }
    assert!(count > 100 && smallest < 1e-290, "{count} {smallest:e}");
}

#[test]
fn nothing_is_too_far_out() {
    for degrees in [999.0, 9_999.0, 1e4, 1e6, 1e15] {
        let mut last = 1.0;
        for t in [0.0, 1e-300, 1.0, 10.0, 100.0, 1e10, 1e160, f64::MAX, f64::INFINITY] {
            let p = student_p_value(t, degrees);
            assert!((0.0..=last).contains(&p), "{degrees} {t}: {p:e}");
            last = p;
        }
        assert_eq!(last, 0.0);
    }
}
