//! Arguments that are right, and the messages for those that are wrong.

use super::*;
use crate::experiment_file::tests::faults::brief;
use insta::assert_snapshot;
use proptest::prelude::*;

fn read(p: &str, q: &str) -> Result<Pair, Diagnostics> {
    read_pair(Argument { name: "--p", text: p }, Argument { name: "--q", text: q })
}

#[test]
fn there_are_many_ways_to_write_a_coin() {
    for p in [
        "0.5,0.5",
        ".5, .5",
        "1/2,1/2",
        "[0.5, 0.5]",
        "['1/2', 0.5]",
        "H=0.5,T=0.5",
        "H=1/2, T=1/2",
        "{ H = 0.5, T = 0.5 }",
        "{ categorical = { H = 0.5, T = 0.5 } }",
        "categorical.H=0.5,categorical.T=0.5",
        "bernoulli.p=0.5",
        "bernoulli.p=1/2",
        "{ bernoulli = { p = 0.5 } }",
        "bernoulli(p=0.5)",
        "bernoulli(p=1/2)",
        "bernoulli={p=0.5}",
        "bernoulli = { p = 0.5 } ",
        "categorical(H=0.5, T=0.5)",
        "categorical(0.5, 0.5)",
    ] {
        let pair = read(p, "[0.4, 0.6]").unwrap_or_else(|mistakes| panic!("{p}: {mistakes}"));
        assert_eq!(pair.source().mass_function().probabilities()[0].to_f64(), 0.5, "{p}");
    }
}

/// The messages for two arguments.
fn shown(p: &str, q: &str) -> String {
    read(p, q).map(|_| ()).expect_err("mistakes").to_string()
}

