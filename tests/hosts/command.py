"""The `stemwright` command: the CLAP side of every comparison."""

import json
import pathlib
import subprocess
import tempfile

import audio
import places


class Render:
    """A finished render: its master as float32 or as written, and its report."""

    def __init__(self, folder):
        self.report = json.loads((folder / "report.json").read_text())
        self.path = folder / self.report["master"]["file"]
        self.master, self.rate_hz = audio.read(self.path)

    def plugin(self, name):
        """What the report says of the one plugin of this name."""
        (found,) = [entry for entry in self.report["plugins"] if entry["name"] == name]
        return found

    def settings(self, name):
        """The plugin's parameters by name, normalised: what a VST3 host is given."""
        return {entry["name"]: entry["normalised"] for entry in self.plugin(name)["parameters"]}


    def prints(self, kind=None):
        """What the report says of every print, or of those of one kind."""
        return [entry for entry in self.report["prints"] if kind in (None, entry["kind"])]

    def version(self, name):
        """The file of a version, as plugins name it."""
        (found,) = [entry for entry in self.prints() if entry.get("version") == name]
        return self.path.with_name(found["file"])


def words(path, out, *options):
    """The words of `stemwright render` on a folder or session file."""
    known = [places.COMMAND, "render", path, "--plugins", places.BUNDLES, "--out", out]
    return [str(word) for word in [*known, *options]]


def attempt(path, out, *options, **how):
    """Runs `stemwright render`, whatever comes of it: its exit status and its words."""
    return subprocess.run(words(path, out, *options), capture_output=True, text=True, **how)


def render(path, out, *options):
    """Runs `stemwright render` on a folder or session file."""
    done = attempt(path, out, *options)
    if done.returncode != 0:
        raise RuntimeError(f"stemwright render {path}: {done.stderr.strip()}")
    return Render(pathlib.Path(out))


def check(path):
    """Runs `stemwright check`: its exit status and its report."""
    done = subprocess.run([places.COMMAND, "check", path, "--json"], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"stemwright check {path}: {done.stderr.strip()}")
    return done.returncode, json.loads(done.stdout)


def through_clap(plugin, params, main, key=None, rate_hz=audio.SAMPLE_RATE_HZ):
    """`main` through one CLAP, keyed by `key` if given; latency is compensated."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        audio.write(folder / "Main.wav", main, rate_hz)
        lines = ["schema = 1", 'name = "Host test"']
        lines += ["[[stem]]", 'file = "Main.wav"', 'name = "Main"', 'role = "Other"']
        lines += ["[[stem.insert]]", f'plugin = "{places.IDS[plugin]}"']
        if key is not None:
            lines.append('key = "Key"')
        values = ", ".join(f"{json.dumps(name)} = {_toml(value)}" for name, value in params.items())
        lines.append(f"params = {{ {values} }}")
        if key is not None:
            audio.write(folder / "Key.wav", key, rate_hz)
            lines += ["[[stem]]", 'file = "Key.wav"', 'name = "Key"', 'role = "Other"', 'to = "none"']
        session = folder / "session.toml"
        session.write_text("\n".join(lines) + "\n")
        return render(session, folder / "out", "--depth", "32f")


def _toml(value):
    # JSON's strings, numbers and booleans are TOML's too.
    return json.dumps(value)
