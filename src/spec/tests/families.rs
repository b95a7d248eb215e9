//! Bad parameters of every family: each message stands at the very value that is wrong.

use super::message;
use crate::spec::words::example;
use insta::assert_snapshot;
use kl_math::distribution::{FAMILIES, FamilyEntry};

/// Members that are none, as they would stand under P. What each message must underline stands between « and »; of two
/// messages that begin at one character the marks stand in the order of the messages.
const BAD: &[(&str, &[&str])] = &[
    (
        "bernoulli",
        &[
            "bernoulli = { p = «1.2» }",
            "bernoulli = { p = «-1e-300» }",
            "bernoulli = { p = «nan» }",
            "bernoulli = { p = «-inf» }",
            "bernoulli = { p = «1e400» }",
            "bernoulli = { p = «\"half\"» }",
            "bernoulli = { p = «\"0.5\"» }",
            "bernoulli = { p = «\"3/2\"» }",
            "bernoulli = { p = «\"1/0\"» }",
            "bernoulli = { p = «[0.5]» }",
            "bernoulli = { p = «{ H = 0.5 }» }",
            "bernoulli = { p = «true» }",
            "bernoulli = { p = 0.5, «rate» = 1 }",
            "bernoulli = «{ «P» = 0.5 }»",
            "bernoulli = «{}»",
            "bernoulli = «0.5»",
        ],
    ),
    (
        "categorical",
        &[
            "categorical = { H = «1.2», T = «-0.2» }",
            "categorical = { H = «nan», T = «inf» }",
            "categorical = { H = «\"half\"», T = «\"0.5\"» }",
            "categorical = { H = «[0.5]», T = «{ p = 0.5 }» }",
            "categorical = [0.5, «\"a/b\"», «false»]",
            "categorical = «[0.5, 0.6]»",
            "categorical = «{ H = \"1/3\", T = \"1/3\" }»",
            "categorical = «[1]»",
            "categorical = «{}»",
            "categorical = «\"fair\"»",
            "categorical = { «\"\"» = 0.5, T = 0.5 }",
        ],
    ),
    (
        "binomial",
        &[
            "binomial = { n = «0», p = «1.5» }",
            "binomial = { n = «2.5», p = «-0.1» }",
            "binomial = { n = «1e13», p = «nan» }",
            "binomial = { n = «\"5/2\"», p = «\"3/2\"» }",
            "binomial = { n = «\"10\"», p = «\"0.3\"» }",
            "binomial = { n = «[10, 20]», p = «{ H = 0.3 }» }",
            "binomial = «{ «N» = 10, p = 0.3 }»",
            "binomial = { n = 10, p = 0.3, «q» = 0.7 }",
            "binomial = { n = «1e300», p = 0.3 }",
            "binomial = ««{}»»",
            "binomial = «[10, 0.3]»",
        ],
    ),
    (
        "geometric",
        &[
            "geometric = { p = «0» }",
            "geometric = { p = «1.000001» }",
            "geometric = { p = «nan» }",
            "geometric = { p = «\"p\"» }",
            "geometric = { p = «\"4/3\"» }",
            "geometric = { p = «[0.2]» }",
            "geometric = «{ «rate» = 0.2 }»",
            "geometric = «0.2»",
        ],
    ),
    (
        "negative_binomial",
        &[
            "negative_binomial = { r = «0», p = «0» }",
            "negative_binomial = { r = «-3», p = «2» }",
            "negative_binomial = { r = «inf», p = «nan» }",
            "negative_binomial = { r = «\"three\"», p = «\"0/5\"» }",
            "negative_binomial = { r = «[3]», p = «{ p = 0.2 }» }",
            "negative_binomial = «{ «n» = 3, p = 0.2 }»",
            "negative_binomial = ««{}»»",
            "negative_binomial = «\"r=3\"»",
        ],
    ),
    (
        "poisson",
        &[
            "poisson = { rate = «-1» }",
            "poisson = { rate = «nan» }",
            "poisson = { rate = «inf» }",
            "poisson = { rate = «1e400» }",
            "poisson = { rate = «\"2.5\"» }",
            "poisson = { rate = «\"-5/2\"» }",
            "poisson = { rate = «\"5/2/1\"» }",
            "poisson = { rate = «[1, 2]» }",
            "poisson = «{ «rat» = 2 }»",
            "poisson = «{ «lambda» = 2 }»",
            "poisson = { rate = 2, «scale» = 1 }",
            "poisson = «2.5»",
        ],
    ),
    (
        "uniform",
        &[
            "uniform = { low = 1, high = «1» }",
            "uniform = { low = 2, high = «-1» }",
            "uniform = { low = «-inf», high = «inf» }",
            "uniform = { low = «nan», high = 1 }",
            "uniform = { low = -1.7e308, high = «1.7e308» }",
            "uniform = { low = «\"zero\"», high = «\"1.0\"» }",
            "uniform = { low = «[0]», high = «{ low = 1 }» }",
            "uniform = ««{ «min» = 0, «max» = 1 }»»",
            "uniform = «{ low = 0, «hihg» = 1 }»",
            "uniform = «[0, 1]»",
        ],
    ),
    (
        "exponential",
        &[
            "exponential = { rate = «0» }",
            "exponential = { scale = «-2» }",
            "exponential = { rate = «nan» }",
            "exponential = { scale = «inf» }",
            "exponential = { scale = «1e-320» }",
            "exponential = { rate = «\"fast\"» }",
            "exponential = { rate = «\"0/3\"» }",
            "exponential = { scale = «[1]» }",
            "exponential = { rate = 2, «scale» = 0.5 }",
            "exponential = «{}»",
            "exponential = «{ «rte» = 1 }»",
            "exponential = { rate = 1, «lambda» = 1 }",
            "exponential = «1.5»",
        ],
    ),
    (
        "gamma",
        &[
            "gamma = { shape = «0», rate = «0» }",
            "gamma = { shape = «-2», scale = «-1» }",
            "gamma = { shape = «nan», rate = «inf» }",
            "gamma = { shape = «\"two\"», rate = «\"-1/3\"» }",
            "gamma = { shape = «[2]», scale = «{ rate = 1 }» }",
            "gamma = { shape = 2, scale = «1e-310» }",
            "gamma = { shape = 2, rate = 1, «scale» = 1 }",
            "gamma = { shape = 2, scale = 1, «rate» = 1 }",
            "gamma = «{ shape = 2 }»",
            "gamma = «{ rate = 1 }»",
            "gamma = «{ «shap» = 2, rate = 1 }»",
            "gamma = ««{}»»",
            "gamma = «true»",
        ],
    ),
    (
        "beta",
        &[
            "beta = { alpha = «0», beta = «-3» }",
            "beta = { alpha = «nan», beta = «inf» }",
            "beta = { alpha = «\"2.0\"», beta = «\"0/1\"» }",
            "beta = { alpha = «[2, 3]», beta = «{ beta = 3 }» }",
            "beta = «{ alpha = 2, «bta» = 3 }»",
            "beta = ««{ «a» = 2, «b» = 3 }»»",
            "beta = «[2, 3]»",
        ],
    ),
    (
        "dirichlet",
        &[
            "dirichlet = { alpha = «[1]» }",
            "dirichlet = { alpha = «[]» }",
            "dirichlet = { alpha = «2» }",
            "dirichlet = { alpha = [1, «0», «-2»] }",
            "dirichlet = { alpha = [«nan», 1, «inf»] }",
            "dirichlet = { alpha = [«\"one\"», «\"0/2\"», «[3]»] }",
            "dirichlet = { alpha = «{ H = 1, T = 2 }» }",
            "dirichlet = «{ «alhpa» = [1, 2, 3] }»",
            "dirichlet = «[1, 2, 3]»",
        ],
    ),
    (
        "normal",
        &[
            "normal = { mean = 0, std_dev = «0» }",
            "normal = { mean = 0, variance = «-1» }",
            "normal = { mean = «nan», std_dev = «inf» }",
            "normal = { mean = «-inf», variance = «nan» }",
            "normal = { mean = «\"0\"», std_dev = «\"wide\"» }",
            "normal = { mean = «[0]», variance = «{ std_dev = 1 }» }",
            "normal = { mean = 0, std_dev = «\"-1/2\"» }",
            "normal = { mean = 0, std_dev = 1, «variance» = 1 }",
            "normal = { variance = 1, mean = 0, «std_dev» = 1 }",
            "normal = «{ mean = 0 }»",
            "normal = «{ mean = 0, «stddev» = 1 }»",
            "normal = «{ mean = 0, «sigma» = 1 }»",
            "normal = ««{}»»",
            "normal = «[0, 1]»",
        ],
    ),
    (
        "multivariate_normal",
        &[
            "multivariate_normal = { mean = [«nan», 0], covariance = [[1, 0], [0, «inf»]] }",
            "multivariate_normal = { mean = «0», covariance = «1» }",
            "multivariate_normal = { mean = [«\"zero\"», 0], covariance = [[1, «\"0\"»], «2»] }",
            "multivariate_normal = { mean = [0, 0], covariance = [[1, 0.5], [«0.4», 2]] }",
            "multivariate_normal = { mean = [0, 0, 0], covariance = [[2, 1, 0], [1, 2, 1], [«0.1», «0.9», 2]] }",
            "multivariate_normal = { mean = [0, 0], covariance = [[1, 2], [«2», 1]] }",
            "multivariate_normal = { mean = [0, 0], covariance = [[1, 1], [«1», 1]] }",
            "multivariate_normal = { mean = [0, 0, 0], covariance = «[[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]» }",
            "multivariate_normal = { mean = [0, 0], covariance = [[1, 0], [0, «-1»]] }",
            "multivariate_normal = { mean = [0, 0], covariance = [[«0», 0], [0, 1]] }",
            "multivariate_normal = { mean = [0, 0], covariance = «[[1, 0, 0], [0, 1, 0], [0, 0, 1]]» }",
            "multivariate_normal = { mean = [0, 0], covariance = [[1, 0], «[0]»] }",
            "multivariate_normal = { mean = [0, 0], covariance = [«[1, 0, 0]», [0, 1]] }",
            "multivariate_normal = { mean = «[]», covariance = [] }",
            "multivariate_normal = «{ mean = [0, 0] }»",
            "multivariate_normal = «{ mean = [0, 0], «covarance» = [[1, 0], [0, 1]] }»",
            "multivariate_normal = ««{}»»",
            "multivariate_normal = «[[1, 0], [0, 1]]»",
        ],
    ),
    (
        "lognormal",
        &[
            "lognormal = { mean = 0, std_dev = «0» }",
            "lognormal = { mean = «nan», std_dev = «-inf» }",
            "lognormal = { mean = «\"1\"», std_dev = «\"1/0\"» }",
            "lognormal = { mean = «[0]», std_dev = «{}» }",
            "lognormal = «{ mean = 0, «variance» = 1 }»",
            "lognormal = ««{ «mu» = 0, «sigma» = 1 }»»",
            "lognormal = «1»",
        ],
    ),
    (
        "laplace",
        &[
            "laplace = { location = 0, scale = «0» }",
            "laplace = { location = «inf», scale = «-1» }",
            "laplace = { location = «\"here\"», scale = «nan» }",
            "laplace = { location = «[0]», scale = «true» }",
            "laplace = «{ «mean» = 0, scale = 1 }»",
            "laplace = «{ «locaton» = 0, scale = 1 }»",
            "laplace = ««{}»»",
            "laplace = «[0, 1]»",
        ],
    ),
    (
        "pareto",
        &[
            "pareto = { scale = «0», shape = «0» }",
            "pareto = { scale = «-1», shape = «nan» }",
            "pareto = { scale = «inf», shape = «\"-5/2\"» }",
            "pareto = { scale = «\"1\"», shape = «[2.5]» }",
            "pareto = «{ scale = 1, «alpha» = 2 }»",
            "pareto = «{ scale = 1, «shpae» = 2 }»",
            "pareto = ««{}»»",
            "pareto = «2.5»",
        ],
    ),
    (
        "weibull",
        &[
            "weibull = { shape = «0», scale = «-1» }",
            "weibull = { shape = «nan», scale = «inf» }",
            "weibull = { shape = «\"1.5\"», scale = «\"0/1\"» }",
            "weibull = { shape = «{ shape = 1 }», scale = «[1]» }",
            "weibull = «{ shape = 1.5, «rate» = 1 }»",
            "weibull = «{ shape = 1.5, «scal» = 1 }»",
            "weibull = ««{}»»",
            "weibull = «\"weibull\"»",
        ],
    ),
    (
        "cauchy",
        &[
            "cauchy = { location = 0, scale = «0» }",
            "cauchy = { location = «-inf», scale = «-1e300» }",
            "cauchy = { location = «\"1/0\"», scale = «nan» }",
            "cauchy = { location = «[0]», scale = «\"one\"» }",
            "cauchy = «{ location = 0, «scales» = 1 }»",
            "cauchy = ««{ «x0» = 0, «gamma» = 1 }»»",
            "cauchy = «[0, 1]»",
        ],
    ),
    (
        "markov_chain",
        &[
            "markov_chain = { initial = [«1.5», «\"half\"»], transition = [[«nan», 0.1], [0.4, «[0.6]»]] }",
            "markov_chain = { initial = \"stationary\", transition = [«[0.9, 0.2]», [0.4, 0.6]] }",
            "markov_chain = { initial = \"stationary\", transition = [[0.9, 0.1], «[0.2, 0.2, 0.6]»] }",
            "markov_chain = { initial = \"stationary\", transition = «[[1]]» }",
            "markov_chain = { initial = \"stationary\", transition = [«0.5», «0.5»] }",
            "markov_chain = { initial = \"stationary\", transition = [[0.5, 0.5], [0.5, «\"1/0\"»]] }",
            "markov_chain = { initial = \"stationary\", transition = «\"uniform\"» }",
            "markov_chain = { initial = «\"stationary\"», transition = [[1, 0], [0, 1]] }",
            "markov_chain = { initial = «\"stationry\"», transition = [[0.9, 0.1], [0.4, 0.6]] }",
            "markov_chain = { initial = «0.5», transition = [[0.9, 0.1], [0.4, 0.6]] }",
            "markov_chain = { initial = «[0.5, 0.25, 0.25]», transition = [[0.9, 0.1], [0.4, 0.6]] }",
            "markov_chain = { initial = «[0.5, 0.6]», transition = [[0.9, 0.1], [0.4, 0.6]] }",
            "markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.4, 0.6]], symbols = [\"a\", «\"a\"»] }",
            "markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.4, 0.6]], symbols = [«\"\"», «1»] }",
            "markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.4, 0.6]], symbols = «[\"a\"]» }",
            "markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.4, 0.6]], symbols = «\"ab\"» }",
            "markov_chain = «{ initial = [0.5, 0.5], «transitions» = [[0.9, 0.1], [0.4, 0.6]] }»",
            "markov_chain = ««{}»»",
            "markov_chain = «[[0.9, 0.1], [0.4, 0.6]]»",
        ],
    ),
];

