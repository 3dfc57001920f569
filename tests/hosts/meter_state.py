"""The history that Stem Meter keeps with a session, read from the plugin's state by what its
documentation says: differences in zigzag, seven bits a byte, deflated, in base64."""

import base64
import json
import zlib

import numpy

# What a step of momentary, short-term, integrated loudness, true peak and correlation is.
UNITS = (0.2, 0.1, 0.1, 0.2, 0.02)
NOTHING = -10_000


def history(state):
    """The five series of a state, NaN where there is nothing."""
    text = state[state.index(b'{"') :].decode("utf-8", "ignore")
    fields = json.JSONDecoder().raw_decode(text)[0]["fields"]
    packed = json.loads(fields["history"])
    raw = zlib.decompress(base64.b64decode(packed["data"]), wbits=-15)
    numbers, number, shift = [], 0, 0
    for byte in raw:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append((number >> 1) ^ -(number & 1))
            number, shift = 0, 0
    steps = numpy.cumsum(numpy.array(numbers).reshape(len(UNITS), packed["steps"]), axis=1)
    return numpy.where(steps == NOTHING, numpy.nan, steps * numpy.array(UNITS)[:, None])
