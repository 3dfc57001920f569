"""A host whose editors are open while it processes, driven by lines of JSON on its standard input.

Pedalboard shows an editor from the main thread, which stays there until the window is closed, and
goes on processing in another. While it waits it lets Python's signal handlers run: the next editor
is opened by one, inside the first, so that several are open in one process and one message loop.
What was opened last has to be closed first.

Each line is [what, arguments...], each answer one line of JSON. `window_client.py` speaks it.
"""

import base64
import ctypes
import json
import queue
import signal
import sys
import threading
import time

import numpy
import pedalboard

import places

RATE_HZ = 48_000
BLOCK_FRAMES = 480
LEVEL = 0.25


class XError(ctypes.Structure):
    """XErrorEvent, up to what was asked of which window."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("resource", ctypes.c_ulong),
        ("serial", ctypes.c_ulong),
        ("error", ctypes.c_ubyte),
        ("request", ctypes.c_ubyte),
    ]


x_errors = []


@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
def note_x_error(_display, event):
    """Xlib ends the process at the first error. Pedalboard makes two itself whenever it opens a
    plugin's window, because it asks for properties of the window 0; any other is counted."""
    error = ctypes.cast(event, ctypes.POINTER(XError)).contents
    if error.resource != 0:
        x_errors.append([error.error, error.request, error.resource])
    return 0


class Slot:
    """A plugin, its window if it has one, and what it processes."""

    def __init__(self, name):
        self.plugin = pedalboard.load_plugin(places.vst3(name))
        self.close = None
        # Every value the parameter being watched has had, and the level that went with the last.
        self.watched = None
        self.seen = []
        self.level = 0.0

    def process(self, block):
        out = self.plugin.process(block, RATE_HZ, buffer_size=BLOCK_FRAMES, reset=False)
        if out.size:
            self.level = float(numpy.abs(out).max())
        if self.watched is not None:
            value = self.plugin.parameters[self.watched].raw_value
            if not self.seen or self.seen[-1] != value:
                self.seen.append(value)


def square():
    """A square of 1 kHz: whole periods fill the block, and no level moves."""
    block = numpy.full((2, BLOCK_FRAMES), LEVEL, numpy.float32)
    block[:, numpy.arange(BLOCK_FRAMES) // 24 % 2 == 1] *= -1.0
    return [block]


def beats():
    """Ten seconds of noise that swells and decays twice a second: every level moves."""
    random = numpy.random.default_rng(1)
    time_s = numpy.arange(10 * RATE_HZ) / RATE_HZ
    loud = numpy.exp(-6.0 * (time_s % 0.5)) * (0.4 + 0.3 * numpy.sin(2.0 * numpy.pi * time_s / 10.0))
    noise = (loud * random.uniform(-1.0, 1.0, (2, time_s.size))).astype(numpy.float32)
    return numpy.split(noise, time_s.size // BLOCK_FRAMES, axis=1)


def silence():
    """Nothing to hear, though it is processed."""
    return [numpy.zeros((2, BLOCK_FRAMES), numpy.float32)]


PROGRAMMES = {"square": square, "beats": beats, "silence": silence}


class Host:
    def __init__(self, names):
        self.slots = [Slot(name) for name in names]
        self.to_open = queue.Queue()
        self.blocks = square()

    def open(self, index):
        self.to_open.put(index)
        signal.raise_signal(signal.SIGUSR1)

    def close(self, index):
        self.slots[index].close.set()

    def is_open(self, index):
        return self.slots[index].close is not None

    def set(self, index, name, value):
        self.slots[index].plugin.parameters[name].raw_value = value

    def watch(self, index, name):
        self.slots[index].watched = name
        self.slots[index].seen = []

    def seen(self, index):
        return self.slots[index].seen, self.slots[index].level

    def state(self, index):
        return base64.b64encode(self.slots[index].plugin.raw_state).decode()

    def set_state(self, index, text):
        self.slots[index].plugin.raw_state = base64.b64decode(text)

    def trim_memory(self):
        """Gives back to the system what is free: what is left is held by somebody."""
        ctypes.CDLL("libc.so.6").malloc_trim(0)

    def x_errors(self):
        return x_errors

    def play_this(self, programme):
        """Which of the programmes the plugins hear from now on."""
        self.blocks = PROGRAMMES[programme]()

    def show_next(self, *_):
        """Opens what is waiting to be opened, and stays until it is closed."""
        while not self.to_open.empty():
            slot = self.slots[self.to_open.get()]
            slot.close = threading.Event()
            slot.plugin.show_editor(slot.close)
            slot.close = None

    def play(self):
        due = time.monotonic()
        count = 0
        while True:
            due = max(due + BLOCK_FRAMES / RATE_HZ, time.monotonic() - 0.1)
            blocks = self.blocks
            for slot in self.slots:
                slot.process(blocks[count % len(blocks)])
            count += 1
            time.sleep(max(0.0, due - time.monotonic()))

    def listen(self):
        for line in sys.stdin:
            what, *arguments = json.loads(line)
            print("> " + json.dumps(getattr(self, what)(*arguments)), flush=True)
        # Whoever started this has gone.
        signal.raise_signal(signal.SIGTERM)


def main():
    xlib = ctypes.CDLL("libX11.so.6")
    xlib.XSetErrorHandler(note_x_error)
    # Plugins are made in the main thread, as hosts do.
    host = Host(sys.argv[1:])
    signal.signal(signal.SIGUSR1, host.show_next)
    for work in (host.play, host.listen):
        threading.Thread(target=work, daemon=True).start()
    while True:
        time.sleep(0.02)


if __name__ == "__main__":
    main()
