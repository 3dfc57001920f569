"""`stemwright check` passes clean sets, and finds and names what was done to one stem of a copy.

Every stem of the recorded sets is taken in turn, and the loudest and the softest of the demo. The
faults are made here, with numpy and scipy alone.
"""

import contextlib
import pathlib
import shutil
import tempfile
import time
import unittest

import numpy
from scipy import fft, ndimage, signal

import audio
import command
import needs
import places

DELAYS_SAMPLES = (37.0, 0.5, 0.123)
DELAY_TOLERANCE_SAMPLES = 0.001
GAIN_DB = 0.3
GAIN_TOLERANCE_DB = 0.02
CUT_SECONDS = 2
OTHER_RATE_HZ = 44_100
REDUCTION_DB = 6.0
# Beyond the end of a file there is room for what a shift lets ring.
SHIFT_MARGIN = 4_096


def late(samples, delay_samples):
    """`samples`, and with them what lies between them, later by any number of samples."""
    whole = int(delay_samples)
    shifted = audio.delayed(samples.astype(numpy.float64), whole)
    if whole == delay_samples:
        return shifted
    frames = samples.shape[1]
    length = fft.next_fast_len(frames + 2 * SHIFT_MARGIN, real=True)
    padded = numpy.pad(shifted, ((0, 0), (SHIFT_MARGIN, length - frames - SHIFT_MARGIN)))
    turns = numpy.exp(-2j * numpy.pi * fft.rfftfreq(length) * (delay_samples - whole))
    return fft.irfft(fft.rfft(padded) * turns, length)[:, SHIFT_MARGIN:][:, :frames]


