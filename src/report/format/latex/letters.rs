//! Text as LaTeX sets it.

use crate::outside::printable;

/// A label without characters that LaTeX does not allow in labels.
pub(super) fn label(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// Text without markup and without characters that pdflatex does not have.
pub(super) fn escaped(text: &str) -> String {
    printable(text).chars().map(letter).collect()
}

fn letter(c: char) -> String {
    let encoded = match c {
        '\\' => r"\textbackslash{}",
        '{' => r"\{",
        '}' => r"\}",
        '$' => r"\$",
        '&' => r"\&",
        '#' => r"\#",
        '%' => r"\%",
        '_' => r"\_",
        '^' => r"\textasciicircum{}",
        '~' => r"\textasciitilde{}",
        '"' => r"\textquotedbl{}",
        '<' => r"\textless{}",
        '>' => r"\textgreater{}",
        '|' => r"\textbar{}",
        '‖' => r"$\Vert$",
        '²' => r"$^2$",
        '√' => r"$\surd$",
        '≤' => r"$\le$",
        '≥' => r"$\ge$",
        '−' => r"$-$",
        '±' => r"$\pm$",
        '∞' => r"$\infty$",
        '…' => r"\dots{}",
        '·' => r"$\cdot$",
        'α'..='ω' | 'Γ' | 'Δ' | 'Θ' | 'Λ' | 'Ξ' | 'Π' | 'Σ' | 'Φ' | 'Ψ' | 'Ω' => return greek(c),
        // The characters of the T1 encoding.
        ' '..='~' | '¡'..='¬' | '®'..='ÿ' | 'Ā'..='ž' => return c.to_string(),
        _ => return format!(r"\texttt{{U+{:04X}}}", u32::from(c)),
    };
    encoded.to_owned()
}

fn greek(c: char) -> String {
    const NAMES: [(char, &str); 34] = [
        ('α', "alpha"),
        ('β', "beta"),
        ('γ', "gamma"),
        ('δ', "delta"),
        ('ε', "varepsilon"),
        ('ζ', "zeta"),
        ('η', "eta"),
        ('θ', "theta"),
        ('ι', "iota"),
        ('κ', "kappa"),
        ('λ', "lambda"),
        ('μ', "mu"),
        ('ν', "nu"),
        ('ξ', "xi"),
        ('ο', "mathrm{o}"),
        ('π', "pi"),
        ('ρ', "rho"),
        ('ς', "varsigma"),
        ('σ', "sigma"),
        ('τ', "tau"),
        ('υ', "upsilon"),
        ('φ', "varphi"),
        ('χ', "chi"),
        ('ψ', "psi"),
        ('ω', "omega"),
        ('Γ', "Gamma"),
        ('Δ', "Delta"),
        ('Θ', "Theta"),
        ('Λ', "Lambda"),
        ('Ξ', "Xi"),
        ('Π', "Pi"),
        ('Σ', "Sigma"),
        ('Φ', "Phi"),
        ('Ψ', "Psi"),
    ];
    NAMES
        .iter()
        .find(|(letter, _)| *letter == c)
        .map_or_else(|| r"$\Omega$".to_owned(), |(_, name)| format!(r"$\{name}$"))
}
