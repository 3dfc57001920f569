"""A display nobody sees: Xvfb with a window manager, and a look at what is on it."""

import contextlib
import os
import subprocess
import time

import numpy

SIZE = "1600x1000x24"
DRAG_STEPS = 8


@contextlib.contextmanager
def running(size=SIZE):
    """Starts the display and its window manager; gives the environment that shows windows there."""
    read_end, write_end = os.pipe()
    # Xvfb picks a free number itself and writes it down once it is ready.
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", size, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write_end], stderr=subprocess.DEVNULL)
    os.close(write_end)
    manager = None
    try:
        with os.fdopen(read_end) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        # Software rendering: what is drawn is the same on every machine.
        environment = os.environ | {"DISPLAY": f":{number}", "LIBGL_ALWAYS_SOFTWARE": "1"}
        manager = subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL)
        _wait_for(manager, environment)
        yield environment
    finally:
        for process in filter(None, (manager, server)):
            end(process)


def _wait_for(manager, environment, timeout_s=30):
    """Waits until the window manager has told the display of itself: a window that opens sooner looks
    for atoms that nobody has made yet, and its host goes down."""
    ask = ["xdotool", "get_num_desktops"]
    deadline = time.monotonic() + timeout_s
    while subprocess.run(ask, env=environment, capture_output=True).returncode != 0:
        if manager.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"openbox did not start; its status is {manager.poll()}")
        time.sleep(0.05)


def end(process):
    """Ends a process that we started."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for_window(title, environment, process, timeout_s=60):
    """The id of the visible window whose title holds `title`; None if `process` ends first."""
    search = ["xdotool", "search", "--onlyvisible", "--name", title]
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline and process.poll() is None:
        found = subprocess.run(search, env=environment, capture_output=True, text=True)
        if found.returncode == 0:
            return found.stdout.split()[0]
        time.sleep(0.25)
    return None


def windows(title, environment):
    """The ids of all visible windows whose title is `title`."""
    search = ["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"]
    found = subprocess.run(search, env=environment, capture_output=True, text=True)
    return found.stdout.split()


def size_of(window, environment):
    """Width and height of a window in pixels."""
    return tuple(_geometry(window, environment)[name] for name in ("WIDTH", "HEIGHT"))


def xdotool(environment, *words):
    """Runs one line of xdotool; gives what it says."""
    command = ["xdotool", *(str(word) for word in words)]
    ran = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
    return ran.stdout


def drag(window, start, by, environment):
    """Drags with the left button from a place in a window by some pixels, as slowly as a hand: a
    window that draws slowly has to see the button go down, the way, and the button go up."""
    xdotool(environment, "mousemove", "--window", window, *start)
    time.sleep(0.15)
    xdotool(environment, "mousedown", 1)
    for step in range(1, DRAG_STEPS + 1):
        time.sleep(0.05)
        x, y = (from_ + way * step // DRAG_STEPS for from_, way in zip(start, by))
        xdotool(environment, "mousemove", "--window", window, x, y)
    time.sleep(0.15)
    xdotool(environment, "mouseup", 1)


def _geometry(window, environment):
    text = xdotool(environment, "getwindowgeometry", "--shell", window)
    pairs = (line.split("=") for line in text.splitlines())
    return {name: int(value) for name, value in pairs}


def picture(window, environment):
    """What the window shows, as (height, width, 3) bytes."""
    command = ["import", "-window", window, "-depth", "8", "ppm:-"]
    ppm = subprocess.run(command, env=environment, capture_output=True, check=True).stdout
    # P6, width, height and 255 in whitespace-separated text, then the pixels.
    _, width, height, _ = (int(word.strip(b"P")) for word in ppm.split(maxsplit=4)[:4])
    pixels = numpy.frombuffer(ppm[-width * height * 3 :], numpy.uint8)
    return pixels.reshape(height, width, 3)


def save(window, path, environment):
    """What the window shows, as a PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["import", "-window", window, path], env=environment, check=True)
