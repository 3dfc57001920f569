"""The VST3 bundles in DawDreamer."""

import dawdreamer
import numpy

import places

BLOCK_FRAMES = 256


class Plugin:
    """One VST3 in an engine of its own."""

    def __init__(self, name, rate_hz=48_000, block_frames=BLOCK_FRAMES):
        self.rate_hz = rate_hz
        self.engine = dawdreamer.RenderEngine(rate_hz, block_frames)
        self.processor = self.engine.make_plugin_processor("plugin", places.vst3(name))
        described = self.processor.get_parameters_description()
        self.indices = {entry["name"]: entry["index"] for entry in described}

    def set(self, values):
        """Sets parameters by name to normalised values."""
        for name, value in values.items():
            if name not in self.indices:
                raise KeyError(f"no parameter {name!r} among {sorted(self.indices)}")
            self.processor.set_parameter(self.indices[name], value)

    def set_text(self, values):
        """Sets parameters by name to what they should show, found among the values they have."""
        for name, text in values.items():
            self.set({name: self._normalised(name, text)})

    def set_nearest(self, name, value):
        """Sets a parameter to the value whose text begins with the number nearest to `value`."""
        low, high = 0.0, 1.0
        for _ in range(24):
            middle = (low + high) / 2
            self.set({name: middle})
            low, high = (middle, high) if self.number(name) < value else (low, middle)
        self.set({name: high})

    def number(self, name):
        """The number a parameter shows, in the unit's own terms (1.2 s is 1200 ms)."""
        number, _, unit = self.text(name).partition(" ")
        return float(number) * (1000.0 if unit in ("s", "kHz") else 1.0)

    def text(self, name):
        """What a parameter shows."""
        return self.processor.get_parameter_text(self.indices[name])

    def _normalised(self, name, text):
        """The normalised value whose text is `text`, for a parameter of few steps."""
        for steps in range(1, 65):
            for step in range(steps + 1):
                value = step / steps
                self.set({name: value})
                if self.text(name) == text:
                    return value
        raise ValueError(f"{name} never shows {text!r}")

    def latency_frames(self):
        """The latency it reports."""
        return self.processor.get_latency_samples()

    def process(self, main, key=None):
        """What comes out for `main`, the key bus fed with `key` if given. Latency is left in."""
        inputs = ["main"] if key is None else ["main", "key"]
        graph = [(self._player("main", main), [])]
        if key is not None:
            graph.append((self._player("key", key), []))
        graph.append((self.processor, inputs))
        # Settings reach a plugin with its first block: let them settle on silence first, so that
        # no ramp towards them is heard in the second run.
        silence = numpy.zeros_like(main)
        self.engine.load_graph([(self._player("settle", silence), []), (self.processor, ["settle"])])
        self.engine.render(0.2)
        self.engine.load_graph(graph)
        frames = main.shape[1]
        self.engine.render(frames / self.rate_hz)
        out = self.engine.get_audio()
        return numpy.ascontiguousarray(out[:2, :frames], dtype=numpy.float32)

    def _player(self, name, samples):
        return self.engine.make_playback_processor(name, samples.astype(numpy.float32))
