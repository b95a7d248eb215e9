//! Named streams of random bytes.

use super::FieldHash;
use super::kernel::ChaCha8;
use super::words::Words;
use kl_math::distribution::Distribution;
use kl_math::numeric::DoubleDouble;
use rand::{Rng, TryRng};
use std::convert::Infallible;

/// The version of everything that decides which random bytes become which symbols. A change is
/// value-breaking: it changes every result.
pub const STREAM_VERSION: u32 = 3;

/// What random bytes are drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Sequences from P.
    Source,
    /// What settles the few leading numbers that belong to no symbol.
    Refine,
    /// Samples from Q.
    Model,
    /// What settles their leading numbers.
    ModelRefine,
    /// What random numbers of an estimator's own start from.
    Estimator,
    /// What the seed of a pilot is.
    Pilot,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Refine => "refine",
            Self::Model => "model",
            Self::ModelRefine => "model refine",
            Self::Estimator => "estimator",
            Self::Pilot => "pilot",
        }
    }
}

/// The 256-bit key of a family of streams, one for each block of trials.
///
/// SHA-256 over length-prefixed fields: stream version, seed, role, sampler, N, the family of P and the
/// bits of its normalised parameters. Symbol names, spelling, Q, the estimators and the number of trials
/// are not part of it, so that all of those see the same sequences and editing a grid moves no other
/// condition's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StreamKey([u8; 32]);

impl StreamKey {
    /// The key of the sequences of `n` symbols from `source`.
    pub fn new(seed: u64, role: Role, sampler: &str, n: u64, source: &Distribution) -> Self {
        Self::of_parameters(seed, role, sampler, n, source.family(), source.normalised_parameters())
    }

    /// The key of samples of `m` symbols from Q, with its probabilities in P's order, to 106 bits: P itself, N and the
    /// estimators are no part of it.
    pub fn of_model(seed: u64, role: Role, sampler: &str, m: u64, probabilities: &[DoubleDouble]) -> Self {
        let parameters = probabilities.iter().flat_map(|mass| [mass.to_f64(), mass.remainder()]);
        Self::of_parameters(seed, role, sampler, m, "model", parameters)
    }

    fn of_parameters(
        seed: u64,
        role: Role,
        sampler: &str,
        n: u64,
        family: &str,
        parameters: impl IntoIterator<Item = f64>,
    ) -> Self {
        let mut hash = FieldHash::default()
            .field(b"kl-runner stream")
            .field(&STREAM_VERSION.to_le_bytes())
            .field(&seed.to_le_bytes())
            .field(role.name().as_bytes())
            .field(sampler.as_bytes())
            .field(&n.to_le_bytes())
            .field(family.as_bytes());
        for parameter in parameters {
            // −0 + 0 is 0: one zero only.
            hash = hash.field(&(parameter + 0.0).to_bits().to_le_bytes());
        }
        Self(hash.finish())
    }

    /// The key of studies of `n` trials from a law of estimates that has this name, for tests of the program by itself.
    pub fn of_studies(seed: u64, law: &str, n: u64) -> Self {
        let hash = FieldHash::default().field(b"kl-runner studies").field(&seed.to_le_bytes());
        Self(hash.field(law.as_bytes()).field(&n.to_le_bytes()).finish())
    }

    /// The key of what is drawn again from given data: `what` it is, how many are drawn, and the counts or sizes that they are drawn from.
    pub fn of_resamples(seed: u64, what: &str, n: u64, from: &[u64]) -> Self {
        let hash = FieldHash::default().field(b"kl-runner resamples").field(&STREAM_VERSION.to_le_bytes());
        let hash = hash.field(&seed.to_le_bytes()).field(what.as_bytes()).field(&n.to_le_bytes());
        Self(from.iter().fold(hash, |hash, count| hash.field(&count.to_le_bytes())).finish())
    }

    /// The seed of the pilot of an experiment with this seed, for all of its streams. It is 2⁶³ or more, and seeds of experiments
    /// are less: no experiment shares a stream with a pilot.
    pub fn pilot_seed(seed: u64) -> u64 {
        Self::of_parameters(seed, Role::Pilot, "", 0, "", []).seed(0) | 1 << 63
    }

    /// The first word of a block's stream: a seed for random numbers of an estimator's own.
    pub fn seed(&self, block: u64) -> u64 {
        self.stream(block).next_u64()
    }

    /// The stream of one block.
    pub fn stream(&self, block: u64) -> Stream {
        Stream { generator: ChaCha8::new(self.0, block), buffer: Box::new([0; BUFFER]), made: 0, filled: 0, used: 0 }
    }
}

