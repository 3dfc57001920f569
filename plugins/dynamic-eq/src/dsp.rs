//! The sound of Stem Dynamic EQ: the equaliser, with bypass, Delta, Match and Key Listen around it.

use shared_dsp::Processor;
use shared_dsp::dry_path::{DryPath, Monitor};
use shared_dsp::eq::{BANDS, DynamicEq, DynamicEqParams, auto_gain_db};
use support::{Orders, Reading};

/// What Stem Dynamic EQ shows: the move of every band, the level every band's curve reads, the duck of
/// every bell of Unmask, then the rest. See [`shown`].
pub const READINGS: &[Reading] = &{
    const fn reading(name: &'static str, unit: &'static str) -> Reading {
        Reading { name, unit }
    }
    let mut list = [reading("Move", "dB"); shown::COUNT];
    let mut index = shown::LEVEL;
    while index < shown::DUCK {
        list[index] = reading("Key level", "dB");
        index += 1;
    }
    while index < shown::KEY_FED {
        list[index] = reading("Duck", "dB");
        index += 1;
    }
    list[shown::KEY_FED] = reading("Key fed", "");
    list[shown::AUTO_GAIN] = reading("Auto gain", "dB");
    list[shown::VOICE] = reading("Voice", "");
    list[shown::VOICE_REFERENCE] = reading("Voice reference", "LUFS");
    list[shown::VOICE_LEVEL] = reading("Voice level", "LUFS");
    list[shown::DEEPEST_DUCK] = reading("Deepest duck", "dB");
    list[shown::BEFORE] = reading("Voice to music before, 2 to 4 kHz", "dB");
    list[shown::AFTER] = reading("Voice to music after, 2 to 4 kHz", "dB");
    list[shown::MEAN_DUCK] = reading("Mean duck", "dB");
    list[shown::DUCKED] = reading("Time ducked", "%");
    list[shown::ACTIVE_SECONDS] = reading("Voice heard for", "s");
    list
};

/// Indices of [`READINGS`].
pub mod shown {
    use shared_dsp::eq::BANDS;
    use shared_dsp::unmask::BANDS as BELLS;

    /// The move of the first band in dB; those of the others follow.
    pub const MOVE: usize = 0;
    /// The highest level the first band's curve read in the last sixtieth of a second, in dB: of its
    /// key, or the difference between stem and key. −200 where nothing listens. The others follow.
    pub const LEVEL: usize = MOVE + BANDS;
    /// The duck of Unmask's lowest bell in dB ≥ 0; those of the others follow.
    pub const DUCK: usize = LEVEL + BANDS;
    /// 1 when the key is fed, 0 when not.
    pub const KEY_FED: usize = DUCK + BELLS;
    /// What Auto Gain takes off, in dB, or would.
    pub const AUTO_GAIN: usize = KEY_FED + 1;
    /// How active the voice is, 0 to 1; 0 while nobody asks.
    pub const VOICE: usize = AUTO_GAIN + 1;
    /// Where the voice is as a whole, in LUFS.
    pub const VOICE_REFERENCE: usize = VOICE + 1;
    /// How loud the voice is now, over 200 ms, in LUFS; −200 while nobody asks.
    pub const VOICE_LEVEL: usize = VOICE_REFERENCE + 1;
    /// The deepest duck of all bells now, in dB ≥ 0.
    pub const DEEPEST_DUCK: usize = VOICE_LEVEL + 1;
    /// The voice against the music between 2 and 4 kHz as the stem came, in dB; no number before a
    /// voice was heard over music.
    pub const BEFORE: usize = DEEPEST_DUCK + 1;
    /// The same as the stem left.
    pub const AFTER: usize = BEFORE + 1;
    /// The mean of the deepest duck while the voice was active, in dB ≥ 0.
    pub const MEAN_DUCK: usize = AFTER + 1;
    /// For how much of the time in which the stem sounded it was ducked, in percent.
    pub const DUCKED: usize = MEAN_DUCK + 1;
    /// How long the voice was active, in seconds.
    pub const ACTIVE_SECONDS: usize = DUCKED + 1;
    /// How many there are.
    pub const COUNT: usize = ACTIVE_SECONDS + 1;
}

