"""The VST3s give the CLAPs' samples exactly, once latency is taken off."""

import unittest

import numpy

import audio
import command
import needs
import places
import vst3_host

TRIMS = {
    "gain and polarity": {"Gain": "-3.7 dB", "Polarity L": "On"},
    "width and balance": {"Width": "140 %", "Balance": "20 % R"},
    "delay and high-pass": {"Delay": "7.3 ms", "High-Pass": "60 Hz", "High-Pass Slope": "24 dB/oct"},
    "side alone": {"Channels": "Side", "Gain": "2 dB"},
    "vocal up": {"Role": "Lead Vocal", "Version": "Vocal Up", "Vocal Step": "1.5 dB"},
    "bypassed": {"Gain": "6 dB", "Bypass": "On"},
}
LIMITERS = {
    "standard": {"Gain": "14 dB"},
    "strict": {"Gain": "14 dB", "Mode": "Strict", "Link": "50 %"},
    "sample peak": {"Gain": "14 dB", "Mode": "Sample Peak", "Auto Release": "Off", "Release": "20 ms"},
    "dithered": {"Gain": "14 dB", "Dither": "16 bit", "Noise Shaping": "On"},
    # Delta has a test of its own: the command refuses a monitor that is on.
}


EQS = {
    "static": {
        "Band 1 On": True, "Band 1 Type": "Low Cut", "Band 1 Frequency": "80 Hz",
        "Band 3 On": True, "Band 3 Gain": "-3 dB", "Band 3 Placement": "Mid",
        "Band 8 On": True, "Band 8 Type": "High Shelf", "Band 8 Gain": "2 dB",
    },
    "by itself": {
        "Band 6 On": True, "Band 6 Range": "-6 dB", "Band 6 Threshold": "-40 dB",
        "Band 2 On": True, "Band 2 Type": "Tilt", "Band 2 Range": "4 dB", "Band 2 Action": "Below",
        "Mix": "70 %", "Output": "-1.5 dB", "Auto Gain": True,
    },
    "ahead": {
        "Lookahead": True, "Lookahead Time": "12 ms",
        "Band 7 On": True, "Band 7 Range": "-9 dB", "Band 7 Threshold": "-45 dB",
    },
}
KEYED_EQS = {
    "external": {
        "Band 6 On": True, "Band 6 Range": "-6 dB", "Band 6 Key": "External",
        "Band 6 Threshold": "-50 dB", "Band 6 Ratio": "20:1",
    },
    "difference": {
        "Band 5 On": True, "Band 5 Range": "-6 dB", "Band 5 Key": "Int - Ext",
        "Band 5 Threshold": "-6 dB", "Band 4 On": True, "Band 4 Range": "-3 dB",
    },
}


# Thresholds at which the stems and the mixes of the tests are compressed by some dB.
COMPRESSORS = {
    "clean": {"Threshold": "-30 dB", "Ratio": "3:1", "Mix": "70 %", "Auto Makeup": True},
    "grab": {
        "Threshold": "-36 dB", "Ratio": "4:1", "Character": "Grab", "Detector": "Peak",
        "Attack": "1 ms", "Release": "60 ms", "Hold": "5 ms", "Link": "50 %",
    },
    "bus": {
        "Threshold": "-30 dB", "Ratio": "4:1", "Character": "Bus", "Auto Release": True,
        "Key High-Pass": "120 Hz", "Key Tilt": "6 dB", "Stereo Mode": "M/S",
    },
    "ahead": {
        "Threshold": "-40 dB", "Ratio": "10:1", "Range": "6 dB", "Attack": "0.5 ms",
        "Lookahead": True, "Lookahead Time": "4 ms",
    },
}


# Sensitive enough to work on the voices of the tests.
DE_ESSERS = {
    "bell": {"Sensitivity": "80 %", "Range": "9 dB"},
    "shelf by level": {
        "Mode": "Shelf", "Detect": "Absolute", "Sensitivity": "75 %", "Range": "12 dB",
        "Low": "4 kHz", "High": "12 kHz", "Attack": "2 ms", "Release": "100 ms",
    },
    "wide in mid and side": {
        "Mode": "Wide", "Sensitivity": "90 %", "Stereo Mode": "M/S", "Link": "30 %",
    },
    "split and ahead": {
        "Split": True, "Lookahead": True, "Lookahead Time": "3 ms", "Sensitivity": "80 %",
    },
}