/// Whole ChaCha blocks of 64 bytes.
const BUFFER: usize = 8192;

/// What is made at first; streams of which more is wanted make twice as much the next time.
const FIRST_BYTES: usize = 256;

/// How far one can look ahead.
const MOST_AHEAD: usize = BUFFER - FIRST_BYTES;

/// An endless row of random bytes (ChaCha8), the same on every machine.
#[derive(Debug)]
pub struct Stream {
    generator: ChaCha8,
    buffer: Box<[u8; BUFFER]>,
    /// How many bytes were made last.
    made: usize,
    /// The bytes of the buffer from `used` to `filled` are the next ones.
    filled: usize,
    used: usize,
}

impl Stream {
    /// The next bytes: at least one and at most `most`, which is not zero.
    pub fn bytes(&mut self, most: u64) -> &[u8] {
        if self.used == self.filled {
            self.refill(1);
        }
        let start = self.used;
        self.used += usize::try_from(most).unwrap_or(BUFFER).min(self.filled - start);
        &self.buffer[start..self.used]
    }

    /// The next bytes, at least `least` of them; none is taken until [`skip`](Self::skip) says so. `least` is at most
    /// [`MOST_AHEAD`].
    #[inline]
    pub(super) fn ahead(&mut self, least: usize) -> &[u8] {
        debug_assert!(least <= MOST_AHEAD, "the buffer has no room for {least} bytes");
        if self.filled - self.used < least {
            self.refill(least);
        }
        &self.buffer[self.used..self.filled]
    }

    /// Takes `count` bytes of those ahead.
    #[inline]
    pub(super) fn skip(&mut self, count: usize) {
        debug_assert!(count <= self.filled - self.used, "only what was looked at is taken");
        self.used += count;
    }

    /// How many bytes were taken.
    pub(super) fn position(&self) -> u64 {
        self.generator.position() - (self.filled - self.used) as u64
    }

    /// Goes back, or on, to where `position` bytes were taken.
    pub(super) fn seek(&mut self, position: u64) {
        self.generator.seek(position / 64);
        (self.filled, self.used) = (0, 0);
        let within = (position % 64) as usize;
        self.ahead(within);
        self.skip(within);
    }

    /// Makes more bytes, until `least` or more lie ahead.
    fn refill(&mut self, least: usize) {
        self.buffer.copy_within(self.used..self.filled, 0);
        (self.filled, self.used) = (self.filled - self.used, 0);
        let lacking = least.saturating_sub(self.filled).next_multiple_of(FIRST_BYTES);
        let room = (BUFFER - self.filled) / FIRST_BYTES * FIRST_BYTES;
        self.made = (2 * self.made).max(FIRST_BYTES).max(lacking).min(room);
        let end = self.filled + self.made;
        self.generator.fill(&mut self.buffer[self.filled..end]);
        self.filled = end;
    }

    /// The next `K` bytes.
    pub fn array<const K: usize>(&mut self) -> [u8; K] {
        let ready = self.buffer.get(self.used..self.filled).and_then(|bytes| bytes.first_chunk::<K>());
        if let Some(&array) = ready {
            self.used += K;
            return array;
        }
        let mut array = [0; K];
        let mut filled = 0;
        while filled < K {
            let bytes = self.bytes((K - filled) as u64);
            array[filled..filled + bytes.len()].copy_from_slice(bytes);
            filled += bytes.len();
        }
        array
    }
}

impl Stream {
    /// A multiple of 2⁻⁵³ in (0, 1], from the next eight bytes.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        Words::unit(self)
    }
}

