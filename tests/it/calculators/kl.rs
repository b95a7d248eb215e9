//! `runner kl`.

use super::*;

#[test]
fn a_fair_coin_against_nine_to_one() {
    let ended = run(["kl", "--p", "0.5,0.5", "--q", "0.9,0.1"]).succeeds();
    insta::assert_snapshot!(ended.out, @"
    P = categorical(0.5, 0.5)
    Q = categorical(0.9, 0.1)

                                                   KL(P‖Q), if P is true  KL(Q‖P), if Q is true
      divergence, nats per symbol                               0.510826               0.368064
      divergence, bits per symbol                               0.736966               0.531004
      variance per symbol, nats²                                 1.20695               0.434502
      variance per symbol, bits²                                 2.51211               0.904358
      dominant term, by symbol                             T, 0.805 nats          H, 0.529 nats
      bits per symbol wasted by the other's code                0.736966               0.531004
      N for one standard deviation, V/D²                         4.62534                3.20733
      sign error probability below 5 % from N =                       16                     12
      sign error probability below 0.1 % from N =                     46                     42

    Jeffreys' J, the sum of both: 0.87889 nats (1.26797 bits)

    Other measures of P and Q:

                                 nats      bits    number  error
      entropy H(P)           0.693147         1
      entropy H(Q)           0.325083  0.468996
      cross-entropy H(P, Q)   1.20397   1.73697
      Jensen–Shannon         0.101749  0.146793
      total variation                                 0.4
      squared Hellinger                          0.105573
      χ²(P‖Q)                                     1.77778
      Bhattacharyya          0.111572  0.160964
      Rényi, order 1/2       0.223144  0.321928
      Rényi, order 2          1.02165   1.47393
      Chernoff, order 0.542  0.112377  0.162126
    ");
    let json = json(["kl", "--p", "0.5,0.5", "--q", "0.9,0.1", "--json"]);
    // ½ ln(25/9) and 0.9 ln 1.8 + 0.1 ln 0.2, by 25-digit arithmetic.
    assert_eq!(json["p_against_q"]["divergence"]["nats"], 0.510_825_623_765_990_7);
    assert!((json["p_against_q"]["divergence"]["bits"].as_f64().unwrap() - 0.736_965_594_166_206_2).abs() < 1e-15);
    assert!((json["q_against_p"]["divergence"]["nats"].as_f64().unwrap() - 0.368_064_207_168_497_1).abs() < 1e-15);
    // By enumeration: P(L < 0) is 0.033 at N = 11, again 0.059 at N = 15, and below 0.05 from 16 on; 0.001 from 46.
    assert_eq!(json["p_against_q"]["wrong_below_5_percent"]["n"], 16);
    assert_eq!(json["p_against_q"]["wrong_below_0.1_percent"]["n"], 46);
}

#[test]
fn the_schemas_of_json_are_stable() {
    insta::assert_snapshot!(run(["kl", "--p", "0.5,0.5", "--q", "0.4,0.6", "--json"]).succeeds().out, @r#"
    {
      "schema": "kl-runner/kl/1",
      "p": "categorical(0.5, 0.5)",
      "q": "categorical(0.4, 0.6)",
      "p_against_q": {
        "divergence": {
          "nats": 0.02041099726012755,
          "bits": 0.029446844526784238
        },
        "variance": {
          "nats2": 0.041100488473291334,
          "bits2": 0.08554528181248712
        },
        "carrier": {
          "symbol": "H",
          "nats": 0.11157177565710485
        },
        "source": "closed form",
        "error": null,
        "wasted_bits": 0.029446844526784238,
        "one_deviation": 98.65487135727754,
        "wrong_below_5_percent": {
          "n": 279,
          "exact": true
        },
        "wrong_below_0.1_percent": {
          "n": 953,
          "exact": true
        }
      },
      "q_against_p": {
        "divergence": {
          "nats": 0.020135513550688863,
          "bits": 0.029049405545331346
        },
        "variance": {
          "nats2": 0.03945646893435969,
          "bits2": 0.08212347053998766
        },
        "carrier": {
          "symbol": "T",
          "nats": 0.10939293407637275
        },
        "source": "closed form",
        "error": null,
        "wasted_bits": 0.029049405545331346,
        "one_deviation": 97.31791487033075,
        "wrong_below_5_percent": {
          "n": 281,
          "exact": true
        },
        "wrong_below_0.1_percent": {
          "n": 955,
          "exact": true
        }
      },
      "jeffreys": {
        "nats": 0.040546510810816415,
        "bits": 0.058496250072115584
      },
      "neighbours": {
        "entropy_p": {
          "nats": 0.6931471805599453,
          "bits": 1.0,
          "error": null
        },
        "entropy_q": {
          "nats": 0.6730116670092565,
          "bits": 0.9709505944546688,
          "error": null
        },
        "cross_entropy": {
          "nats": 0.7135581778200728,
          "bits": 1.0294468445267841,
          "error": null
        },
        "jensen_shannon": {
          "nats": 0.005059389928987596,
          "bits": 0.00729915676047397,
          "error": null
        },
        "total_variation": {
          "value": 0.09999999999999998,
          "error": null
        },
        "hellinger_squared": {
          "value": 0.005063846994875946,
          "error": null
        },
        "chi_squared": {
          "value": 0.041666666666666644,
          "error": null
        },
        "bhattacharyya": {
          "nats": 0.005076711716433997,
          "bits": 0.007324146817322225,
          "error": null
        },
        "renyi_half": {
          "nats": 0.010153423432867993,
          "bits": 0.01464829363464445,
          "error": null
        },
        "renyi_two": {
          "nats": 0.04082199452025511,
          "bits": 0.05889368905356849,
          "error": null
        },
        "chernoff": {
          "nats": 0.005076770485344709,
          "bits": 0.007324231602938268,
          "error": null
        },
        "chernoff_order": 0.501699740664032,
        "absent": {}
      },
      "missing": null
    }
    "#);
    insta::assert_snapshot!(run(["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "--json", "HHT"]).succeeds().out, @r#"
    {
      "schema": "kl-runner/score/1",
      "line": 1,
      "n": 3,
      "counts": {
        "H": 2,
        "T": 1
      },
      "log_p": -2.0794415416798357,
      "log_q": -2.3434070875143007,
      "log_ratio": 0.26396554583446485,
      "estimate": {
        "nats": 0.08798851527815495,
        "bits": 0.12694059464697693
      },
      "z_if_p": 0.5773502691896258,
      "z_if_q": 0.9428090415820632
    }
    "#);
    // Too far for the exact law, and a number that is no double.
    let far = json(["kl", "--p", "0.5,0.5", "--q", "0.505,0.495", "--json"]);
    assert_eq!(far["p_against_q"]["wrong_below_5_percent"]["exact"], false);
}

#[test]
fn a_ratio_beyond_all_doubles_is_still_a_number() {
    let tosses = "HT".repeat(500_000);
    let here = Workspace::new().file("tosses", &tosses);
    // e^20410.997… = 10^8864.38…
    here.run(["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "--file", "tosses"]).succeeds().shows("2.42e8864");
}

#[test]
fn zero_infinite_and_near_pairs_read_as_they_should() {
    run(["kl", "--p", "H=.3,T=.7", "--q", "T=.7,H=.3"]).succeeds().shows("P and Q are the same").shows("never");
    let infinite = json(["kl", "--p", "0.5,0.5", "--q", "1,0", "--json"]);
    assert_eq!(infinite["p_against_q"]["divergence"]["nats"], "inf");
    assert_eq!(infinite["p_against_q"]["carrier"]["symbol"], "T");
    assert!(infinite["p_against_q"]["variance"].is_null());
    assert_eq!(infinite["q_against_p"]["divergence"]["bits"], 1.0);
    assert_eq!(infinite["q_against_p"]["carrier"]["symbol"], "H");
    // The doubles 0.2769405870377670 and …9902 of the reference file, 2e-13 apart.
    let near = json(["kl", "--p", "bernoulli.p=0.276940587037767", "--q", "bernoulli.p=0.2769405870379902", "--json"]);
    let found = near["p_against_q"]["divergence"]["nats"].as_f64().unwrap();
    assert!((found / 1.243_431_846_136_612_4e-25 - 1.0).abs() < 2e-15, "{found:e}");
}

#[test]
fn other_measures_have_their_errors_or_say_why_there_is_none() {
    let near = |found: &serde_json::Value, expected: f64| {
        assert!((found.as_f64().unwrap() / expected - 1.0).abs() < 1e-13, "{found} is not {expected}");
    };
    // D is infinite, and the others are not: by 35-digit arithmetic (tests/reference/neighbours_values.csv).
    let heavy = ["kl", "--p", "student_t(location=0, scale=1, df=1.5)", "--q", "normal(mean=0, std_dev=1)", "--json"];
    let found = &json(heavy)["neighbours"];
    assert_eq!(found["cross_entropy"]["nats"], "inf");
    assert_eq!(found["chi_squared"]["value"], "inf");
    near(&found["total_variation"]["value"], 0.181_884_563_953_324_8);
    let error = found["total_variation"]["error"].as_f64().unwrap();
    assert!(error > 0.0 && error < 1e-12, "{error:e}");
    assert_eq!(found["absent"], serde_json::json!({}));
    let vectors = "multivariate_normal(mean=[0, 0], covariance=[[1, 0], [0, 1]])";
    let moved = "multivariate_normal(mean=[2, 0], covariance=[[1, 0], [0, 1]])";
    let found = &json(["kl", "--p", vectors, "--q", moved, "--json"])["neighbours"];
    near(&found["bhattacharyya"]["nats"], 0.5);
    assert!(found["jensen_shannon"].is_null());
    assert_eq!(found["absent"]["jensen_shannon"], "not of vectors");
    let chain = "markov_chain(initial=stationary, transition=[[0.75, 0.25], [0.25, 0.75]])";
    let found = &json(["kl", "--p", chain, "--q", "0.5,0.5", "--json"])["neighbours"];
    // −¾ ln ¾ − ¼ ln ¼, and ln 2 = that + D.
    near(&found["entropy_p"]["nats"], 0.562_335_144_618_808_4);
    near(&found["cross_entropy"]["nats"], std::f64::consts::LN_2);
    assert_eq!(found["absent"]["chernoff"], "not of chains");
}

#[test]
fn a_renyi_divergence_has_the_order_that_is_asked_for() {
    let found = json(["kl", "--p", "0.5,0.5", "--q", "0.75,0.25", "--alpha", "3", "--json"]);
    // ½ ln(½³/¾² + ½³/¼²)
    let renyi = &found["neighbours"]["renyi"];
    assert_eq!(renyi["order"], 3.0);
    assert!((renyi["nats"].as_f64().unwrap() - 0.399_253_848_108_885_8).abs() < 1e-15, "{renyi}");
    run(["kl", "--p", "0.5,0.5", "--q", "0.75,0.25", "--alpha", "3"]).succeeds().shows("Rényi, order 3");
    for order in ["0", "-1", "inf", "x"] {
        let ended = run(["kl", "--p", "0.5,0.5", "--q", "0.75,0.25", "--alpha", order]).exits_with(2);
        ended.says("is not a number above 0");
    }
}

#[test]
fn a_table_of_pairs_has_other_measures_if_they_are_asked_for() {
    let table = "p,q\n\"0.5,0.5\",\"0.75,0.25\"\n\"normal(mean=0, std_dev=1)\",\"normal(mean=2, std_dev=1)\"\nx,y\n";
    let plain = piped(&["kl", "--csv", "-"], table).exits_with(2).out;
    let ended = piped(&["kl", "--csv", "-", "--neighbours"], table).exits_with(2).out;
    let more = piped(&["kl", "--csv", "-", "--alpha", "2"], table).exits_with(2).out;
    let cells = |text: &str| {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows: Vec<Vec<String>> =
            reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        (headers, rows)
    };
    let ((first, _), (headers, rows), (with_order, ordered)) = (cells(&plain), cells(&ended), cells(&more));
    assert_eq!(first, headers[..10]);
    assert_eq!((headers.len(), with_order.len()), (33, 35));
    let cell = |headers: &[String], row: &[String], name: &str| {
        row[headers.iter().position(|header| header == name).unwrap()].clone()
    };
    assert_eq!(cell(&headers, &rows[0], "total_variation"), "0.25");
    assert_eq!(cell(&headers, &rows[0], "total_variation_error"), "");
    // 2 Φ(1) − 1
    let number = |name: &str| cell(&headers, &rows[1], name).parse::<f64>().unwrap();
    let (found, error) = (number("total_variation"), number("total_variation_error"));
    assert!((found - 0.682_689_492_137_085_9).abs() < error && error < 1e-12, "{found} ± {error:e}");
    let [renyi, two] = ["renyi_nats", "renyi_two_nats"].map(|name| cell(&with_order, &ordered[1], name));
    assert_eq!(renyi, two);
    assert!(rows[2].iter().skip(2).all(String::is_empty) && rows[2].len() == headers.len());
}

#[test]
fn bad_pairs_are_refused_like_bad_files() {
    let ended = run(["kl", "--p", "0.5,0.6", "--q", "0.4,0.3,0.3"]).refuses();
    insta::assert_snapshot!(ended.err, @r#"
    error: the probabilities sum to 1.1, not to 1
     --> <command line>:1:5
      |
    1 | --p 0.5,0.6
      |     ^^^^^^^
      |
      = help: they must sum to 1 within 1e-9; exact fractions such as "1/6" help
    "#);
    run(["kl", "--p", "0.5,0.5"]).refuses().says("--q");
    run(["kl"]).refuses();
    run(["score", "--p", "0.5,nan", "--q", "0.5,0.5", "HT"]).refuses().says("NaN is not a probability");
}

#[test]
fn a_table_of_pairs_keeps_its_order_and_survives_bad_rows() {
    let table = "\u{feff}id,q,p\n\na,\"0.4,0.6\",\"0.5,0.5\"\n\nb,\"0.4,0.7\",\"0.5,0.5\"\nc, bernoulli.p=0.9 ,bernoulli.p=0.5\n";
    let ended = piped(&["kl", "--csv", "-"], table).exits_with(2).says("<stdin>:5: the probabilities sum to 1.1");
    insta::assert_snapshot!(ended.out, @r#"
    p,q,kl_nats,kl_bits,reverse_nats,reverse_bits,jeffreys_nats,jeffreys_bits,variance_nats2,reverse_variance_nats2
    "0.5,0.5","0.4,0.6",0.02041099726012755,0.029446844526784238,0.020135513550688863,0.029049405545331346,0.040546510810816415,0.058496250072115584,0.041100488473291334,0.03945646893435969
    "0.5,0.5","0.4,0.7",,,,,,,,
    bernoulli.p=0.5,bernoulli.p=0.9,0.5108256237659907,0.7369655941662062,0.36806420716849714,0.5310044064107189,0.8788898309344879,1.2679700005769252,1.206948960812582,0.4345016258925295
    "#);
}

#[test]
fn many_pairs_come_out_in_order() {
    let mut table = String::new();
    for row in 1..10_000 {
        let p = f64::from(row) / 10_000.0;
        writeln!(table, "bernoulli.p={p},bernoulli.p=0.5").unwrap();
    }
    let here = Workspace::new().file("pairs.csv", &table);
    let ended = here.run(["kl", "--csv", "pairs.csv"]).succeeds();
    let names: Vec<&str> = ended.out.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert!(names.iter().copied().eq(table.lines().map(|line| line.split(',').next().unwrap())));
}
