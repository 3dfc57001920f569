"""Audio files as ffmpeg writes them reach the mix sample for sample, and ffmpeg reads ours."""

import pathlib
import subprocess
import tempfile
import unittest

import numpy

import command
import needs

FRAMES = 9_001
RATE_HZ = 44_100

# Layouts are not what is tested, and guessing one is a warning.
NO_GUESS = ["-guess_layout_max", "0"]

# Name, the depth that samples are on the steps of, and what ffmpeg is told.
FILES = [
    ("wav-u8.wav", 8, ["-c:a", "pcm_u8"]),
    ("wav-s16.wav", 16, ["-c:a", "pcm_s16le"]),
    ("wav-s24.wav", 24, ["-c:a", "pcm_s24le"]),
    ("wav-s32.wave", 24, ["-f", "wav", "-c:a", "pcm_s32le"]),
    ("wav-f32.wav", 24, ["-c:a", "pcm_f32le"]),
    ("wav-f64.wav", 24, ["-c:a", "pcm_f64le"]),
    ("rf64-s24.rf64", 24, ["-f", "wav", "-c:a", "pcm_s24le", "-rf64", "always"]),
    ("rf64-f32.wav", 24, ["-c:a", "pcm_f32le", "-rf64", "always"]),
    (
        "bwf-s24.bwf",
        24,
        ["-f", "wav", "-c:a", "pcm_s24le", "-write_bext", "1"]
        + ["-metadata", "time_reference=158760000", "-metadata", "originator=ffmpeg"],
    ),
    ("aiff-s8.aif", 8, ["-c:a", "pcm_s8"]),
    ("aiff-s16.aiff", 16, ["-c:a", "pcm_s16be"]),
    ("aiff-s24.aiff", 24, ["-c:a", "pcm_s24be"]),
    ("aiff-s32.aiff", 24, ["-c:a", "pcm_s32be"]),
    ("aifc-sowt.aifc", 16, ["-f", "aiff", "-c:a", "pcm_s16le"]),
    ("aifc-fl32.aifc", 24, ["-f", "aiff", "-c:a", "pcm_f32be"]),
    ("aifc-fl64.aif", 24, ["-c:a", "pcm_f64be"]),
]


def signal(bits, channels):
    """Noise on the steps of a depth, both ends of the range included."""
    full = 2 ** (bits - 1)
    values = numpy.random.default_rng(bits).integers(-full, full, (channels, FRAMES))
    values[:, 0], values[:, 1] = -full, full - 1
    return values / full


def ffmpeg(*arguments, given=None):
    """Runs ffmpeg, which must not say a word; what it wrote to its standard output."""
    words = ["ffmpeg", "-hide_banner", "-loglevel", "warning", *arguments]
    done = subprocess.run(words, capture_output=True, input=given)
    if done.returncode != 0 or done.stderr:
        raise RuntimeError(f"{words}: {done.stderr.decode()}")
    return done.stdout


def encoded(path, samples, options):
    """Has ffmpeg write `samples`."""
    raw = numpy.ascontiguousarray(samples.T).tobytes()
    source = ["-f", "f64le", "-ar", str(RATE_HZ), "-ac", str(len(samples)), *NO_GUESS, "-i", "-"]
    ffmpeg(*source, *options, path, given=raw)


@needs.tools(needs.FFMPEG)
class AudioFiles(unittest.TestCase):
    def through(self, folder, name):
        """A stem alone, through a session without plugins, at 32 bit."""
        session = folder / "session.toml"
        session.write_text(f'schema = 1\nname = "Files"\n[[stem]]\nfile = "{name}"\nname = "Stem"\n')
        return command.render(session, folder / f"out-{name}", "--depth", "32f")

    def test_every_kind_that_ffmpeg_writes(self):
        for channels in (1, 2):
            for name, bits, options in FILES:
                with self.subTest(name, channels=channels), tempfile.TemporaryDirectory() as place:
                    folder = pathlib.Path(place)
                    samples = signal(bits, channels)
                    encoded(folder / name, samples, options)
                    render = self.through(folder, name)
                    self.assertEqual(render.rate_hz, RATE_HZ)
                    # Mono feeds both sides.
                    expected = numpy.broadcast_to(samples, (2, FRAMES)).astype(numpy.float32)
                    self.assertTrue(numpy.array_equal(render.master, expected))

    def test_ffmpeg_reads_what_we_write(self):
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place)
            samples = signal(24, 2)
            encoded(folder / "stem.wav", samples, ["-c:a", "pcm_s24le"])
            render = self.through(folder, "stem.wav")
            read = numpy.frombuffer(ffmpeg(*NO_GUESS, "-i", render.path, "-f", "f64le", "-")).reshape(FRAMES, 2).T
            self.assertTrue(numpy.array_equal(read, samples))


if __name__ == "__main__":
    unittest.main()
