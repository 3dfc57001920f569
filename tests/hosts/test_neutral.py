"""With nothing to do the VST3s are bit-exact after the latency they report, at every rate and
block length, and that latency is what an impulse measures."""

import math
import unittest

import numpy

import audio
import places
import vst3_host

RATES_HZ = (44_100, 48_000, 96_000)
BLOCKS = (1, 37, 64, 512)


def each_host(name):
    """The plugin at every rate, and at every block length at one of them."""
    for rate_hz in RATES_HZ:
        for block in BLOCKS if rate_hz == 48_000 else (256,):
            yield rate_hz, block, vst3_host.Plugin(name, rate_hz, block)


class Neutral(unittest.TestCase):
    def check(self, name, settings=None, numbers=None):
        # Below the limiter's default ceiling, between the samples too.
        signal = audio.noise(7, 24_000, gain=0.25)
        for rate_hz, block, plugin in each_host(name):
            with self.subTest(rate_hz=rate_hz, block=block):
                plugin.set_text(settings or {})
                plugin.set(numbers or {})
                out = plugin.process(signal)
                expected = audio.delayed(signal, plugin.latency_frames())
                numpy.testing.assert_array_equal(out, expected)

    def test_trim(self):
        self.check(places.TRIM)

    def test_dynamic_eq(self):
        self.check(places.EQ)

    def test_bus_compressor(self):
        self.check(places.COMPRESSOR)

    def test_de_esser(self):
        # Its range is 6 dB by default: a de-esser that does nothing is of no use.
        for split in ("Off", "On"):
            self.check(places.DE_ESSER, {"Split": split}, {"Range": 0.0, "Sensitivity": 1.0})

    def test_limiter(self):
        self.check(places.LIMITER)

    def test_meter(self):
        # Whatever it measures, and by whatever it is ordered to.
        for settings in ({}, {"Target": "Netflix", "Auto Reset": "Never"}, {"Bypass": "On"}):
            self.check(places.METER, settings)


class Latency(unittest.TestCase):
    def measure(self, plugin):
        impulse = numpy.zeros((2, 9_600), numpy.float32)
        impulse[:, 100] = 0.25
        out = plugin.process(impulse)
        first, second = (int(numpy.argmax(numpy.abs(channel))) for channel in out)
        self.assertEqual(first, second)
        return first - 100

    def test_trim_has_none(self):
        for rate_hz, block, plugin in each_host(places.TRIM):
            with self.subTest(rate_hz=rate_hz, block=block):
                self.assertEqual(plugin.latency_frames(), 0)
                self.assertEqual(self.measure(plugin), 0)

    def check_lookahead(self, name, busy, lookahead_s):
        for rate_hz in RATES_HZ:
            for settings, seconds in (
                ({}, 0.0),
                (busy | {"Bypass": "On"}, 0.0),
                ({"Lookahead": "On"}, lookahead_s),
                (busy | {"Lookahead": "On"}, lookahead_s),
                ({"Lookahead": "On", "Bypass": "On"}, lookahead_s),
            ):
                with self.subTest(rate_hz=rate_hz, **settings):
                    plugin = vst3_host.Plugin(name, rate_hz)
                    plugin.set_text(settings)
                    measured = self.measure(plugin)
                    self.assertEqual(measured, round(seconds * rate_hz))
                    self.assertEqual(plugin.latency_frames(), measured)

    def test_dynamic_eq_has_that_of_its_lookahead_switch(self):
        self.check_lookahead(places.EQ, {"Band 3 On": "On"}, 0.02)

    def test_bus_compressor_has_that_of_its_lookahead_switch(self):
        self.check_lookahead(places.COMPRESSOR, {"Character": "Grab", "Auto Release": "On"}, 0.01)

    def test_de_esser_has_that_of_its_two_switches(self):
        for split, seconds in (("Off", 0.0), ("On", 0.002)):
            for lookahead, more in (("Off", 0.0), ("On", 0.005)):
                for bypass in ("Off", "On"):
                    switches = {"Split": split, "Lookahead": lookahead, "Bypass": bypass}
                    for rate_hz in RATES_HZ:
                        with self.subTest(rate_hz=rate_hz, **switches):
                            plugin = vst3_host.Plugin(places.DE_ESSER, rate_hz)
                            plugin.set_text(switches)
                            plugin.set({"Range": 0.0})
                            measured = self.measure(plugin)
                            # Each is rounded for itself, halves up.
                            parts = (seconds * rate_hz, more * rate_hz)
                            expected = sum(math.floor(part + 0.5) for part in parts)
                            self.assertEqual(measured, expected)
                            self.assertEqual(plugin.latency_frames(), measured)

    def test_limiter_has_one_per_rate(self):
        for rate_hz in RATES_HZ:
            seen = set()
            for settings in (
                {"Mode": "Standard"},
                {"Mode": "Strict"},
                {"Mode": "Sample Peak"},
                {"Mode": "Strict", "Bypass": "On"},
            ):
                with self.subTest(rate_hz=rate_hz, **settings):
                    plugin = vst3_host.Plugin(places.LIMITER, rate_hz)
                    plugin.set_text(settings)
                    self.assertEqual(self.measure(plugin), plugin.latency_frames())
                    seen.add(plugin.latency_frames())
            self.assertEqual(len(seen), 1, f"{rate_hz} Hz: {seen}")
            (latency,) = seen
            self.assertGreaterEqual(latency, round(0.005 * rate_hz))
            print(f"\n   limiter at {rate_hz} Hz: {latency} samples", end="")


if __name__ == "__main__":
    unittest.main()