#[test]
fn mistakes_point_at_the_argument() {
    assert_snapshot!(shown("H=0.5,T=0.5", "H=0.5,E=0.5"), @r#"
    error: P and Q have different alphabets: only P has "T", only Q has "E"
     --> <command line>:1:5
      |
    1 | --q H=0.5,E=0.5
      |     ^^^^^^^^^^^
      |
     ::: <command line>:1:5
      |
    1 | --p H=0.5,T=0.5
      |     ----------- P is here
      |
      = help: name the same symbols in both; one that cannot occur gets probability 0
    "#);
    assert_snapshot!(shown("", "[0.5, 0.5"), @"
    error: a number is missing
     --> <command line>:1:5
      |
    1 | --p 
      |     ^
      |
      = help: write for example: --p 0.5,0.5 or --p H=0.5,T=0.5 or --p bernoulli.p=0.5

    error: broken TOML: unclosed array, expected `]`
     --> <command line>:1:14
      |
    1 | --q [0.5, 0.5
      |              ^
      |
      = help: write for example: --q 0.5,0.5 or --q H=0.5,T=0.5 or --q bernoulli.p=0.5
    ");
    assert_snapshot!(shown("H=0.5,0.5", "0.4,x"), @"
    error: this probability has no symbol, but others have one
     --> <command line>:1:11
      |
    1 | --p H=0.5,0.5
      |           ^^^
      |
      = help: write for example: --p 0.5,0.5 or --p H=0.5,T=0.5 or --p bernoulli.p=0.5

    error: x is not a number
     --> <command line>:1:9
      |
    1 | --q 0.4,x
      |         ^
      |
      = help: write for example: --q 0.5,0.5 or --q H=0.5,T=0.5 or --q bernoulli.p=0.5
    ");
    assert_snapshot!(shown("H=0.5,H=0.5", "normal(mean=0"), @r#"
    error: the symbol "H" is given twice
     --> <command line>:1:5
      |
    1 | --p H=0.5,H=0.5
      |     ^^^^^
      |
      = help: give each symbol its own name

    error: this bracket is not closed
     --> <command line>:1:11
      |
    1 | --q normal(mean=0
      |           ^
      |
      = help: write for example: --q 'normal = { mean = 0, std_dev = 1 }'
    "#);
    assert_snapshot!(shown("normal(mean=0, mean=1, std_dev=1)", "bernoulli.p=1.5"), @r#"
    error: the key `mean` is given twice
     --> <command line>:1:19
      |
    1 | --p normal(mean=0, mean=1, std_dev=1)
      |                   ^^^^^^^
      |
      = help: write for example: --p 'normal = { mean = 0, std_dev = 1 }'

    error: 1.5 is not a probability: a probability lies between 0 and 1
     --> <command line>:1:17
      |
    1 | --q bernoulli.p=1.5
      |                 ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"
    "#);
    let others = [
        ("0.5,0.6", "1/0,1"),
        ("nan,0.5", "bernoulli.p=0.5"),
        ("bernouli.p=0.5", "0.5,0.5"),
        ("0.5,0.5", "0.4,0.3,0.3"),
    ];
    assert_snapshot!(others.map(|(p, q)| brief(&shown(p, q))).join("\n"), @r#"
    <command line>:1:5 «0.5,0.6» the probabilities sum to 1.1, not to 1 | they must sum to 1 within 1e-9; exact fractions such as "1/6" help
    <command line>:1:5 «1/0» "1/0" is not a number: a fraction cannot have the denominator 0 | write a denominator of 1 or more, such as "1/6"
    <command line>:1:5 «nan» NaN is not a probability: a probability lies between 0 and 1 | write a number such as 0.4, or an exact fraction such as "1/6"
    <command line>:1:5 «bernouli.p=0.5» there is no distribution called `bernouli` | did you mean `bernoulli`?
    <command line>:1:5 «0.4,0.3,0.3» P has 2 symbols and Q has 3: they need one alphabet | give both the same number of probabilities
    "#);
}

/// Random texts made of parts of arguments.
fn texts() -> impl Strategy<Value = String> {
    let pieces = [
        "0.5",
        ".",
        "1/2",
        "/",
        "H",
        "T",
        "=",
        ",",
        "[",
        "]",
        "{",
        "}",
        " ",
        "\"",
        "'",
        "ä",
        "bernoulli",
        "p",
        "\n",
        "=",
    ];
    let piece = proptest::sample::select(pieces.map(str::to_owned).to_vec());
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// A regression test: an open bracket made `normal(mean` a symbol, and a repeated parameter was accepted.
#[test]
fn families_on_the_command_line_are_read_to_the_end() {
    let all = [
        "normal(mean=0, std_dev=1",
        "normal(mean=0, mean=1, std_dev=1)",
        "normal()",
        "normal",
        "normal(0, 1)",
        "Normal(mean=0, std_dev=1)",
        "normal(mean=0 std_dev=1)",
        "normal(mean=, std_dev=1)",
        "normal.mean=0",
        "normal(mean=[0, std_dev=1)",
    ];
    assert_snapshot!(all.map(|p| brief(&shown(p, "normal(mean=0, std_dev=1)"))).join("\n"), @"
    <command line>:1:11 «(» this bracket is not closed | write for example: --p 'normal = { mean = 0, std_dev = 1 }'
    <command line>:1:19 « mean=1» the key `mean` is given twice | write for example: --p 'normal = { mean = 0, std_dev = 1 }'
    <command line>:1:5 «normal()» normal needs its parameter `mean` | for example: normal = { mean = 0, std_dev = 1 }
    <command line>:1:5 «normal()» normal needs `std_dev` or `variance` | for example: normal = { mean = 0, std_dev = 1 }
    <command line>:1:5 «normal» normal needs its parameter `mean` | for example: normal = { mean = 0, std_dev = 1 }
    <command line>:1:5 «normal» normal needs `std_dev` or `variance` | for example: normal = { mean = 0, std_dev = 1 }
    <command line>:1:5 «normal(0, 1)» expected a table of parameters, found a list | for example: normal = { mean = 0, std_dev = 1 }
    <command line>:1:5 «Normal» there is no distribution called `Normal` | did you mean `normal`?
    <command line>:1:17 «0 std_dev=1» 0 std_dev=1 is not a number | write for example: --p 'normal = { mean = 0, std_dev = 1 }'
    <command line>:1:17 «,» a number is missing | write for example: --p 'normal = { mean = 0, std_dev = 1 }'
    <command line>:1:5 «normal.mean=0» normal needs `std_dev` or `variance` | for example: normal = { mean = 0, std_dev = 1 }
    <command line>:1:17 «[0, std_dev=1» [0, std_dev=1 is not a number | write for example: --p 'normal = { mean = 0, std_dev = 1 }'
    ");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(p in texts(), q in texts()) {
        if let Err(mistakes) = read(&p, &q) {
            prop_assert!(!mistakes.render(false).is_empty());
        }
    }
}

/// What the help says to write can be written.
#[test]
fn the_example_of_each_family_is_read() {
    for family in kl_math::distribution::FAMILIES {
        for member in family.examples {
            let text = crate::experiment_file::written(family, member);
            let [p, q] = ["--p", "--q"].map(|name| Argument { name, text: &text });
            let read = read_pair(p, q).map(|pair| pair.source().family().to_owned());
            assert_eq!(read.as_deref().ok(), Some(family.name), "{text}");
        }
    }
}
