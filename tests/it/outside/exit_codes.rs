//! What the exit codes say.

use super::*;

/// The results are new, and that is what is told.
#[cfg(target_os = "linux")]
#[test]
fn a_table_that_cannot_be_printed_is_not_a_run_that_failed() {
    let here = Workspace::with_spec(COIN).file("other.toml", COIN);
    here.run(["coin.toml", "--quiet", "--trials", "7"]).succeeds();
    let full = || Stdio::from(std::fs::File::options().write(true).open("/dev/full").unwrap());
    let output = here.command(["coin.toml", "other.toml"]).stdout(full()).output().unwrap();
    let ended = Ended::new(output).exits_with(2);
    insta::assert_snapshot!(ended.err, @"
    note: replacing the results in results/coin
      trials was 7, is 1000
    not started: other
    error: the new results in results/coin are in place, but writing to standard output failed
      because: No space left on device (os error 28)
      help: the files are complete
    ");
    assert!(!here.path("results/other").exists());
    here.run(["report", "results/coin"]).succeeds().shows("1,000 trials");
    let output = here.command(["report", "results/coin", "--format", "html"]).stdout(full()).output().unwrap();
    Ended::new(output).exits_with(2).says("error: 1 file written, but writing to standard output failed");
    assert!(here.path("results/coin/report.html").exists());
}

/// `ulimit -f`: an error in words in place of a signal, and earlier results unchanged.
#[test]
fn a_limit_on_the_size_of_files_is_told() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--quiet"]).succeeds();
    let before = here.contents("results");
    let script = format!("ulimit -f 64; exec {} coin.toml --record --trials 1e5", env!("CARGO_BIN_EXE_runner"));
    let mut command = Command::new("bash");
    command.args(["-c", &script]).current_dir(here.path("")).stdin(Stdio::null());
    let ended = within_a_minute(command).exits_with(2).says("cannot write to results/coin").says("ulimit -f");
    assert!(ended.err.contains("earlier results are unchanged"), "{}", ended.err);
    assert_eq!(here.contents("results"), before);
}

/// XML cannot hold most control characters, in whatever words, and a section of characters has an end.
#[test]
fn junit_reports_are_xml_whatever_things_are_called() {
    let hostile = escaped() + "\\u0000\\u0001\\uffff]]>&<\\\"";
    let spec = COIN
        .replace(
            "P      = { categorical = { H = 0.5, T = 0.5 } }",
            &format!("P.categorical = {{ \"{hostile}\" = 0.5, T = 0.5 }}"),
        )
        .replace("Q      = { categorical = { H = 0.4, T = 0.6 } }", "")
        + &format!("[grid]\n\"Q.categorical\" = [{{ \"{hostile}\" = 0.4, T = 0.6 }}]\n");
    let here = Workspace::new();
    let folder = format!("]]>&<\u{1}{HOSTILE}");
    std::fs::create_dir(here.path(&folder)).unwrap();
    let here = here.file(&format!("{folder}/a]]>&<b.toml"), spec);
    let file = format!("{folder}/a]]>&<b.toml");
    here.run([file.as_str(), "--quiet"]).succeeds();
    let summary = "results/a]]>&<b/summary.csv";
    let planted = here.read(summary).replace(",agree", &format!(",\"{HOSTILE}\u{1}\u{ffff}]]>\""));
    let here = here.file(summary, planted);
    let found = runs_harmlessly(&here, &["check", &file, "--junit", "found.xml"]).exits_with(1);
    drop(found);
    let xml = here.read("found.xml");
    let document = roxmltree::Document::parse(&xml).unwrap_or_else(|error| panic!("{error}\n{xml}"));
    let cases: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
    assert_eq!(cases.len(), 7);
    let law = cases.iter().find(|case| case.attribute("name").unwrap().starts_with("mean")).unwrap();
    assert!(law.attribute("name").unwrap().contains("HOSTILE"), "{xml}");
    assert_eq!(law.attribute("classname"), Some("kl-runner.a]]>&<b"));
    let out = law.children().find(|node| node.has_tag_name("system-out")).unwrap();
    let text: String = out.children().filter_map(|node| node.text()).collect();
    assert!(text.contains("a]]>&<b.toml --seed"), "{text}");
    assert!(xml.contains("failures=\"1\""));
    // The same in standard output, and what is written is nothing that a terminal obeys.
    assert_eq!(printable_lines(&xml), xml);
    let _ = std::io::stdout().flush();
}
