//! No input makes the reader or the drawing panic, and each gives a plan or a mistake.

use super::{COIN, read_text};
use crate::experiment_file::{Override, Source, read};
use proptest::prelude::*;

/// Files whose parts are mixed.
const SEEDS: [&str; 4] = [
    COIN,
    "trials = 1e3\nN = 5\nP = [0.5, 0.5]\n[grid]\n\"Q.bernoulli.p\" = { from = 0.05, to = 0.95, steps = 19 }\n",
    "trials=10\r\n[[case]]\r\nP.bernoulli.p = \"1/3\"\r\nN = 3\r\n[[case]]\r\nP.bernoulli.p = 0.5\r\nN = 4\r\n[Q.categorical]\r\n1 = 0.2\r\n0 = 0.8\r\n",
    "\u{feff}trials = 0x10\nunit = \"bits\"\nestimators = [\"log_ratio\"]\nP.bernoulli = { p = 1 }\nQ.bernoulli.p = 0\n[grid]\nN = { from = 1, to = 1e6, steps = 7, scale = \"log\" }\n",
];

const PIECES: [&str; 44] = [
    "\n",
    "\r\n",
    "\t",
    "\"",
    "'",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ".",
    ",",
    "#",
    "1/0",
    "\"1/6\"",
    "nan",
    "-inf",
    "1e400",
    "0x",
    "-1",
    "N = [",
    "P",
    "Q",
    "grid",
    "case",
    "Q.bernoulli.p",
    "P.categorical",
    "steps",
    "from",
    "\u{feff}",
    "漢字",
    "e\u{301}",
    "👩‍👩‍👧",
    "\u{0}",
    "\u{7f}",
    "1979-05-27",
    "true",
    "\"\"\"",
    "'''",
    "\u{2028}",
    "\r",
    "scale = \"log\"",
];

/// Any characters, often ASCII.
fn text(most: usize) -> impl Strategy<Value = String> {
    let character = prop_oneof![any::<char>(), (0x20u8..0x7f).prop_map(char::from)];
    proptest::collection::vec(character, 0..most).prop_map(String::from_iter)
}

/// Reads and draws; the answer is a plan with conditions, or at least one mistake.
fn survives(text: &str) -> Result<(), TestCaseError> {
    match read_text(text, &[]) {
        Ok(plan) => prop_assert!(!plan.conditions.is_empty()),
        Err(diagnostics) => {
            prop_assert!(diagnostics.len() > 0);
            prop_assert!(!diagnostics.render(true).is_empty());
            prop_assert!(diagnostics.to_string().contains("coin.toml"));
        }
    }
    Ok(())
}

/// Cuts a piece out of a text at whole characters and puts another in.
fn spliced(text: &str, at: usize, length: usize, piece: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let start = at % (characters.len() + 1);
    let end = (start + length).min(characters.len());
    characters[..start].iter().copied().chain(piece.chars()).chain(characters[end..].iter().copied()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in text(80)) {
        survives(&text)?;
    }

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        survives(&String::from_utf8_lossy(&bytes))?;
        if let Err(diagnostics) = Source::decode("coin.toml", bytes) {
            prop_assert!(diagnostics.to_string().contains("coin.toml:"));
        }
    }

    #[test]
    fn any_mix_of_pieces(pieces in proptest::collection::vec(0..PIECES.len(), 0..30)) {
        survives(&pieces.iter().map(|&piece| PIECES[piece]).collect::<Vec<_>>().join(" "))?;
    }

    #[test]
    fn a_good_file_with_splices(
        seed in 0..SEEDS.len(),
        splices in proptest::collection::vec((any::<usize>(), 0..12usize, 0..PIECES.len()), 1..5),
    ) {
        let text = splices.into_iter().fold(SEEDS[seed].to_owned(), |text, (at, length, piece)| {
            spliced(&text, at % 1000, length, PIECES[piece])
        });
        survives(&text)?;
    }

    #[test]
    fn any_override(key in text(6), value in text(12), piece in 0..PIECES.len()) {
        for key in [key.as_str(), "Q.bernoulli.p", "grid.N", "P", "trials", "case"] {
            for value in [value.as_str(), PIECES[piece], "[0.5, 0.5]", "{ p = 0.5 }"] {
                if let Ok(setting) = Override::assignment("--set", &format!("{key}={value}")) {
                    for seed in SEEDS {
                        let source = Source { name: "coin.toml".into(), text: seed.into() };
                        match read(&source, "coin", std::slice::from_ref(&setting)) {
                            Ok(plan) => prop_assert!(!plan.conditions.is_empty()),
                            Err(diagnostics) => prop_assert!(!diagnostics.to_string().is_empty()),
                        }
                    }
                }
            }
        }
    }
}

/// The number of cases: small enough to be quick; set `PROPTEST_CASES=20000` for more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64)
}

#[test]
fn awkward_files_are_drawn() {
    for text in ["", "\u{feff}", "\n", "\r\n", "N", "N =", "\t\t漢字\t= 1/0", "P = [0.5,\r\n\r\n 0.5", "a = \"\u{202e}"]
    {
        survives(text).expect("an answer");
    }
}
