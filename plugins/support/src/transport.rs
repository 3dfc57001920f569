//! What the host's transport does, told before each block.
//!
//! A jump is a block that plays on from another place than where the last one ended, or a start from
//! elsewhere than where playback stopped. Hosts that give a position in seconds or beats round it, so
//! a hundredth of a second is no jump. A start from an unknown place counts as one.
//!
//! nice-plug cuts a host's block where parameters move, and gives the pieces a place of their own; but
//! where a CLAP host tells seconds and no tempo, all pieces get that of the first
//! (nice-plug wrapper/clap/wrapper.rs:2174). So the same place twice is no jump either.

/// The transport at the beginning of a block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Transport {
    /// Whether the host plays.
    pub playing: bool,
    /// Whether it has just started to.
    pub started: bool,
    /// Whether it plays on from another place.
    pub jumped: bool,
}

/// Follows the transport from block to block.
#[derive(Debug, Default)]
pub(crate) struct Follower {
    was_playing: bool,
    /// The place last told, and where the song goes on if nothing jumps, in samples.
    last: Option<[i64; 2]>,
}

/// What counts as no jump, in seconds.
const SLACK_S: f32 = 0.01;

impl Follower {
    /// The host begins a block of `samples`, at this place in the song if it says so.
    pub(crate) fn follow(
        &mut self,
        playing: bool,
        position: Option<i64>,
        samples: usize,
        rate_hz: f32,
    ) -> Transport {
        let started = playing && !self.was_playing;
        self.was_playing = playing;
        if !playing {
            return Transport::default();
        }
        let slack = (rate_hz * SLACK_S) as u64;
        let is_piece =
            !started && position.is_some() && position == self.last.map(|[told, _]| told);
        let jumped = match (position, self.last) {
            _ if is_piece => false,
            (Some(position), Some([_, next])) => position.abs_diff(next) > slack,
            _ => started,
        };
        self.last = position.map(|position| {
            let from = self.last.filter(|_| is_piece).map_or(position, |[_, next]| next);
            [position, from.saturating_add(samples as i64)]
        });
        Transport { playing, started, jumped }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAYS: Transport = Transport { playing: true, started: false, jumped: false };

    fn follow(
        follower: &mut Follower,
        playing: bool,
        position: impl Into<Option<i64>>,
    ) -> Transport {
        follower.follow(playing, position.into(), 480, 48_000.0)
    }

    #[test]
    fn playing_on_is_no_jump_and_going_elsewhere_is() {
        let mut follower = Follower::default();
        let first = Transport { started: true, jumped: true, ..PLAYS };
        assert_eq!(follow(&mut follower, true, 9600), first);
        assert_eq!(follow(&mut follower, true, 10_080), PLAYS);
        // Rounded by the host.
        assert_eq!(follow(&mut follower, true, 10_563), PLAYS);
        assert_eq!(follow(&mut follower, true, 0), Transport { jumped: true, ..PLAYS });
        assert_eq!(follow(&mut follower, true, 480), PLAYS);
    }

    #[test]
    fn a_stop_is_gone_on_from_or_not() {
        let mut follower = Follower::default();
        follow(&mut follower, true, 0);
        // Many hosts go back to where they came from, which nobody hears.
        assert_eq!(follow(&mut follower, false, 0), Transport::default());
        assert_eq!(follow(&mut follower, true, 480), Transport { started: true, ..PLAYS });
        follow(&mut follower, false, 960);
        let elsewhere = Transport { started: true, jumped: true, ..PLAYS };
        assert_eq!(follow(&mut follower, true, 0), elsewhere);
    }

    #[test]
    fn the_pieces_of_a_block_may_all_have_its_place() {
        let mut follower = Follower::default();
        follow(&mut follower, true, 0);
        assert_eq!(follow(&mut follower, true, 480), PLAYS);
        assert_eq!(follow(&mut follower, true, 480), PLAYS);
        assert_eq!(follow(&mut follower, true, 480), PLAYS);
        assert_eq!(follow(&mut follower, true, 1920), PLAYS);
        assert_eq!(follow(&mut follower, true, 0), Transport { jumped: true, ..PLAYS });
    }

    #[test]
    fn without_a_place_a_start_is_all_there_is_to_tell() {
        let mut follower = Follower::default();
        let start = Transport { started: true, jumped: true, ..PLAYS };
        assert_eq!(follow(&mut follower, true, None), start);
        assert_eq!(follow(&mut follower, true, None), PLAYS);
        follow(&mut follower, false, None);
        assert_eq!(follow(&mut follower, true, None), start);
        // A host that begins to tell it does not jump.
        assert_eq!(follow(&mut follower, true, 96_000), PLAYS);
    }
}
