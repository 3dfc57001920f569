"""The limiter's ceiling, read between the samples by scipy's resampler."""

import unittest

import numpy
from scipy import signal

import audio
import needs
import places
import true_peak
import vst3_host

CEILING_DBTP = -1.0
DRIVE_DB = 12.0
# How far each mode may pass its ceiling: on material band-limited to 0.42 of the sample rate, and
# on anything.
GATES_DB = {"Standard": (0.0, 0.6), "Strict": (0.05, 0.05)}
# What the meter and float32 samples cannot tell from the ceiling.
TOLERANCE_DB = 0.001
RATES_HZ = (44_100, 48_000, 96_000)
TAIL_FRAMES = 1_000
# Release times over the range, in ms; None is the automatic release.
RELEASES_MS = (None, 1.0, 50.0, 1000.0)


def band_limited(rate_hz, frames):
    """Noise bursts up to 0.42 of the sample rate, peaking at 0 dBFS."""
    taps = signal.firwin(255, 0.40, fs=1.0, window=("kaiser", signal.kaiser_beta(90)))
    raw = audio.noise(11, frames + 254, gain=1.0).astype(numpy.float64)
    smooth = signal.fftconvolve(raw, taps[None, :], mode="valid", axes=1)
    return normalised(smooth * bursts(frames, rate_hz))


def full_band(rate_hz, frames):
    """White noise in bursts."""
    return normalised(audio.noise(12, frames, gain=1.0) * bursts(frames, rate_hz))


def squares(rate_hz, frames):
    """Naive squares: steps between samples, with content up to Nyquist."""
    time_s = numpy.arange(frames) / rate_hz
    left = numpy.sign(numpy.sin(2 * numpy.pi * 441.7 * time_s))
    right = numpy.sign(numpy.sin(2 * numpy.pi * 1009.3 * time_s + 0.3))
    return normalised(numpy.stack([left, right]) * bursts(frames, rate_hz))


def clipped(rate_hz, frames):
    """A mix that was clipped hard before it came."""
    time_s = numpy.arange(frames) / rate_hz
    tone = 3 * numpy.sin(2 * numpy.pi * 997 * time_s) + audio.noise(13, frames, gain=1.0)
    return normalised(numpy.clip(tone, -1, 1) * bursts(frames, rate_hz))


def quarter_rate(rate_hz, frames):
    """A sine at fs/4 whose peaks lie between the samples, in hard bursts."""
    tone = numpy.sin(numpy.pi / 2 * numpy.arange(frames) + numpy.pi / 4)
    return normalised(numpy.stack([tone, tone]) * bursts(frames, rate_hz))


def bursts(frames, rate_hz):
    """Loud and quiet by turns, with hard edges."""
    position = numpy.arange(frames) / rate_hz
    return numpy.where((position * 20).astype(int) % 3 == 0, 1.0, 0.2)


def normalised(samples):
    return (samples / numpy.max(numpy.abs(samples))).astype(numpy.float32)


def excess_db(samples, mode, release_ms=None, rate_hz=audio.SAMPLE_RATE_HZ):
    """How far the limited signal passes the ceiling, driven 12 dB into it."""
    plugin = vst3_host.Plugin(places.LIMITER, rate_hz)
    plugin.set_text({"Mode": mode, "Auto Release": "On" if release_ms is None else "Off"})
    plugin.set({"Gain": (DRIVE_DB + 24.0) / 48.0})
    if release_ms is not None:
        plugin.set_nearest("Release", release_ms)
    # Silence behind, so that what ends abruptly is the input, which the limiter sees, and not
    # our view of its output.
    out = plugin.process(audio.padded(samples, plugin.latency_frames() + TAIL_FRAMES))
    return true_peak.true_peak_db(out) - CEILING_DBTP


class Ceiling(unittest.TestCase):
    def check(self, make, is_band_limited):
        for mode, gates_db in GATES_DB.items():
            worst_db = -numpy.inf
            for rate_hz in RATES_HZ:
                samples = make(rate_hz, rate_hz // 2)
                for release_ms in RELEASES_MS:
                    with self.subTest(mode=mode, rate_hz=rate_hz, release_ms=release_ms):
                        excess = excess_db(samples, mode, release_ms, rate_hz)
                        worst_db = max(worst_db, excess)
                        gate_db = gates_db[0 if is_band_limited else 1]
                        self.assertLessEqual(excess, gate_db + TOLERANCE_DB)
            print(f"\n   {mode}: {worst_db:+.3f} dB over at worst", end="")

    def test_band_limited_noise(self):
        self.check(band_limited, is_band_limited=True)

    def test_full_band_noise(self):
        self.check(full_band, is_band_limited=False)

    def test_squares(self):
        self.check(squares, is_band_limited=False)

    def test_clipped(self):
        self.check(clipped, is_band_limited=False)

    def test_quarter_rate_bursts(self):
        self.check(quarter_rate, is_band_limited=False)

    @needs.recordings
    def test_recordings(self):
        for path in sorted(places.RECORDINGS.glob("*/*_Mix_*.wav")):
            samples, _ = audio.read(path)
            for mode, gates_db in GATES_DB.items():
                with self.subTest(mix=path.name, mode=mode):
                    excess = excess_db(samples, mode)
                    print(f"\n   {path.name}, {mode}: {excess:+.3f} dB over", end="")
                    self.assertLessEqual(excess, gates_db[0] + TOLERANCE_DB)


if __name__ == "__main__":
    unittest.main()
