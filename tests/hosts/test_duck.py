"""A stem makes room for another: Stem Dynamic EQ keyed from outside takes back what was asked for
while the key speaks, and is bit for bit its input in the pauses after release. In DawDreamer (VST3)
and through `stemwright` (CLAP), measured by scipy and numpy alone."""

import unittest

import numpy
from scipy import signal

import audio
import command
import needs
import places
import vst3_host

RATE_HZ = audio.SAMPLE_RATE_HZ
RANGE_DB = -4.0
THRESHOLD_DB = -50.0
RELEASE_MS = 20.0
# A move is gone, to the last bit, within twelve releases.
AT_REST_S = 12 * RELEASE_MS * 1e-3
DUCK = {
    "Band 6 On": True,
    "Band 6 Frequency": "2.83 kHz",
    "Band 6 Q": 1.41,
    "Band 6 Range": f"{RANGE_DB} dB",
    "Band 6 Key": "External",
    "Band 6 Key Filter": "Off",
    "Band 6 Threshold": f"{THRESHOLD_DB} dB",
    "Band 6 Ratio": "100:1",
    "Band 6 Knee": "0 dB",
    "Band 6 Attack": "5 ms",
    "Band 6 Release": f"{RELEASE_MS} ms",
}


def through_vst3(clap, main, key):
    """`main` through the VST3 at the CLAP's settings, without its latency."""
    plugin = vst3_host.Plugin(places.EQ)
    plugin.set(clap.settings(places.EQ))
    assert plugin.latency_frames() == 0
    return plugin.process(main, key)


def both(main, key):
    """`main` ducked by `key`, by either host."""
    clap = command.through_clap(places.EQ, DUCK, main, key)
    return {"CLAP": clap.master, "VST3": through_vst3(clap, main, key)}


def long_pauses(key):
    """Where the key has been below the threshold for so long that all moves have ended."""
    speaks = numpy.max(numpy.abs(key), axis=0) > 10 ** ((THRESHOLD_DB - 1) / 20)
    frames = numpy.arange(len(speaks))
    last = numpy.maximum.accumulate(numpy.where(speaks, frames, -(10**9)))
    return frames - last > AT_REST_S * RATE_HZ


class OnTones(unittest.TestCase):
    """Steady tones under a key that comes and goes every second."""

    TONES_HZ = (250, 2830, 12_000)

    def test_the_range_is_what_is_taken(self):
        time = numpy.arange(4 * RATE_HZ) / RATE_HZ
        tones = sum(0.1 * numpy.sin(2 * numpy.pi * hz * time) for hz in self.TONES_HZ)
        main = numpy.stack([tones, tones]).astype(numpy.float32)
        speaks = (time % 2) >= 1
        key = (audio.noise(5, len(time)) * speaks).astype(numpy.float32)
        for host, out in both(main, key).items():
            with self.subTest(host=host):
                # The last half second of a second of key: settled.
                ducked = slice(int(1.5 * RATE_HZ), 2 * RATE_HZ)
                gains = {
                    hz: self.gain_db(main[0, ducked], out[0, ducked], hz) for hz in self.TONES_HZ
                }
                print(f"\n   {host}: {', '.join(f'{hz} Hz {db:+.3f} dB' for hz, db in gains.items())}", end="")
                self.assertAlmostEqual(gains[2830], RANGE_DB, delta=0.05)
                self.assertAlmostEqual(gains[250], 0.0, delta=0.1)
                self.assertAlmostEqual(gains[12_000], 0.0, delta=0.2)
                rests = slice(int(2.0 * RATE_HZ + AT_REST_S * RATE_HZ), 3 * RATE_HZ)
                numpy.testing.assert_array_equal(out[:, rests], main[:, rests])
                numpy.testing.assert_array_equal(out[:, :RATE_HZ], main[:, :RATE_HZ])

    def gain_db(self, before, after, hz):
        # Half a second holds whole periods of all tones.
        turn = numpy.exp(-2j * numpy.pi * hz * numpy.arange(len(before)) / RATE_HZ)
        return audio.db(abs(numpy.dot(after, turn)) / abs(numpy.dot(before, turn)))


class OnMusic(unittest.TestCase):
    def check(self, folder, music, voice):
        main, key = (audio.read(places.stem(folder, number))[0] for number in (music, voice))
        outs = both(main, key)
        numpy.testing.assert_array_equal(audio.normal(outs["VST3"]), audio.normal(outs["CLAP"]))
        rests = long_pauses(key)
        band = signal.butter(4, (2600, 3100), "bandpass", fs=RATE_HZ, output="sos")
        level = numpy.sqrt(signal.lfilter([1 / 480], [1, 1 / 480 - 1], numpy.max(key**2, axis=0)))
        # Well above the threshold for a while: the whole range is in.
        loud = signal.lfilter(numpy.ones(9600) / 9600, [1], level > 10 ** ((THRESHOLD_DB + 12) / 20))
        full = loud > 0.999
        self.assertGreater(full.sum(), RATE_HZ)
        for host, out in outs.items():
            with self.subTest(host=host):
                before, after = (signal.sosfilt(band, x)[:, full] for x in (main, out))
                taken_db = audio.rms_db(after) - audio.rms_db(before)
                print(
                    f"\n   {folder.name}, {host}: {taken_db:+.2f} dB around 2.83 kHz while the voice "
                    f"speaks, bit-exact in {rests.mean():.0%} of the time",
                    end="",
                )
                # The band is not a point: its edges are taken back by a little less.
                self.assertLess(taken_db, 0.93 * RANGE_DB)
                self.assertGreaterEqual(taken_db, RANGE_DB - 0.05)
                numpy.testing.assert_array_equal(out[:, rests], main[:, rests])

    def test_demo(self):
        self.check(places.demo(), 3, 4)

    @needs.recordings
    def test_song(self):
        self.check(places.RECORDINGS / "song", 3, 4)

    @needs.recordings
    def test_podcast(self):
        self.check(places.RECORDINGS / "podcast", 2, 1)


if __name__ == "__main__":
    unittest.main()
