"""Speaks a text with libespeak-ng and tells when it speaks each phoneme.

usage: python3 espeak.py VOICE TEXT SAMPLES

Writes 16-bit mono samples of the machine's byte order to the file SAMPLES. Prints the sample rate in
Hz, then a line for each phoneme: its start in ms and its name, of which pauses have none but `_`, `:`,
`!` and the like; at last the end in ms and `end`. Exit status 3: the library is not there.
"""

import ctypes
import ctypes.util
import sys

RETRIEVAL, PHONEME_EVENTS, UTF_8, POSITION_CHARACTER = 1, 1, 1, 1
LIST_TERMINATED, PHONEME = 0, 7


class Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position_ms", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("name", ctypes.c_char * 8),
    ]


def main(voice, text, samples_path):
    try:
        espeak = ctypes.CDLL(ctypes.util.find_library("espeak-ng") or "libespeak-ng.so.1")
    except OSError as error:
        print(error, file=sys.stderr)
        return 3
    rate = espeak.espeak_Initialize(RETRIEVAL, 500, None, PHONEME_EVENTS)
    if rate <= 0 or espeak.espeak_SetVoiceByName(voice.encode()) != 0:
        print(f"espeak-ng cannot speak as {voice}", file=sys.stderr)
        return 1
    spoken, phonemes = bytearray(), []

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))
    def heard(wav, count, events):
        if wav and count > 0:
            spoken.extend(ctypes.string_at(wav, 2 * count))
        n = 0
        while events[n].type != LIST_TERMINATED:
            if events[n].type == PHONEME:
                phonemes.append((events[n].audio_position_ms, events[n].name.decode("utf-8", "replace")))
            n += 1
        return 0

    espeak.espeak_SetSynthCallback(heard)
    encoded = text.encode() + b"\0"
    espeak.espeak_Synth(encoded, len(encoded), 0, POSITION_CHARACTER, 0, UTF_8, None, None)
    espeak.espeak_Synchronize()
    with open(samples_path, "wb") as file:
        file.write(spoken)
    print(rate)
    for start_ms, name in phonemes:
        print(start_ms, name or "_")
    print(1000 * len(spoken) // 2 // rate, "end")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
