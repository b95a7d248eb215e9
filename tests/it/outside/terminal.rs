//! What reaches a terminal.

use super::*;

/// An experiment that says hostile things wherever it may, and one that cannot be run for what it says.
#[test]
fn nothing_that_a_spec_says_reaches_the_terminal() {
    let hostile = escaped();
    let spec = format!(
        "question = \"{hostile}\"\ntrials = 20\nN = [3, 4]\nrecord = \"csv\"\nestimators = [\"log_ratio\", \"plug_in\"]\n\
         P.categorical = {{ \"{hostile}\" = 0.5, b = 0.5, c = 0 }}\n[grid]\n\"Q.categorical\" = [{{ \"{hostile}\" = 0, b = 0.6, c = 0.4 }}, {{ \
         \"{hostile}\" = 0.4, b = 0.6, c = 0 }}]\n"
    );
    let here = Workspace::with_spec(&spec);
    runs_harmlessly(&here, &["coin.toml"]).succeeds().shows("HOSTILE");
    for arguments in [
        &["plan", "coin.toml"][..],
        &["check", "coin.toml"],
        &["check", "coin.toml", "--set", "question=\"other\""],
        &["replay", "coin.toml", "--trial", "1", "--condition", "3"],
        &["report", "results/coin"],
        &["report", "results/coin", "--format", "markdown"],
        &["report", "results/coin", "--format", "latex"],
        &["report", "results/coin", "--rows", "Q.categorical", "--columns", "N", "--cell", "mean"],
        &["report", "results/coin", "--format", "html"],
        &["coin.toml", "--set", "question=\"another spec\""],
    ] {
        runs_harmlessly(&here, arguments);
    }
    for arguments in [
        &["plan", "coin.toml", "--json"][..],
        &["check", "coin.toml", "--json"],
        &["replay", "coin.toml", "--trial", "1", "--json"],
        &["report", "results/coin", "--format", "json"],
    ] {
        let json = runs_harmlessly(&here, arguments).out;
        serde_json::from_str::<serde_json::Value>(&json).unwrap();
    }
    let question = runs_harmlessly(&here, &["report", "results/coin", "--format", "json"]).out;
    let question: serde_json::Value = serde_json::from_str(&question).unwrap();
    assert_eq!(question["experiments"][0]["question"], "another spec");
    // Every mistake quotes something, from the file as it is and as TOML escapes it.
    let raw = HOSTILE.replace('\r', "");
    for broken in [
        format!(
            "\"{hostile}\" = 1\ntrials = \"{hostile}\"\nN = \"{hostile}\"\nP.\"{hostile}\" = 1\nunit = \"{hostile}\"\n"
        ),
        format!("trials = 1\nN = 1\nP = \"{hostile}\"\nQ.\"bernoulli\" = {{ \"{hostile}\" = \"{hostile}\" }}\n"),
        format!("trials = 1\nN = 1\nP = [\"{hostile}\"]\nQ = [0.5, 0.5]\nestimators = [\"{hostile}\"]\n"),
        format!(
            "trials = 1\nN = 1\nQ = [0.5, 0.5]\nP = [0.5, 0.5]\n[grid]\n\"Q.{hostile}\" = [1]\n\"{hostile}\" = [2]\n"
        ),
        format!("{raw} = 1\n"),
        format!("trials = '{raw}'\n# {raw}\n\"{raw}\n"),
    ] {
        let here = Workspace::with_spec(&broken);
        runs_harmlessly(&here, &["coin.toml"]).refuses();
        runs_harmlessly(&here, &["plan", "coin.toml"]).refuses();
    }
}

