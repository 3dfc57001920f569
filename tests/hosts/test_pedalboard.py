"""pedalboard loads the VST3s, runs them, and gives the samples the CLAPs give."""

import unittest

import numpy
import pedalboard

import audio
import command
import places

SETTINGS = {
    places.TRIM: {"Gain": "-2.5 dB", "Width": "80 %", "High-Pass": "85 Hz"},
    places.EQ: {
        "Band 2 On": True, "Band 2 Gain": "-3 dB", "Band 6 On": True, "Band 6 Range": "-6 dB",
        "Band 6 Threshold": "-40 dB",
    },
    places.COMPRESSOR: {"Threshold": "-30 dB", "Ratio": "4:1", "Character": "Bus", "Mix": "70 %"},
    places.DE_ESSER: {"Sensitivity": "90 %", "Range": "12 dB", "Split": "On"},
    places.LIMITER: {"Gain": "14 dB", "Mode": "Strict"},
    places.METER: {"Target": "EBU R 128"},
}


class Pedalboard(unittest.TestCase):
    def load(self, name):
        return pedalboard.load_plugin(places.vst3(name))

    def test_names(self):
        for name in SETTINGS:
            plugin = self.load(name)
            self.assertEqual(plugin.name, name)
            self.assertEqual(plugin.manufacturer_name, "Stemwright")
            self.assertTrue(plugin.is_effect)

    def test_samples(self):
        main, rate_hz = audio.read(places.demo() / "Demo_Mix_Main_48k24.wav")
        for name, params in SETTINGS.items():
            with self.subTest(plugin=name):
                clap = command.through_clap(name, params, main)
                plugin = self.load(name)
                by_name = {entry.name: entry for entry in plugin.parameters.values()}
                for parameter, value in clap.settings(name).items():
                    by_name[parameter].raw_value = value
                # Settings reach a plugin with its first block: let them settle on silence.
                plugin.process(numpy.zeros_like(main[:, :9_600]), rate_hz)
                # pedalboard takes the reported latency off and returns as many samples as it got.
                latency = plugin.reported_latency_samples
                self.assertEqual(latency, clap.plugin(name)["latency_samples"])
                out = plugin.process(audio.padded(main, latency), rate_hz, buffer_size=512)
                out = audio.normal(out[:, : main.shape[1]])
                numpy.testing.assert_array_equal(out, audio.normal(clap.master))


if __name__ == "__main__":
    unittest.main()
