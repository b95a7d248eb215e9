//! Simulated estimates of every family.

use super::*;

/// Every family in one file, both ways, and what is allowed of the samplers.
fn every_family(sampler: &str) -> String {
    let mut text = format!("seed = 57\ntrials = 4_000\nN = [1, 10]\nsampler = \"{sampler}\"\n");
    for family in FAMILIES {
        for (p, q) in both_ways(family) {
            let pair = pair(&p, &q);
            let fits = sampler == "sequence"
                || pair.chains().is_none()
                    && pair.values().is_none_or(|values| {
                        values.form().is_some_and(|form| form.has_known_sum()) && values.uncovered().is_none()
                    });
            if fits {
                text.push_str(&format!("[[case]]\nP.{p}\nQ.{q}\n"));
            }
        }
    }
    text
}

/// Mean and variance of the simulated estimates against theory, for every family and sampler: a right program fails once in
/// a million.
#[test]
fn simulated_estimates_agree_with_theory() {
    for sampler in ["sequence", "counts"] {
        let workspace = Workspace::new().file("all.toml", every_family(sampler));
        workspace.run(["all.toml", "--quiet"]).succeeds();
        let rows = workspace.rows("results/all/summary.csv");
        let families: std::collections::BTreeSet<&str> =
            rows.iter().map(|row| row["p"].split('(').next().unwrap()).collect();
        if sampler == "sequence" {
            assert_eq!(families.len(), FAMILIES.len(), "{families:?}");
        }
        assert!(rows.iter().all(|row| row["verdict"] != "untested"));
        for cell in rows.iter().flat_map(|row| row.values()) {
            assert!(!cell.contains("nan") && !cell.contains("NaN"), "{rows:?}");
        }
    }
}

#[test]
fn every_family_has_the_same_bytes_on_any_threads_and_cpu() {
    for sampler in ["sequence", "counts"] {
        let bytes = |arguments: &[&str], tunables: &str| {
            let workspace = Workspace::new().file("all.toml", every_family(sampler));
            let all = ["all.toml", "--quiet", "--record"].into_iter().chain(arguments.iter().copied());
            let status = workspace.command(all).env("GLIBC_TUNABLES", tunables).status().unwrap();
            assert!(status.success());
            contents(&workspace.path("results/all"))
        };
        let one = bytes(&["--threads", "1"], "");
        assert!(one == bytes(&["--threads", "3"], "glibc.cpu.hwcaps=-FMA,-AVX2"));
    }
}