#[test]
fn nothing_that_a_label_says_reaches_the_terminal() {
    let hostile = escaped();
    let spec = format!(
        "trials = 20\nN = 3\nP.bernoulli.p = 0.5\n[grid]\n\"Q.bernoulli\" = [{{ label = \"{hostile}\", value = {{ p = 0.4 }} }}, \
         {{ label = \"b\", value = {{ p = 0.3 }} }}]\n"
    );
    let here = Workspace::with_spec(&spec);
    runs_harmlessly(&here, &["coin.toml"]).succeeds().shows("HOSTILE");
    for arguments in [
        &["plan", "coin.toml"][..],
        &["plan", "coin.toml", "--json"],
        &["report", "results/coin"],
        &["report", "results/coin", "--format", "markdown"],
        &["report", "results/coin", "--format", "latex"],
        &["report", "results/coin", "--format", "json"],
        &["report", "results/coin", "--rows", "label", "--columns", "N", "--cell", "mean"],
    ] {
        runs_harmlessly(&here, arguments).succeeds().shows("HOSTILE");
    }
    runs_harmlessly(&here, &["coin.toml", "--set", "seed=4"]).succeeds();
    let twice = spec.replace("\"b\"", &format!("\"{hostile}\""));
    runs_harmlessly(&Workspace::with_spec(&twice), &["coin.toml"]).refuses().says("HOSTILE");
}

#[test]
fn nothing_on_the_command_line_comes_back_raw() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--quiet"]).succeeds();
    let [path, assignment, key, filter, smaller] = [
        format!("{HOSTILE}.toml"),
        format!("question={HOSTILE}"),
        format!("{HOSTILE}=1"),
        format!("{HOSTILE}=1"),
        format!("N<{HOSTILE}"),
    ];
    let (flag, other, value) = (format!("--{HOSTILE}"), format!("verdict={HOSTILE}"), format!("--format={HOSTILE}"));
    for arguments in [
        &[HOSTILE][..],
        &[&path],
        &["plan", &path],
        &[&flag],
        &["check", &flag],
        &["report", &value],
        &["coin.toml", "--set", &key],
        &["coin.toml", "--set", HOSTILE],
        &["coin.toml", "--seed", HOSTILE],
        &["coin.toml", "--sampler", HOSTILE],
        &["coin.toml", "--threads", HOSTILE],
        &["report", HOSTILE],
        &["report", "--where", HOSTILE],
        &["report", "--where", &filter],
        &["report", "--where", &smaller],
        &["report", "--where", &other],
        &["report", "--columns", HOSTILE],
        &["report", "--rows", HOSTILE, "--columns", "N", "--cell", HOSTILE],
        &["report", "--splice", &path],
        &["kl", "--p", HOSTILE, "--q", "0.5,0.5"],
        &["kl", "--csv", HOSTILE],
        &["score", "--p", "0.5,0.5", "--q", "0.4,0.6", HOSTILE],
        &["score", "--p", "0.5,0.5", "--q", "0.4,0.6", HOSTILE, "01"],
        &["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "--file", HOSTILE],
        &["summarize", HOSTILE],
        &["estimate", HOSTILE, "--q", "0.5,0.5"],
        &["estimate", "results/coin/law.csv", "--column", HOSTILE, "--q", "0.5,0.5"],
        &["estimate", "--p-counts", HOSTILE, "--q", "0.5,0.5"],
        &["estimate", "results/coin/law.csv", "--column", "observed", "--group-column", HOSTILE],
        &["summarize", "results/coin/law.csv", "--estimate-column", HOSTILE],
        &["summarize", "results/coin/law.csv", "--truth", HOSTILE],
        &["summarize", "results/coin/law.csv", "--estimate-column", "observed", "--reference", HOSTILE],
        &["replay", "coin.toml", "--trial", HOSTILE],
        &["check", "coin.toml", "--junit", &format!("{HOSTILE}/x.xml")],
    ] {
        let ended = runs_harmlessly(&here, arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}: {}", ended.err);
        // Of a sequence the first stranger is told, and no more.
        assert!(ended.err.contains("HOSTILE") || arguments[0] == "score", "{arguments:?}: {}", ended.err);
    }
    runs_harmlessly(&here, &["coin.toml", "--set", &assignment]).succeeds().shows("HOSTILE");
    runs_harmlessly(&here, &["coin.toml"]).succeeds();
    // What may be called anything is called so on disk.
    runs_harmlessly(&here, &["coin.toml", "--out", HOSTILE]).succeeds().says("HOSTILE");
    assert!(here.path(HOSTILE).join("coin/summary.csv").exists());
    runs_harmlessly(&here, &["coin.toml", "--out", HOSTILE, "--trials", "7"]).refuses().says("HOSTILE");
    runs_harmlessly(&here, &["coin.toml", "--out", HOSTILE, "--trials", "7", "--replace"])
        .succeeds()
        .says("note: replacing the results");
    runs_harmlessly(&here, &["check", "coin.toml", "--out", HOSTILE]).exits_with(3).shows("HOSTILE");
    runs_harmlessly(&here, &["check", "coin.toml", "--out", HOSTILE, "--update"]).says("HOSTILE");
    std::fs::remove_file(here.path(HOSTILE).join("coin/law.csv")).unwrap();
    runs_harmlessly(&here, &["report", HOSTILE]).refuses().says("HOSTILE");
    // Bytes that are no text at all.
    let mut command = here.command(["plan"]);
    command.arg(std::ffi::OsStr::from_bytes(b"\xff\x1b[2J.toml"));
    let ended = within_a_minute(command).refuses();
    is_harmless(&ended);
    // Paths that are printed for programs are what they are.
    let told = here.run(["report", "results/coin", "--format", "html", "--out", HOSTILE]).succeeds().out;
    assert_eq!(told, format!("{HOSTILE}/coin.html\n"));
}

