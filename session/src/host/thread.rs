//! Which of CLAP's threads the current one is. To CLAP these are roles: any thread of a pool is an
//! instance's audio thread while it processes it.

use std::cell::Cell;

thread_local! {
    static IS_AUDIO: Cell<bool> = const { Cell::new(false) };
}

/// Whether the current thread is an audio thread now.
pub(super) fn is_audio() -> bool {
    IS_AUDIO.get()
}

/// Does something as the audio thread, also if it panics.
pub(super) fn as_audio<R>(work: impl FnOnce() -> R) -> R {
    struct Back(bool);
    impl Drop for Back {
        fn drop(&mut self) {
            IS_AUDIO.set(self.0);
        }
    }
    let _back = Back(IS_AUDIO.replace(true));
    work()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_an_audio_thread_for_as_long_as_it_processes() {
        assert!(!is_audio());
        assert!(as_audio(|| as_audio(is_audio) && is_audio()));
        assert!(!is_audio());
        assert!(std::panic::catch_unwind(|| as_audio(|| panic!("on purpose"))).is_err());
        assert!(!is_audio());
    }
}
