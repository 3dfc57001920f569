//! What every block of the suite promises to its caller.

/// Most channels a [`Processor`] takes: the suite works on mono and stereo stems.
pub const MAX_CHANNELS: usize = 2;

/// A block that changes audio.
///
/// The life of a block: `prepare`, `set_params`, then any number of `process`, `set_params` and
/// `reset` in any order. `prepare` may allocate; nothing else may allocate, lock, log or panic.
///
/// What the contract suite holds every block to:
/// - with neutral parameters the output is the input delayed by [`latency_samples`], bit for bit;
/// - the same input and parameter changes at the same samples give the same bits for every way of
///   cutting the signal into blocks;
/// - `reset` leaves the block as `prepare` did, parameters kept;
/// - a non-finite input sample acts exactly as silence (0.0) would, and the output is always finite.
///
/// [`latency_samples`]: Processor::latency_samples
pub trait Processor {
    /// Everything a user can set, in users' units.
    type Params: Clone;

    /// Sets the sample rate in Hz (8 kHz to 384 kHz) and the longest block `process` will get.
    /// The only call that may allocate. Leaves the block reset, parameters kept.
    fn prepare(&mut self, sample_rate_hz: f64, max_block_len: usize);

    /// Takes new parameter values, effective from the next sample processed. Values equal to the
    /// last ones change nothing, so calling this before every block is harmless. Before the first
    /// sample after `prepare` or `reset` the values hold at once; later ones glide.
    fn set_params(&mut self, params: &Self::Params);

    /// Forgets all signal history; glides end at their targets.
    fn reset(&mut self);

    /// Delay from input to output in samples. Constant for a sample rate, whatever the parameters.
    fn latency_samples(&self) -> usize {
        0
    }

    /// Processes one block in place.
    ///
    /// `audio` holds one or two channels of equal length, at most `max_block_len`. `key` is the
    /// sidechain: no channels when there is none, else one or two of the same length as `audio`
    /// (a shorter one counts as silent beyond its end).
    fn process(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]]);
}

/// A block that only reads audio. The same promises as [`Processor`], for its readings.
pub trait Meter {
    /// Sets the sample rate in Hz and the number of channels. The only call that may allocate.
    fn prepare(&mut self, sample_rate_hz: f64, channels: usize);

    /// Forgets everything heard.
    fn reset(&mut self);

    /// Reads one block: channels of equal length, any length. Channels beyond those prepared are
    /// ignored, and missing ones count as silent.
    fn process(&mut self, audio: &[&[f32]]);
}