/// A text without its marks, and the line, column and length of what stands between them, in the order of the file.
fn unmarked(marked: &str) -> (String, Vec<[usize; 3]>) {
    let (mut text, mut places, mut open) = (String::new(), Vec::new(), Vec::new());
    let (mut line, mut column) = (1, 1);
    for c in marked.chars() {
        match c {
            '«' => {
                open.push(places.len());
                places.push([line, column, 0]);
            }
            '»' => {
                let opened: usize = open.pop().expect("an open mark");
                places[opened][2] = column - places[opened][1];
            }
            _ => {
                text.push(c);
                (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
            }
        }
    }
    assert!(open.is_empty(), "a mark is left open");
    (text, places)
}

/// Where a message says the mistakes are, and how much of the line it underlines.
fn underlined(message: &str) -> Vec<[usize; 3]> {
    let lines: Vec<&str> = message.lines().collect();
    let arrows = lines.iter().enumerate().filter(|(_, line)| line.trim_start().starts_with("--> "));
    arrows
        .map(|(index, line)| {
            let mut numbers = line.rsplit(':').map(|number| number.parse().expect("a number"));
            let (column, row) = (numbers.next().expect("a column"), numbers.next().expect("a line"));
            let marks = lines[index..].iter().find(|line| line.contains('^')).expect("a line that is underlined");
            [row, column, marks.matches('^').count()]
        })
        .collect()
}

/// The message that a marked text gets, whose mistakes are just those that are marked, each with something to do.
fn checked(marked: &str) -> String {
    let (text, places) = unmarked(marked);
    let message = message(&text);
    assert_eq!(underlined(&message), places, "{text}\n{message}");
    for one in message.split("\n\n") {
        assert!(one.contains("= help: "), "no help:\n{one}");
    }
    message
}

/// The messages for the bad members of a family.
fn bad(family: &str) -> String {
    let (_, members) = BAD.iter().find(|(name, _)| *name == family).expect("bad members");
    let example = example(FamilyEntry::named(family).expect("a family"));
    let spec = |member: &&str| checked(&format!("trials = 10\nN = 10\nP.{member}\nQ.{example}\n"));
    members.iter().map(spec).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn every_family_has_bad_members_here() {
    for family in FAMILIES {
        let members = BAD.iter().filter(|(name, _)| *name == family.name).map(|(_, members)| members.len());
        assert!(members.sum::<usize>() >= 6, "too few bad members of {}", family.name);
    }
    assert_eq!(BAD.len(), FAMILIES.len());
}

#[test]
fn bernoulli() {
    assert_snapshot!(bad("bernoulli"), @r#"
    error: 1.2 is not a probability: a probability lies between 0 and 1
     --> coin.toml:3:21
      |
    3 | P.bernoulli = { p = 1.2 }
      |                     ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: -1e-300 is not a probability: a probability lies between 0 and 1
     --> coin.toml:3:21
      |
    3 | P.bernoulli = { p = -1e-300 }
      |                     ^^^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: NaN is not a probability: a probability lies between 0 and 1
     --> coin.toml:3:21
      |
    3 | P.bernoulli = { p = nan }
      |                     ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: -inf is not a probability: a probability lies between 0 and 1
     --> coin.toml:3:21
      |
    3 | P.bernoulli = { p = -inf }
      |                     ^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: 1e400 is too large: numbers go up to 1.8e308
     --> coin.toml:3:21
      |
    3 | P.bernoulli = { p = 1e400 }
      |                     ^^^^^
      |
      = help: write a smaller number

    error: the text "half" where a probability should stand
     --> coin.toml:3:21
      |
    3 | P.bernoulli = { p = "half" }
      |                     ^^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: the text "0.5" where a probability should stand
     --> coin.toml:3:21
      |
    3 | P.bernoulli = { p = "0.5" }
      |                     ^^^^^
      |
      = help: write it without quotes: 0.5

    error: 3/2 is not a probability: a probability lies between 0 and 1
     --> coin.toml:3:21
      |
    3 | P.bernoulli = { p = "3/2" }
      |                     ^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: "1/0" is no number: a fraction cannot have the denominator 0
     --> coin.toml:3:21
      |
    3 | P.bernoulli = { p = "1/0" }
      |                     ^^^^^
      |
      = help: write a denominator of 1 or more, such as "1/6"

    error: a list where a probability should stand
     --> coin.toml:3:21
      |
    3 | P.bernoulli = { p = [0.5] }
      |                     ^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: a table where a probability should stand
     --> coin.toml:3:21
      |
    3 | P.bernoulli = { p = { H = 0.5 } }
      |                     ^^^^^^^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: true where a probability should stand
     --> coin.toml:3:21
      |
    3 | P.bernoulli = { p = true }
      |                     ^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: bernoulli has no parameter `rate`
     --> coin.toml:3:26
      |
    3 | P.bernoulli = { p = 0.5, rate = 1 }
      |                          ^^^^
      |
      = help: it has `p`

    error: bernoulli needs its parameter `p`
     --> coin.toml:3:15
      |
    3 | P.bernoulli = { P = 0.5 }
      |               ^^^^^^^^^^^
      |
      = help: for example: bernoulli = { p = 0.5 }

    error: bernoulli has no parameter `P`
     --> coin.toml:3:17
      |
    3 | P.bernoulli = { P = 0.5 }
      |                 ^
      |
      = help: did you mean `p`?

    error: bernoulli needs its parameter `p`
     --> coin.toml:3:15
      |
    3 | P.bernoulli = {}
      |               ^^
      |
      = help: for example: bernoulli = { p = 0.5 }

    error: 0.5 where a table of parameters should stand
     --> coin.toml:3:15
      |
    3 | P.bernoulli = 0.5
      |               ^^^
      |
      = help: for example: bernoulli = { p = 0.5 }
    "#);
}

#[test]
fn categorical() {
    assert_snapshot!(bad("categorical"), @r#"
    error: 1.2 is not a probability: a probability lies between 0 and 1
     --> coin.toml:3:23
      |
    3 | P.categorical = { H = 1.2, T = -0.2 }
      |                       ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: -0.2 is not a probability: a probability lies between 0 and 1
     --> coin.toml:3:32
      |
    3 | P.categorical = { H = 1.2, T = -0.2 }
      |                                ^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: NaN is not a probability: a probability lies between 0 and 1
     --> coin.toml:3:23
      |
    3 | P.categorical = { H = nan, T = inf }
      |                       ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: inf is not a probability: a probability lies between 0 and 1
     --> coin.toml:3:32
      |
    3 | P.categorical = { H = nan, T = inf }
      |                                ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: the text "half" where a probability should stand
     --> coin.toml:3:23
      |
    3 | P.categorical = { H = "half", T = "0.5" }
      |                       ^^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: the text "0.5" where a probability should stand
     --> coin.toml:3:35
      |
    3 | P.categorical = { H = "half", T = "0.5" }
      |                                   ^^^^^
      |
      = help: write it without quotes: 0.5

    error: a list where a probability should stand
     --> coin.toml:3:23
      |
    3 | P.categorical = { H = [0.5], T = { p = 0.5 } }
      |                       ^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: a table where a probability should stand
     --> coin.toml:3:34
      |
    3 | P.categorical = { H = [0.5], T = { p = 0.5 } }
      |                                  ^^^^^^^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: "a/b" is no number: a fraction is two whole numbers with a slash between them, such as "1/6"
     --> coin.toml:3:23
      |
    3 | P.categorical = [0.5, "a/b", false]
      |                       ^^^^^
      |
      = help: write digits alone on both sides, such as "1/6"

    error: false where a probability should stand
     --> coin.toml:3:30
      |
    3 | P.categorical = [0.5, "a/b", false]
      |                              ^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: the probabilities sum to 1.1, not to 1
     --> coin.toml:3:17
      |
    3 | P.categorical = [0.5, 0.6]
      |                 ^^^^^^^^^^
      |
      = help: they must sum to 1 within 1e-9; exact fractions such as "1/6" help

    error: the probabilities sum to 0.6666666666666666, not to 1
     --> coin.toml:3:17
      |
    3 | P.categorical = { H = "1/3", T = "1/3" }
      |                 ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: they must sum to 1 within 1e-9; exact fractions such as "1/6" help

    error: an alphabet has 2 to 65536 symbols, and this has 1
     --> coin.toml:3:17
      |
    3 | P.categorical = [1]
      |                 ^^^
      |
      = help: name at least two symbols

    error: an alphabet has 2 to 65536 symbols, and this has 0
     --> coin.toml:3:17
      |
    3 | P.categorical = {}
      |                 ^^
      |
      = help: name at least two symbols

    error: the text "fair" where a table of symbols and probabilities, or a list of probabilities, should stand
     --> coin.toml:3:17
      |
    3 | P.categorical = "fair"
      |                 ^^^^^^
      |
      = help: for example: categorical = { H = 0.5, T = 0.5 }

    error: a symbol needs a name
     --> coin.toml:3:19
      |
    3 | P.categorical = { "" = 0.5, T = 0.5 }
      |                   ^^
      |
      = help: write a name between the quotes, such as "H"
    "#);
}

#[test]
fn binomial() {
    assert_snapshot!(bad("binomial"), @r#"
    error: 0 is not a whole number from 1 to 1e12
     --> coin.toml:3:20
      |
    3 | P.binomial = { n = 0, p = 1.5 }
      |                    ^
      |
      = help: write a whole number such as 10 or 1e6

    error: 1.5 is not a probability: a probability lies between 0 and 1
     --> coin.toml:3:27
      |
    3 | P.binomial = { n = 0, p = 1.5 }
      |                           ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: 2.5 is not a whole number from 1 to 1e12
     --> coin.toml:3:20
      |
    3 | P.binomial = { n = 2.5, p = -0.1 }
      |                    ^^^
      |
      = help: write a whole number such as 10 or 1e6

    error: -0.1 is not a probability: a probability lies between 0 and 1
     --> coin.toml:3:29
      |
    3 | P.binomial = { n = 2.5, p = -0.1 }
      |                             ^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: 10000000000000 is not a whole number from 1 to 1e12
     --> coin.toml:3:20
      |
    3 | P.binomial = { n = 1e13, p = nan }
      |                    ^^^^
      |
      = help: write a whole number such as 10 or 1e6

    error: NaN is not a probability: a probability lies between 0 and 1
     --> coin.toml:3:30
      |
    3 | P.binomial = { n = 1e13, p = nan }
      |                              ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: 5/2 is not a whole number from 1 to 1e12
     --> coin.toml:3:20
      |
    3 | P.binomial = { n = "5/2", p = "3/2" }
      |                    ^^^^^
      |
      = help: write a whole number such as 10 or 1e6

    error: 3/2 is not a probability: a probability lies between 0 and 1
     --> coin.toml:3:31
      |
    3 | P.binomial = { n = "5/2", p = "3/2" }
      |                               ^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: the text "10" where a whole number from 1 to 1e12 should stand
     --> coin.toml:3:20
      |
    3 | P.binomial = { n = "10", p = "0.3" }
      |                    ^^^^
      |
      = help: write it without quotes: 10

    error: the text "0.3" where a probability should stand
     --> coin.toml:3:30
      |
    3 | P.binomial = { n = "10", p = "0.3" }
      |                              ^^^^^
      |
      = help: write it without quotes: 0.3

    error: a list where a whole number from 1 to 1e12 should stand
     --> coin.toml:3:20
      |
    3 | P.binomial = { n = [10, 20], p = { H = 0.3 } }
      |                    ^^^^^^^^
      |
      = help: write a whole number such as 10 or 1e6

    error: a table where a probability should stand
     --> coin.toml:3:34
      |
    3 | P.binomial = { n = [10, 20], p = { H = 0.3 } }
      |                                  ^^^^^^^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: binomial needs its parameter `n`
     --> coin.toml:3:14
      |
    3 | P.binomial = { N = 10, p = 0.3 }
      |              ^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: binomial = { n = 10, p = 0.3 }

    error: binomial has no parameter `N`
     --> coin.toml:3:16
      |
    3 | P.binomial = { N = 10, p = 0.3 }
      |                ^
      |
      = help: did you mean `n`?

    error: binomial has no parameter `q`
     --> coin.toml:3:33
      |
    3 | P.binomial = { n = 10, p = 0.3, q = 0.7 }
      |                                 ^
      |
      = help: it has `n` and `p`

    error: 1e300 is not a whole number from 1 to 1e12
     --> coin.toml:3:20
      |
    3 | P.binomial = { n = 1e300, p = 0.3 }
      |                    ^^^^^
      |
      = help: write a whole number such as 10 or 1e6

    error: binomial needs its parameter `n`
     --> coin.toml:3:14
      |
    3 | P.binomial = {}
      |              ^^
      |
      = help: for example: binomial = { n = 10, p = 0.3 }

    error: binomial needs its parameter `p`
     --> coin.toml:3:14
      |
    3 | P.binomial = {}
      |              ^^
      |
      = help: for example: binomial = { n = 10, p = 0.3 }

    error: a list where a table of parameters should stand
     --> coin.toml:3:14
      |
    3 | P.binomial = [10, 0.3]
      |              ^^^^^^^^^
      |
      = help: for example: binomial = { n = 10, p = 0.3 }
    "#);
}

#[test]
fn geometric() {
    assert_snapshot!(bad("geometric"), @r#"
    error: 0 is not a probability above 0 and up to 1
     --> coin.toml:3:21
      |
    3 | P.geometric = { p = 0 }
      |                     ^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: 1.000001 is not a probability above 0 and up to 1
     --> coin.toml:3:21
      |
    3 | P.geometric = { p = 1.000001 }
      |                     ^^^^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: NaN is not a probability above 0 and up to 1
     --> coin.toml:3:21
      |
    3 | P.geometric = { p = nan }
      |                     ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: the text "p" where a probability above 0 and up to 1 should stand
     --> coin.toml:3:21
      |
    3 | P.geometric = { p = "p" }
      |                     ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: 4/3 is not a probability above 0 and up to 1
     --> coin.toml:3:21
      |
    3 | P.geometric = { p = "4/3" }
      |                     ^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: a list where a probability above 0 and up to 1 should stand
     --> coin.toml:3:21
      |
    3 | P.geometric = { p = [0.2] }
      |                     ^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: geometric needs its parameter `p`
     --> coin.toml:3:15
      |
    3 | P.geometric = { rate = 0.2 }
      |               ^^^^^^^^^^^^^^
      |
      = help: for example: geometric = { p = 0.2 }

    error: geometric has no parameter `rate`
     --> coin.toml:3:17
      |
    3 | P.geometric = { rate = 0.2 }
      |                 ^^^^
      |
      = help: it has `p`

    error: 0.2 where a table of parameters should stand
     --> coin.toml:3:15
      |
    3 | P.geometric = 0.2
      |               ^^^
      |
      = help: for example: geometric = { p = 0.2 }
    "#);
}

#[test]
fn negative_binomial() {
    assert_snapshot!(bad("negative_binomial"), @r#"
    error: 0 is not a number above 0
     --> coin.toml:3:29
      |
    3 | P.negative_binomial = { r = 0, p = 0 }
      |                             ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: 0 is not a probability above 0 and up to 1
     --> coin.toml:3:36
      |
    3 | P.negative_binomial = { r = 0, p = 0 }
      |                                    ^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: -3 is not a number above 0
     --> coin.toml:3:29
      |
    3 | P.negative_binomial = { r = -3, p = 2 }
      |                             ^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: 2 is not a probability above 0 and up to 1
     --> coin.toml:3:37
      |
    3 | P.negative_binomial = { r = -3, p = 2 }
      |                                     ^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: inf is not a finite number
     --> coin.toml:3:29
      |
    3 | P.negative_binomial = { r = inf, p = nan }
      |                             ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: NaN is not a probability above 0 and up to 1
     --> coin.toml:3:38
      |
    3 | P.negative_binomial = { r = inf, p = nan }
      |                                      ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: the text "three" where a number above 0 should stand
     --> coin.toml:3:29
      |
    3 | P.negative_binomial = { r = "three", p = "0/5" }
      |                             ^^^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: 0/5 is not a probability above 0 and up to 1
     --> coin.toml:3:42
      |
    3 | P.negative_binomial = { r = "three", p = "0/5" }
      |                                          ^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: a list where a number above 0 should stand
     --> coin.toml:3:29
      |
    3 | P.negative_binomial = { r = [3], p = { p = 0.2 } }
      |                             ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a table where a probability above 0 and up to 1 should stand
     --> coin.toml:3:38
      |
    3 | P.negative_binomial = { r = [3], p = { p = 0.2 } }
      |                                      ^^^^^^^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: negative_binomial needs its parameter `r`
     --> coin.toml:3:23
      |
    3 | P.negative_binomial = { n = 3, p = 0.2 }
      |                       ^^^^^^^^^^^^^^^^^^
      |
      = help: for example: negative_binomial = { r = 3, p = 0.2 }

    error: negative_binomial has no parameter `n`
     --> coin.toml:3:25
      |
    3 | P.negative_binomial = { n = 3, p = 0.2 }
      |                         ^
      |
      = help: it has `r` and `p`

    error: negative_binomial needs its parameter `r`
     --> coin.toml:3:23
      |
    3 | P.negative_binomial = {}
      |                       ^^
      |
      = help: for example: negative_binomial = { r = 3, p = 0.2 }

    error: negative_binomial needs its parameter `p`
     --> coin.toml:3:23
      |
    3 | P.negative_binomial = {}
      |                       ^^
      |
      = help: for example: negative_binomial = { r = 3, p = 0.2 }

    error: the text "r=3" where a table of parameters should stand
     --> coin.toml:3:23
      |
    3 | P.negative_binomial = "r=3"
      |                       ^^^^^
      |
      = help: for example: negative_binomial = { r = 3, p = 0.2 }
    "#);
}

#[test]
fn poisson() {
    assert_snapshot!(bad("poisson"), @r#"
    error: -1 is not a number from 0 up
     --> coin.toml:3:22
      |
    3 | P.poisson = { rate = -1 }
      |                      ^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: NaN is not a number from 0 up
     --> coin.toml:3:22
      |
    3 | P.poisson = { rate = nan }
      |                      ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: inf is not a finite number
     --> coin.toml:3:22
      |
    3 | P.poisson = { rate = inf }
      |                      ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: 1e400 is too large: numbers go up to 1.8e308
     --> coin.toml:3:22
      |
    3 | P.poisson = { rate = 1e400 }
      |                      ^^^^^
      |
      = help: write a smaller number

    error: the text "2.5" where a number from 0 up should stand
     --> coin.toml:3:22
      |
    3 | P.poisson = { rate = "2.5" }
      |                      ^^^^^
      |
      = help: write it without quotes: 2.5

    error: -5/2 is not a number from 0 up
     --> coin.toml:3:22
      |
    3 | P.poisson = { rate = "-5/2" }
      |                      ^^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: "5/2/1" is no number: a fraction is two whole numbers with a slash between them, such as "1/6"
     --> coin.toml:3:22
      |
    3 | P.poisson = { rate = "5/2/1" }
      |                      ^^^^^^^
      |
      = help: write digits alone on both sides, such as "1/6"

    error: a list where a number from 0 up should stand
     --> coin.toml:3:22
      |
    3 | P.poisson = { rate = [1, 2] }
      |                      ^^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: poisson needs its parameter `rate`
     --> coin.toml:3:13
      |
    3 | P.poisson = { rat = 2 }
      |             ^^^^^^^^^^^
      |
      = help: for example: poisson = { rate = 2.5 }

    error: poisson has no parameter `rat`
     --> coin.toml:3:15
      |
    3 | P.poisson = { rat = 2 }
      |               ^^^
      |
      = help: did you mean `rate`?

    error: poisson needs its parameter `rate`
     --> coin.toml:3:13
      |
    3 | P.poisson = { lambda = 2 }
      |             ^^^^^^^^^^^^^^
      |
      = help: for example: poisson = { rate = 2.5 }

    error: poisson has no parameter `lambda`
     --> coin.toml:3:15
      |
    3 | P.poisson = { lambda = 2 }
      |               ^^^^^^
      |
      = help: it has `rate`

    error: poisson has no parameter `scale`
     --> coin.toml:3:25
      |
    3 | P.poisson = { rate = 2, scale = 1 }
      |                         ^^^^^
      |
      = help: it has `rate`

    error: 2.5 where a table of parameters should stand
     --> coin.toml:3:13
      |
    3 | P.poisson = 2.5
      |             ^^^
      |
      = help: for example: poisson = { rate = 2.5 }
    "#);
}

#[test]
fn uniform() {
    assert_snapshot!(bad("uniform"), @r#"
    error: 1 is not a number above `low`
     --> coin.toml:3:31
      |
    3 | P.uniform = { low = 1, high = 1 }
      |                               ^
      |
      = help: exchange `low` and `high`, or raise `high`

    error: -1 is not a number above `low`
     --> coin.toml:3:31
      |
    3 | P.uniform = { low = 2, high = -1 }
      |                               ^^
      |
      = help: exchange `low` and `high`, or raise `high`

    error: -inf is not a finite number
     --> coin.toml:3:21
      |
    3 | P.uniform = { low = -inf, high = inf }
      |                     ^^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: inf is not a finite number
     --> coin.toml:3:34
      |
    3 | P.uniform = { low = -inf, high = inf }
      |                                  ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: NaN is not a number
     --> coin.toml:3:21
      |
    3 | P.uniform = { low = nan, high = 1 }
      |                     ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: 1.7e308 is not within 1.8e308 of `low`, the largest length there is
     --> coin.toml:3:38
      |
    3 | P.uniform = { low = -1.7e308, high = 1.7e308 }
      |                                      ^^^^^^^
      |
      = help: bring `low` and `high` together

    error: the text "zero" where a number should stand
     --> coin.toml:3:21
      |
    3 | P.uniform = { low = "zero", high = "1.0" }
      |                     ^^^^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: the text "1.0" where a number should stand
     --> coin.toml:3:36
      |
    3 | P.uniform = { low = "zero", high = "1.0" }
      |                                    ^^^^^
      |
      = help: write it without quotes: 1.0

    error: a list where a number should stand
     --> coin.toml:3:21
      |
    3 | P.uniform = { low = [0], high = { low = 1 } }
      |                     ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: a table where a number should stand
     --> coin.toml:3:33
      |
    3 | P.uniform = { low = [0], high = { low = 1 } }
      |                                 ^^^^^^^^^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: uniform needs its parameter `low`
     --> coin.toml:3:13
      |
    3 | P.uniform = { min = 0, max = 1 }
      |             ^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: uniform = { low = 0, high = 1 }

    error: uniform needs its parameter `high`
     --> coin.toml:3:13
      |
    3 | P.uniform = { min = 0, max = 1 }
      |             ^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: uniform = { low = 0, high = 1 }

    error: uniform has no parameter `min`
     --> coin.toml:3:15
      |
    3 | P.uniform = { min = 0, max = 1 }
      |               ^^^
      |
      = help: it has `low` and `high`

    error: uniform has no parameter `max`
     --> coin.toml:3:24
      |
    3 | P.uniform = { min = 0, max = 1 }
      |                        ^^^
      |
      = help: it has `low` and `high`

    error: uniform needs its parameter `high`
     --> coin.toml:3:13
      |
    3 | P.uniform = { low = 0, hihg = 1 }
      |             ^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: uniform = { low = 0, high = 1 }

    error: uniform has no parameter `hihg`
     --> coin.toml:3:24
      |
    3 | P.uniform = { low = 0, hihg = 1 }
      |                        ^^^^
      |
      = help: did you mean `high`?

    error: a list where a table of parameters should stand
     --> coin.toml:3:13
      |
    3 | P.uniform = [0, 1]
      |             ^^^^^^
      |
      = help: for example: uniform = { low = 0, high = 1 }
    "#);
}

#[test]
fn exponential() {
    assert_snapshot!(bad("exponential"), @r#"
    error: 0 is not a number above 0
     --> coin.toml:3:26
      |
    3 | P.exponential = { rate = 0 }
      |                          ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: -2 is not a number above 0
     --> coin.toml:3:27
      |
    3 | P.exponential = { scale = -2 }
      |                           ^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: NaN is not a number above 0
     --> coin.toml:3:26
      |
    3 | P.exponential = { rate = nan }
      |                          ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: inf is not a finite number
     --> coin.toml:3:27
      |
    3 | P.exponential = { scale = inf }
      |                           ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: 1e-320 is not a scale whose reciprocal, the rate, is below 1.8e308
     --> coin.toml:3:27
      |
    3 | P.exponential = { scale = 1e-320 }
      |                           ^^^^^^
      |
      = help: write a number from 1e-308 up

    error: the text "fast" where a number above 0 should stand
     --> coin.toml:3:26
      |
    3 | P.exponential = { rate = "fast" }
      |                          ^^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: 0/3 is not a number above 0
     --> coin.toml:3:26
      |
    3 | P.exponential = { rate = "0/3" }
      |                          ^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a list where a number above 0 should stand
     --> coin.toml:3:27
      |
    3 | P.exponential = { scale = [1] }
      |                           ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: exponential takes `rate` or `scale`, and not both
     --> coin.toml:3:29
      |
    3 | P.exponential = { rate = 2, scale = 0.5 }
      |                   ----      ^^^^^
      |                   |
      |                   set here
      |
      = help: remove one of the two

    error: exponential needs `rate` or `scale`
     --> coin.toml:3:17
      |
    3 | P.exponential = {}
      |                 ^^
      |
      = help: for example: exponential = { rate = 1.5 }

    error: exponential needs `rate` or `scale`
     --> coin.toml:3:17
      |
    3 | P.exponential = { rte = 1 }
      |                 ^^^^^^^^^^^
      |
      = help: for example: exponential = { rate = 1.5 }

    error: exponential has no parameter `rte`
     --> coin.toml:3:19
      |
    3 | P.exponential = { rte = 1 }
      |                   ^^^
      |
      = help: did you mean `rate`?

    error: exponential has no parameter `lambda`
     --> coin.toml:3:29
      |
    3 | P.exponential = { rate = 1, lambda = 1 }
      |                             ^^^^^^
      |
      = help: it has `rate` and `scale`

    error: 1.5 where a table of parameters should stand
     --> coin.toml:3:17
      |
    3 | P.exponential = 1.5
      |                 ^^^
      |
      = help: for example: exponential = { rate = 1.5 }
    "#);
}

#[test]
fn gamma() {
    assert_snapshot!(bad("gamma"), @r#"
    error: 0 is not a number above 0
     --> coin.toml:3:21
      |
    3 | P.gamma = { shape = 0, rate = 0 }
      |                     ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: 0 is not a number above 0
     --> coin.toml:3:31
      |
    3 | P.gamma = { shape = 0, rate = 0 }
      |                               ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: -2 is not a number above 0
     --> coin.toml:3:21
      |
    3 | P.gamma = { shape = -2, scale = -1 }
      |                     ^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: -1 is not a number above 0
     --> coin.toml:3:33
      |
    3 | P.gamma = { shape = -2, scale = -1 }
      |                                 ^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: NaN is not a number above 0
     --> coin.toml:3:21
      |
    3 | P.gamma = { shape = nan, rate = inf }
      |                     ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: inf is not a finite number
     --> coin.toml:3:33
      |
    3 | P.gamma = { shape = nan, rate = inf }
      |                                 ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: the text "two" where a number above 0 should stand
     --> coin.toml:3:21
      |
    3 | P.gamma = { shape = "two", rate = "-1/3" }
      |                     ^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: -1/3 is not a number above 0
     --> coin.toml:3:35
      |
    3 | P.gamma = { shape = "two", rate = "-1/3" }
      |                                   ^^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a list where a number above 0 should stand
     --> coin.toml:3:21
      |
    3 | P.gamma = { shape = [2], scale = { rate = 1 } }
      |                     ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a table where a number above 0 should stand
     --> coin.toml:3:34
      |
    3 | P.gamma = { shape = [2], scale = { rate = 1 } }
      |                                  ^^^^^^^^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: 1e-310 is not a scale whose reciprocal, the rate, is below 1.8e308
     --> coin.toml:3:32
      |
    3 | P.gamma = { shape = 2, scale = 1e-310 }
      |                                ^^^^^^
      |
      = help: write a number from 1e-308 up

    error: gamma takes `rate` or `scale`, and not both
     --> coin.toml:3:34
      |
    3 | P.gamma = { shape = 2, rate = 1, scale = 1 }
      |                        ----      ^^^^^
      |                        |
      |                        set here
      |
      = help: remove one of the two

    error: gamma takes `scale` or `rate`, and not both
     --> coin.toml:3:35
      |
    3 | P.gamma = { shape = 2, scale = 1, rate = 1 }
      |                        -----      ^^^^
      |                        |
      |                        set here
      |
      = help: remove one of the two

    error: gamma needs `rate` or `scale`
     --> coin.toml:3:11
      |
    3 | P.gamma = { shape = 2 }
      |           ^^^^^^^^^^^^^
      |
      = help: for example: gamma = { shape = 2, rate = 1 }

    error: gamma needs its parameter `shape`
     --> coin.toml:3:11
      |
    3 | P.gamma = { rate = 1 }
      |           ^^^^^^^^^^^^
      |
      = help: for example: gamma = { shape = 2, rate = 1 }

    error: gamma needs its parameter `shape`
     --> coin.toml:3:11
      |
    3 | P.gamma = { shap = 2, rate = 1 }
      |           ^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: gamma = { shape = 2, rate = 1 }

    error: gamma has no parameter `shap`
     --> coin.toml:3:13
      |
    3 | P.gamma = { shap = 2, rate = 1 }
      |             ^^^^
      |
      = help: did you mean `shape`?

    error: gamma needs its parameter `shape`
     --> coin.toml:3:11
      |
    3 | P.gamma = {}
      |           ^^
      |
      = help: for example: gamma = { shape = 2, rate = 1 }

    error: gamma needs `rate` or `scale`
     --> coin.toml:3:11
      |
    3 | P.gamma = {}
      |           ^^
      |
      = help: for example: gamma = { shape = 2, rate = 1 }

    error: true where a table of parameters should stand
     --> coin.toml:3:11
      |
    3 | P.gamma = true
      |           ^^^^
      |
      = help: for example: gamma = { shape = 2, rate = 1 }
    "#);
}

#[test]
fn beta() {
    assert_snapshot!(bad("beta"), @r#"
    error: 0 is not a number above 0
     --> coin.toml:3:20
      |
    3 | P.beta = { alpha = 0, beta = -3 }
      |                    ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: -3 is not a number above 0
     --> coin.toml:3:30
      |
    3 | P.beta = { alpha = 0, beta = -3 }
      |                              ^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: NaN is not a number above 0
     --> coin.toml:3:20
      |
    3 | P.beta = { alpha = nan, beta = inf }
      |                    ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: inf is not a finite number
     --> coin.toml:3:32
      |
    3 | P.beta = { alpha = nan, beta = inf }
      |                                ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: the text "2.0" where a number above 0 should stand
     --> coin.toml:3:20
      |
    3 | P.beta = { alpha = "2.0", beta = "0/1" }
      |                    ^^^^^
      |
      = help: write it without quotes: 2.0

    error: 0/1 is not a number above 0
     --> coin.toml:3:34
      |
    3 | P.beta = { alpha = "2.0", beta = "0/1" }
      |                                  ^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a list where a number above 0 should stand
     --> coin.toml:3:20
      |
    3 | P.beta = { alpha = [2, 3], beta = { beta = 3 } }
      |                    ^^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a table where a number above 0 should stand
     --> coin.toml:3:35
      |
    3 | P.beta = { alpha = [2, 3], beta = { beta = 3 } }
      |                                   ^^^^^^^^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: beta needs its parameter `beta`
     --> coin.toml:3:10
      |
    3 | P.beta = { alpha = 2, bta = 3 }
      |          ^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: beta = { alpha = 2, beta = 3 }

    error: beta has no parameter `bta`
     --> coin.toml:3:23
      |
    3 | P.beta = { alpha = 2, bta = 3 }
      |                       ^^^
      |
      = help: did you mean `beta`?

    error: beta needs its parameter `alpha`
     --> coin.toml:3:10
      |
    3 | P.beta = { a = 2, b = 3 }
      |          ^^^^^^^^^^^^^^^^
      |
      = help: for example: beta = { alpha = 2, beta = 3 }

    error: beta needs its parameter `beta`
     --> coin.toml:3:10
      |
    3 | P.beta = { a = 2, b = 3 }
      |          ^^^^^^^^^^^^^^^^
      |
      = help: for example: beta = { alpha = 2, beta = 3 }

    error: beta has no parameter `a`
     --> coin.toml:3:12
      |
    3 | P.beta = { a = 2, b = 3 }
      |            ^
      |
      = help: it has `alpha` and `beta`

    error: beta has no parameter `b`
     --> coin.toml:3:19
      |
    3 | P.beta = { a = 2, b = 3 }
      |                   ^
      |
      = help: it has `alpha` and `beta`

    error: a list where a table of parameters should stand
     --> coin.toml:3:10
      |
    3 | P.beta = [2, 3]
      |          ^^^^^^
      |
      = help: for example: beta = { alpha = 2, beta = 3 }
    "#);
}

#[test]
fn dirichlet() {
    assert_snapshot!(bad("dirichlet"), @r#"
    error: a list of 1 is not a list of two or more numbers
     --> coin.toml:3:25
      |
    3 | P.dirichlet = { alpha = [1] }
      |                         ^^^
      |
      = help: write a list such as [1, 2, 3]

    error: a list of 0 is not a list of two or more numbers
     --> coin.toml:3:25
      |
    3 | P.dirichlet = { alpha = [] }
      |                         ^^
      |
      = help: write a list such as [1, 2, 3]

    error: 2 where a list of numbers should stand
     --> coin.toml:3:25
      |
    3 | P.dirichlet = { alpha = 2 }
      |                         ^
      |
      = help: for example: [1, 2.5, "1/3"]

    error: 0 is not a number above 0
     --> coin.toml:3:29
      |
    3 | P.dirichlet = { alpha = [1, 0, -2] }
      |                             ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: -2 is not a number above 0
     --> coin.toml:3:32
      |
    3 | P.dirichlet = { alpha = [1, 0, -2] }
      |                                ^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: NaN is not a number above 0
     --> coin.toml:3:26
      |
    3 | P.dirichlet = { alpha = [nan, 1, inf] }
      |                          ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: inf is not a finite number
     --> coin.toml:3:34
      |
    3 | P.dirichlet = { alpha = [nan, 1, inf] }
      |                                  ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: the text "one" where a number above 0 should stand
     --> coin.toml:3:26
      |
    3 | P.dirichlet = { alpha = ["one", "0/2", [3]] }
      |                          ^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: 0/2 is not a number above 0
     --> coin.toml:3:33
      |
    3 | P.dirichlet = { alpha = ["one", "0/2", [3]] }
      |                                 ^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a list where a number above 0 should stand
     --> coin.toml:3:40
      |
    3 | P.dirichlet = { alpha = ["one", "0/2", [3]] }
      |                                        ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a table where a list of numbers should stand
     --> coin.toml:3:25
      |
    3 | P.dirichlet = { alpha = { H = 1, T = 2 } }
      |                         ^^^^^^^^^^^^^^^^
      |
      = help: for example: [1, 2.5, "1/3"]

    error: dirichlet needs its parameter `alpha`
     --> coin.toml:3:15
      |
    3 | P.dirichlet = { alhpa = [1, 2, 3] }
      |               ^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: dirichlet = { alpha = [1, 2, 3] }

    error: dirichlet has no parameter `alhpa`
     --> coin.toml:3:17
      |
    3 | P.dirichlet = { alhpa = [1, 2, 3] }
      |                 ^^^^^
      |
      = help: did you mean `alpha`?

    error: a list where a table of parameters should stand
     --> coin.toml:3:15
      |
    3 | P.dirichlet = [1, 2, 3]
      |               ^^^^^^^^^
      |
      = help: for example: dirichlet = { alpha = [1, 2, 3] }
    "#);
}

#[test]
fn normal() {
    assert_snapshot!(bad("normal"), @r#"
    error: 0 is not a number above 0
     --> coin.toml:3:34
      |
    3 | P.normal = { mean = 0, std_dev = 0 }
      |                                  ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: -1 is not a number above 0
     --> coin.toml:3:35
      |
    3 | P.normal = { mean = 0, variance = -1 }
      |                                   ^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: NaN is not a number
     --> coin.toml:3:21
      |
    3 | P.normal = { mean = nan, std_dev = inf }
      |                     ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: inf is not a finite number
     --> coin.toml:3:36
      |
    3 | P.normal = { mean = nan, std_dev = inf }
      |                                    ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: -inf is not a finite number
     --> coin.toml:3:21
      |
    3 | P.normal = { mean = -inf, variance = nan }
      |                     ^^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: NaN is not a number above 0
     --> coin.toml:3:38
      |
    3 | P.normal = { mean = -inf, variance = nan }
      |                                      ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: the text "0" where a number should stand
     --> coin.toml:3:21
      |
    3 | P.normal = { mean = "0", std_dev = "wide" }
      |                     ^^^
      |
      = help: write it without quotes: 0

    error: the text "wide" where a number above 0 should stand
     --> coin.toml:3:36
      |
    3 | P.normal = { mean = "0", std_dev = "wide" }
      |                                    ^^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a list where a number should stand
     --> coin.toml:3:21
      |
    3 | P.normal = { mean = [0], variance = { std_dev = 1 } }
      |                     ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: a table where a number above 0 should stand
     --> coin.toml:3:37
      |
    3 | P.normal = { mean = [0], variance = { std_dev = 1 } }
      |                                     ^^^^^^^^^^^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: -1/2 is not a number above 0
     --> coin.toml:3:34
      |
    3 | P.normal = { mean = 0, std_dev = "-1/2" }
      |                                  ^^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: normal takes `std_dev` or `variance`, and not both
     --> coin.toml:3:37
      |
    3 | P.normal = { mean = 0, std_dev = 1, variance = 1 }
      |                        -------      ^^^^^^^^
      |                        |
      |                        set here
      |
      = help: remove one of the two

    error: normal takes `variance` or `std_dev`, and not both
     --> coin.toml:3:38
      |
    3 | P.normal = { variance = 1, mean = 0, std_dev = 1 }
      |              -------- set here       ^^^^^^^
      |
      = help: remove one of the two

    error: normal needs `std_dev` or `variance`
     --> coin.toml:3:12
      |
    3 | P.normal = { mean = 0 }
      |            ^^^^^^^^^^^^
      |
      = help: for example: normal = { mean = 0, std_dev = 1 }

    error: normal needs `std_dev` or `variance`
     --> coin.toml:3:12
      |
    3 | P.normal = { mean = 0, stddev = 1 }
      |            ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: normal = { mean = 0, std_dev = 1 }

    error: normal has no parameter `stddev`
     --> coin.toml:3:24
      |
    3 | P.normal = { mean = 0, stddev = 1 }
      |                        ^^^^^^
      |
      = help: did you mean `std_dev`?

    error: normal needs `std_dev` or `variance`
     --> coin.toml:3:12
      |
    3 | P.normal = { mean = 0, sigma = 1 }
      |            ^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: normal = { mean = 0, std_dev = 1 }

    error: normal has no parameter `sigma`
     --> coin.toml:3:24
      |
    3 | P.normal = { mean = 0, sigma = 1 }
      |                        ^^^^^
      |
      = help: it has `mean`, `std_dev` and `variance`

    error: normal needs its parameter `mean`
     --> coin.toml:3:12
      |
    3 | P.normal = {}
      |            ^^
      |
      = help: for example: normal = { mean = 0, std_dev = 1 }

    error: normal needs `std_dev` or `variance`
     --> coin.toml:3:12
      |
    3 | P.normal = {}
      |            ^^
      |
      = help: for example: normal = { mean = 0, std_dev = 1 }

    error: a list where a table of parameters should stand
     --> coin.toml:3:12
      |
    3 | P.normal = [0, 1]
      |            ^^^^^^
      |
      = help: for example: normal = { mean = 0, std_dev = 1 }
    "#);
}

#[test]
fn multivariate_normal() {
    assert_snapshot!(bad("multivariate_normal"), @r#"
    error: NaN is not a number
     --> coin.toml:3:35
      |
    3 | P.multivariate_normal = { mean = [nan, 0], covariance = [[1, 0], [0, inf]] }
      |                                   ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: inf is not a finite number
     --> coin.toml:3:70
      |
    3 | P.multivariate_normal = { mean = [nan, 0], covariance = [[1, 0], [0, inf]] }
      |                                                                      ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: 0 where a list of numbers should stand
     --> coin.toml:3:34
      |
    3 | P.multivariate_normal = { mean = 0, covariance = 1 }
      |                                  ^
      |
      = help: for example: [1, 2.5, "1/3"]

    error: 1 where a list of rows should stand
     --> coin.toml:3:50
      |
    3 | P.multivariate_normal = { mean = 0, covariance = 1 }
      |                                                  ^
      |
      = help: for example: [[1, 0.5], [0.5, 2]]

    error: the text "zero" where a number should stand
     --> coin.toml:3:35
      |
    3 | P.multivariate_normal = { mean = ["zero", 0], covariance = [[1, "0"], 2] }
      |                                   ^^^^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: the text "0" where a number should stand
     --> coin.toml:3:65
      |
    3 | P.multivariate_normal = { mean = ["zero", 0], covariance = [[1, "0"], 2] }
      |                                                                 ^^^
      |
      = help: write it without quotes: 0

    error: 2 where a list of numbers should stand
     --> coin.toml:3:71
      |
    3 | P.multivariate_normal = { mean = ["zero", 0], covariance = [[1, "0"], 2] }
      |                                                                       ^
      |
      = help: for example: [1, 2.5, "1/3"]

    error: 0.4 is not 0.5, as in row 1, column 2: a covariance is symmetric
     --> coin.toml:3:67
      |
    3 | P.multivariate_normal = { mean = [0, 0], covariance = [[1, 0.5], [0.4, 2]] }
      |                                                                   ^^^
      |
      = help: write one number in both places

    error: 0.1 is not 0, as in row 1, column 3: a covariance is symmetric
     --> coin.toml:3:82
      |
    3 | P.multivariate_normal = { mean = [0, 0, 0], covariance = [[2, 1, 0], [1, 2, 1], [0.1, 0.9, 2]] }
      |                                                                                  ^^^
      |
      = help: write one number in both places

    error: 0.9 is not 1, as in row 2, column 3: a covariance is symmetric
     --> coin.toml:3:87
      |
    3 | P.multivariate_normal = { mean = [0, 0, 0], covariance = [[2, 1, 0], [1, 2, 1], [0.1, 0.9, 2]] }
      |                                                                                       ^^^
      |
      = help: write one number in both places

    error: 2 is not a covariance of the variances 1 and 1
     --> coin.toml:3:65
      |
    3 | P.multivariate_normal = { mean = [0, 0], covariance = [[1, 2], [2, 1]] }
      |                                                                 ^
      |
      = help: its square must be below their product

    error: 1 is not a covariance of the variances 1 and 1
     --> coin.toml:3:65
      |
    3 | P.multivariate_normal = { mean = [0, 0], covariance = [[1, 1], [1, 1]] }
      |                                                                 ^
      |
      = help: its square must be below their product

    error: the matrix is not positive definite
     --> coin.toml:3:58
      |
    3 | P.multivariate_normal = { mean = [0, 0, 0], covariance = [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]] }
      |                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: every weighted sum of the variables must have a variance above 0

    error: -1 is not a variance, a number above 0
     --> coin.toml:3:68
      |
    3 | P.multivariate_normal = { mean = [0, 0], covariance = [[1, 0], [0, -1]] }
      |                                                                    ^^
      |
      = help: write a number such as 1.5

    error: 0 is not a variance, a number above 0
     --> coin.toml:3:57
      |
    3 | P.multivariate_normal = { mean = [0, 0], covariance = [[0, 0], [0, 1]] }
      |                                                         ^
      |
      = help: write a number such as 1.5

    error: a list of 3 is not one row for each of the 2 numbers of `mean`
     --> coin.toml:3:55
      |
    3 | P.multivariate_normal = { mean = [0, 0], covariance = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] }
      |                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write as many rows, and as many numbers in each, as `mean` has

    error: a list of 1 is not one number for each of the 2 numbers of `mean`
     --> coin.toml:3:64
      |
    3 | P.multivariate_normal = { mean = [0, 0], covariance = [[1, 0], [0]] }
      |                                                                ^^^
      |
      = help: write as many rows, and as many numbers in each, as `mean` has

    error: a list of 3 is not one number for each of the 2 numbers of `mean`
     --> coin.toml:3:56
      |
    3 | P.multivariate_normal = { mean = [0, 0], covariance = [[1, 0, 0], [0, 1]] }
      |                                                        ^^^^^^^^^
      |
      = help: write as many rows, and as many numbers in each, as `mean` has

    error: an empty list is not one number or more
     --> coin.toml:3:34
      |
    3 | P.multivariate_normal = { mean = [], covariance = [] }
      |                                  ^^
      |
      = help: write a list such as [0, 0]

    error: multivariate_normal needs its parameter `covariance`
     --> coin.toml:3:25
      |
    3 | P.multivariate_normal = { mean = [0, 0] }
      |                         ^^^^^^^^^^^^^^^^^
      |
      = help: for example: multivariate_normal = { mean = [0, 0], covariance = [[1, 0.5], [0.5, 2]] }

    error: multivariate_normal needs its parameter `covariance`
     --> coin.toml:3:25
      |
    3 | P.multivariate_normal = { mean = [0, 0], covarance = [[1, 0], [0, 1]] }
      |                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: multivariate_normal = { mean = [0, 0], covariance = [[1, 0.5], [0.5, 2]] }

    error: multivariate_normal has no parameter `covarance`
     --> coin.toml:3:42
      |
    3 | P.multivariate_normal = { mean = [0, 0], covarance = [[1, 0], [0, 1]] }
      |                                          ^^^^^^^^^
      |
      = help: did you mean `covariance`?

    error: multivariate_normal needs its parameter `mean`
     --> coin.toml:3:25
      |
    3 | P.multivariate_normal = {}
      |                         ^^
      |
      = help: for example: multivariate_normal = { mean = [0, 0], covariance = [[1, 0.5], [0.5, 2]] }

    error: multivariate_normal needs its parameter `covariance`
     --> coin.toml:3:25
      |
    3 | P.multivariate_normal = {}
      |                         ^^
      |
      = help: for example: multivariate_normal = { mean = [0, 0], covariance = [[1, 0.5], [0.5, 2]] }

    error: a list where a table of parameters should stand
     --> coin.toml:3:25
      |
    3 | P.multivariate_normal = [[1, 0], [0, 1]]
      |                         ^^^^^^^^^^^^^^^^
      |
      = help: for example: multivariate_normal = { mean = [0, 0], covariance = [[1, 0.5], [0.5, 2]] }
    "#);
}

#[test]
fn lognormal() {
    assert_snapshot!(bad("lognormal"), @r#"
    error: 0 is not a number above 0
     --> coin.toml:3:37
      |
    3 | P.lognormal = { mean = 0, std_dev = 0 }
      |                                     ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: NaN is not a number
     --> coin.toml:3:24
      |
    3 | P.lognormal = { mean = nan, std_dev = -inf }
      |                        ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: -inf is not a finite number
     --> coin.toml:3:39
      |
    3 | P.lognormal = { mean = nan, std_dev = -inf }
      |                                       ^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: the text "1" where a number should stand
     --> coin.toml:3:24
      |
    3 | P.lognormal = { mean = "1", std_dev = "1/0" }
      |                        ^^^
      |
      = help: write it without quotes: 1

    error: "1/0" is no number: a fraction cannot have the denominator 0
     --> coin.toml:3:39
      |
    3 | P.lognormal = { mean = "1", std_dev = "1/0" }
      |                                       ^^^^^
      |
      = help: write a denominator of 1 or more, such as "1/6"

    error: a list where a number should stand
     --> coin.toml:3:24
      |
    3 | P.lognormal = { mean = [0], std_dev = {} }
      |                        ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: a table where a number above 0 should stand
     --> coin.toml:3:39
      |
    3 | P.lognormal = { mean = [0], std_dev = {} }
      |                                       ^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: lognormal needs its parameter `std_dev`
     --> coin.toml:3:15
      |
    3 | P.lognormal = { mean = 0, variance = 1 }
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: lognormal = { mean = 0, std_dev = 1 }

    error: lognormal has no parameter `variance`
     --> coin.toml:3:27
      |
    3 | P.lognormal = { mean = 0, variance = 1 }
      |                           ^^^^^^^^
      |
      = help: it has `mean` and `std_dev`

    error: lognormal needs its parameter `mean`
     --> coin.toml:3:15
      |
    3 | P.lognormal = { mu = 0, sigma = 1 }
      |               ^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: lognormal = { mean = 0, std_dev = 1 }

    error: lognormal needs its parameter `std_dev`
     --> coin.toml:3:15
      |
    3 | P.lognormal = { mu = 0, sigma = 1 }
      |               ^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: lognormal = { mean = 0, std_dev = 1 }

    error: lognormal has no parameter `mu`
     --> coin.toml:3:17
      |
    3 | P.lognormal = { mu = 0, sigma = 1 }
      |                 ^^
      |
      = help: it has `mean` and `std_dev`

    error: lognormal has no parameter `sigma`
     --> coin.toml:3:25
      |
    3 | P.lognormal = { mu = 0, sigma = 1 }
      |                         ^^^^^
      |
      = help: it has `mean` and `std_dev`

    error: 1 where a table of parameters should stand
     --> coin.toml:3:15
      |
    3 | P.lognormal = 1
      |               ^
      |
      = help: for example: lognormal = { mean = 0, std_dev = 1 }
    "#);
}

#[test]
fn laplace() {
    assert_snapshot!(bad("laplace"), @r#"
    error: 0 is not a number above 0
     --> coin.toml:3:37
      |
    3 | P.laplace = { location = 0, scale = 0 }
      |                                     ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: inf is not a finite number
     --> coin.toml:3:26
      |
    3 | P.laplace = { location = inf, scale = -1 }
      |                          ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: -1 is not a number above 0
     --> coin.toml:3:39
      |
    3 | P.laplace = { location = inf, scale = -1 }
      |                                       ^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: the text "here" where a number should stand
     --> coin.toml:3:26
      |
    3 | P.laplace = { location = "here", scale = nan }
      |                          ^^^^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: NaN is not a number above 0
     --> coin.toml:3:42
      |
    3 | P.laplace = { location = "here", scale = nan }
      |                                          ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a list where a number should stand
     --> coin.toml:3:26
      |
    3 | P.laplace = { location = [0], scale = true }
      |                          ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: true where a number above 0 should stand
     --> coin.toml:3:39
      |
    3 | P.laplace = { location = [0], scale = true }
      |                                       ^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: laplace needs its parameter `location`
     --> coin.toml:3:13
      |
    3 | P.laplace = { mean = 0, scale = 1 }
      |             ^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: laplace = { location = 0, scale = 1 }

    error: laplace has no parameter `mean`
     --> coin.toml:3:15
      |
    3 | P.laplace = { mean = 0, scale = 1 }
      |               ^^^^
      |
      = help: it has `location` and `scale`

    error: laplace needs its parameter `location`
     --> coin.toml:3:13
      |
    3 | P.laplace = { locaton = 0, scale = 1 }
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: laplace = { location = 0, scale = 1 }

    error: laplace has no parameter `locaton`
     --> coin.toml:3:15
      |
    3 | P.laplace = { locaton = 0, scale = 1 }
      |               ^^^^^^^
      |
      = help: did you mean `location`?

    error: laplace needs its parameter `location`
     --> coin.toml:3:13
      |
    3 | P.laplace = {}
      |             ^^
      |
      = help: for example: laplace = { location = 0, scale = 1 }

    error: laplace needs its parameter `scale`
     --> coin.toml:3:13
      |
    3 | P.laplace = {}
      |             ^^
      |
      = help: for example: laplace = { location = 0, scale = 1 }

    error: a list where a table of parameters should stand
     --> coin.toml:3:13
      |
    3 | P.laplace = [0, 1]
      |             ^^^^^^
      |
      = help: for example: laplace = { location = 0, scale = 1 }
    "#);
}

#[test]
fn pareto() {
    assert_snapshot!(bad("pareto"), @r#"
    error: 0 is not a number above 0
     --> coin.toml:3:22
      |
    3 | P.pareto = { scale = 0, shape = 0 }
      |                      ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: 0 is not a number above 0
     --> coin.toml:3:33
      |
    3 | P.pareto = { scale = 0, shape = 0 }
      |                                 ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: -1 is not a number above 0
     --> coin.toml:3:22
      |
    3 | P.pareto = { scale = -1, shape = nan }
      |                      ^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: NaN is not a number above 0
     --> coin.toml:3:34
      |
    3 | P.pareto = { scale = -1, shape = nan }
      |                                  ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: inf is not a finite number
     --> coin.toml:3:22
      |
    3 | P.pareto = { scale = inf, shape = "-5/2" }
      |                      ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: -5/2 is not a number above 0
     --> coin.toml:3:35
      |
    3 | P.pareto = { scale = inf, shape = "-5/2" }
      |                                   ^^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: the text "1" where a number above 0 should stand
     --> coin.toml:3:22
      |
    3 | P.pareto = { scale = "1", shape = [2.5] }
      |                      ^^^
      |
      = help: write it without quotes: 1

    error: a list where a number above 0 should stand
     --> coin.toml:3:35
      |
    3 | P.pareto = { scale = "1", shape = [2.5] }
      |                                   ^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: pareto needs its parameter `shape`
     --> coin.toml:3:12
      |
    3 | P.pareto = { scale = 1, alpha = 2 }
      |            ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: pareto = { scale = 1, shape = 2.5 }

    error: pareto has no parameter `alpha`
     --> coin.toml:3:25
      |
    3 | P.pareto = { scale = 1, alpha = 2 }
      |                         ^^^^^
      |
      = help: it has `scale` and `shape`

    error: pareto needs its parameter `shape`
     --> coin.toml:3:12
      |
    3 | P.pareto = { scale = 1, shpae = 2 }
      |            ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: pareto = { scale = 1, shape = 2.5 }

    error: pareto has no parameter `shpae`
     --> coin.toml:3:25
      |
    3 | P.pareto = { scale = 1, shpae = 2 }
      |                         ^^^^^
      |
      = help: did you mean `shape`?

    error: pareto needs its parameter `scale`
     --> coin.toml:3:12
      |
    3 | P.pareto = {}
      |            ^^
      |
      = help: for example: pareto = { scale = 1, shape = 2.5 }

    error: pareto needs its parameter `shape`
     --> coin.toml:3:12
      |
    3 | P.pareto = {}
      |            ^^
      |
      = help: for example: pareto = { scale = 1, shape = 2.5 }

    error: 2.5 where a table of parameters should stand
     --> coin.toml:3:12
      |
    3 | P.pareto = 2.5
      |            ^^^
      |
      = help: for example: pareto = { scale = 1, shape = 2.5 }
    "#);
}

#[test]
fn weibull() {
    assert_snapshot!(bad("weibull"), @r#"
    error: 0 is not a number above 0
     --> coin.toml:3:23
      |
    3 | P.weibull = { shape = 0, scale = -1 }
      |                       ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: -1 is not a number above 0
     --> coin.toml:3:34
      |
    3 | P.weibull = { shape = 0, scale = -1 }
      |                                  ^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: NaN is not a number above 0
     --> coin.toml:3:23
      |
    3 | P.weibull = { shape = nan, scale = inf }
      |                       ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: inf is not a finite number
     --> coin.toml:3:36
      |
    3 | P.weibull = { shape = nan, scale = inf }
      |                                    ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: the text "1.5" where a number above 0 should stand
     --> coin.toml:3:23
      |
    3 | P.weibull = { shape = "1.5", scale = "0/1" }
      |                       ^^^^^
      |
      = help: write it without quotes: 1.5

    error: 0/1 is not a number above 0
     --> coin.toml:3:38
      |
    3 | P.weibull = { shape = "1.5", scale = "0/1" }
      |                                      ^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a table where a number above 0 should stand
     --> coin.toml:3:23
      |
    3 | P.weibull = { shape = { shape = 1 }, scale = [1] }
      |                       ^^^^^^^^^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a list where a number above 0 should stand
     --> coin.toml:3:46
      |
    3 | P.weibull = { shape = { shape = 1 }, scale = [1] }
      |                                              ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: weibull needs its parameter `scale`
     --> coin.toml:3:13
      |
    3 | P.weibull = { shape = 1.5, rate = 1 }
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: weibull = { shape = 1.5, scale = 1 }

    error: weibull has no parameter `rate`
     --> coin.toml:3:28
      |
    3 | P.weibull = { shape = 1.5, rate = 1 }
      |                            ^^^^
      |
      = help: it has `shape` and `scale`

    error: weibull needs its parameter `scale`
     --> coin.toml:3:13
      |
    3 | P.weibull = { shape = 1.5, scal = 1 }
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: weibull = { shape = 1.5, scale = 1 }

    error: weibull has no parameter `scal`
     --> coin.toml:3:28
      |
    3 | P.weibull = { shape = 1.5, scal = 1 }
      |                            ^^^^
      |
      = help: did you mean `scale`?

    error: weibull needs its parameter `shape`
     --> coin.toml:3:13
      |
    3 | P.weibull = {}
      |             ^^
      |
      = help: for example: weibull = { shape = 1.5, scale = 1 }

    error: weibull needs its parameter `scale`
     --> coin.toml:3:13
      |
    3 | P.weibull = {}
      |             ^^
      |
      = help: for example: weibull = { shape = 1.5, scale = 1 }

    error: the text "weibull" where a table of parameters should stand
     --> coin.toml:3:13
      |
    3 | P.weibull = "weibull"
      |             ^^^^^^^^^
      |
      = help: for example: weibull = { shape = 1.5, scale = 1 }
    "#);
}

#[test]
fn cauchy() {
    assert_snapshot!(bad("cauchy"), @r#"
    error: 0 is not a number above 0
     --> coin.toml:3:36
      |
    3 | P.cauchy = { location = 0, scale = 0 }
      |                                    ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: -inf is not a finite number
     --> coin.toml:3:25
      |
    3 | P.cauchy = { location = -inf, scale = -1e300 }
      |                         ^^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: -1e300 is not a number above 0
     --> coin.toml:3:39
      |
    3 | P.cauchy = { location = -inf, scale = -1e300 }
      |                                       ^^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: "1/0" is no number: a fraction cannot have the denominator 0
     --> coin.toml:3:25
      |
    3 | P.cauchy = { location = "1/0", scale = nan }
      |                         ^^^^^
      |
      = help: write a denominator of 1 or more, such as "1/6"

    error: NaN is not a number above 0
     --> coin.toml:3:40
      |
    3 | P.cauchy = { location = "1/0", scale = nan }
      |                                        ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a list where a number should stand
     --> coin.toml:3:25
      |
    3 | P.cauchy = { location = [0], scale = "one" }
      |                         ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: the text "one" where a number above 0 should stand
     --> coin.toml:3:38
      |
    3 | P.cauchy = { location = [0], scale = "one" }
      |                                      ^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: cauchy needs its parameter `scale`
     --> coin.toml:3:12
      |
    3 | P.cauchy = { location = 0, scales = 1 }
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: cauchy = { location = 0, scale = 1 }

    error: cauchy has no parameter `scales`
     --> coin.toml:3:28
      |
    3 | P.cauchy = { location = 0, scales = 1 }
      |                            ^^^^^^
      |
      = help: did you mean `scale`?

    error: cauchy needs its parameter `location`
     --> coin.toml:3:12
      |
    3 | P.cauchy = { x0 = 0, gamma = 1 }
      |            ^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: cauchy = { location = 0, scale = 1 }

    error: cauchy needs its parameter `scale`
     --> coin.toml:3:12
      |
    3 | P.cauchy = { x0 = 0, gamma = 1 }
      |            ^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: cauchy = { location = 0, scale = 1 }

    error: cauchy has no parameter `x0`
     --> coin.toml:3:14
      |
    3 | P.cauchy = { x0 = 0, gamma = 1 }
      |              ^^
      |
      = help: it has `location` and `scale`

    error: cauchy has no parameter `gamma`
     --> coin.toml:3:22
      |
    3 | P.cauchy = { x0 = 0, gamma = 1 }
      |                      ^^^^^
      |
      = help: it has `location` and `scale`

    error: a list where a table of parameters should stand
     --> coin.toml:3:12
      |
    3 | P.cauchy = [0, 1]
      |            ^^^^^^
      |
      = help: for example: cauchy = { location = 0, scale = 1 }
    "#);
}

#[test]
fn markov_chain() {
    assert_snapshot!(bad("markov_chain"), @r#"
    error: 1.5 is not a probability: a probability lies between 0 and 1
     --> coin.toml:3:31
      |
    3 | P.markov_chain = { initial = [1.5, "half"], transition = [[nan, 0.1], [0.4, [0.6]]] }
      |                               ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: the text "half" where a probability should stand
     --> coin.toml:3:36
      |
    3 | P.markov_chain = { initial = [1.5, "half"], transition = [[nan, 0.1], [0.4, [0.6]]] }
      |                                    ^^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: NaN is not a probability: a probability lies between 0 and 1
     --> coin.toml:3:60
      |
    3 | P.markov_chain = { initial = [1.5, "half"], transition = [[nan, 0.1], [0.4, [0.6]]] }
      |                                                            ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: a list where a probability should stand
     --> coin.toml:3:77
      |
    3 | P.markov_chain = { initial = [1.5, "half"], transition = [[nan, 0.1], [0.4, [0.6]]] }
      |                                                                             ^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: the probabilities sum to 1.1, not to 1
     --> coin.toml:3:58
      |
    3 | P.markov_chain = { initial = "stationary", transition = [[0.9, 0.2], [0.4, 0.6]] }
      |                                                          ^^^^^^^^^^
      |
      = help: they must sum to 1 within 1e-9; exact fractions such as "1/6" help

    error: a list of 3 is not one probability for each row of `transition`
     --> coin.toml:3:70
      |
    3 | P.markov_chain = { initial = "stationary", transition = [[0.9, 0.1], [0.2, 0.2, 0.6]] }
      |                                                                      ^^^^^^^^^^^^^^^
      |
      = help: give every row, and `initial`, as many probabilities as there are rows

    error: a list of 1 is not a list of 2 to 64 rows
     --> coin.toml:3:57
      |
    3 | P.markov_chain = { initial = "stationary", transition = [[1]] }
      |                                                         ^^^^^
      |
      = help: write a row for each state, such as [[0.9, 0.1], [0.4, 0.6]]

    error: 0.5 where a list of probabilities should stand
     --> coin.toml:3:58
      |
    3 | P.markov_chain = { initial = "stationary", transition = [0.5, 0.5] }
      |                                                          ^^^
      |
      = help: for example: [0.5, 0.5]

    error: 0.5 where a list of probabilities should stand
     --> coin.toml:3:63
      |
    3 | P.markov_chain = { initial = "stationary", transition = [0.5, 0.5] }
      |                                                               ^^^
      |
      = help: for example: [0.5, 0.5]

    error: "1/0" is no number: a fraction cannot have the denominator 0
     --> coin.toml:3:76
      |
    3 | P.markov_chain = { initial = "stationary", transition = [[0.5, 0.5], [0.5, "1/0"]] }
      |                                                                            ^^^^^
      |
      = help: write a denominator of 1 or more, such as "1/6"

    error: the text "uniform" where a list of rows should stand
     --> coin.toml:3:57
      |
    3 | P.markov_chain = { initial = "stationary", transition = "uniform" }
      |                                                         ^^^^^^^^^
      |
      = help: for example: [[0.9, 0.1], [0.4, 0.6]]

    error: the stationary distribution is not unique: this chain can end up in any of several sets of states for good, so `initial` must be a list
     --> coin.toml:3:30
      |
    3 | P.markov_chain = { initial = "stationary", transition = [[1, 0], [0, 1]] }
      |                              ^^^^^^^^^^^^
      |
      = help: write the probabilities of the first symbol, such as initial = [0.5, 0.5]

    error: "stationry" is not "stationary" or a list of probabilities
     --> coin.toml:3:30
      |
    3 | P.markov_chain = { initial = "stationry", transition = [[0.9, 0.1], [0.4, 0.6]] }
      |                              ^^^^^^^^^^^
      |
      = help: write initial = "stationary", or a list such as initial = [0.5, 0.5]

    error: 0.5 is not "stationary" or a list of probabilities
     --> coin.toml:3:30
      |
    3 | P.markov_chain = { initial = 0.5, transition = [[0.9, 0.1], [0.4, 0.6]] }
      |                              ^^^
      |
      = help: write initial = "stationary", or a list such as initial = [0.5, 0.5]

    error: a list of 3 is not one probability for each row of `transition`
     --> coin.toml:3:30
      |
    3 | P.markov_chain = { initial = [0.5, 0.25, 0.25], transition = [[0.9, 0.1], [0.4, 0.6]] }
      |                              ^^^^^^^^^^^^^^^^^
      |
      = help: give every row, and `initial`, as many probabilities as there are rows

    error: the probabilities sum to 1.1, not to 1
     --> coin.toml:3:30
      |
    3 | P.markov_chain = { initial = [0.5, 0.6], transition = [[0.9, 0.1], [0.4, 0.6]] }
      |                              ^^^^^^^^^^
      |
      = help: they must sum to 1 within 1e-9; exact fractions such as "1/6" help

    error: the symbol "a" is given twice
     --> coin.toml:3:97
      |
    3 | P.markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.4, 0.6]], symbols = ["a", "a"] }
      |                                                                                                 ^^^
      |
      = help: give each symbol its own name

    error: a symbol needs a name
     --> coin.toml:3:92
      |
    3 | P.markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.4, 0.6]], symbols = ["", 1] }
      |                                                                                            ^^
      |
      = help: write a name between the quotes, such as "H"

    error: 1 where a name should stand
     --> coin.toml:3:96
      |
    3 | P.markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.4, 0.6]], symbols = ["", 1] }
      |                                                                                                ^
      |
      = help: for example: "dry"

    error: a list of 1 is not one name for each row of `transition`
     --> coin.toml:3:91
      |
    3 | P.markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.4, 0.6]], symbols = ["a"] }
      |                                                                                           ^^^^^
      |
      = help: name every state, or leave `symbols` out

    error: the text "ab" where a list of names should stand
     --> coin.toml:3:91
      |
    3 | P.markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.4, 0.6]], symbols = "ab" }
      |                                                                                           ^^^^
      |
      = help: for example: ["dry", "wet"]

    error: markov_chain needs its parameter `transition`
     --> coin.toml:3:18
      |
    3 | P.markov_chain = { initial = [0.5, 0.5], transitions = [[0.9, 0.1], [0.4, 0.6]] }
      |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: markov_chain = { initial = "stationary", transition = [[0.9, 0.1], [0.4, 0.6]] }

    error: markov_chain has no parameter `transitions`
     --> coin.toml:3:42
      |
    3 | P.markov_chain = { initial = [0.5, 0.5], transitions = [[0.9, 0.1], [0.4, 0.6]] }
      |                                          ^^^^^^^^^^^
      |
      = help: did you mean `transition`?

    error: markov_chain needs its parameter `initial`
     --> coin.toml:3:18
      |
    3 | P.markov_chain = {}
      |                  ^^
      |
      = help: for example: markov_chain = { initial = "stationary", transition = [[0.9, 0.1], [0.4, 0.6]] }

    error: markov_chain needs its parameter `transition`
     --> coin.toml:3:18
      |
    3 | P.markov_chain = {}
      |                  ^^
      |
      = help: for example: markov_chain = { initial = "stationary", transition = [[0.9, 0.1], [0.4, 0.6]] }

    error: a list where a table of parameters should stand
     --> coin.toml:3:18
      |
    3 | P.markov_chain = [[0.9, 0.1], [0.4, 0.6]]
      |                  ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: markov_chain = { initial = "stationary", transition = [[0.9, 0.1], [0.4, 0.6]] }
    "#);
}

/// A value of a list is underlined by itself, the values of a range share one place.
#[test]
fn values_of_a_grid() {
    assert_snapshot!(checked(r#"trials = 10
N = 10
Q.gamma = { shape = 2, rate = 1 }
[grid]
"P.gamma.shape" = [1, «0», «"two"», «nan», «[1]», "1/3"]
"P.gamma.rate" = «{ from = -1, to = 1, steps = 3 }»
"#), @r#"
    error: 0 is not a number above 0
     --> coin.toml:5:23
      |
    5 | "P.gamma.shape" = [1, 0, "two", nan, [1], "1/3"]
      |                       ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: the text "two" where a number above 0 should stand
     --> coin.toml:5:26
      |
    5 | "P.gamma.shape" = [1, 0, "two", nan, [1], "1/3"]
      |                          ^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: NaN is not a number above 0
     --> coin.toml:5:33
      |
    5 | "P.gamma.shape" = [1, 0, "two", nan, [1], "1/3"]
      |                                 ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a list where a number above 0 should stand
     --> coin.toml:5:38
      |
    5 | "P.gamma.shape" = [1, 0, "two", nan, [1], "1/3"]
      |                                      ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: -1 is not a number above 0
     --> coin.toml:6:18
      |
    6 | "P.gamma.rate" = { from = -1, to = 1, steps = 3 }
      |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"
    "#);
    assert_snapshot!(checked(r#"trials = 10
N = 10
Q.normal = { mean = 0, std_dev = 1 }
[grid]
«"P.normal.mean"» = [0, 1, 2]
"#), @r#"
    error: normal needs `std_dev` or `variance`
     --> coin.toml:5:1
      |
    5 | "P.normal.mean" = [0, 1, 2]
      | ^^^^^^^^^^^^^^^
      |
      = help: for example: normal = { mean = 0, std_dev = 1 }
    "#);
    assert_snapshot!(checked(r#"trials = 10
N = 10
P.normal = { mean = 0, std_dev = 1 }
Q.normal = { mean = 0, std_dev = 1 }
[grid]
«"P.normal.std_devv"» = [1, 2]
«"Q.normal.sigma"» = [1, 2]
«"P.gama.rate"» = [1, 2]
"#), @r#"
    error: `P.normal.std_devv` names no parameter
     --> coin.toml:6:1
      |
    6 | "P.normal.std_devv" = [1, 2]
      | ^^^^^^^^^^^^^^^^^^^
      |
      = help: normal has `mean`, `std_dev` and `variance`: write "P.normal.std_dev"

    error: `Q.normal.sigma` names no parameter
     --> coin.toml:7:1
      |
    7 | "Q.normal.sigma" = [1, 2]
      | ^^^^^^^^^^^^^^^^
      |
      = help: normal has `mean`, `std_dev` and `variance`, such as "Q.normal.mean"

    error: `P.gama.rate` names no parameter: there is no distribution called `gama`
     --> coin.toml:8:1
      |
    8 | "P.gama.rate" = [1, 2]
      | ^^^^^^^^^^^^^
      |
      = help: did you mean `P.gamma`?
    "#);
    assert_snapshot!(checked(r#"trials = 10
N = 10
P.exponential.scale = 2
Q.exponential.rate = 1
[grid]
"P.exponential.rate" = [«1», «2»]
"#), @r#"
    error: exponential takes `scale` or `rate`, and not both
     --> coin.toml:6:25
      |
    3 | P.exponential.scale = 2
      |               ----- set here
    ...
    6 | "P.exponential.rate" = [1, 2]
      |                         ^
      |
      = help: remove one of the two

    error: exponential takes `scale` or `rate`, and not both
     --> coin.toml:6:28
      |
    3 | P.exponential.scale = 2
      |               ----- set here
    ...
    6 | "P.exponential.rate" = [1, 2]
      |                            ^
      |
      = help: remove one of the two
    "#);
    assert_snapshot!(checked(r#"trials = 10
N = 10
P.dirichlet = { alpha = [1, 2] }
[grid]
"Q.dirichlet.alpha" = [[1, «0»], «[1]», «3», «[1, 2, 3]»]
"#), @r#"
    error: 0 is not a number above 0
     --> coin.toml:5:28
      |
    5 | "Q.dirichlet.alpha" = [[1, 0], [1], 3, [1, 2, 3]]
      |                            ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a list of 1 is not a list of two or more numbers
     --> coin.toml:5:32
      |
    5 | "Q.dirichlet.alpha" = [[1, 0], [1], 3, [1, 2, 3]]
      |                                ^^^
      |
      = help: write a list such as [1, 2, 3]

    error: 3 where a list of numbers should stand
     --> coin.toml:5:37
      |
    5 | "Q.dirichlet.alpha" = [[1, 0], [1], 3, [1, 2, 3]]
      |                                     ^
      |
      = help: for example: [1, 2.5, "1/3"]

    error: P takes 2 shares of a whole and Q takes 3 shares of a whole
     --> coin.toml:5:40
      |
    3 | P.dirichlet = { alpha = [1, 2] }
      |               ------------------ P is here
    4 | [grid]
    5 | "Q.dirichlet.alpha" = [[1, 0], [1], 3, [1, 2, 3]]
      |                                        ^^^^^^^^^
      |
      = help: take both over the same values: see `runner families`
    "#);
    assert_snapshot!(checked(r#"trials = 10
N = 10
P.multivariate_normal = { mean = [0, 0], covariance = [[1, 0], [0, 1]] }
Q.multivariate_normal.mean = [0, 0]
[grid]
"Q.multivariate_normal.covariance" = [[[1, 0], [«0.1», 1]], «[[1]]», [[1, 0], «[0, 1, 2]»]]
"#), @r#"
    error: 0.1 is not 0, as in row 1, column 2: a covariance is symmetric
     --> coin.toml:6:49
      |
    6 | "Q.multivariate_normal.covariance" = [[[1, 0], [0.1, 1]], [[1]], [[1, 0], [0, 1, 2]]]
      |                                                 ^^^
      |
      = help: write one number in both places

    error: a list of 1 is not one row for each of the 2 numbers of `mean`
     --> coin.toml:6:59
      |
    6 | "Q.multivariate_normal.covariance" = [[[1, 0], [0.1, 1]], [[1]], [[1, 0], [0, 1, 2]]]
      |                                                           ^^^^^
      |
      = help: write as many rows, and as many numbers in each, as `mean` has

    error: a list of 3 is not one number for each of the 2 numbers of `mean`
     --> coin.toml:6:75
      |
    6 | "Q.multivariate_normal.covariance" = [[[1, 0], [0.1, 1]], [[1]], [[1, 0], [0, 1, 2]]]
      |                                                                           ^^^^^^^^^
      |
      = help: write as many rows, and as many numbers in each, as `mean` has
    "#);
}

#[test]
fn values_of_cases() {
    assert_snapshot!(checked(r#"trials = 10
N = 10
Q.normal = { mean = 0, std_dev = 1 }
[[case]]
P.normal = { mean = 0, std_dev = «-1» }
[[case]]
P.laplace = { location = «nan», scale = 1 }
[[case]]
P.cauchy = «{ location = 0, «scael» = 1 }»
[[case]]
P.gamma = { shape = «"two"», scale = «0» }
"#), @r#"
    error: -1 is not a number above 0
     --> coin.toml:5:34
      |
    5 | P.normal = { mean = 0, std_dev = -1 }
      |                                  ^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: NaN is not a number
     --> coin.toml:7:26
      |
    7 | P.laplace = { location = nan, scale = 1 }
      |                          ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: cauchy needs its parameter `scale`
     --> coin.toml:9:12
      |
    9 | P.cauchy = { location = 0, scael = 1 }
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example: cauchy = { location = 0, scale = 1 }

    error: cauchy has no parameter `scael`
     --> coin.toml:9:28
      |
    9 | P.cauchy = { location = 0, scael = 1 }
      |                            ^^^^^
      |
      = help: did you mean `scale`?

    error: the text "two" where a number above 0 should stand
      --> coin.toml:11:21
       |
    11 | P.gamma = { shape = "two", scale = 0 }
       |                     ^^^^^
       |
       = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: 0 is not a number above 0
      --> coin.toml:11:36
       |
    11 | P.gamma = { shape = "two", scale = 0 }
       |                                    ^
       |
       = help: write a number such as 1.5, or an exact fraction such as "1/3"
    "#);
    assert_snapshot!(checked(r#"trials = 10
N = 10
Q.beta = { alpha = 1, beta = 1 }
[[case]]
P.beta.alpha = «0»
P.beta.beta = «[1]»
[[case]]
P.beta.alpha = 1
P.beta.beta = «-1»
"#), @r#"
    error: 0 is not a number above 0
     --> coin.toml:5:16
      |
    5 | P.beta.alpha = 0
      |                ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: a list where a number above 0 should stand
     --> coin.toml:6:15
      |
    6 | P.beta.beta = [1]
      |               ^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: -1 is not a number above 0
     --> coin.toml:9:15
      |
    9 | P.beta.beta = -1
      |               ^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"
    "#);
}

/// What is wrong with one parameter hides nothing that is wrong with another.
#[test]
fn several_faults_at_once() {
    assert_snapshot!(checked(r#"trials = 10
N = 10
P.multivariate_normal = { mean = [«inf», «"x"»], covariance = [[«nan», 0], [0, «true»]], «cov» = 1 }
Q.markov_chain = { initial = [«2», 0.5], transition = [[«-1», 0.5], «[0.5, 0.6]»], symbols = [«1», «""»], «start» = 0 }
"#), @r#"
    error: inf is not a finite number
     --> coin.toml:3:35
      |
    3 | P.multivariate_normal = { mean = [inf, "x"], covariance = [[nan, 0], [0, true]], cov = 1 }
      |                                   ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: the text "x" where a number should stand
     --> coin.toml:3:40
      |
    3 | P.multivariate_normal = { mean = [inf, "x"], covariance = [[nan, 0], [0, true]], cov = 1 }
      |                                        ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: NaN is not a number
     --> coin.toml:3:61
      |
    3 | P.multivariate_normal = { mean = [inf, "x"], covariance = [[nan, 0], [0, true]], cov = 1 }
      |                                                             ^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: true where a number should stand
     --> coin.toml:3:74
      |
    3 | P.multivariate_normal = { mean = [inf, "x"], covariance = [[nan, 0], [0, true]], cov = 1 }
      |                                                                          ^^^^
      |
      = help: write a number such as 0 or -1.5, or an exact fraction such as "1/3"

    error: multivariate_normal has no parameter `cov`
     --> coin.toml:3:82
      |
    3 | P.multivariate_normal = { mean = [inf, "x"], covariance = [[nan, 0], [0, true]], cov = 1 }
      |                                                                                  ^^^
      |
      = help: it has `mean` and `covariance`

    error: 2 is not a probability: a probability lies between 0 and 1
     --> coin.toml:4:31
      |
    4 | Q.markov_chain = { initial = [2, 0.5], transition = [[-1, 0.5], [0.5, 0.6]], symbols = [1, ""], start = 0 }
      |                               ^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: -1 is not a probability: a probability lies between 0 and 1
     --> coin.toml:4:55
      |
    4 | Q.markov_chain = { initial = [2, 0.5], transition = [[-1, 0.5], [0.5, 0.6]], symbols = [1, ""], start = 0 }
      |                                                       ^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: the probabilities sum to 1.1, not to 1
     --> coin.toml:4:65
      |
    4 | Q.markov_chain = { initial = [2, 0.5], transition = [[-1, 0.5], [0.5, 0.6]], symbols = [1, ""], start = 0 }
      |                                                                 ^^^^^^^^^^
      |
      = help: they must sum to 1 within 1e-9; exact fractions such as "1/6" help

    error: 1 where a name should stand
     --> coin.toml:4:89
      |
    4 | Q.markov_chain = { initial = [2, 0.5], transition = [[-1, 0.5], [0.5, 0.6]], symbols = [1, ""], start = 0 }
      |                                                                                         ^
      |
      = help: for example: "dry"

    error: a symbol needs a name
     --> coin.toml:4:92
      |
    4 | Q.markov_chain = { initial = [2, 0.5], transition = [[-1, 0.5], [0.5, 0.6]], symbols = [1, ""], start = 0 }
      |                                                                                            ^^
      |
      = help: write a name between the quotes, such as "H"

    error: markov_chain has no parameter `start`
     --> coin.toml:4:97
      |
    4 | Q.markov_chain = { initial = [2, 0.5], transition = [[-1, 0.5], [0.5, 0.6]], symbols = [1, ""], start = 0 }
      |                                                                                                 ^^^^^
      |
      = help: it has `initial`, `transition` and `symbols`
    "#);
}

/// Both are right, and do not fit each other.
#[test]
fn different_spaces() {
    for (p, q) in [
        ("normal = { mean = 0, std_dev = 1 }", "poisson = «{ rate = 1 }»"),
        ("dirichlet = { alpha = [1, 2] }", "dirichlet = «{ alpha = [1, 2, 3] }»"),
        (
            "multivariate_normal = { mean = [0], covariance = [[1]] }",
            "multivariate_normal = «{ mean = [0, 0], covariance = [[1, 0], [0, 1]] }»",
        ),
        ("bernoulli = { p = 0.5 }", "normal = «{ mean = 0, std_dev = 1 }»"),
        ("categorical = [0.5, 0.25, 0.25]", "bernoulli = «{ p = 0.5 }»"),
        ("markov_chain = { initial = [0.5, 0.5], transition = [[1, 0], [0, 1]] }", "categorical = «[0.5, 0.25, 0.25]»"),
        ("markov_chain = { initial = [0.5, 0.5], transition = [[1, 0], [0, 1]] }", "poisson = «{ rate = 1 }»"),
    ] {
        checked(&format!("trials = 10\nN = 10\nP.{p}\nQ.{q}\n"));
    }
}
