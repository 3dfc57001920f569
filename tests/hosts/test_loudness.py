"""Masters come out at the loudness asked for and under their ceiling, and meters that share
nothing with ours say so."""

import tempfile
import unittest

import command
import ffmpeg_meter
import needs
import places
import true_peak

CEILING_DBTP = -1.0
LOUDNESS_TOLERANCE_LU = 0.1
PEAK_TOLERANCE_DB = 0.2
# The writer's dither and ffmpeg's reading, which is rounded to 0.1 dB.
CEILING_TOLERANCE_DB = 0.05


class Masters(unittest.TestCase):
    def check(self, folder, target_lufs, is_seen_by_ffmpeg):
        with tempfile.TemporaryDirectory() as out:
            done = command.render(folder, out, "--target", str(target_lufs))
            ours = done.report["master"]["ours"]
            self.assertAlmostEqual(ours["integrated_lufs"], target_lufs, delta=LOUDNESS_TOLERANCE_LU)
            peak = true_peak.true_peak_db(done.master)
            print(f"\n   {done.path.name}: ours {ours['integrated_lufs']:.2f} LUFS", end="")
            print(f" {ours['true_peak_dbtp']:.2f} dBTP, scipy {peak:.2f} dBTP", end="")
            self.assertLessEqual(peak, CEILING_DBTP + CEILING_TOLERANCE_DB)
            if is_seen_by_ffmpeg:
                loudness, peak = ffmpeg_meter.opinion(done.path)
                print(f", ffmpeg {loudness} LUFS {peak} dBTP", end="")
                # ffmpeg prints one decimal: half of it is its own rounding.
                self.assertLessEqual(abs(loudness - target_lufs), LOUDNESS_TOLERANCE_LU + 1e-9)
                self.assertLessEqual(abs(peak - ours["true_peak_dbtp"]), PEAK_TOLERANCE_DB)
                self.assertLessEqual(peak, CEILING_DBTP + CEILING_TOLERANCE_DB)

    def test_demo(self):
        self.check(places.demo(), -14.0, is_seen_by_ffmpeg=False)

    @needs.tools(needs.FFMPEG)
    def test_demo_by_ffmpeg(self):
        self.check(places.demo(), -14.0, is_seen_by_ffmpeg=True)

    @needs.recordings
    @needs.tools(needs.FFMPEG)
    def test_song_by_ffmpeg(self):
        self.check(places.RECORDINGS / "song", -14.0, is_seen_by_ffmpeg=True)

    @needs.recordings
    @needs.tools(needs.FFMPEG)
    def test_podcast_by_ffmpeg(self):
        self.check(places.RECORDINGS / "podcast", -16.0, is_seen_by_ffmpeg=True)


if __name__ == "__main__":
    unittest.main()
