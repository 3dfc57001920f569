//! What a plugin may ask of its host. Little: this host renders, and nobody is watching. There is
//! no window, no timer and no transport, and a plugin that asks for them is told so by their
//! absence.

use super::thread;
use clack_extensions::latency::{HostLatency, HostLatencyImpl};
use clack_extensions::log::{HostLog, HostLogImpl, LogSeverity};
use clack_extensions::params::{
    HostParams, HostParamsImplMainThread, HostParamsImplShared, ParamClearFlags, ParamRescanFlags,
};
use clack_extensions::state::{HostState, HostStateImpl};
use clack_extensions::tail::{HostTail, HostTailImpl};
use clack_extensions::thread_check::{HostThreadCheck, HostThreadCheckImpl};
use clack_host::prelude::*;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::ThreadId;

/// What is kept of a complaint, in characters.
const LONGEST_COMPLAINT: usize = 200;
/// How many complaints are kept: the failure itself may be logged after its cause.
const MOST_COMPLAINTS: usize = 3;

/// The host, as the plugins see it.
pub(super) struct Host;

impl HostHandlers for Host {
    type Shared<'a> = Shared;
    type MainThread<'a> = MainThread;
    type AudioProcessor<'a> = AudioThread;

    fn declare_extensions(builder: &mut HostExtensions<'_, Self>, _: &Self::Shared<'_>) {
        builder
            .register::<HostLatency>()
            .register::<HostLog>()
            .register::<HostParams>()
            .register::<HostState>()
            .register::<HostTail>()
            .register::<HostThreadCheck>();
    }
}

/// Requests that may come from any thread.
pub(super) struct Shared {
    main_thread: ThreadId,
    restart: AtomicBool,
    callback: AtomicBool,
    complaints: Mutex<Vec<String>>,
}

impl Shared {
    /// For an instance whose main thread is the current one.
    pub(super) fn new() -> Self {
        Self {
            main_thread: std::thread::current().id(),
            restart: AtomicBool::default(),
            callback: AtomicBool::default(),
            complaints: Mutex::default(),
        }
    }

    /// `reason`, and the last errors the plugin has logged, on one line.
    pub(super) fn explain(&self, reason: &str) -> String {
        let said = self.complaints.lock().map(|said| said.join("; ")).unwrap_or_default();
        if said.is_empty() { reason.to_owned() } else { format!("{reason}: {said}") }
    }

    /// Whether a restart was asked for since last time.
    pub(super) fn take_restart(&self) -> bool {
        self.restart.swap(false, Ordering::AcqRel)
    }

    /// Whether a call on the main thread was asked for since last time.
    pub(super) fn take_callback(&self) -> bool {
        self.callback.swap(false, Ordering::AcqRel)
    }
}

impl SharedHandler<'_> for Shared {
    fn request_restart(&self) {
        self.restart.store(true, Ordering::Release);
    }

    // A render always processes.
    fn request_process(&self) {}

    fn request_callback(&self) {
        self.callback.store(true, Ordering::Release);
    }
}

impl HostThreadCheckImpl for Shared {
    fn is_main_thread(&self) -> bool {
        std::thread::current().id() == self.main_thread && !thread::is_audio()
    }

    fn is_audio_thread(&self) -> bool {
        thread::is_audio()
    }
}

// Only what explains a failure is kept, for the sentence about it.
impl HostLogImpl for Shared {
    fn log(&self, severity: LogSeverity, message: &str) {
        if matches!(severity, LogSeverity::Error | LogSeverity::Fatal)
            && let Ok(mut complaints) = self.complaints.lock()
        {
            let words: Vec<&str> = message.split_whitespace().collect();
            if complaints.len() == MOST_COMPLAINTS {
                complaints.remove(0);
            }
            complaints.push(words.join(" ").chars().take(LONGEST_COMPLAINT).collect());
        }
    }
}

// A render flushes parameters with every block.
impl HostParamsImplShared for Shared {
    fn request_flush(&self) {}
}

/// Requests that come on the main thread.
pub(super) struct MainThread;

impl MainThreadHandler<'_> for MainThread {}

/// Requests that come on the audio thread.
pub(super) struct AudioThread;

impl AudioProcessorHandler<'_> for AudioThread {}

// A session has its length; what rings on is cut there, and tails are read at the end.
impl HostTailImpl for AudioThread {
    fn changed(&mut self) {}
}

// A session's settings are its file's: nothing is saved that could be out of date.
impl HostStateImpl for MainThread {
    fn mark_dirty(&self) {}
}

// The latency is read after activation, and compared at the end.
impl HostLatencyImpl for MainThread {
    fn changed(&self) {}
}

// What we set we read back at once, and keep no list that a rescan could renew.
impl HostParamsImplMainThread for MainThread {
    fn rescan(&self, _: ParamRescanFlags) {}

    fn clear(&self, _: ClapId, _: ParamClearFlags) {}
}
