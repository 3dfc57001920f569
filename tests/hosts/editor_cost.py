"""What an open editor costs the host's process on software OpenGL: `editor_cost.py [SECONDS]`.

A host (`window_host.py`) plays to one plugin at a time, in real time, and its threads' processor time is
read from /proc: with the editor closed, open while every level moves, and open in silence. With `perf`
the window's thread is also sampled, and its time told apart by library: ours (with egui), the driver's.

It is no test: numbers depend on the machine. Bundles as in the tests (`cargo xtask bundle --release`).
"""

import collections
import os
import pathlib
import shutil
import subprocess
import sys
import time

import places
import window_client

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
SETTLE_S = 4.0
# What Mesa calls the threads of its rasteriser.
RASTERISER = "llvmpipe"


def threads(process):
    """Every thread's name and processor time in seconds, by its id."""
    found = {}
    for task in pathlib.Path(f"/proc/{process}/task").iterdir():
        try:
            text = (task / "stat").read_text()
        except FileNotFoundError:
            continue
        name, rest = text[text.index("(") + 1 :].rsplit(")", 1)
        user, system = rest.split()[11:13]
        found[int(task.name)] = (name, (int(user) + int(system)) / TICKS_PER_S)
    return found


def shares(process, seconds):
    """Each thread's share of a core over some seconds, in percent, by its id and name."""
    before, begin = threads(process), time.monotonic()
    time.sleep(seconds)
    after, passed = threads(process), time.monotonic() - begin
    return {
        (task, name): 100.0 * (spent - before.get(task, (name, 0.0))[1]) / passed
        for task, (name, spent) in after.items()
    }


def by_library(task, seconds):
    """How a thread's time is spent, in percent of it, by library; empty without perf."""
    if shutil.which("perf") is None:
        return {}
    data = places.SCRATCH / "editor-cost.perf"
    data.parent.mkdir(parents=True, exist_ok=True)
    record = ["perf", "record", "-q", "-e", "cpu-clock", "-F", "999", "-t", str(task), "-o", str(data)]
    recorded = subprocess.run([*record, "--", "sleep", str(seconds)], capture_output=True)
    if recorded.returncode != 0:
        return {}
    report = ["perf", "report", "-i", str(data), "--sort", "dso", "--stdio", "-q"]
    text = subprocess.run(report, capture_output=True, text=True).stdout
    rows = (line.split(None, 1) for line in text.splitlines() if "%" in line)
    return {library.strip(): float(share.rstrip("%")) for share, library in rows}


def tell(what, found, names=()):
    total = sum(found.values())
    rasteriser = sum(share for (_, name), share in found.items() if name.startswith(RASTERISER))
    rest = {key: share for key, share in found.items() if not key[1].startswith(RASTERISER)}
    busy = sorted(rest.items(), key=lambda item: -item[1])[:4]
    parts = ", ".join(f"{name}/{task} {share:.2f}" for (task, name), share in busy)
    print(f"{what:<28} {total:6.2f} % of a core; rasteriser {rasteriser:.2f}; {parts}", flush=True)


def measure(plugin, seconds):
    with window_client.running(plugin) as host:
        process = host.process.pid
        host.ask("play_this", "beats")
        time.sleep(SETTLE_S)
        known = set(threads(process))
        tell(f"{plugin}, closed", shares(process, seconds))
        host.open(0)
        if not window_client.until(lambda: host.colours(0) > 20):
            raise AssertionError("the window is empty")
        time.sleep(SETTLE_S)
        moving = shares(process, seconds)
        tell(f"{plugin}, open", moving)
        ours = {key: share for key, share in moving.items() if key[0] not in known}
        window = max(
            ((task, share) for (task, name), share in ours.items() if not name.startswith(RASTERISER)),
            key=lambda item: item[1],
        )[0]
        libraries = collections.Counter(by_library(window, seconds))
        for library, share in libraries.most_common(8):
            print(f"    {share:5.1f} % of the window's thread: {library}")
        host.ask("play_this", "silence")
        # Held peaks fall, the history scrolls out.
        time.sleep(20.0)
        tell(f"{plugin}, open in silence", shares(process, seconds))
        host.close(0)


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    for plugin in (places.TRIM, places.EQ, places.COMPRESSOR, places.DE_ESSER, places.LIMITER,
                   places.METER):
        measure(plugin, seconds)


if __name__ == "__main__":
    main()
