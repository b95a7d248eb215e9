//! Estimators that are functions of the program that reads the experiment.

use kl_runner::experiment::{ExperimentResults, RunContext, carry_out, planned_sampling};
use kl_runner::experiment_file::{Diagnostics, OwnFunction, Source, read_with};
use kl_runner::plan::Plan;
use kl_runner::programs::{Answer, Failure, Function, FunctionError, TrialBatch, TrialData};
use kl_runner::record::{FinishedRun, MemoryFile, Recorder, results_in_memory};
use kl_sim::comparison::{FALSE_ALARM, Verdict};
use kl_sim::simulation::{Cancel, Engine};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex};

type Estimates = dyn Fn(&TrialBatch) -> Result<Vec<Answer>, FunctionError> + Send + Sync;

/// A function, and which batches it was asked about: the condition, the first trial, and how many.
struct Asked {
    estimates: Box<Estimates>,
    batches: Mutex<BTreeSet<(usize, u64, usize)>>,
}

impl fmt::Debug for Asked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Asked")
    }
}

impl Function for Asked {
    fn name(&self) -> &str {
        "a_function"
    }

    fn takes_seeds(&self) -> bool {
        true
    }

    fn estimates(&self, batch: &Arc<TrialBatch>) -> Result<Vec<Answer>, FunctionError> {
        assert_eq!(batch.seeds.as_ref().map(Vec::len), Some(batch.trials));
        self.batches.lock().unwrap().insert((batch.context.condition, batch.first, batch.trials));
        (self.estimates)(batch)
    }
}

fn asked(estimates: impl Fn(&TrialBatch) -> Result<Vec<Answer>, FunctionError> + Send + Sync + 'static) -> Arc<Asked> {
    Arc::new(Asked { estimates: Box::new(estimates), batches: Mutex::default() })
}

fn answer(estimate: f64) -> Answer {
    Answer { estimate, std_error: None }
}

fn planned(text: &str, settings: &str, function: &Arc<Asked>) -> Result<Plan, Diagnostics> {
    let source = Source { name: "mine.toml".into(), text: text.into() };
    let function = Arc::clone(function) as Arc<dyn Function>;
    let own = OwnFunction { origin: "estimators".into(), settings: settings.into(), function };
    read_with(&source, "mine", &[], &[own])
}

/// The results and the files of a run in memory.
fn run(plan: &Plan, threads: usize) -> (ExperimentResults, BTreeMap<String, Vec<u8>>) {
    let mut recorder = Recorder::start(plan, |name| Ok::<_, std::io::Error>(MemoryFile::new(name))).unwrap();
    let engine = Engine::new(Some(threads)).unwrap();
    let context = RunContext { engine: &engine, cancel: &Cancel::default(), meter: &() };
    let found = carry_out(plan, &planned_sampling, context, &mut recorder).unwrap();
    let verdicts = found.verdicts(FALSE_ALARM);
    let finished = FinishedRun { plan, measured: &found.measured, verdicts: &verdicts, failures: &found.failures };
    let files = results_in_memory(&finished, recorder).unwrap();
    (found, files)
}

const SIX: &str = "seed = 57\ntrials = 20_000\nN = [50, 300]\nP = [0.3, 0.25, 0.2, 0.15, 0.07, 0.03]\n\
    Q = [0.2, 0.2, 0.2, 0.2, 0.1, 0.1]\nestimators = [\"log_ratio\", \"k3\"]\n";

/// k3 from the counts: Σ nᵢ (qᵢ/pᵢ − 1 − ln(qᵢ/pᵢ))/N.
fn k3() -> Arc<Asked> {
    asked(|batch| {
        let probabilities = |side: &str| -> Vec<f64> {
            let list = batch.context.facts[side]["probabilities"].as_array().unwrap();
            list.iter().map(|p| p.as_f64().unwrap()).collect()
        };
        let (p, q) = (probabilities("p"), probabilities("q"));
        let n = batch.context.facts["n"].as_u64().unwrap() as f64;
        let TrialData::Counts { symbols, counts } = &batch.sample else { panic!("{batch:?}") };
        let k3 = |row: &[u64]| {
            let terms = row.iter().zip(p.iter().zip(&q)).map(|(&count, (p, q))| {
                let ratio = q / p;
                count as f64 * (ratio - 1.0 - libm::log(ratio))
            });
            answer(terms.sum::<f64>() / n)
        };
        Ok(counts.chunks_exact(*symbols).map(k3).collect())
    })
}

const SAME: &str = r#"{ name = "mine", input = "counts", expected = "closed_form", same_as = "k3" }"#;

