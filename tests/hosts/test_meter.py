"""What Stem Meter measures in a host is what ffmpeg measures, whatever the host's blocks: read from the
history that the plugin keeps with its state."""

import unittest

import numpy
import pedalboard

import audio
import ffmpeg_meter
import meter_state
import needs
import places

BLOCKS = (64, 1000, 8192)
# Tenths of ffmpeg and of the history, each rounded.
LOUDNESS_TOLERANCE_LU = 0.1 + 0.05 + 0.05
PEAK_TOLERANCE_DB = 0.2 + 0.05 + 0.1


class Figures(unittest.TestCase):
    def measured(self, main, rate_hz, block):
        plugin = pedalboard.load_plugin(places.vst3(places.METER))
        by_name = {entry.name: entry for entry in plugin.parameters.values()}
        by_name["Keep History"].raw_value = 1.0
        out = plugin.process(main, rate_hz, buffer_size=block)
        numpy.testing.assert_array_equal(out, main)
        return meter_state.history(plugin.preset_data)

    def check(self, path):
        main, rate_hz = audio.read(path)
        main = numpy.ascontiguousarray(main, dtype=numpy.float32)
        first, *others = (self.measured(main, rate_hz, block) for block in BLOCKS)
        for other in others:
            numpy.testing.assert_array_equal(first, other)
        self.assertAlmostEqual(first.shape[1], main.shape[1] / rate_hz * 10, delta=1)
        loudness, peak = ffmpeg_meter.opinion(path)
        integrated, true_peak = first[2][-1], numpy.nanmax(first[3])
        print(f"\n   {path.name}: {integrated:.1f} LUFS {true_peak:.1f} dBTP", end="")
        print(f", ffmpeg {loudness} LUFS {peak} dBTP", end="")
        self.assertAlmostEqual(integrated, loudness, delta=LOUDNESS_TOLERANCE_LU)
        self.assertAlmostEqual(true_peak, peak, delta=PEAK_TOLERANCE_DB)

    @needs.tools(needs.FFMPEG)
    def test_demo(self):
        self.check(places.demo() / "Demo_Mix_Main_48k24.wav")

    @needs.recordings
    @needs.tools(needs.FFMPEG)
    def test_recordings(self):
        for mix in sorted(places.RECORDINGS.glob("*/*_Mix_*.wav")):
            with self.subTest(mix=mix.name):
                self.check(mix)


if __name__ == "__main__":
    unittest.main()
