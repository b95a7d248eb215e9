//! The binary: parse, run, exit code.

fn main() -> std::process::ExitCode {
    kl_runner::cli::main(std::env::args_os())
}