/// The bytes and the batches are the same on any number of threads, with and without recorded trials, with and without the paths
/// of other estimators.
#[test]
fn a_function_is_asked_about_the_same_batches_on_any_number_of_threads() {
    let mut batches = Vec::new();
    let mut summaries = Vec::new();
    for sampler in ["counts", "sequence"] {
        for (threads, record) in [(1, "none"), (2, "csv"), (3, "none")] {
            let function = k3();
            let text = format!("sampler = \"{sampler}\"\nrecord = \"{record}\"\n{SIX}");
            let plan = planned(&text, SAME, &function).unwrap();
            let (found, files) = run(&plan, threads);
            assert!(found.complete && found.failures.is_empty());
            assert!(found.verdicts(FALSE_ALARM).iter().all(|verdict| *verdict == Verdict::Agree));
            let own = found.measured.iter().filter(|row| &*row.estimator == "mine");
            for same in own.map(|row| row.comparison.same_as.as_ref().unwrap()) {
                assert_eq!((same.compared, same.differing), (20_000, 0));
            }
            batches.push((sampler, std::mem::take(&mut *function.batches.lock().unwrap())));
            summaries.push((sampler, String::from_utf8(files["summary.csv"].clone()).unwrap()));
            assert_eq!(files.contains_key("trials.csv"), record == "csv");
        }
    }
    for sampler in ["counts", "sequence"] {
        let of = |place: usize| summaries.iter().filter(|(of, _)| *of == sampler).nth(place).unwrap();
        let batches: Vec<_> = batches.iter().filter(|(of, _)| *of == sampler).collect();
        for place in [1, 2] {
            assert_eq!(of(0), of(place));
            assert_eq!(batches[0], batches[place]);
        }
        let all: usize = batches[0].1.iter().map(|(_, _, trials)| trials).sum();
        assert_eq!(all, 2 * 20_000);
        assert!(batches[0].1.iter().any(|(_, _, trials)| *trials >= 512), "{batches:?}");
    }
}

