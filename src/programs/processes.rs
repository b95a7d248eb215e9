//! The copies of a program that wait to be asked.

use super::process::Process;
use super::{Answer, Failure, ProgramCommand};
use kl_sim::simulation::Cancel;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The copies of one program for one condition. None is started before it is needed.
pub(super) struct Processes<'a> {
    command: &'a ProgramCommand,
    folder: PathBuf,
    introduction: Vec<u8>,
    idle: Mutex<Vec<Process>>,
}

impl<'a> Processes<'a> {
    /// Copies that are started in a folder, and read the introduction first.
    pub(super) fn new(command: &'a ProgramCommand, folder: &Path, introduction: Vec<u8>) -> Self {
        // Programs are started there, and what they are called is a path from there.
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        Self { command, folder, introduction, idle: Mutex::default() }
    }

    /// The answer to the question of a trial, from a copy that is kept in `process` until it fails.
    pub(super) fn ask(
        &self,
        process: &mut Option<Process>,
        trial: u64,
        question: &[u8],
        cancel: &Cancel,
    ) -> Result<Answer, Failure> {
        let answer = self.answer(process, trial, question, cancel);
        if answer.is_err()
            && let Some(process) = process.take()
        {
            // Whatever it says next may be the answer to something else.
            process.abandon();
        }
        answer
    }

    fn answer(
        &self,
        process: &mut Option<Process>,
        trial: u64,
        question: &[u8],
        cancel: &Cancel,
    ) -> Result<Answer, Failure> {
        let waiting = || self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let (asked, question) = match process {
            Some(asked) => (asked, question.to_vec()),
            none => match waiting() {
                Some(asked) => (none.insert(asked), question.to_vec()),
                None => {
                    let started = Process::start(&self.command.words, &self.folder)?;
                    (none.insert(started), [&self.introduction, question].concat())
                }
            },
        };
        Answer::read(&asked.ask(question, self.command.timeout, cancel)?, trial + 1)
    }

    /// Another scorer may ask it.
    pub(super) fn give_back(&self, process: Process) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(process);
    }

    /// Ends all copies. Returns what those wrote that answered more often than they were asked.
    pub(super) fn close(&self) -> Vec<String> {
        let mut idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        idle.iter_mut().filter_map(Process::surplus).collect()
    }
}
