"""Where bundles, command, recordings and scratch files lie."""

import functools
import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("STEMWRIGHT_TARGET", ROOT / "target"))
BUNDLES = pathlib.Path(os.environ.get("STEMWRIGHT_PLUGINS", TARGET / "bundled"))
COMMAND = pathlib.Path(os.environ.get("STEMWRIGHT_COMMAND", TARGET / "release" / "stemwright"))
RECORDINGS = (ROOT / ".." / "shared" / "audio").resolve()
SCRATCH = TARGET / "hosts"
SCREENSHOTS = TARGET / "screenshots"

TRIM = "Stem Trim"
EQ = "Stem Dynamic EQ"
COMPRESSOR = "Stem Bus Compressor"
DE_ESSER = "Stem De-Esser"
LIMITER = "Stem Limiter"
METER = "Stem Meter"
IDS = {
    TRIM: "org.stemwright.stem-trim",
    EQ: "org.stemwright.dynamic-eq",
    COMPRESSOR: "org.stemwright.bus-compressor",
    DE_ESSER: "org.stemwright.de-esser",
    LIMITER: "org.stemwright.limiter",
    METER: "org.stemwright.meter",
}


def vst3(plugin):
    """The VST3 bundle of `plugin`."""
    bundle = BUNDLES / f"{plugin}.vst3"
    if not bundle.exists():
        raise FileNotFoundError(f"{bundle}: run `cargo xtask bundle --release` first")
    return str(bundle)


@functools.cache
def demo():
    """The demo session's folder, synthesised on first use."""
    folder = SCRATCH / "demo"
    # Nothing is overwritten: an earlier one makes room.
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([COMMAND, "demo", folder], check=True, stdout=subprocess.DEVNULL)
    return folder


def stem(folder, number):
    """The stem of a session with this number."""
    (found,) = pathlib.Path(folder).glob(f"*_Stem_{number:02}_*.wav")
    return found


def stems(folder):
    """A session's stems, in order."""
    return sorted(pathlib.Path(folder).glob("*_Stem_*.wav"))
