//! What a program of a user's own may do with the libraries.

mod experiment;
mod pair;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    pair::show()?;
    experiment::compare()
}
