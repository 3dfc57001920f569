"""Drives `window_host.py`, and its windows with xdotool."""

import contextlib
import json
import pathlib
import subprocess
import sys
import time

import numpy

import virtual_display

HERE = pathlib.Path(__file__).resolve().parent
# How long anything that a window does may take, on a machine busy with other things.
PATIENCE_S = 30
# What Pedalboard calls its windows.
FRAME = "Pedalboard"


class Host:
    """A host process with plugins in it: numbers name them, in the order they were given."""

    def __init__(self, plugins, environment):
        self.plugins = plugins
        self.environment = environment
        command = [sys.executable, str(HERE / "window_host.py"), *plugins]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True)
        # The plugins' windows, and the host's own ones around them, which the window manager knows.
        self.windows = {}
        self.frames = {}

    def ask(self, what, *arguments):
        """Has the host do something; gives its answer."""
        self.process.stdin.write(json.dumps([what, *arguments]) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("> "):
                return json.loads(line[2:])
        raise RuntimeError(f"the host went down at {what} with status {self.process.wait()}")

    def open(self, index):
        """Opens an editor; gives the plugin's window once it is there."""
        before, frames = self._windows_of(index), self._frames()
        self.ask("open", index)
        new = until(lambda: [w for w in self._windows_of(index) if w not in before])
        if not new:
            raise AssertionError(f"{self.plugins[index]} has no window after {PATIENCE_S} s")
        self.windows[index] = new[0]
        self.frames[index] = next(frame for frame in self._frames() if frame not in frames)
        return new[0]

    def close(self, index):
        """Closes an editor; returns once its window is gone."""
        self.ask("close", index)
        window = self.windows.pop(index)
        gone = until(lambda: window not in self._windows_of(index) and not self.ask("is_open", index))
        if not gone:
            raise AssertionError(f"{self.plugins[index]} is open {PATIENCE_S} s after closing")

    def drag(self, index, start, by):
        """Drags in an editor, and waits until the host has processed what came of it."""
        virtual_display.drag(self.windows[index], start, by, self.environment)
        time.sleep(0.1)

    def level_after_a_while(self, index):
        """The peak of what the plugin gives, once glides have ended."""
        time.sleep(1.0)
        return self.ask("seen", index)[1]

    def picture(self, index):
        """What an editor shows, as (height, width, 3) bytes."""
        return virtual_display.picture(self.windows[index], self.environment)

    def colours(self, index):
        """How many colours an editor shows: text alone, smoothed, has dozens."""
        return len(numpy.unique(self.picture(index).reshape(-1, 3), axis=0))

    def threads_and_memory_at_rest(self):
        """The same once what was closed has had time to go, and without memory that is free."""
        time.sleep(1.0)
        self.ask("trim_memory")
        return self.threads_and_memory()

    def threads_and_memory(self):
        """How many threads the host has, and its resident memory in MB."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        status = dict(line.split(":", 1) for line in text.splitlines())
        return int(status["Threads"]), int(status["VmRSS"].split()[0]) / 1024

    def move(self, index, x, y):
        """Moves an editor to a place on the display."""
        virtual_display.xdotool(self.environment, "windowmove", "--sync", self.frames[index], x, y)

    def resize(self, index, size):
        """Has the host give an editor another size, as when its own window's edge is dragged."""
        words = ("windowsize", self.frames[index], *size)
        virtual_display.xdotool(self.environment, *words)

    def size(self, index):
        """Width and height of the plugin's window."""
        return virtual_display.size_of(self.windows[index], self.environment)

    def frame_size(self, index):
        """Width and height of the host's window around it."""
        return virtual_display.size_of(self.frames[index], self.environment)

    def _frames(self):
        return virtual_display.windows(FRAME, self.environment)

    def _windows_of(self, index):
        return virtual_display.windows(self.plugins[index], self.environment)


@contextlib.contextmanager
def running(*plugins, size=virtual_display.SIZE):
    """A host with these plugins on a display of its own."""
    with virtual_display.running(size) as environment:
        host = Host(plugins, environment)
        try:
            yield host
        finally:
            virtual_display.end(host.process)
            host.process.stdin.close()
            host.process.stdout.close()


def until(true, patience_s=PATIENCE_S):
    """Waits for something to become true; gives what it became."""
    deadline = time.monotonic() + patience_s
    while not (answer := true()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer
