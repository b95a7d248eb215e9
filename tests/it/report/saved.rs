//! Damaged results, and reports inside documents.

use super::*;

#[test]
fn damaged_results_have_their_own_words() {
    let damaged = |damage: &dyn Fn(&Workspace)| {
        let workspace = finished();
        damage(&workspace);
        workspace
    };
    let write = |workspace: &Workspace, name: &str, text: String| std::fs::write(workspace.path(name), text).unwrap();
    let workspace = damaged(&|workspace| std::fs::remove_dir_all(workspace.path("results/coin")).unwrap());
    workspace
        .run(["report", "results/coin"])
        .refuses()
        .says("there is no results/coin")
        .says("runner experiments/coin.toml");
    let workspace = damaged(&|workspace| {
        std::fs::remove_dir_all(workspace.path("results/coin")).unwrap();
        std::fs::create_dir(workspace.path("results/coin")).unwrap();
    });
    workspace.run(["report", "results/coin"]).refuses().says("results/coin holds no results");
    workspace.run(["report", "coin.toml"]).refuses().says("coin.toml is a file, and results are a folder");
    let cut = |name: &'static str| {
        damaged(&move |workspace| {
            let text = workspace.read(name);
            write(workspace, name, text[..text.len() / 2].to_owned());
        })
    };
    for name in ["results/coin/summary.csv", "results/coin/law.csv", "results/coin/paths.csv"] {
        cut(name)
            .run(["report", "results/coin"])
            .refuses()
            .says(name)
            .says("edited, cut short, or belongs to another run");
    }
    cut("results/coin/manifest.json").run(["report", "results/coin"]).refuses().says("manifest.json cannot be read");
    let workspace = damaged(&|workspace| std::fs::remove_file(workspace.path("results/coin/law.csv")).unwrap());
    workspace.run(["report", "results/coin"]).refuses().says("law.csv is missing");
    let manifest = |change: &'static dyn Fn(String) -> String| {
        damaged(&move |workspace| {
            let text = workspace.read("results/coin/manifest.json");
            write(workspace, "results/coin/manifest.json", change(text));
        })
    };
    let newer = manifest(&|text| text.replace("\"format\": 1", "\"format\": 2"));
    newer.run(["report", "results/coin"]).refuses().says("newer version").says("layout 2");
    manifest(&|_| String::new()).run(["report", "results/coin"]).refuses().says("manifest.json cannot be read");
    manifest(&|text| text.replace("\"seed\"", "\"sead\""))
        .run(["report", "results/coin"])
        .refuses()
        .says("lacks the seed");
    // A file that the manifest was made to fit.
    let forged = |change: &'static dyn Fn(String) -> String| {
        damaged(&move |workspace| {
            use sha2::{Digest, Sha256};
            let text = workspace.read("results/coin/summary.csv");
            let digest = |text: &str| kl_runner::record::hex(&Sha256::digest(text.as_bytes()));
            let new = change(text.clone());
            let manifest = workspace.read("results/coin/manifest.json").replace(&digest(&text), &digest(&new));
            write(workspace, "results/coin/summary.csv", new);
            write(workspace, "results/coin/manifest.json", manifest);
        })
    };
    let report = |workspace: &Workspace| workspace.run(["report", "results/coin"]).refuses();
    report(&forged(&|text| text.replace("10,1000,", "ten,1000,")))
        .says("summary.csv:2: n is \"ten\", and a whole number goes there");
    report(&forged(&|text| text.replace(",agree,", ",maybe,"))).says("verdict is \"maybe\", and a verdict goes there");
    report(&forged(&|text| text.replace("p_value_method", "p_value_methods")))
        .says("summary.csv has no column p_value_method");
    report(&forged(&|_| String::new())).says("summary.csv has no column");
    // All at once, and nothing is written.
    let workspace = finished();
    std::fs::remove_file(workspace.path("results/coin/law.csv")).unwrap();
    std::fs::remove_file(workspace.path("results/grid/paths.csv")).unwrap();
    let before = contents(&workspace.path("results"));
    workspace
        .run(["report", "--format", "html"])
        .refuses()
        .says("coin/law.csv is missing")
        .says("grid/paths.csv is missing");
    assert_eq!(contents(&workspace.path("results")), before);
}

#[test]
fn reports_are_spliced_into_documents() {
    let document = "# Paper\n\n<!-- runner report results/coin --columns N,verdict --where 'N > 10' -->\nold\n<!-- end of runner report -->\nrest\n\
                    ```md\n<!-- runner report results/nope -->\n```\n";
    let workspace = finished().file("paper.md", document);
    workspace.run(["report", "--splice", "paper.md", "--check"]).exits_with(1).says("paper.md is outdated");
    assert_eq!(workspace.read("paper.md"), document);
    workspace.run(["report", "--splice", "paper.md"]).succeeds().says("wrote paper.md");
    let spliced = document.replace("old\n", "\n| N | verdict |\n|---:|---|\n| 100 | agree |\n\n");
    assert_eq!(workspace.read("paper.md"), spliced);
    workspace.run(["report", "--splice", "paper.md", "--check"]).succeeds();
    assert_eq!(workspace.run(["report", "--splice", "paper.md"]).succeeds().err, "");
    let refused = |text: &str| {
        std::fs::write(workspace.path("paper.md"), text).unwrap();
        workspace.run(["report", "--splice", "paper.md"]).refuses()
    };
    refused("nothing\n").says("paper.md has no marker for a report").says("<!-- end of runner report -->");
    refused("\n<!-- runner report results/coin -->\n").says("paper.md, line 2: a report begins here");
    refused("<!-- runner report 'x -->\n<!-- end of runner report -->\n")
        .says("paper.md:1")
        .says("a quote is not closed");
    refused("<!-- runner report --format html -->\n<!-- end of runner report -->\n")
        .says("a document can hold tables only");
    refused("<!-- runner report nope -->\n<!-- end of runner report -->\n").says("there is no nope");
}
