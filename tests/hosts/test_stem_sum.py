"""Bus compressors on every stem, all keyed by the sum, apply one gain: the compressed stems sum to the
compressed mix. The key arrives on the VST3's second bus."""

import pathlib
import tempfile
import unittest

import numpy

import audio
import command
import needs
import places
import vst3_host

RESIDUAL_DB = -120.0
# What is taken off at the loudest, at least, and where what it is compared with has settled.
LEAST_REDUCTION_DB = 6.0
CHARACTERS = ("Clean", "Grab", "Bus")
LINKS_PERCENT = (0, 50, 100)
MIXES_PERCENT = (50, 100)


def compressor(character, link_percent, mix_percent, key):
    plugin = vst3_host.Plugin(places.COMPRESSOR)
    plugin.set_text({"Character": character, "Key": key})
    # Parts of the ranges: -36 dB, some 4:1, 5 ms and 60 ms.
    numbers = {"Threshold": 0.4, "Ratio": 0.625, "Attack": 0.375, "Release": 0.375}
    plugin.set(numbers | {"Link": link_percent / 100, "Mix": mix_percent / 100})
    return plugin


class StemSum(unittest.TestCase):
    def check(self, folder):
        stems = [audio.read(path)[0] for path in places.stems(folder)]
        # The stems are on the 24-bit grid and so is their sum: exact in float32.
        mix = numpy.sum(numpy.stack(stems).astype(numpy.float64), axis=0).astype(numpy.float32)
        for character in CHARACTERS:
            for link_percent in LINKS_PERCENT:
                for mix_percent in MIXES_PERCENT:
                    with self.subTest(character=character, link=link_percent, mix=mix_percent):
                        self.check_settings(stems, mix, character, link_percent, mix_percent)

    def check_settings(self, stems, mix, *settings):
        compressed = compressor(*settings, "Internal").process(mix)
        keyed = numpy.zeros(mix.shape, numpy.float64)
        for stem in stems:
            keyed += compressor(*settings, "External").process(stem, key=mix)
        wet = compressor(*settings[:2], 100, "Internal").process(mix)
        reduction_db = float(numpy.max(tenths_db(mix) - tenths_db(wet)))
        self.assertGreaterEqual(reduction_db, LEAST_REDUCTION_DB)
        worst_db = audio.peak_db(keyed - compressed)
        character, link_percent, mix_percent = settings
        print(
            f"\n   {character}, link {link_percent} %, mix {mix_percent} %: up to {reduction_db:.1f} dB "
            f"of reduction, residual {worst_db:.1f} dB peak",
            end="",
        )
        self.assertLessEqual(worst_db, RESIDUAL_DB)

    def test_demo(self):
        self.check(places.demo())

    @needs.recordings
    def test_song(self):
        self.check(places.RECORDINGS / "song")

    def test_an_external_key_that_is_not_fed_compresses_nothing(self):
        mix = audio.noise(3, 48_000, gain=0.9)
        for character in CHARACTERS:
            out = compressor(character, 100, 100, "External").process(mix)
            numpy.testing.assert_array_equal(out, mix)


class InASession(unittest.TestCase):
    """The mix template has a compressor on the mix bus: it is printed into every mastered stem."""

    def check(self, folder):
        with tempfile.TemporaryDirectory() as name:
            order = ["--template", "mix", "--stems", "mastered", "--depth", "32f", "--stem-depth", "32f"]
            done = command.render(folder, pathlib.Path(name), *order, "--target", "-16")
            main = audio.read(done.path)[0]
            prints = done.prints("stem-mastered")
            self.assertGreaterEqual(len(prints), 3)
            stems = [audio.read(done.path.with_name(p["file"]))[0] for p in prints]
        (bus,) = (
            i
            for i in done.report["inserts"]
            if i["plugin"] == places.COMPRESSOR and i["channel"] == "mix"
        )
        taken_db = [-db for db in bus["timeline"]["mean_db"] if db is not None]
        mean_db, most_db = float(numpy.mean(taken_db)), max(taken_db)
        worst_db = audio.peak_db(numpy.sum(numpy.stack(stems), axis=0, dtype=numpy.float64) - main)
        print(
            f"\n   {folder.name}: {mean_db:.2f} dB of reduction on the mean, {most_db:.2f} at most; mastered "
            f"stems - Main {worst_db:.1f} dB peak",
            end="",
        )
        self.assertLessEqual(worst_db, RESIDUAL_DB)
        self.assertTrue(1.0 <= mean_db <= 2.0, mean_db)

    def test_demo(self):
        self.check(places.demo())

    @needs.recordings
    def test_recordings(self):
        for session in ("song", "podcast"):
            with self.subTest(session=session):
                self.check(places.RECORDINGS / session)


def tenths_db(samples):
    """The level of every tenth of a second that has one, in dB."""
    length = audio.SAMPLE_RATE_HZ // 10
    whole = samples[:, : samples.shape[1] // length * length].astype(numpy.float64)
    powers = numpy.square(whole).sum(axis=0).reshape(-1, length).mean(axis=1)
    return 10 * numpy.log10(numpy.maximum(powers, 1e-12))


if __name__ == "__main__":
    unittest.main()
