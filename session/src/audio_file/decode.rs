//! Stored samples to f64, a block at a time.

use super::Encoding;

/// Decodes a block of interleaved samples, full scale ±1; a mono file feeds both sides at unity.
/// `bytes` holds as many frames as each side.
pub(super) fn block(
    encoding: Encoding,
    big_endian: bool,
    channels: u16,
    bytes: &[u8],
    left: &mut [f64],
    right: &mut [f64],
) {
    match (encoding, big_endian) {
        (Encoding::Uint8, _) => {
            spread(channels, bytes, left, right, |[b]| (f64::from(b) - 128.0) / 128.0);
        }
        (Encoding::Int8, _) => {
            spread(channels, bytes, left, right, |b| f64::from(i8::from_be_bytes(b)) / 128.0);
        }
        (Encoding::Int16, false) => {
            spread(channels, bytes, left, right, |b| f64::from(i16::from_le_bytes(b)) / 32_768.0);
        }
        (Encoding::Int16, true) => {
            spread(channels, bytes, left, right, |b| f64::from(i16::from_be_bytes(b)) / 32_768.0);
        }
        // The top byte carries the sign: shift in from above, and back by dividing.
        (Encoding::Int24, false) => {
            spread(channels, bytes, left, right, |[a, b, c]| {
                f64::from(i32::from_le_bytes([0, a, b, c])) / 2_147_483_648.0
            });
        }
        (Encoding::Int24, true) => {
            spread(channels, bytes, left, right, |[a, b, c]| {
                f64::from(i32::from_be_bytes([a, b, c, 0])) / 2_147_483_648.0
            });
        }
        (Encoding::Int32, false) => {
            spread(channels, bytes, left, right, |b| {
                f64::from(i32::from_le_bytes(b)) / 2_147_483_648.0
            });
        }
        (Encoding::Int32, true) => {
            spread(channels, bytes, left, right, |b| {
                f64::from(i32::from_be_bytes(b)) / 2_147_483_648.0
            });
        }
        (Encoding::Float32, false) => {
            spread(channels, bytes, left, right, |b| f64::from(f32::from_le_bytes(b)));
        }
        (Encoding::Float32, true) => {
            spread(channels, bytes, left, right, |b| f64::from(f32::from_be_bytes(b)));
        }
        (Encoding::Float64, false) => spread(channels, bytes, left, right, f64::from_le_bytes),
        (Encoding::Float64, true) => spread(channels, bytes, left, right, f64::from_be_bytes),
    }
}

/// The inner loops, one pair for each kind of sample: nothing is decided per sample.
fn spread<const N: usize>(
    channels: u16,
    bytes: &[u8],
    left: &mut [f64],
    right: &mut [f64],
    decode: impl Fn([u8; N]) -> f64,
) {
    let (samples, _) = bytes.as_chunks::<N>();
    if channels == 2 {
        let (frames, _) = samples.as_chunks::<2>();
        for ((&[l, r], left), right) in frames.iter().zip(left).zip(right) {
            *left = decode(l);
            *right = decode(r);
        }
    } else {
        for ((&sample, left), right) in samples.iter().zip(left).zip(right) {
            *left = decode(sample);
            *right = *left;
        }
    }
}
