"""Audio as float32 arrays of shape (channels, frames), which is what the hosts want."""

import warnings

import numpy
from scipy.io import wavfile

SAMPLE_RATE_HZ = 48_000


def read(path):
    """A WAV file as float32, with its sample rate. 24-bit samples fit float32 exactly."""
    with warnings.catch_warnings():
        # Chunks it does not know are no concern of ours.
        warnings.simplefilter("ignore", wavfile.WavFileWarning)
        rate_hz, samples = wavfile.read(path)
    if samples.dtype == numpy.int32:
        samples = (samples / 2.0**31).astype(numpy.float32)
    elif samples.dtype == numpy.int16:
        samples = (samples / 2.0**15).astype(numpy.float32)
    if samples.dtype != numpy.float32:
        raise TypeError(f"{path} holds {samples.dtype}")
    if samples.ndim == 1:
        # A mono stem feeds both channels at unity.
        samples = numpy.stack([samples, samples], axis=1)
    return numpy.ascontiguousarray(samples.T), rate_hz


def write(path, samples, rate_hz=SAMPLE_RATE_HZ):
    """A float32 WAV file."""
    wavfile.write(path, rate_hz, numpy.ascontiguousarray(samples.T, dtype=numpy.float32))


def db(gain):
    """An amplitude in decibels; 0 gives -inf."""
    return 20 * numpy.log10(gain) if gain > 0 else -numpy.inf


def peak_db(samples):
    """The largest sample, in decibels."""
    return db(float(numpy.max(numpy.abs(samples), initial=0.0)))


def normal(samples):
    """`samples` with subnormal numbers, below -758 dB, as zero: many hosts compute that way."""
    return numpy.where(numpy.abs(samples) < numpy.finfo(numpy.float32).tiny, 0, samples)


def delayed(samples, frames):
    """`samples` with `frames` of silence in front, as long as before."""
    if frames == 0:
        return samples
    silence = numpy.zeros((samples.shape[0], frames), samples.dtype)
    return numpy.concatenate([silence, samples[:, :-frames]], axis=1)


def padded(samples, frames):
    """`samples` with `frames` of silence behind."""
    return numpy.pad(samples, ((0, 0), (0, frames)))


def noise(seed, frames, gain=0.25):
    """Two channels of white noise."""
    values = numpy.random.default_rng(seed).uniform(-gain, gain, (2, frames))
    return values.astype(numpy.float32)
