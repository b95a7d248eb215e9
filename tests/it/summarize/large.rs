//! Files that are read in several blocks.

use crate::harness::{Ended, Workspace};
use std::fmt::Write as _;

/// Trials of two methods under names that are texts, the second method in reverse; every seventh name has a line end in it. Some
/// megabytes.
fn large() -> String {
    let mut text = "\u{feff}method,trial,estimate,note\r\n".to_owned();
    let row = |text: &mut String, method: &str, trial: u64, estimate: f64| {
        let note = if trial.is_multiple_of(7) { "\"of, two\nlines \"\"q\"\"\"" } else { "5\" pipe" };
        writeln!(text, "{method},run-{trial},{estimate},{note}").unwrap();
    };
    (0..COUNT).for_each(|trial| row(&mut text, "a", trial, (trial % 1_000) as f64));
    (0..COUNT).rev().for_each(|trial| row(&mut text, "b", trial, 2.0 * (trial % 1_000) as f64 + (trial % 3) as f64));
    text
}

const COUNT: u64 = 50_000;

fn on_threads(here: &Workspace, threads: &str, arguments: &[&str]) -> Ended {
    let mut command = here.command(["summarize", "large.csv"].iter().chain(arguments).copied());
    Ended::new(command.env("RAYON_NUM_THREADS", threads).output().unwrap())
}

#[test]
fn blocks_are_joined_in_the_order_of_the_file() {
    let text = large();
    assert!(text.len() > 2 << 20, "{} bytes", text.len());
    let here = Workspace::new().file("large.csv", text);
    let arguments = ["--by", "method", "--reference", "a", "--truth", "499.5", "--format", "csv"];
    let out = on_threads(&here, "1", &arguments).succeeds().out;
    for threads in ["2", "5"] {
        assert_eq!(on_threads(&here, threads, &arguments).succeeds().out, out, "{threads} threads");
    }
    // The mean of 0 to 999 is 499.5, and of the remainders of three of 50,000 trials 0.99998.
    for expected in ["\na,mean,499.5,", "\na,bias,0.0,", "\nb,mean,999.99998,", "\nb,median,"] {
        assert!(out.contains(expected), "{expected}: {out}");
    }
    let gain = out.lines().find(|line| line.starts_with("b,precision_gain")).unwrap();
    let cells: Vec<&str> = gain.split(',').collect();
    // Var(a)/Var(b) is near a quarter, and the pairs nearly agree: by position they would not.
    assert!((cells[2].parse::<f64>().unwrap() + 75.0).abs() < 0.01, "{gain}");
    assert!(cells[3].parse::<f64>().unwrap() < 0.01, "{gain}");
    assert_eq!(cells[4], "50000");
}

#[test]
fn mistakes_of_any_block_have_their_lines() {
    let mut text = "trial,method,estimate\n".to_owned();
    for line in 2..=120_000u64 {
        match line {
            40_000 => text += "39000,a,0.25\n",
            70_000 => text += "70000,a,one\n",
            70_001 => text += "70001,a\n",
            110_000 => text += "2,a,0.5\n",
            _ => writeln!(text, "{line},a,{line}.000001").unwrap(),
        }
    }
    text += "120001,b,1\n";
    assert!(text.len() > 2 << 20, "{} bytes", text.len());
    let here = Workspace::new().file("large.csv", text);
    let arguments = ["--by", "method", "--reference", "b"];
    let told = on_threads(&here, "1", &arguments).refuses().err;
    insta::assert_snapshot!(told, @r#"
    error: large.csv:40000, column trial: "39000": a trial comes once in a group
      help: line 39000 has it too; separate the groups with --by, or number the trials anew
    error: large.csv:70000, column estimate: "one": an estimate is a number
      help: write a number such as 0.25 or 1e-3, `inf`, or nothing where there is no estimate
    error: large.csv:70001: 2 cells: each line has as many as the first
      help: write 3 cells, empty ones too
    error: large.csv:110000, column trial: "2": a trial comes once in a group
      help: line 2 has it too; separate the groups with --by, or number the trials anew
    "#);
    assert_eq!(on_threads(&here, "3", &arguments).refuses().err, told);
}

/// Of a row with several mistakes the first is reported, and of many mistakes the first twenty.
#[test]
fn mistakes_are_counted_once_a_row() {
    let mut text = "trial,x_a,x_b\n".to_owned();
    for line in 2..=100_000u64 {
        match line {
            // In the first set a trial that comes again, in the second no number.
            50_000 => text += "7,1,two\n",
            line if line.is_multiple_of(3_000) => writeln!(text, "{line},1,bad").unwrap(),
            _ => writeln!(text, "{line},1.0000000001,2.0000000001").unwrap(),
        }
    }
    let here = Workspace::new().file("large.csv", text);
    let told = on_threads(&here, "2", &["--wide", "x_{m}", "--reference", "a"]).refuses().err;
    assert_eq!(told.matches("error:").count(), 20, "{told}");
    assert!(told.contains("large.csv:50000, column trial: \"7\"") && !told.contains("\"two\""), "{told}");
    assert!(told.ends_with("and 14 more mistakes like these\n"), "{told}");
}
