"""A render that cannot be finished says why in a sentence, ends with status 2 and leaves nothing
behind; and one of any length takes the same memory."""

import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import numpy

import audio
import command

SECOND = audio.SAMPLE_RATE_HZ
FILE_LIMIT_BYTES = 4_000_000
STOPS_WITHIN_S = 5.0
MEMORY_MB = 300
MEMORY_GROWTH_MB = 16
MINUTES = (1, 8)
STEMS = 6

# One process's own children, so that what this one takes is not counted as theirs.
PEAK_MEMORY = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(peak if sys.platform == "darwin" else 1024 * peak)
sys.exit(done.returncode)
"""


def noise_set(folder, stems, seconds):
    """Stems of noise, quietly."""
    folder.mkdir()
    minute = audio.noise(3, min(seconds, 60) * SECOND, gain=0.05)
    for number in range(1, stems + 1):
        # Turned, the same noise does for another stem.
        turned = numpy.roll(minute, 1_000 * number, axis=1)
        samples = numpy.tile(turned, (1, -(-seconds // 60)))[:, : seconds * SECOND]
        audio.write_24_bit(folder / f"Noise_Stem_{number:02}_Part{number}_48k24.wav", samples)
    return folder


def sparse_set(folder, minutes):
    """Stems that are silent but for a second of noise every half minute; the rest is holes."""
    folder.mkdir()
    frames = minutes * 60 * SECOND
    data_bytes = frames * 6
    for number in range(1, STEMS + 1):
        path = folder / f"Long_Stem_{number:02}_Part{number}_48k24.wav"
        burst = audio.noise(number, SECOND, gain=0.2)
        audio.write_24_bit(path, burst)
        with open(path, "r+b") as file:
            header, bytes_of_burst = file.read(44), file.read()
            # The same header, with the sizes of the long file.
            sizes = (data_bytes + 36).to_bytes(4, "little"), data_bytes.to_bytes(4, "little")
            file.seek(0)
            file.write(header[:4] + sizes[0] + header[8:40] + sizes[1])
            file.truncate(44)
            file.truncate(44 + data_bytes)
            for second in range(number, minutes * 60, 30):
                file.seek(44 + second * SECOND * 6)
                file.write(bytes_of_burst)
    return folder


class Robust(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.root = pathlib.Path(place.name)
        self.out = self.root / "out"
        # Whatever is kept elsewhere would be kept here.
        self.scratch = self.root / "scratch"
        self.scratch.mkdir()
        self.environment = os.environ | {"TMPDIR": str(self.scratch)}

    def refused(self, status, said):
        """One sentence and status 2, and nothing is left; gives the sentence."""
        self.assertEqual(status, 2, said)
        self.assertRegex(said, r"\Astemwright: [^\n]+\n\Z")
        written = list(self.out.rglob("*")) if self.out.is_dir() else []
        self.assertEqual(written + list(self.scratch.rglob("*")), [])
        print(f"\n   {said.strip()}", end="")
        return said

    def start(self, folder, *options):
        """A render under way."""
        words = command.words(folder, self.out, *options)
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        running = subprocess.Popen(words, text=True, env=self.environment, **pipes)

        def end():
            if running.poll() is None:
                running.kill()
            running.communicate()

        self.addCleanup(end)
        return running

    def until_it_prints(self, running):
        """Waits until prints grow in the folder: two of them, since spools have no names."""
        while not self.out.is_dir() or sum(p.stat().st_size > 0 for p in self.out.iterdir()) < 2:
            self.assertIsNone(running.poll(), "ended before it printed")
            time.sleep(0.01)

    def interrupted(self, running):
        start = time.monotonic()
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
        seconds = time.monotonic() - start
        self.assertIn("stopped on request", self.refused(running.returncode, said))
        print(f" ({seconds:.2f} s after Ctrl-C)", end="")
        self.assertLess(seconds, STOPS_WITHIN_S)

    def test_ctrl_c_while_printing(self):
        stems = noise_set(self.root / "stems", 4, 4 * 60)
        running = self.start(stems, "--versions", "main", "--stems")
        self.until_it_prints(running)
        self.interrupted(running)
        self.assertFalse(self.out.exists())

    def test_ctrl_c_while_searching(self):
        stems = noise_set(self.root / "stems", 4, 4 * 60)
        running = self.start(stems, "--target", "-14")
        while not self.out.exists():
            self.assertIsNone(running.poll(), "ended before it began")
            time.sleep(0.005)
        time.sleep(0.3)
        self.assertIsNone(running.poll(), "ended before it could be stopped")
        self.interrupted(running)
        self.assertFalse(self.out.exists())

    def test_folders_that_cannot_be(self):
        stems = noise_set(self.root / "stems", 2, 2)
        file = self.root / "file"
        file.write_text("in the way\n")
        for out in (file, file / "below", "/dev/null/below"):
            with self.subTest(out):
                self.out = pathlib.Path(out)
                done = command.attempt(stems, out)
                said = self.refused(done.returncode, done.stderr)
                self.assertIn(str(out), said)
        self.assertEqual(file.read_text(), "in the way\n")

    def test_a_folder_that_nobody_may_write_to(self):
        stems = noise_set(self.root / "stems", 2, 2)
        self.out.mkdir()
        self.root.chmod(0o755)
        self.out.chmod(0o555)
        self.addCleanup(self.out.chmod, 0o755)
        # Root may write anywhere: there, the command is run by nobody.
        how = {"user": 65_534, "group": 65_534, "extra_groups": []} if os.geteuid() == 0 else {}
        for out in (self.out, self.out / "below"):
            with self.subTest(out.name):
                done = command.attempt(stems, out, **how)
                self.assertIn(str(self.out), self.refused(done.returncode, done.stderr))

    def test_a_disk_that_fills_up(self):
        stems = noise_set(self.root / "stems", 2, 30)

        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT_BYTES, FILE_LIMIT_BYTES))

        for order in ([], ["--target", "-14"], ["--stems", "mastered", "--depth", "32f"]):
            with self.subTest(order):
                how = {"preexec_fn": small_files, "env": self.environment}
                done = command.attempt(stems, self.out, *order, **how)
                self.refused(done.returncode, done.stderr)
                self.assertFalse(self.out.exists())

    def test_a_stem_that_shrinks(self):
        stems = noise_set(self.root / "stems", 4, 4 * 60)
        running = self.start(stems)
        self.until_it_prints(running)
        shrunk = stems / "Noise_Stem_02_Part2_48k24.wav"
        os.truncate(shrunk, 1_000_000)
        _, said = running.communicate(timeout=60)
        self.assertIn(shrunk.name, self.refused(running.returncode, said))
        self.assertFalse(self.out.exists())

    def test_memory_does_not_grow_with_length(self):
        peaks_mb = []
        for minutes in MINUTES:
            stems = sparse_set(self.root / f"{minutes}", minutes)
            order = ["--target", "-20", "--stems"]
            words = command.words(stems, self.root / f"out-{minutes}", *order)
            done = subprocess.run(
                [sys.executable, "-c", PEAK_MEMORY, *words], capture_output=True, text=True
            )
            self.assertEqual(done.returncode, 0, done.stderr)
            peaks_mb.append(int(done.stdout) / 1e6)
            print(f"\n   {STEMS} stems of {minutes} min: {peaks_mb[-1]:.1f} MB", end="")
        self.assertLess(peaks_mb[-1], MEMORY_MB)
        self.assertLess(peaks_mb[-1] - peaks_mb[0], MEMORY_GROWTH_MB)


if __name__ == "__main__":
    unittest.main()
