"""A display nobody sees: Xvfb with a window manager, and a look at what is on it."""

import contextlib
import os
import subprocess
import time

import numpy

SIZE = "1600x1000x24"


@contextlib.contextmanager
def running():
    """Starts the display and its window manager; gives the environment that shows windows there."""
    read_end, write_end = os.pipe()
    # Xvfb picks a free number itself and writes it down once it is ready.
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", SIZE, "-nolisten", "tcp"]
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
        yield environment
    finally:
        for process in filter(None, (manager, server)):
            end(process)


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
