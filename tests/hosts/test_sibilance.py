"""Stem De-Esser on recorded voices whose sibilants are marked by hand, in DawDreamer (VST3), measured
by scipy: the s come down, the words around them stay. The marks are those the processor's own tests
read."""

import csv
import unittest

import numpy
from scipy import signal

import audio
import needs
import places
import vst3_host

RATE_HZ = audio.SAMPLE_RATE_HZ
MARKS = places.ROOT / "shared-dsp" / "tests" / "de_esser" / "marked.csv"
PAUSES = ("breath", "room")
RANGE_DB = 6.0
# Where a voice's s begins, by folder.
LOW_HZ = {"song": 4000, "podcast": 5000}
HIGH_HZ = 9000
# What each s loses at least, and the one in the middle, in dB.
BOUNDS_DB = {"Bell": (4.0, 5.5), "Shelf": (4.0, 5.0), "Wide": (2.0, 5.5), "Split": (4.0, 5.5)}
BESIDE_DB = 0.5
GAINS_DB = (0, -15, 15)


def marks(folder):
    """The stem's name, and what is marked in it: first frame, the one behind the last, sound."""
    with MARKS.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["folder"] == folder]
    (stem,) = {row["stem"] for row in rows}
    frames = RATE_HZ // 1000
    times = [(int(row["begin_ms"]) * frames, int(row["end_ms"]) * frames) for row in rows]
    return stem, [(*time, row["sound"]) for time, row in zip(times, rows)]


def de_esser(mode, low_hz):
    """The plugin, set as one would for such a voice."""
    plugin = vst3_host.Plugin(places.DE_ESSER)
    if mode == "Split":
        plugin.set_text({"Split": "On"})
    else:
        plugin.set_text({"Mode": mode})
    if mode == "Wide":
        # Where the whole voice is turned down, one spares it, and lets go at once.
        plugin.set_nearest("Sensitivity", 40)
        plugin.set_nearest("Release", 5)
    plugin.set_nearest("Low", low_hz)
    return plugin


def processed(plugin, voice):
    """`voice` through `plugin`, without its latency."""
    latency = plugin.latency_frames()
    return plugin.process(audio.padded(voice, latency))[:, latency:]


def lost_db(before, after, frames):
    """What `frames` lose of their energy, in decibels."""
    return audio.rms_db(before[:, frames]) - audio.rms_db(after[:, frames])


@needs.recordings
class OnRecordings(unittest.TestCase):
    def check(self, folder):
        stem, marked = marks(folder)
        sibilants = [mark for mark in marked if mark[2] not in PAUSES]
        (path,) = (places.RECORDINGS / folder).glob(f"*_{stem}_*.wav")
        voice, rate_hz = audio.read(path)
        self.assertEqual(rate_hz, RATE_HZ)
        for mode in BOUNDS_DB:
            for gain_db in GAINS_DB:
                with self.subTest(mode=mode, gain_db=gain_db):
                    moved = (voice * 10 ** (gain_db / 20)).astype(numpy.float32)
                    # A fresh one each time: it remembers how loud the voice was.
                    after = processed(de_esser(mode, LOW_HZ[folder]), moved)
                    what = f"{folder}, {mode} at {gain_db:+} dB"
                    self.check_one(what, mode, sibilants, moved, after, LOW_HZ[folder])

    def check_one(self, what, mode, sibilants, before, after, low_hz):
        band = signal.butter(6, (low_hz, HIGH_HZ), "bandpass", fs=RATE_HZ, output="sos")
        bands = [signal.sosfiltfilt(band, channels) for channels in (before, after)]
        losses = [(lost_db(*bands, slice(begin, end)), sound) for begin, end, sound in sibilants]
        of_s = [lost for lost, sound in losses if sound == "s"]
        of_others = [lost for lost, sound in losses if sound != "s"]
        frames = numpy.arange(before.shape[1])
        is_word = numpy.ones(len(frames), bool)
        for begin, end, _ in sibilants:
            is_word[begin:end] = False
        beside = [
            abs(lost_db(before, after, is_word & (frames >= first) & (frames < last)))
            for begin, end, _ in sibilants
            for first, last in ((begin - RATE_HZ, begin), (end, end + RATE_HZ))
        ]
        print(
            f"\n   {what}: an s loses {min(of_s):.2f} dB or more, {numpy.median(of_s):.2f} in the "
            f"middle, z, sh and ch {min(of_others):.2f} or more; the words beside them "
            f"{max(beside):.3f} at most",
            end="",
        )
        least_db, median_db = BOUNDS_DB[mode]
        self.assertGreaterEqual(min(of_s), least_db)
        self.assertGreaterEqual(numpy.median(of_s), median_db)
        self.assertLessEqual(max(of_s + of_others), RANGE_DB + 0.1)
        self.assertLessEqual(max(beside), BESIDE_DB)

    def test_song(self):
        self.check("song")

    def test_podcast(self):
        self.check("podcast")


if __name__ == "__main__":
    unittest.main()