/// The readings the voice lane draws: whether the voice is there, and the duck.
pub const TRACED: &[usize] = &[shown::VOICE, shown::DEEPEST_DUCK];

/// The groups of readings that start over on their own, a bit each.
pub mod group {
    /// What came of Unmask.
    pub const OUTCOME: u32 = 1;
}

/// The settings of Stem Dynamic EQ in users' units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EqSettings {
    /// The equaliser's own.
    pub eq: DynamicEqParams,
    /// Whether the longest lookahead is added as latency, so that the gains may move before the key.
    pub lookahead: bool,
    /// What is listened to.
    pub monitor: Monitor,
}

impl EqSettings {
    /// Nothing done, nothing listened to, no latency.
    pub const DEFAULT: Self =
        Self { eq: DynamicEqParams::DEFAULT, lookahead: false, monitor: Monitor::OFF };
}

/// The processor of Stem Dynamic EQ.
#[derive(Debug)]
pub struct StemDynamicEqDsp {
    settings: EqSettings,
    sample_rate_hz: f64,
    eq: DynamicEq,
    dry: DryPath,
    /// Whether an editor is open: what Auto Gain would do takes a design of all bands.
    is_watched: bool,
}

impl Default for StemDynamicEqDsp {
    fn default() -> Self {
        Self {
            settings: EqSettings::DEFAULT,
            sample_rate_hz: 48_000.0,
            eq: DynamicEq::new(),
            dry: DryPath::new().matching().keyed(),
            is_watched: true,
        }
    }
}

impl StemDynamicEqDsp {
    /// Hands over the readings of [`TRACED`] by their index in [`READINGS`].
    pub fn publish_traced(&self, mut set: impl FnMut(usize, f32)) {
        let [voice, deepest_db] = self.eq.voice_and_duck();
        set(shown::VOICE, voice as f32);
        set(shown::DEEPEST_DUCK, deepest_db as f32);
    }

    /// Hands over the other readings by their index in [`READINGS`].
    pub fn publish(&self, mut set: impl FnMut(usize, f32)) {
        let readings = self.eq.readings();
        for band in 0..BANDS {
            set(shown::MOVE + band, readings.move_db[band] as f32);
            set(shown::LEVEL + band, readings.level_db[band] as f32);
        }
        for (bell, duck_db) in readings.unmask.duck_db.into_iter().enumerate() {
            set(shown::DUCK + bell, duck_db as f32);
        }
        set(shown::KEY_FED, if readings.key_is_fed { 1.0 } else { 0.0 });
        if self.is_watched {
            let auto_db = auto_gain_db(&self.settings.eq.bands, self.sample_rate_hz);
            set(shown::AUTO_GAIN, auto_db as f32);
        }
        set(shown::VOICE_REFERENCE, readings.voice_reference_lufs as f32);
        set(shown::VOICE_LEVEL, readings.voice_level_lufs.max(-200.0) as f32);
        let outcome = readings.unmask.outcome;
        let number = |db: Option<f64>| db.map_or(f32::NAN, |db| db as f32);
        set(shown::BEFORE, number(outcome.voice_to_music_before_db));
        set(shown::AFTER, number(outcome.voice_to_music_after_db));
        set(shown::MEAN_DUCK, outcome.mean_duck_db as f32);
        set(shown::DUCKED, (100.0 * outcome.ducked) as f32);
        set(shown::ACTIVE_SECONDS, outcome.active_seconds.floor() as f32);
    }

    /// Does what the editor wants of the measurements; the groups are those of [`group`].
    pub fn obey(&mut self, orders: Orders) {
        self.is_watched = orders.watched;
        if orders.restart & group::OUTCOME != 0 {
            self.eq.reset_outcome();
        }
    }

    /// The gain Match holds, in dB; none while it is off or has nothing to hold yet.
    pub fn match_db(&self) -> Option<f64> {
        self.dry.match_db()
    }