/// Results that somebody else has made, right by their digests.
#[test]
fn nothing_in_results_reaches_the_terminal() {
    let hostile = escaped();
    let spec = "trials = 20\nN = 3\nP = [0.5, 0.5]\nestimators = [\"log_ratio\", \"plug_in\"]\n[grid]\n\"Q.bernoulli.p\" = [0.25, 0.75]\n"
        .replace("P = [0.5, 0.5]", "P.bernoulli.p = 0.5");
    let planted = |file: &str, change: &dyn Fn(&str) -> String| {
        let here = Workspace::with_spec(&spec);
        here.run(["coin.toml", "--quiet"]).succeeds();
        rewrite(&here, file, change);
        for arguments in [
            &["report", "results/coin"][..],
            &["report", "results/coin", "--format", "markdown"],
            &["report", "results/coin", "--format", "latex"],
            &["report", "results/coin", "--format", "json"],
            &["report", "results/coin", "--columns", "p,q,estimator,nonsense"],
            &["report", "results/coin", "--where", "N=77"],
            &["report", "results/coin", "--where", "p=77"],
            &["report", "results/coin", "--where", "estimator=77"],
            &["report", "results/coin", "--rows", "p", "--columns", "N", "--cell", "mean"],
            &["check", "coin.toml", "--only", "bytes"],
            &["check", "coin.toml", "--only", "bytes", "--json"],
            &["coin.toml"],
        ] {
            runs_harmlessly(&here, arguments);
        }
    };
    let quoted = format!("\"{HOSTILE}\"");
    planted("summary.csv", &|text| text.replace("Q.bernoulli.p", &quoted));
    planted("summary.csv", &|text| text.replace(",plug_in,", &format!(",{quoted},")));
    planted("summary.csv", &|text| text.replace(",agree", &format!(",{quoted}")));
    planted("summary.csv", &|text| text.replace("bernoulli(p=0.5)", HOSTILE));
    planted("summary.csv", &|text| text.replace(",nats", &format!(",{quoted}")));
    planted("law.csv", &|text| text.replace("condition", &quoted));
    planted("law.csv", &|text| text.replacen("0.", &quoted, 1));
    planted("manifest.json", &|text| text.replace("\"coin\"", &format!("\"{hostile}\"")));
    planted("manifest.json", &|text| text.replace("\"plug_in\"", &format!("\"{hostile}\"")));
    planted("manifest.json", &|text| text.replace("\"sequence\"", &format!("\"{hostile}\"")));
    planted("manifest.json", &|text| text.replace("\"law.csv\"", &format!("\"{hostile}\"")));
    planted("manifest.json", &|text| text.replace("\"trials\"", &format!("\"{hostile}\": 1, \"trials\"")));
    planted("manifest.json", &|text| text.replace("\"format\": 1", &format!("\"format\": \"{hostile}\"")));
    planted("manifest.json", &|text| text.replace("{", HOSTILE));
}

