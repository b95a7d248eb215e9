//! A program at work: what it is asked and what it answers, one line each.

use super::answer::Failure;
use kl_sim::simulation::Cancel;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The largest number of bytes of an answer.
const LONGEST_ANSWER: u64 = 1 << 16;

/// A program that has written this many lines too early is blocked until they are read: it cannot fill the memory.
const UNREAD: usize = 4;

/// The number of bytes kept of the end of a program's standard error.
const KEPT_TALK: usize = 4096;

/// The time that a program has to exit once its input has ended.
const EXIT_TIMEOUT: Duration = Duration::from_secs(1);

/// The time between two checks whether the run was cancelled.
const CANCEL_CHECK: Duration = Duration::from_millis(50);

/// A running program.
///
/// Separate threads write the questions and read the answers, so that a program that neither reads nor answers delays a run
/// by no more than its timeout.
pub(super) struct Process {
    child: Child,
    questions: Option<Sender<Vec<u8>>>,
    answers: Receiver<Vec<u8>>,
    /// Whether a trial has been sent.
    was_asked: bool,
    talk: Arc<Mutex<Vec<u8>>>,
    /// Closed when the program has closed its standard error.
    silence: Receiver<()>,
}

impl Process {
    /// Starts a program in `folder`.
    pub(super) fn start(command: &[String], folder: &Path) -> Result<Self, Failure> {
        let (name, arguments) = command.split_first().ok_or(Failure::NotAsked)?;
        // A path is meant from the folder; a plain name is looked for where programs are.
        let path = if name.contains(std::path::is_separator) { folder.join(name) } else { name.into() };
        let mut command = Command::new(path);
        command.args(arguments).current_dir(folder);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C is for this program, which then ends the other.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let refused = |error: &io::Error| Failure::CannotStart { reason: error.to_string() };
        let mut child = command.spawn().map_err(|error| refused(&error))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(errors)) = pipes else { return Err(Failure::NotAsked) };
        let (questions, asked) = mpsc::channel();
        let (answer, answers) = mpsc::sync_channel(UNREAD);
        let (end, silence) = mpsc::channel();
        let talk = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&talk);
        let spawned = thread("questions", move || hand_over(input, &asked))
            .and_then(|()| thread("answers", move || take_in(output, &answer)))
            .and_then(|()| thread("talk", move || listen(errors, &heard, end)));
        let process = Self { child, questions: Some(questions), answers, was_asked: false, talk, silence };
        spawned.map(|()| process).map_err(|error| refused(&error))
    }

    /// Asks, and waits for the answer.
    pub(super) fn ask(&mut self, question: Vec<u8>, timeout: Duration, cancel: &Cancel) -> Result<Vec<u8>, Failure> {
        let start = Instant::now();
        // What it writes when it starts is its answer to the first trial, whether it is seen before or after that is sent.
        if std::mem::replace(&mut self.was_asked, true)
            && let Ok(line) = self.answers.try_recv()
        {
            return Err(Failure::TooMuch { answer: clipped(&line) });
        }
        if self.questions.as_ref().is_none_or(|questions| questions.send(question).is_err()) {
            return Err(self.ended());
        }
        loop {
            let left = timeout.saturating_sub(start.elapsed());
            match self.answers.recv_timeout(left.min(CANCEL_CHECK)) {
                Ok(line) => return Ok(line),
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
                Err(RecvTimeoutError::Timeout) if cancel.reason().is_some() => return Err(Failure::NotAsked),
                Err(RecvTimeoutError::Timeout) if left.is_zero() => {
                    let said = self.last_words();
                    return Err(Failure::TimedOut { seconds: timeout.as_secs_f64(), said });
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// It has closed its output: how it ended.
    fn ended(&mut self) -> Failure {
        let status = self.wait(EXIT_TIMEOUT);
        // Children of its own may keep the line open.
        let _ = self.silence.recv_timeout(EXIT_TIMEOUT / 4);
        let how = status.map_or_else(|| "it closed its output".to_owned(), |status| format!("it ended with {status}"));
        Failure::Ended { how, said: self.last_words() }
    }

    fn wait(&mut self, timeout: Duration) -> Option<std::process::ExitStatus> {
        let start = Instant::now();
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if start.elapsed() < timeout => std::thread::sleep(Duration::from_millis(2)),
                Ok(None) | Err(_) => return None,
            }
        }
    }

    /// The last line of what it said on its standard error: of a traceback, the reason.
    fn last_words(&self) -> Option<String> {
        let talk = self.talk.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&talk);
        text.lines().map(str::trim).rfind(|line| !line.is_empty()).map(|line| clipped(line.as_bytes()))
    }

    /// Ends it at once, with all that it started.
    fn kill(&mut self) {
        #[cfg(unix)]
        if let Some(group) = rustix::process::Pid::from_raw(self.child.id().cast_signed()) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Ends its input, and gives the line that it writes although it is asked no more, if there is one: what it answered before
    /// may have been to other questions.
    pub(super) fn surplus(&mut self) -> Option<String> {
        drop(self.questions.take());
        self.answers.recv_timeout(EXIT_TIMEOUT).ok().map(|line| clipped(&line))
    }

    /// Gives it no time to end: it has failed.
    pub(super) fn abandon(mut self) {
        self.kill();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Its input ends, and so should it.
        drop(self.questions.take());
        if self.wait(EXIT_TIMEOUT).is_none() {
            self.kill();
        }
    }
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().name(format!("program {name}")).spawn(work).map(drop)
}

fn hand_over(mut input: ChildStdin, questions: &Receiver<Vec<u8>>) {
    for question in questions {
        // Whoever waits for the answer will hear that none comes.
        if input.write_all(&question).and_then(|()| input.flush()).is_err() {
            return;
        }
    }
}

/// Every line, until there are no more.
fn take_in(output: ChildStdout, answers: &SyncSender<Vec<u8>>) {
    let mut output = BufReader::new(output);
    loop {
        let mut line = Vec::new();
        match output.by_ref().take(LONGEST_ANSWER).read_until(b'\n', &mut line) {
            Ok(1..) if answers.send(line).is_ok() => {}
            _ => return,
        }
    }
}

/// Keeps the end of what is said.
fn listen(mut errors: ChildStderr, talk: &Mutex<Vec<u8>>, end: Sender<()>) {
    let mut piece = [0; 1024];
    while let Ok(length @ 1..) = errors.read(&mut piece) {
        let mut talk = talk.lock().unwrap_or_else(PoisonError::into_inner);
        talk.extend_from_slice(piece.get(..length).unwrap_or_default());
        let excess = talk.len().saturating_sub(KEPT_TALK);
        talk.drain(..excess);
    }
    drop(end);
}

/// As a message shows it: on one line, and not too much of it.
pub(super) fn clipped(text: &[u8]) -> String {
    const SHOWN: usize = 120;
    let text = String::from_utf8_lossy(text);
    let mut shown: String = text.trim().chars().take(SHOWN).collect();
    if shown.len() < text.trim().len() {
        shown.push('…');
    }
    shown.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
