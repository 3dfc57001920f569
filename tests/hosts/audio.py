"""Audio as float32 arrays of shape (channels, frames), which is what the hosts want."""

import warnings
import wave

import numpy
from scipy.io import wavfile

SAMPLE_RATE_HZ = 48_000


def read_channels(path):
    """A WAV file's own channels as float32, with its sample rate. 24-bit samples fit exactly."""
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
    return numpy.ascontiguousarray(numpy.atleast_2d(samples.T)), rate_hz


def read(path):
    """A WAV file as two channels of float32, with its sample rate."""
    samples, rate_hz = read_channels(path)
    # A mono stem feeds both channels at unity.
    return (numpy.repeat(samples, 2, axis=0) if len(samples) == 1 else samples), rate_hz


def write(path, samples, rate_hz=SAMPLE_RATE_HZ):
    """A float32 WAV file."""
    wavfile.write(path, rate_hz, numpy.ascontiguousarray(samples.T, dtype=numpy.float32))


def write_24_bit(path, samples, rate_hz=SAMPLE_RATE_HZ):
    """A WAV file of 24-bit integers, rounded and not dithered."""
    steps = numpy.rint(numpy.ascontiguousarray(samples.T, dtype=numpy.float64) * 2.0**23)
    if numpy.max(numpy.abs(steps), initial=0.0) >= 2.0**23:
        raise ValueError(f"{path} would clip")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(samples))
        file.setsampwidth(3)
        file.setframerate(rate_hz)
        # The three low bytes of each little-endian 32-bit integer.
        low = steps.astype("<i4").view(numpy.uint8).reshape(-1, 4)[:, :3]
        file.writeframes(low.tobytes())


def db(gain):
    """An amplitude in decibels; 0 gives -inf."""
    return 20 * numpy.log10(gain) if gain > 0 else -numpy.inf


def peak_db(samples):
    """The largest sample, in decibels."""
    return db(float(numpy.max(numpy.abs(samples), initial=0.0)))


def rms_db(samples):
    """The root of the mean square over all channels, in decibels."""
    return db(float(numpy.sqrt(numpy.mean(numpy.square(samples, dtype=numpy.float64)))))


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
