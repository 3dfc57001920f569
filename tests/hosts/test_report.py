"""`stemwright report` and ffmpeg's meter agree on every recording, and the exit status says how a file
stands."""

import json
import subprocess
import unittest

import ffmpeg_meter
import needs
import places

# ffmpeg prints one decimal: half of it is its own rounding.
LOUDNESS_TOLERANCE_LU = 0.1
PEAK_TOLERANCE_DB = 0.2
ROUNDING_DB = 0.05


def report(*words):
    """Runs `stemwright report --json`: its exit status and what it says of each file."""
    known = [places.COMMAND, "report", "--json"]
    done = subprocess.run([*known, *map(str, words)], capture_output=True, text=True)
    if done.returncode == 2:
        raise RuntimeError(done.stderr)
    return done.returncode, json.loads(done.stdout)


class Deliveries(unittest.TestCase):
    def check(self, folder, reaches_nyquist=False):
        files = sorted(folder.glob("*.wav"))
        self.assertGreater(len(files), 3)
        _, deliveries = report(*files)
        self.assertEqual([d["programme"] for d in deliveries], [f.name for f in files])
        for path, delivery in zip(files, deliveries):
            ours = delivery["measured"]
            peak = max(channel["itu_dbtp"]["value"] for channel in ours["peaks"])
            loudness, theirs = ffmpeg_meter.opinion(path)
            print(f"\n   {path.name}: ours {ours['integrated_lufs']:.2f} LUFS {peak:.2f} dBTP", end="")
            print(f", ffmpeg {loudness} LUFS {theirs} dBTP", end="")
            self.assertLessEqual(abs(loudness - ours["integrated_lufs"]), LOUDNESS_TOLERANCE_LU)
            if reaches_nyquist:
                # Up there the filter of BS.1770 reads low or high, and ffmpeg's, which is another, less
                # so: it lies between that reading and the strict one.
                strict = max(channel["strict_dbtp"]["value"] for channel in ours["peaks"])
                low, high = sorted([peak, strict])
                self.assertLessEqual(low - ROUNDING_DB, theirs)
                self.assertLessEqual(theirs, high + ROUNDING_DB)
            else:
                self.assertLessEqual(abs(theirs - peak), PEAK_TOLERANCE_DB)

    @needs.tools(needs.FFMPEG)
    def test_demo_by_ffmpeg(self):
        self.check(places.demo(), reaches_nyquist=True)

    @needs.recordings
    @needs.tools(needs.FFMPEG)
    def test_song_by_ffmpeg(self):
        self.check(places.RECORDINGS / "song")

    @needs.recordings
    @needs.tools(needs.FFMPEG)
    def test_podcast_by_ffmpeg(self):
        self.check(places.RECORDINGS / "podcast")

    def test_a_file_passes_by_its_own_figures_and_no_others(self):
        (mix,) = places.demo().glob("*_Mix_*.wav")
        _, (delivery,) = report(mix)
        measured = delivery["measured"]
        peak = max(channel["strict_dbtp"]["value"] for channel in measured["peaks"])
        own = ["--tolerance", "0.2", "--ceiling", f"{peak + 0.5:.2f}"]
        loudness = measured["integrated_lufs"]
        for target, status in [(loudness, 0), (loudness + 0.4, 1), (loudness - 0.4, 1)]:
            found, _ = report(mix, "--target", f"{target:.3f}", *own)
            self.assertEqual(found, status, target)
        own[-1] = f"{peak - 0.5:.2f}"
        found, (delivery,) = report(mix, "--target", f"{loudness:.3f}", *own)
        self.assertEqual(found, 1)
        self.assertIn("dB more reduction", delivery["verdict"]["sentence"])


if __name__ == "__main__":
    unittest.main()
