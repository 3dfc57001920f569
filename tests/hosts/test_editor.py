"""Each editor opens in a real window that a host opened, and draws something. The pictures go to
target/screenshots, for somebody to look at."""

import pathlib
import subprocess
import sys
import time
import unittest

import numpy

import needs
import places
import virtual_display

HERE = pathlib.Path(__file__).resolve().parent
# How long an editor may take from its window to its first complete picture.
DRAWING_S = 20


@needs.virtual_display
class Editor(unittest.TestCase):
    def check(self, name):
        with virtual_display.running() as environment:
            command = [sys.executable, str(HERE / "open_editor.py"), name]
            host = subprocess.Popen(command, env=environment)
            try:
                window = virtual_display.wait_for_window(name, environment, host)
                self.assertIsNotNone(window, f"no window; the host's status is {host.poll()}")
                colours = self.colours_drawn(window, environment)
                screenshot = places.SCREENSHOTS / f"{name.lower().replace(' ', '-')}.png"
                virtual_display.save(window, screenshot, environment)
                print(f"\n   {colours} colours in {screenshot}", end="")
                self.assertGreater(colours, 20, "the window is empty")
                self.assertIsNone(host.poll(), "the host went down")
            finally:
                virtual_display.end(host)

    def colours_drawn(self, window, environment):
        """How many colours the window shows once it has stopped changing shape: text alone,
        smoothed, has dozens; an empty window has one."""
        deadline = time.monotonic() + DRAWING_S
        colours = 0
        while colours <= 20 and time.monotonic() < deadline:
            time.sleep(0.5)
            pixels = virtual_display.picture(window, environment)
            colours = len(numpy.unique(pixels.reshape(-1, 3), axis=0))
        # One more look's worth of time, so that the picture saved is a whole frame.
        time.sleep(0.5)
        return colours

    def test_trim(self):
        self.check(places.TRIM)

    def test_dynamic_eq(self):
        self.check(places.EQ)

    def test_bus_compressor(self):
        self.check(places.COMPRESSOR)

    def test_de_esser(self):
        self.check(places.DE_ESSER)

    def test_limiter(self):
        self.check(places.LIMITER)

    def test_meter(self):
        self.check(places.METER)


if __name__ == "__main__":
    unittest.main()
