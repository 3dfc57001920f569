"""What a test needs beyond Rust and Python, and what is said when it is not there.

A missing tool skips the test with the command that installs it; with `CI=true` it fails the test,
since a check that silently stops running is worse than none. The recordings are a different
matter: they never belong to the project, so without them the tests on them are not run anywhere.
"""

import os
import platform
import shutil
import unittest

import places

# Command, and the package that brings it: Debian's name, then Homebrew's.
FFMPEG = ("ffmpeg", "ffmpeg", "ffmpeg")
DISPLAY = [
    ("Xvfb", "xvfb", None),
    ("openbox", "openbox", None),
    ("xdotool", "xdotool", None),
    ("import", "imagemagick", None),
]


def tools(*wanted):
    """Decorator: the test needs these commands."""
    missing = [tool for tool in wanted if shutil.which(tool[0]) is None]
    if not missing:
        return lambda test: test
    reason = f"needs {', '.join(tool[0] for tool in missing)}; {_mend(missing)}"
    if os.environ.get("CI") == "true":
        return lambda test: _failing(test, reason)
    return unittest.skip(reason)


def virtual_display(test):
    """Decorator: the test opens a window that nobody has to see."""
    if platform.system() != "Linux":
        return unittest.skip("needs a virtual display, which Xvfb gives on Linux alone")(test)
    return tools(*DISPLAY)(test)


def recordings(test):
    """Decorator: the test needs the recorded sessions beside the workspace."""
    if places.RECORDINGS.is_dir():
        return test
    reason = f"needs the recorded sessions in {places.RECORDINGS}, which are not part of the project"
    return unittest.skip(reason)(test)


def _mend(missing):
    if platform.system() == "Darwin":
        return "`brew install " + " ".join(tool[2] or tool[1] for tool in missing) + "`"
    return "`sudo apt install " + " ".join(tool[1] for tool in missing) + "`"


def _failing(test, reason):
    """The test, or every test of the class, replaced by one that fails with `reason`."""

    def fail(self):
        self.fail(f"{reason} (CI=true makes a missing tool a failure)")

    if not isinstance(test, type):
        return fail
    names = unittest.defaultTestLoader.getTestCaseNames(test)
    return type(test.__name__, (test,), {"__module__": test.__module__} | dict.fromkeys(names, fail))