    fn apply(&mut self) {
        let EqSettings { eq, lookahead, .. } = self.settings;
        self.eq.set_params(&eq);
        self.eq.set_lookahead(lookahead);
        self.dry.set_latency(self.eq.latency_samples());
    }
}

impl Processor for StemDynamicEqDsp {
    type Params = EqSettings;

    fn prepare(&mut self, sample_rate_hz: f64, max_block_len: usize) {
        self.sample_rate_hz = sample_rate_hz;
        self.eq.prepare(sample_rate_hz, max_block_len);
        self.eq.set_lookahead(true);
        self.dry.prepare(sample_rate_hz, max_block_len, self.eq.latency_samples());
        self.apply();
    }

    fn set_params(&mut self, settings: &EqSettings) {
        if self.settings != *settings {
            self.settings = *settings;
            self.apply();
        }
    }

    fn reset(&mut self) {
        self.eq.reset();
        self.dry.reset();
    }

    fn latency_samples(&self) -> usize {
        self.eq.latency_samples()
    }

    fn process(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]]) {
        self.dry.capture_keyed(audio, key);
        self.eq.process(audio, key);
        self.dry.finish(audio, self.settings.monitor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_dsp::contract::programme;
    use shared_dsp::eq::{BandParams, BandType, KeyFilter, KeySource, Listen, Placement};
    use shared_dsp::unmask::UnmaskParams;

    /// A bell that is ducked by the key, whatever the key's level.
    const DUCK: BandParams = BandParams {
        on: true,
        frequency_hz: 2830.0,
        q: 1.41,
        range_db: -4.0,
        threshold_db: -60.0,
        ratio: 100.0,
        knee_db: 0.0,
        key_source: KeySource::External,
        key_filter: KeyFilter::Off,
        ..BandParams::DEFAULT
    };
    const SHELF: BandParams = BandParams {
        on: true,
        band_type: BandType::HighShelf,
        frequency_hz: 6000.0,
        gain_db: 3.0,
        placement: Placement::Side,
        ..BandParams::DEFAULT
    };

    const fn with(bands: &[BandParams]) -> EqSettings {
        let mut eq = DynamicEqParams::DEFAULT;
        let mut band = 0;
        while band < bands.len() {
            eq.bands[band] = bands[band];
            band += 1;
        }
        EqSettings { eq, ..EqSettings::DEFAULT }
    }

    /// Unmask beside a band that the voice moves.
    const fn unmasked() -> EqSettings {
        let busy = with(&[BandParams { key_source: KeySource::Voice, ..DUCK }]);
        let unmask = UnmaskParams { on: true, depth_db: 6.0, ..UnmaskParams::DEFAULT };
        EqSettings { eq: DynamicEqParams { unmask, ..busy.eq }, ..busy }
    }

    const fn listening(monitor: Monitor, listen: Option<Listen>) -> EqSettings {
        let busy = with(&[DUCK, SHELF]);
        EqSettings { eq: DynamicEqParams { listen, ..busy.eq }, monitor, ..busy }
    }

    const DELTA: Monitor = Monitor { delta: true, ..Monitor::OFF };
    const BYPASS: Monitor = Monitor { bypass: true, ..Monitor::OFF };

    shared_dsp::contract! {
        mod contract_of_stem_dynamic_eq;
        new: StemDynamicEqDsp::default,
        settings: [
            EqSettings::DEFAULT,
            with(&[DUCK, SHELF]),
            unmasked(),
            listening(DELTA, None),
            listening(Monitor { matched: true, ..Monitor::OFF }, None),
            listening(Monitor { key: true, ..Monitor::OFF }, None),
            listening(BYPASS, None),
            listening(Monitor::OFF, Some(Listen::Solo(0))),
            listening(Monitor::OFF, Some(Listen::Key(0))),
        ],
    }

    const fn ahead(settings: &EqSettings) -> EqSettings {
        EqSettings { lookahead: true, ..*settings }
    }

    shared_dsp::contract! {
        mod contract_with_lookahead;
        new: StemDynamicEqDsp::default,
        settings: [
            ahead(&EqSettings::DEFAULT),
            ahead(&with(&[DUCK, SHELF])),
            ahead(&unmasked()),
            ahead(&listening(DELTA, None)),
            ahead(&listening(BYPASS, None)),
        ],
    }

    const RATE: f64 = 48_000.0;

    fn prepared(settings: &EqSettings) -> StemDynamicEqDsp {
        let mut dsp = StemDynamicEqDsp::default();
        dsp.prepare(RATE, 480);
        dsp.set_params(settings);
        dsp
    }

    fn tone(hz: f64, amplitude: f64, from: usize) -> [f32; 480] {
        std::array::from_fn(|n| {
            (amplitude * (std::f64::consts::TAU * hz * (from + n) as f64 / RATE).sin()) as f32
        })
    }

    fn read(dsp: &StemDynamicEqDsp) -> Vec<f32> {
        let mut readings = vec![f32::NAN; READINGS.len()];
        dsp.publish_traced(|index, value| readings[index] = value);
        dsp.publish(|index, value| {
            assert!(!TRACED.contains(&index), "{index} is published twice");
            readings[index] = value;
        });
        readings
    }

    #[test]
    fn every_reading_is_published_and_says_what_happens() {
        let mut dsp = prepared(&with(&[DUCK, SHELF]));
        // But for what a voice over music has to be heard for first.
        let unheard = [shown::BEFORE, shown::AFTER];
        for (index, value) in read(&dsp).into_iter().enumerate() {
            assert_eq!(value.is_finite(), !unheard.contains(&index), "{index}");
        }
        assert_eq!(read(&dsp)[shown::KEY_FED], 0.0);
        for block in 0..100 {
            let (mut audio, key) = (tone(440.0, 0.1, block * 480), tone(990.0, 0.25, block * 480));
            dsp.process(&mut [&mut audio], &[&key]);
        }
        let readings = read(&dsp);
        assert!((readings[shown::MOVE] + 4.0).abs() < 0.01, "{}", readings[shown::MOVE]);
        assert!((readings[shown::LEVEL] + 12.04).abs() < 0.1, "{}", readings[shown::LEVEL]);
        assert_eq!(readings[shown::MOVE + 1], 0.0);
        assert_eq!(readings[shown::KEY_FED], 1.0);
        assert!(readings[shown::AUTO_GAIN] < 0.0);
    }

    #[test]
    fn unmask_says_what_came_of_it_until_that_starts_over() {
        let unmask = UnmaskParams { on: true, ..UnmaskParams::DEFAULT };
        let eq = DynamicEqParams { unmask, ..DynamicEqParams::DEFAULT };
        let mut dsp = prepared(&EqSettings { eq, ..EqSettings::DEFAULT });
        let mut deepest = 0f32;
        for block in 0..300 {
            // A voice on its own band, under music that covers it.
            let (mut audio, key) = (tone(2500.0, 0.3, block * 480), tone(2500.0, 0.1, block * 480));
            dsp.process(&mut [&mut audio], &[&key]);
            deepest = deepest.max(read(&dsp)[shown::DEEPEST_DUCK]);
        }
        let readings = read(&dsp);
        assert!((deepest - 3.0).abs() < 0.5, "{deepest} dB");
        assert_eq!(readings[shown::VOICE], 1.0);
        assert!((readings[shown::BEFORE] + 9.54).abs() < 0.2, "{}", readings[shown::BEFORE]);
        let gained = readings[shown::AFTER] - readings[shown::BEFORE];
        assert!((2.0..3.5).contains(&gained), "{gained} dB");
        assert!(readings[shown::DUCKED] > 90.0 && readings[shown::MEAN_DUCK] > 2.0);
        assert!(readings[shown::ACTIVE_SECONDS] >= 2.0);
        dsp.obey(Orders { restart: group::OUTCOME, ..Orders::default() });
        let restarted = read(&dsp);
        assert!(restarted[shown::BEFORE].is_nan() && restarted[shown::ACTIVE_SECONDS] == 0.0);
    }

    #[test]
    fn the_lookahead_switch_is_twenty_milliseconds_of_latency_and_nothing_else() {
        let ahead = EqSettings { lookahead: true, ..EqSettings::DEFAULT };
        let mut dsp = prepared(&EqSettings::DEFAULT);
        assert_eq!(dsp.latency_samples(), 0);
        dsp.set_params(&ahead);
        assert_eq!(dsp.latency_samples(), 960);
        let mut output = Vec::new();
        for block in 0..10 {
            let mut audio = tone(440.0, 0.1, block * 480);
            dsp.process(&mut [&mut audio], &[]);
            output.extend(audio);
        }
        let input: Vec<f32> = (0..10).flat_map(|block| tone(440.0, 0.1, block * 480)).collect();
        assert!(output[..960].iter().all(|x| *x == 0.0));
        assert_eq!(output[960..], input[..input.len() - 960]);
        dsp.set_params(&EqSettings::DEFAULT);
        assert_eq!(dsp.latency_samples(), 0);
    }

    #[test]
    fn matched_it_is_as_loud_as_bypassed() {
        let louder =
            BandParams { on: true, frequency_hz: 440.0, gain_db: 9.0, ..BandParams::DEFAULT };
        let mut dsp = prepared(&with(&[louder]));
        for block in 0..800 {
            if block == 500 {
                let monitor = Monitor { matched: true, ..Monitor::OFF };
                dsp.set_params(&EqSettings { monitor, ..with(&[louder]) });
            }
            dsp.process(&mut [&mut tone(440.0, 0.1, block * 480)], &[]);
        }
        let held_db = dsp.match_db().expect("a gain is held");
        assert!((held_db + 9.0).abs() < 0.1, "{held_db} dB");
    }

    #[test]
    fn dry_and_delta_sum_to_wet() {
        let mut bands = [DUCK; BANDS];
        for (n, band) in bands.iter_mut().enumerate() {
            (band.frequency_hz, band.gain_db) = (80.0 * 2f64.powi(n as i32), 3.0);
            (band.placement, band.band_type) = (Placement::ALL[n % 5], BandType::ALL[n % 4]);
            band.range_db = -6.0;
        }
        let unmask = UnmaskParams { on: true, depth_db: 6.0, ..UnmaskParams::DEFAULT };
        let eq = DynamicEqParams { unmask, ..with(&bands).eq };
        let [stem, key] = [9, 10].map(|seed| programme(seed, 2, RATE));
        for lookahead in [false, true] {
            let [wet, dry, delta] = [Monitor::OFF, BYPASS, DELTA].map(|monitor| {
                let mut dsp = prepared(&EqSettings { eq, lookahead, monitor });
                let [mut left, mut right] = [stem[0].clone(), stem[1].clone()];
                let pieces = left.chunks_mut(480).zip(right.chunks_mut(480));
                let keys = key[0].chunks(480).zip(key[1].chunks(480));
                for ((left, right), (first, second)) in pieces.zip(keys) {
                    dsp.process(&mut [left, right], &[first, second]);
                }
                [left, right]
            });
            assert!(wet != dry);
            for c in 0..2 {
                for n in 0..wet[c].len() {
                    let rest = f64::from(dry[c][n]) + f64::from(delta[c][n]) - f64::from(wet[c][n]);
                    // Half a rounding of the largest number: below −140 dBFS for what is below 0.
                    assert!(rest.abs() <= 1e-7 * f64::from(delta[c][n]).abs().max(1.0), "{rest:e}");
                }
            }
        }
    }

    #[test]
    fn without_a_key_nothing_moves() {
        let mut dsp = prepared(&unmasked());
        for key in [&[][..], &[&[0.0f32; 480][..]], &[&[][..]]] {
            for block in 0..20 {
                let input = tone(2830.0, 0.1, block * 480);
                let mut audio = input;
                dsp.process(&mut [&mut audio], key);
                assert_eq!(audio, input);
            }
            assert_eq!(read(&dsp)[shown::KEY_FED], 0.0);
        }
    }
}
