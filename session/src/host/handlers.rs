//! What a plugin may ask of its host. Little: this host renders, and nobody is watching.

use clack_extensions::latency::{HostLatency, HostLatencyImpl};
use clack_extensions::params::{
    HostParams, HostParamsImplMainThread, HostParamsImplShared, ParamClearFlags, ParamRescanFlags,
};
use clack_host::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// The host, as the plugins see it.
pub(super) struct Host;

impl HostHandlers for Host {
    type Shared<'a> = Shared;
    type MainThread<'a> = MainThread;
    type AudioProcessor<'a> = ();

    fn declare_extensions(builder: &mut HostExtensions<'_, Self>, _: &Self::Shared<'_>) {
        builder.register::<HostLatency>().register::<HostParams>();
    }
}

/// Requests that may come from any thread.
#[derive(Default)]
pub(super) struct Shared {
    restart: AtomicBool,
    callback: AtomicBool,
}

impl Shared {
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

// A render flushes parameters with every block.
impl HostParamsImplShared for Shared {
    fn request_flush(&self) {}
}

/// Requests that come on the main thread.
pub(super) struct MainThread;

impl MainThreadHandler<'_> for MainThread {}

// The latency is read after activation, and compared at the end.
impl HostLatencyImpl for MainThread {
    fn changed(&self) {}
}

// What we set we read back at once, and keep no list that a rescan could renew.
impl HostParamsImplMainThread for MainThread {
    fn rescan(&self, _: ParamRescanFlags) {}

    fn clear(&self, _: ClapId, _: ParamClearFlags) {}
}