/// A stream is a generator for anything that takes one: numbers are the next bytes, little-endian.
///
/// ```
/// use kl_math::distribution::Categorical;
/// use kl_sim::simulation::{Role, StreamKey};
/// use rand::RngExt;
/// let source = Categorical::new([0.5, 0.5])?.into();
/// let mut stream = StreamKey::new(57, Role::Source, "sequence", 10, &source).stream(0);
/// assert!((0..6).contains(&stream.random_range(0..6)));
/// # Ok::<(), kl_math::distribution::ParameterErrors>(())
/// ```
impl TryRng for Stream {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.array()))
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.array()))
    }

    fn try_fill_bytes(&mut self, mut buffer: &mut [u8]) -> Result<(), Infallible> {
        while !buffer.is_empty() {
            let bytes = self.bytes(buffer.len() as u64);
            let (now, later) = buffer.split_at_mut(bytes.len());
            now.copy_from_slice(bytes);
            buffer = later;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coin(p: f64) -> Distribution {
        Distribution::of_weights(&[p, 1.0 - p]).unwrap()
    }

    #[test]
    fn how_the_bytes_are_read_does_not_change_them() {
        let key = StreamKey::new(57, Role::Source, "sequence", 10, &coin(0.5));
        let mut whole = key.stream(3);
        let expected: Vec<u8> = (0..5_000).map(|_| whole.array::<1>()[0]).collect();
        let mut pieces = key.stream(3);
        let mut found = Vec::new();
        for size in (1..).take_while(|size| size * (size + 1) / 2 < 5_000) {
            let mut left = size;
            while left > 0 {
                let bytes = pieces.bytes(left);
                left -= bytes.len() as u64;
                found.extend_from_slice(bytes);
            }
        }
        assert_eq!(found, expected[..found.len()]);
    }

    /// Looked at ahead, skipped and gone back to: the same bytes.
    #[test]
    fn looking_ahead_and_going_back_change_nothing() {
        let key = StreamKey::new(57, Role::Source, "sequence", 10, &coin(0.5));
        let mut whole = key.stream(3);
        let expected: Vec<u8> = (0..60_000).map(|_| whole.array::<1>()[0]).collect();
        let mut stream = key.stream(3);
        let mut start = 0;
        for (least, taken) in (0..).map(|k| (k * 977 % (MOST_AHEAD + 1), k * 613 % 4_000)) {
            let ahead = stream.ahead(least);
            if start + ahead.len() > expected.len() {
                break;
            }
            assert!(ahead.len() >= least);
            assert_eq!(ahead, &expected[start..start + ahead.len()]);
            let taken = taken.min(least);
            stream.skip(taken);
            start += taken;
            assert_eq!(stream.position(), start as u64);
        }
        assert!(start > 20_000);
        for position in [0, 1, 63, 64, 65, 30_000, 8_192, 12_345] {
            stream.seek(position);
            assert_eq!(stream.position(), position);
            assert_eq!(stream.array::<5>(), expected[position as usize..][..5]);
        }
    }

    #[test]
    fn every_field_has_a_key_of_its_own() {
        let key = |seed, role, sampler, n, p| StreamKey::new(seed, role, sampler, n, &coin(p));
        let first = key(57, Role::Source, "sequence", 10, 0.5);
        assert_eq!(first, key(57, Role::Source, "sequence", 10, 0.5));
        for other in [
            key(58, Role::Source, "sequence", 10, 0.5),
            key(57, Role::Refine, "sequence", 10, 0.5),
            key(57, Role::Source, "counts", 10, 0.5),
            key(57, Role::Source, "sequence", 11, 0.5),
            key(57, Role::Source, "sequence", 10, 0.25),
        ] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn samples_from_a_model_have_streams_of_their_own() {
        let probabilities = |p: f64| coin(p).mass_function().probabilities().to_vec();
        let key = |seed, role, m, p| StreamKey::of_model(seed, role, "counts", m, &probabilities(p));
        let first = key(57, Role::Model, 10, 0.5);
        for other in [
            key(58, Role::Model, 10, 0.5),
            key(57, Role::ModelRefine, 10, 0.5),
            key(57, Role::Model, 11, 0.5),
            key(57, Role::Model, 10, 0.25),
            StreamKey::new(57, Role::Model, "counts", 10, &coin(0.5)),
            StreamKey::new(57, Role::Source, "counts", 10, &coin(0.5)),
        ] {
            assert_ne!(first, other);
        }
    }

    /// Frozen seeds, as `tests/reference/streams.py` makes them from the definition: a change here is value-breaking and bumps
    /// `STREAM_VERSION`.
    #[test]
    fn the_seeds_of_pilots_are_frozen() {
        let seeds = [0, 57, i64::MAX as u64].map(StreamKey::pilot_seed);
        insta::assert_snapshot!(format!("{seeds:x?}"), @"[d50b9c93d3db3068, daf824c2f64fec07, a83d7b91ac43026f]");
        assert!(seeds.iter().all(|&seed| seed > i64::MAX as u64));
    }

    /// Frozen draws, as `tests/reference/streams.py` makes them from the definition: a change here is
    /// value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_bytes_are_frozen() {
        let mut stream = StreamKey::new(57, Role::Source, "sequence", 10, &coin(0.5)).stream(0);
        insta::assert_snapshot!(format!("{:02x?}", stream.array::<16>()), @"[37, 58, 6b, 2b, 4a, e1, e8, c8, e2, 01, 76, 64, c6, cc, 0a, 2d]");
    }
}