def limited(samples, reduction_db):
    """`samples` through a limiter that takes `reduction_db` off their peak: 5 ms of look-ahead, and
    100 ms to recover. Both channels share a gain."""
    samples = samples.astype(numpy.float64)
    level = numpy.max(numpy.abs(samples), axis=0)
    threshold = numpy.max(level) * 10 ** (-reduction_db / 20)
    wanted = numpy.minimum(1.0, threshold / numpy.maximum(level, threshold))
    ahead, behind = 240, 4_800
    held = ndimage.minimum_filter1d(wanted, ahead + behind + 1, origin=(behind - ahead) // 2)
    smooth = ndimage.uniform_filter1d(held, ahead // 2 + 1)
    limited = samples * smooth
    assert numpy.max(numpy.abs(limited)) <= threshold * (1 + 1e-9)
    return limited


class Sets:
    """What holds for every set."""

    # Numbers of the stems that faults are made of; none are all.
    tried = None

    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.set = pathlib.Path(place.name) / "set"
        cls.set.mkdir()
        for path in pathlib.Path(cls.folder()).glob("*.wav"):
            shutil.copyfile(path, cls.set / path.name)
        cls.stems = places.stems(cls.set)
        cls.turn = cls.tried or range(1, len(cls.stems) + 1)
        cls.sources = {path.name: audio.read_channels(path) for path in cls.stems}

    def in_turn(self):
        return [self.stems[number - 1] for number in self.turn]

    @contextlib.contextmanager
    def instead_of(self, path):
        """A stem's samples and rate; its file may be changed, and is whole again after."""
        samples, rate_hz = self.sources[path.name]
        self.assertGreater(numpy.max(numpy.abs(samples)), 0.0)
        with self.subTest(path.name):
            try:
                yield samples, rate_hz
            finally:
                shutil.copyfile(self.folder() / path.name, path)

    def found(self, code, file):
        """Checks the set: the report, in which the finding is there and accuses nobody else."""
        status, report = command.check(self.set)
        grave = [f for f in report["findings"] if f["severity"] != "note"]
        said = [(f["severity"], f["code"], f["file"], f["message"]) for f in grave]
        self.assertEqual(status, 1, said)
        self.assertIn((code, file), [(f["code"], f["file"]) for f in grave], said)
        # Not only of faults of gain, delay and polarity: of nothing at all.
        self.assertEqual([], [f for f in said if f[2] not in (None, file)])
        for finding in grave:
            self.assertTrue(finding["action"])
        return report

    def change(self, report, file):
        (change,) = [c for c in report["null_test"]["changes"] if c["file"] == file]
        return change

    def say(self, text):
        print(f"\n   {self.song}: {text}", end="")

    def test_the_set_as_it_is(self):
        start = time.monotonic()
        status, report = command.check(self.set)
        seconds = time.monotonic() - start
        self.assertEqual([f for f in report["findings"] if f["severity"] != "note"], [])
        self.assertEqual(status, 0)
        self.assertEqual(report["null_test"]["verdict"], "identical")
        self.assertEqual(len(report["files"]), len(self.stems) + 1)
        self.say(f"clean, in {seconds:.2f} s")

    def test_late(self):
        for delay_samples in DELAYS_SAMPLES:
            worst = 0.0
            for path in self.in_turn():
                with self.instead_of(path) as (samples, rate_hz):
                    audio.write_24_bit(path, late(samples, delay_samples), rate_hz)
                    change = self.change(self.found("stem-delay", path.name), path.name)
                    off = abs(change["delay_samples"] - delay_samples)
                    worst = max(worst, off)
                    self.assertLessEqual(off, DELAY_TOLERANCE_SAMPLES)
                    self.assertFalse(change["inverted"])
            self.say(f"{delay_samples} samples late, measured within {worst:.5f}")

    def test_inverted(self):
        for path in self.in_turn():
            with self.instead_of(path) as (samples, rate_hz):
                audio.write_24_bit(path, -samples, rate_hz)
                report = self.found("stem-inverted", path.name)
                self.assertTrue(self.change(report, path.name)["inverted"])

    def test_missing(self):
        for number in self.turn:
            path = self.stems[number - 1]
            with self.instead_of(path):
                path.unlink()
                report = self.found("missing-stem", None)
                (finding,) = [f for f in report["findings"] if f["code"] == "missing-stem"]
                self.assertEqual(finding["severity"], "fail", finding)
                # The numbering does not tell of a last one.
                if number < len(self.stems):
                    self.assertRegex(finding["message"], rf"^{number:02} is missing")

    def test_doubled_in_one_file(self):
        for path in self.in_turn():
            with self.instead_of(path) as (samples, rate_hz):
                audio.write_24_bit(path, 2 * samples, rate_hz)
                change = self.change(self.found("stem-doubled", path.name), path.name)
                self.assertAlmostEqual(change["gain_error_db"], 6.0206, delta=GAIN_TOLERANCE_DB)

    def test_doubled_by_a_second_file(self):
        for path in self.in_turn():
            with self.instead_of(path):
                copy = path.with_name(f"{path.stem} copy.wav")
                shutil.copyfile(path, copy)
                try:
                    self.found("stem-doubled", copy.name)
                finally:
                    copy.unlink()

    def test_off_by_parts_of_a_decibel(self):
        for gain_db in (GAIN_DB, -GAIN_DB):
            worst = 0.0
            for path in self.in_turn():
                with self.instead_of(path) as (samples, rate_hz):
                    gain = 10 ** (gain_db / 20)
                    audio.write_24_bit(path, gain * samples.astype(numpy.float64), rate_hz)
                    change = self.change(self.found("stem-gain", path.name), path.name)
                    off = abs(change["gain_error_db"] - gain_db)
                    worst = max(worst, off)
                    self.assertLessEqual(off, GAIN_TOLERANCE_DB)
            self.say(f"{gain_db:+} dB, measured within {worst:.5f} dB")

    def test_at_another_rate(self):
        for path in self.in_turn():
            with self.instead_of(path) as (samples, rate_hz):
                common = numpy.gcd(OTHER_RATE_HZ, rate_hz)
                up, down = OTHER_RATE_HZ // common, rate_hz // common
                converted = signal.resample_poly(samples.astype(numpy.float64), up, down, axis=1)
                audio.write_24_bit(path, converted, OTHER_RATE_HZ)
                self.found("rate-differs", path.name)

    def test_cut_short(self):
        for path in self.in_turn():
            with self.instead_of(path) as (samples, rate_hz):
                audio.write_24_bit(path, samples[:, : -CUT_SECONDS * rate_hz], rate_hz)
                report = self.found("cut-short", path.name)
                (finding,) = [f for f in report["findings"] if f["code"] == "cut-short"]
                self.assertIn(f"{CUT_SECONDS * rate_hz} samples", finding["message"])

    def test_through_a_limiter(self):
        for path in self.in_turn():
            with self.instead_of(path) as (samples, rate_hz):
                audio.write_24_bit(path, limited(samples, REDUCTION_DB), rate_hz)
                report = self.found("stem-limited", path.name)
                left = report["null_test"]["residual"]["rms_dbfs"]
                self.say(f"{path.name} limited leaves {left:.1f} dBFS")


class Demo(Sets, unittest.TestCase):
    song = "Demo"
    tried = (1, 6)

    @staticmethod
    def folder():
        return places.demo()


@needs.recordings
class Song(Sets, unittest.TestCase):
    song = "Harbor"

    @staticmethod
    def folder():
        return places.RECORDINGS / "song"


@needs.recordings
class Podcast(Sets, unittest.TestCase):
    song = "Almanac"

    @staticmethod
    def folder():
        return places.RECORDINGS / "podcast"


if __name__ == "__main__":
    unittest.main()