#[test]
fn nothing_in_tables_and_documents_reaches_the_terminal() {
    let quoted = format!("\"{HOSTILE}\"");
    let trials = format!("{quoted},estimate\n{quoted},1\n{quoted},2\n");
    let here = Workspace::with_spec(COIN)
        .file("trials.csv", &trials)
        .file("bad.csv", format!("estimate\n{quoted}\n"))
        .file("pairs.csv", format!("p,q\n{quoted},0.5\n\"H=0.5,{HOSTILE}=0.5\",\"H=0.4,{HOSTILE}=0.6\"\n"))
        .file("document.md", format!("<!-- runner report --where {HOSTILE}=1 -->\n<!-- end of runner report -->\n"))
        .file("other.md", format!("<!-- runner report --{HOSTILE} -->\n<!-- end of runner report -->\n"))
        .file("sequences", format!("01{HOSTILE}\n01\n"));
    here.run(["coin.toml", "--quiet"]).succeeds();
    runs_harmlessly(&here, &["summarize", "trials.csv", "--by", HOSTILE]).succeeds().shows("HOSTILE");
    runs_harmlessly(&here, &["summarize", "trials.csv", "--by", HOSTILE, "--format", "json"]).succeeds();
    runs_harmlessly(&here, &["summarize", "trials.csv", "--by", HOSTILE, "--reference", "x"]).refuses().says("HOSTILE");
    runs_harmlessly(&here, &["summarize", "trials.csv", "--estimate-column", "x"]).refuses().says("HOSTILE");
    runs_harmlessly(&here, &["summarize", "bad.csv"]).refuses().says("HOSTILE");
    for document in ["document.md", "other.md"] {
        runs_harmlessly(&here, &["report", "--splice", document]).refuses().says("HOSTILE");
    }
    let score = ["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "--file", "sequences"];
    runs_harmlessly(&here, &score).exits_with(2).says("sequences:1: ");
    // Tables for programs keep every byte; what is said of them does not.
    let csv = here.run(["summarize", "trials.csv", "--by", HOSTILE, "--format", "csv"]).succeeds().out;
    assert!(csv.starts_with(&quoted), "{csv:?}");
    let pairs = here.run(["kl", "--csv", "pairs.csv"]).exits_with(2).says("HOSTILE");
    assert_eq!(printable_lines(&pairs.err), pairs.err);
    assert!(pairs.out.contains(&quoted), "{:?}", pairs.out);
}

#[test]
fn nothing_that_a_program_says_reaches_the_terminal() {
    let said: String = HOSTILE.bytes().map(|byte| format!("\\{byte:03o}")).collect();
    let spec = |command: &str| {
        COIN.replace("trials = 1_000", "trials = 5")
            + &format!("estimators = [\"log_ratio\", {{ name = \"mine\", command = {command}, timeout = 5 }}]\n")
    };
    for script in [
        format!("read -r line; printf '{said}\\n'"),
        format!("printf '{said}\\n' >&2; exit 3"),
        format!("read -r line; printf '{{\"error\": \"{}\"}}\\n'", escaped().replace('\\', "\\\\\\\\")),
        format!("printf '0.5 {said}\\n'"),
    ] {
        let here = Workspace::with_spec(&spec("[\"sh\", \"mine.sh\"]")).file("mine.sh", script);
        let ended = runs_harmlessly(&here, &["coin.toml", "--allow-commands"]);
        assert!(ended.err.contains("HOSTILE"), "{}", ended.err);
        runs_harmlessly(&here, &["replay", "coin.toml", "--trial", "1", "--allow-commands"])
            .exits_with(2)
            .says("HOSTILE");
    }
    let here = Workspace::with_spec(&spec(&format!("[\"{0}\", \"{0}\"]", escaped())));
    runs_harmlessly(&here, &["coin.toml"]).refuses().says("HOSTILE").says("--allow-commands");
    runs_harmlessly(&here, &["coin.toml", "--allow-commands"]).exits_with(2).says("it cannot be started");
}

// What the exit codes say