class SameSamples(unittest.TestCase):
    def compare(self, plugin, params, main, key=None):
        clap = command.through_clap(plugin, params, main, key)
        vst3 = vst3_host.Plugin(plugin)
        vst3.set(clap.settings(plugin))
        # A switch that changes the latency arrives with a block.
        vst3.process(numpy.zeros((2, 512), numpy.float32))
        latency = vst3.latency_frames()
        self.assertEqual(latency, clap.plugin(plugin)["latency_samples"])
        key = None if key is None else audio.padded(key, latency)
        out = vst3.process(audio.padded(main, latency), key)[:, latency:]
        self.same(out, clap.master)

    def compare_delta(self, plugin, params, main):
        """What the VST3 lets through in Delta is what the CLAP has changed, rounded once."""
        clap = command.through_clap(plugin, params, main)
        vst3 = vst3_host.Plugin(plugin)
        vst3.set(clap.settings(plugin) | {"Delta": 1.0})
        latency = vst3.latency_frames()
        out = vst3.process(audio.padded(main, latency))[:, latency:]
        self.assertGreater(audio.peak_db(out), -40.0)
        self.same(out, clap.master - main)

    def same(self, out, expected):
        self.assertEqual(out.shape, expected.shape)
        expected = audio.normal(expected)
        differs = numpy.argwhere(audio.normal(out) != expected)
        if len(differs):
            channel, frame = differs[0]
            worst = audio.peak_db(out - expected)
            self.fail(
                f"{len(differs)} samples differ, by up to {worst:.1f} dB; the first is frame "
                f"{frame} of channel {channel}: {out[channel, frame]} and "
                f"{expected[channel, frame]} from the CLAP"
            )

    def each(self, plugin, settings, files, seconds):
        for path in files:
            main, rate_hz = audio.read(path)
            self.assertEqual(rate_hz, audio.SAMPLE_RATE_HZ)
            main = main[:, : seconds * rate_hz]
            for name, params in settings.items():
                with self.subTest(stem=path.name, settings=name):
                    self.compare(plugin, params, main)


    def each_keyed_eq(self, folder, music, voice):
        main, key = (audio.read(places.stem(folder, number))[0] for number in (music, voice))
        for name, params in KEYED_EQS.items():
            with self.subTest(session=folder.name, settings=name):
                self.compare(places.EQ, params, main, key)


class OnTheDemo(SameSamples):
    def test_trim(self):
        self.each(places.TRIM, TRIMS, places.stems(places.demo())[2:4], 8)

    def test_trim_on_every_stem(self):
        one = {"gain": {"Gain": "1.3 dB"}}
        self.each(places.TRIM, one, places.stems(places.demo()), 24)

    def test_limiter(self):
        mix = places.demo() / "Demo_Mix_Main_48k24.wav"
        self.each(places.LIMITER, LIMITERS, [mix, places.stems(places.demo())[0]], 24)

    def test_limiter_delta(self):
        main = audio.read(places.demo() / "Demo_Mix_Main_48k24.wav")[0]
        self.compare_delta(places.LIMITER, {"Gain": "14 dB"}, main)

    def test_limiter_with_a_key(self):
        drums = places.stems(places.demo())[0]
        mix = places.demo() / "Demo_Mix_Main_48k24.wav"
        main, key = audio.read(drums)[0], audio.read(mix)[0]
        for mode in ("Standard", "Strict", "Sample Peak"):
            with self.subTest(mode=mode):
                params = {"Gain": "16 dB", "Key": "External", "Mode": mode}
                self.compare(places.LIMITER, params, main, key)


    def test_bus_compressor(self):
        mix = places.demo() / "Demo_Mix_Main_48k24.wav"
        self.each(places.COMPRESSOR, COMPRESSORS, [mix, places.stems(places.demo())[0]], 12)

    def test_bus_compressor_with_a_key(self):
        drums = places.stems(places.demo())[0]
        mix = places.demo() / "Demo_Mix_Main_48k24.wav"
        main, key = audio.read(drums)[0], audio.read(mix)[0]
        for name in ("clean", "grab", "bus"):
            with self.subTest(character=name):
                params = COMPRESSORS[name] | {"Key": "External"}
                self.compare(places.COMPRESSOR, params, main, key)

    def test_de_esser(self):
        self.each(places.DE_ESSER, DE_ESSERS, [places.stem(places.demo(), 4)], 12)

    def test_de_esser_with_a_key(self):
        main, key = (audio.read(places.stem(places.demo(), number))[0] for number in (5, 4))
        for name in ("bell", "split and ahead"):
            with self.subTest(settings=name):
                params = DE_ESSERS[name] | {"Key": "External"}
                self.compare(places.DE_ESSER, params, main, key)

    def test_dynamic_eq(self):
        music = places.stem(places.demo(), 3)
        self.each(places.EQ, EQS, [music], 12)

    def test_dynamic_eq_with_a_key(self):
        self.each_keyed_eq(places.demo(), 3, 4)


@needs.recordings
class OnTheRecordings(SameSamples):
    def test_trim(self):
        for session in ("song", "podcast"):
            one = {"all at once": TRIMS["delay and high-pass"] | TRIMS["width and balance"]}
            self.each(places.TRIM, one, places.stems(places.RECORDINGS / session), 24)

    def test_dynamic_eq(self):
        self.each(places.EQ, EQS, [places.stem(places.RECORDINGS / "song", 3)], 24)

    def test_dynamic_eq_with_a_key(self):
        self.each_keyed_eq(places.RECORDINGS / "song", 3, 4)
        self.each_keyed_eq(places.RECORDINGS / "podcast", 2, 1)

    def test_bus_compressor(self):
        for mix in sorted(places.RECORDINGS.glob("*/*_Mix_*.wav")):
            self.each(places.COMPRESSOR, COMPRESSORS, [mix], 24)

    def test_de_esser(self):
        voices = [places.stem(places.RECORDINGS / "song", 4)]
        voices += [places.stem(places.RECORDINGS / "podcast", 1)]
        self.each(places.DE_ESSER, DE_ESSERS, voices, 24)

    def test_limiter(self):
        for mix in sorted(places.RECORDINGS.glob("*/*_Mix_*.wav")):
            self.each(places.LIMITER, LIMITERS, [mix], 24)

    def test_limiter_delta(self):
        for mix in sorted(places.RECORDINGS.glob("*/*_Mix_*.wav")):
            with self.subTest(mix=mix.name):
                self.compare_delta(places.LIMITER, {"Gain": "14 dB"}, audio.read(mix)[0])


if __name__ == "__main__":
    unittest.main()
