//! The binary: parse, run, exit code.

fn main() -> std::process::ExitCode {
    kl_runner::command::main(std::env::args_os())
}
