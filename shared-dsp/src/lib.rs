//! The sound of Stemwright: no host, no screen, no files, no `unsafe`.
//!
//! Every block is a [`Processor`] (audio in, audio out) or a [`Meter`] (audio in, readings out) and
//! joins the contract suite in `contract` (feature of the same name) on the day it is born.
//! Audio is `f32` at the edges, state is `f64`; names carry their units.
#![forbid(unsafe_code)]

pub mod clean_chunks;
pub mod compressor;
#[cfg(feature = "contract")]
pub mod contract;
pub mod correlation;
pub mod crest;
pub mod crossfade;
pub mod db;
pub mod de_esser;
pub mod delay;
pub mod dither;
pub mod dry_path;
pub mod dynamics;
pub mod eq;
pub mod fast_math;
pub mod finite;
pub mod four;
pub mod fractional_delay;
pub mod high_pass;
pub mod hop_sums;
pub mod hop_window;
mod intake;
pub mod interpolator;
pub mod itu_4x;
pub mod k_weighting;
pub mod key_watch;
pub mod lanes;
pub mod limiter;
pub mod limiter_readings;
pub mod listen;
pub mod loudness;
pub mod loudness_match;
pub mod matrix_mixer;
pub mod mix_meter;
pub mod moving_maximum;
pub mod octave_bands;
mod past;
pub mod peak;
pub mod peak_ballistics;
pub mod peak_bound;
pub mod ppm;
pub mod processor;
pub mod ramp;
pub mod random;
pub mod sample_grid;
pub mod stem_readings;
pub mod stereo_image;
pub mod stereo_matrix;
pub mod targets;
pub mod true_peak;
pub mod unmask;
pub mod vectorize;
pub mod versions;
pub mod voice;
pub mod voice_to_music;
pub mod vu;

pub use processor::{Meter, Processor};
