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