/// What it is given are the symbols, the values and the samples from Q that a program reads in full.
#[test]
fn a_function_sees_every_shape_of_data() {
    let seen: Arc<Mutex<Vec<TrialBatch>>> = Arc::default();
    let noted = Arc::clone(&seen);
    let function = asked(move |batch| {
        noted.lock().unwrap().push(batch.clone());
        Ok(vec![answer(0.0); batch.trials])
    });
    let normals = "trials = 5\nN = 3\nP.multivariate_normal = { mean = [0, 0], covariance = [[1, 0], [0, 1]] }\n\
        Q.multivariate_normal = { mean = [1, 0], covariance = [[1, 0], [0, 1]] }\n";
    let chain = "trials = 5\nN = 7\nP.markov_chain = { initial = \"stationary\", transition = [[0.9, 0.1], [0.2, 0.8]] }\n\
        Q.markov_chain = { initial = \"stationary\", transition = [[0.5, 0.5], [0.5, 0.5]] }\n";
    let long = "trials = 3\nN = 200_000\nP.bernoulli.p = 0.5\nQ.bernoulli.p = 0.4\n";
    for (text, settings) in [
        (SIX, r#"{ name = "mine", M = 20, input = "counts" }"#),
        (SIX, r#"{ name = "mine" }"#),
        (normals, r#"{ name = "mine", M = 4 }"#),
        (chain, r#"{ name = "mine" }"#),
        (long, r#"{ name = "mine" }"#),
        (long, r#"{ name = "mine", input = "counts" }"#),
    ] {
        let plan = planned(text, settings, &function).unwrap();
        seen.lock().unwrap().clear();
        run(&plan, 2);
        for batch in seen.lock().unwrap().iter() {
            let [n, trials] = [batch.context.facts["n"].as_u64().unwrap() as usize, batch.trials];
            match &batch.sample {
                TrialData::Counts { symbols, counts } => {
                    assert_eq!(counts.len(), symbols * trials);
                    assert!(counts.chunks(*symbols).all(|row| row.iter().sum::<u64>() == n as u64));
                }
                TrialData::Symbols { length, symbols } => {
                    assert_eq!((*length, symbols.len()), (n, n * trials));
                }
                TrialData::Values { length, width, values } => {
                    assert_eq!((*length, *width, values.len()), (3, 2, 6 * trials));
                }
            }
            match &batch.model {
                Some(TrialData::Counts { symbols, counts }) => {
                    assert_eq!((*symbols, counts.iter().sum::<u64>()), (6, 20 * trials as u64));
                }
                Some(TrialData::Values { values, .. }) => assert_eq!(values.len(), 8 * trials),
                model => assert_eq!(model, &None),
            }
        }
    }
}

/// Only the trials that it cannot do are failures, each with its own reason.
#[test]
fn an_error_is_a_failure_of_its_own_trial() {
    let function = asked(|batch| {
        let raised = |trial: u64| FunctionError::Raised { error: format!("trial {trial}"), traceback: "here".into() };
        let trials = batch.first..batch.first + batch.trials as u64;
        match [700, 1_900].into_iter().find(|bad| trials.contains(bad)) {
            Some(_) if batch.trials > 1 => Err(raised(0)),
            Some(bad) => Err(raised(bad)),
            None => Ok(trials.map(|trial| answer(if trial == 5 { f64::NAN } else { trial as f64 })).collect()),
        }
    });
    let text = SIX.replace("20_000", "2_000").replace("[50, 300]", "50");
    let plan = planned(&text, r#"{ name = "mine" }"#, &function).unwrap();
    let (found, files) = run(&plan, 2);
    assert!(found.complete);
    let failures: Vec<_> =
        found.failures[0].failed.iter().map(|(trial, failure)| (trial, failure.to_string())).collect();
    let expected = [
        (5, "the answer `nan` is not an estimate: that is a number or inf"),
        (700, "it raised trial 700"),
        (1_900, "it raised trial 1900"),
    ];
    assert_eq!(failures, expected.map(|(trial, text)| (trial, text.to_owned())));
    let listed = String::from_utf8(files["failures.csv"].clone()).unwrap();
    assert!(listed.contains("1,701,mine,it raised trial 700"), "{listed}");
    let own = found.measured.iter().find(|row| &*row.estimator == "mine").unwrap();
    let sum: u64 = (0..2_000).filter(|trial| ![5, 700, 1_900].contains(trial)).sum();
    let (mean, expected) = (own.comparison.mean.unwrap(), sum as f64 / 1_997.0);
    assert!((mean - expected).abs() < 1e-9, "{mean} {expected}");
}

/// An answer of another length is not asked for again.
#[test]
fn estimates_that_are_too_few_stop_the_run() {
    let function = asked(|batch| Ok(vec![answer(0.0); batch.trials - 1]));
    let plan = planned(SIX, r#"{ name = "mine", max_failures = 1_000_000 }"#, &function).unwrap();
    let (found, _) = run(&plan, 1);
    assert!(!found.complete && found.failures.iter().all(|failures| failures.is_stopped));
    let (trial, failure) = found.failures[0].failed.first().unwrap();
    let trials = function.batches.lock().unwrap().first().unwrap().2;
    let reason = format!("it gave {} estimates for {trials} trials", trials - 1);
    assert_eq!((trial, failure), (0, &Failure::Unfit { reason }));
}

/// With many failures the rest is not asked about, even where trials are asked about one by one.
#[test]
fn a_function_that_always_fails_is_stopped_soon() {
    let function = asked(|_| Err(FunctionError::Raised { error: "no".into(), traceback: String::new() }));
    let plan = planned(SIX, r#"{ name = "mine", max_failures = 20 }"#, &function).unwrap();
    let (found, _) = run(&plan, 1);
    assert!(!found.complete);
    assert_eq!(found.failures.iter().map(|failures| failures.count).collect::<Vec<_>>(), [21, 21]);
}

fn refusal(settings: &str) -> String {
    planned(SIX, settings, &k3()).unwrap_err().to_string()
}

#[test]
fn the_settings_of_a_function_are_checked_at_their_places() {
    let message = refusal(r#"{ name = "mine", inptu = "counts" }"#);
    assert!(message.contains("an estimator with a function has no key `inptu`"), "{message}");
    assert!(message.contains("did you mean `input`?") && message.contains("--> estimators:1:"), "{message}");
    let message = refusal(r#"{ name = "mine", command = ["x"] }"#);
    assert!(message.contains("has no key `command`"), "{message}");
    assert!(refusal(r#"{ name = "k3" }"#).contains("is the name of a built-in estimator"));
    assert!(refusal(r#"{ name = "mine", same_as = "k4" }"#).contains("k4"));
    assert!(refusal(r#"{ name = "mine" "#).contains("broken TOML"));
}

#[test]
fn a_file_cannot_name_a_function() {
    let text = SIX.replace("\"k3\"]", "\"k3\", { name = \"mine\", function = \"f\" }]");
    let source = Source { name: "mine.toml".into(), text };
    let message = kl_runner::experiment_file::read(&source, "mine", &[]).unwrap_err().to_string();
    assert!(message.contains("an estimator of a file cannot be a function"), "{message}");
    assert!(message.contains("kl_runner.run"), "{message}");
}
