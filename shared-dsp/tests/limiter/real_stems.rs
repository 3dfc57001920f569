//! Real stems driven 12 dB into the ceiling. The recordings are not part of the project: where they
//! are absent, the test says so.

use crate::meter::true_peak;
use crate::support::recordings;
use crate::{DRIVEN, limit};
use shared_dsp::limiter::{Detection, LimiterParams};

#[test]
fn the_ceiling_holds_on_real_stems() {
    let files = [recordings::of("song"), recordings::of("podcast")].concat();
    if files.is_empty() {
        println!("not run: the recordings of shared/audio are not beside the project");
        return;
    }
    for path in files {
        let [left, right] = recordings::read(&path);
        for (detection, lookahead_ms, release_ms) in [
            (Detection::Standard, 1.5, 50.0),
            (Detection::Standard, 0.5, 1.0),
            (Detection::Strict, 1.5, 50.0),
        ] {
            let params = LimiterParams { detection, lookahead_ms, release_ms, ..DRIVEN };
            for channel in limit(48_000.0, params, [&left, &right], None) {
                let over_db = 20.0 * true_peak(&channel).log10() - params.ceiling_db;
                let name = path.file_name().expect("a name").display();
                assert!(over_db <= 0.0, "{over_db:+.3} dB on {name} with {params:?}");
            }
        }
    }
}
