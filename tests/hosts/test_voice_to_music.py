"""What the report says that a voice gained over the music that makes room for it is what the files
say: the mix template on the demo and the recorded sessions, measured again by scipy and numpy alone,
from the voice and the music as they came and the music as it was printed."""

import math
import pathlib
import tempfile
import unittest

import numpy
from scipy import signal

import audio
import command
import needs
import places

RATE_HZ = audio.SAMPLE_RATE_HZ
DEPTH_DB = 3.0
# A millisecond, in which the voice is decided on; and a window, in which a duck is a level.
HOP = RATE_HZ // 1000
WINDOW_HOPS = 100
FAINTEST_POWER = 1e-9
DUCKED_DB = 0.1
# What rounds away at two decimals, and a millisecond at an edge of a word, where no two detectors need
# to agree.
TOLERANCE_DB = 0.03
TOLERANCE_SHARE = 0.005


def hops(samples):
    """The energy of every millisecond, all channels together."""
    whole = samples.shape[1] // HOP * HOP
    return numpy.square(samples[:, :whole]).sum(axis=0).reshape(-1, HOP).sum(axis=1)


def between(samples, low_hz, high_hz):
    """What lies between two Butterworth edges of second order."""
    high = signal.butter(2, low_hz, "highpass", fs=RATE_HZ, output="sos")
    low = signal.butter(2, high_hz, "lowpass", fs=RATE_HZ, output="sos")
    return signal.sosfilt(numpy.concatenate([high, low]), samples.astype(numpy.float64))


def spoken(key):
    """In which milliseconds the voice on a key is there, by what the detector's documentation says."""
    energies = hops(between(key, 200, 5000))
    padded = numpy.concatenate([numpy.zeros(200), energies])
    sums = numpy.concatenate([[0.0], numpy.cumsum(padded)])

    def level_lufs(n, length):
        # The running sum leaves residues of what was loud in what is silent.
        power = max(sums[n + 201] - sums[n + 201 - length], 1e-12) / (length * HOP)
        return 10 * math.log10(power) - 0.691

    reference, hold, activity = -24.0, 0, 0.0
    there = numpy.zeros(len(energies), bool)
    for n in range(len(energies)):
        activity = min(1.0, activity + 0.1) if hold > 0 else max(0.0, activity - 0.1)
        there[n] = activity > 0.5
        heard = level_lufs(n, 20) > reference - (26 if hold > 0 else 20)
        hold = 200 if heard else max(0, hold - 1)
        if hold > 0:
            higher = level_lufs(n, 200) - reference
            reference += higher * -math.expm1(-1 / 50) if higher > 0 else -1e-4
            reference = max(reference, -60.0)
    return there


def windows(energies):
    """Sums over whole windows, and over what is left."""
    return numpy.add.reduceat(energies, numpy.arange(0, len(energies), WINDOW_HOPS))


def measured(key, before, after):
    """The figures of the report, from the signals."""
    there = spoken(key)
    voice, came, left = (hops(between(x, 2000, 4000)) for x in (key, before, after))
    ratio = lambda music: 10 * math.log10(voice[there].sum() / music[there].sum())

    def ducks(chosen):
        """How deep each window was ducked, and how many milliseconds of it count."""
        count = windows(chosen.astype(float))
        powers = [windows(numpy.where(chosen, energies, 0.0)) for energies in (came, left)]
        heard = powers[0] > FAINTEST_POWER * 2 * HOP * count
        return 10 * numpy.log10(powers[0][heard] / powers[1][heard]), count[heard]

    depths, counts = ducks(numpy.ones(len(there), bool))
    under_voice, weights = ducks(there)
    return {
        "before_db": ratio(came),
        "after_db": ratio(left),
        "gained_db": ratio(left) - ratio(came),
        "mean_duck_db": float(numpy.average(under_voice, weights=weights)),
        "voice_share": there.sum() * HOP / key.shape[1],
        "ducked_share": counts[depths > DUCKED_DB].sum() / counts.sum(),
    }


class VoiceToMusic(unittest.TestCase):
    def check(self, folder, music, voice):
        with tempfile.TemporaryDirectory() as name:
            order = ["--template", "mix", "--stems", "pre", "--stem-depth", "32f"]
            done = command.render(folder, pathlib.Path(name), *order)
            self.assertIsNone(done.report["stem_trim_db"])
            prints = done.prints("stem-pre")
            (printed,) = [p for p in prints if f"_{music:02}_" in p["file"]]
            after = audio.read(done.path.with_name(printed["file"]))[0]
            page = done.path.with_name("report.html").read_text(encoding="utf-8")
        key, before = (audio.read(places.stem(folder, number))[0] for number in (voice, music))
        keyed = [i for i in done.report["inserts"] if "voice_to_music" in i]
        self.assertEqual([i["plugin"] for i in keyed], [places.EQ])
        (said,) = (i["voice_to_music"] for i in keyed)
        self.assertEqual(done.plugin(places.EQ)["key"], said["key"])
        found = measured(key, before, after)
        print(
            f"\n   {folder.name}: before {said['before_db']:+.2f} dB ({found['before_db']:+.2f}), "
            f"after {said['after_db']:+.2f} ({found['after_db']:+.2f}), "
            f"gained {said['gained_db']:.2f} ({found['gained_db']:.2f}); "
            f"mean duck {said['mean_duck_db']:.2f} dB ({found['mean_duck_db']:.2f}) while the voice is "
            f"there, {said['voice_share']:.1%} ({found['voice_share']:.1%}); "
            f"ducked {said['ducked_share']:.1%} ({found['ducked_share']:.1%})",
            end="",
        )
        for figure, value in found.items():
            tolerance = TOLERANCE_DB if figure.endswith("_db") else TOLERANCE_SHARE
            self.assertAlmostEqual(said[figure], value, delta=tolerance, msg=figure)
        level_dbfs = audio.rms_db(key)
        self.assertAlmostEqual(said["key_level_dbfs"], level_dbfs, delta=0.01)
        # The voice gains, and never more than was asked to be taken off the music.
        self.assertGreater(said["gained_db"], 0.2)
        self.assertLess(said["gained_db"], DEPTH_DB)
        self.assertIn("Voice to music, 2\u20134 kHz: before ", page)

    def test_a_quiet_voice_is_one_where_the_plugin_was_told_so(self):
        main, key = audio.noise(1, 2 * RATE_HZ, gain=1e-3), audio.noise(2, 2 * RATE_HZ, gain=1e-3)
        for settings, is_heard in (({}, False), ({"Key Level": "-60 LUFS"}, True)):
            done = command.through_clap(places.EQ, {"Unmask": True, **settings}, main, key)
            (said,) = (i["voice_to_music"] for i in done.report["inserts"])
            with self.subTest(settings=settings):
                self.assertAlmostEqual(said["key_level_dbfs"], audio.rms_db(key), delta=0.01)
                if is_heard:
                    self.assertGreater(said["voice_share"], 0.98)
                    self.assertAlmostEqual(said["before_db"], 0.0, delta=0.3)
                    self.assertGreater(said["gained_db"], 1.0)
                else:
                    self.assertEqual(said["voice_share"], 0.0)
                    self.assertIsNone(said["before_db"])

    def test_demo(self):
        self.check(places.demo(), 3, 4)

    @needs.recordings
    def test_song(self):
        self.check(places.RECORDINGS / "song", 3, 4)

    @needs.recordings
    def test_podcast(self):
        self.check(places.RECORDINGS / "podcast", 2, 1)


if __name__ == "__main__":
    unittest.main()
