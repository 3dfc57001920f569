"""Limiters on every stem, all keyed by the sum, apply one gain: the limited stems sum to the
limited mix. The key arrives on the VST3's second bus."""

import unittest

import numpy

import audio
import needs
import places
import true_peak
import vst3_host

RESIDUAL_DB = -120.0
LEAST_REDUCTION_DB = 6.0
MODES = ("Standard", "Strict", "Sample Peak")
LINKS_PERCENT = (0, 50, 100)


def limiter(**settings):
    """A limiter with these settings: texts, and numbers as parts of the range."""
    plugin = vst3_host.Plugin(places.LIMITER)
    texts = {name.replace("_", " "): value for name, value in settings.items()}
    plugin.set_text({name: value for name, value in texts.items() if isinstance(value, str)})
    plugin.set({name: value for name, value in texts.items() if not isinstance(value, str)})
    return plugin


def gain(db):
    """Where a gain of `db` lies in the limiter's range of -24..+24 dB."""
    return (db + 24.0) / 48.0


class KeyedSum(unittest.TestCase):
    def check(self, folder, gain_db):
        stems = [audio.read(path)[0] for path in places.stems(folder)]
        # The stems are on the 24-bit grid and so is their sum: exact in float32.
        mix = numpy.sum(numpy.stack(stems).astype(numpy.float64), axis=0).astype(numpy.float32)
        for mode in MODES:
            for link_percent in LINKS_PERCENT:
                with self.subTest(mode=mode, link_percent=link_percent):
                    self.check_settings(stems, mix, gain(gain_db), mode, link_percent)

    def check_settings(self, stems, mix, gain, mode, link_percent):
        link = link_percent / 100
        limited = limiter(Mode=mode, Gain=gain, Link=link).process(mix)
        keyed = numpy.zeros(mix.shape, numpy.float64)
        for stem in stems:
            plugin = limiter(Mode=mode, Gain=gain, Link=link, Key="External")
            self.assertEqual(plugin.number("Link"), link_percent)
            keyed += plugin.process(stem, key=mix)
        # How deep the limiter went: the driven mix's peak against what is left of it.
        driven_db = audio.peak_db(mix) + (48.0 * gain - 24.0)
        reduction_db = driven_db - audio.peak_db(limited)
        self.assertGreaterEqual(reduction_db, LEAST_REDUCTION_DB)
        residual_db = audio.db(_rms(keyed - limited)) - audio.db(_rms(limited))
        worst_db = audio.peak_db(keyed - limited)
        print(
            f"\n   {mode}, link {link_percent} %: {reduction_db:.1f} dB of reduction, residual "
            f"{residual_db:.1f} dB rms, {worst_db:.1f} dB peak",
            end="",
        )
        self.assertLessEqual(residual_db, RESIDUAL_DB)
        self.assertLessEqual(worst_db, RESIDUAL_DB)
        if mode != "Sample Peak":
            self.assertLessEqual(true_peak.true_peak_db(keyed), -1.0 + 0.05)

    def test_demo(self):
        self.check(places.demo(), 15.0)

    @needs.recordings
    def test_song(self):
        self.check(places.RECORDINGS / "song", 15.0)

    def test_an_external_key_that_is_not_fed_limits_nothing(self):
        mix = audio.noise(3, 48_000, gain=0.9)
        plugin = limiter(Gain=gain(0.0), Key="External")
        out = plugin.process(mix)
        numpy.testing.assert_array_equal(out, audio.delayed(mix, plugin.latency_frames()))


def _rms(samples):
    return float(numpy.sqrt(numpy.mean(numpy.square(samples, dtype=numpy.float64))))


if __name__ == "__main__":
    unittest.main()
