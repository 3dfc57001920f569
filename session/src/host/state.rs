//! A plugin's saved state: opaque bytes that only the plugin reads.

use super::plugin::Plugin;
use crate::error::{Error, Result};
use clack_extensions::state::PluginState;

impl Plugin {
    /// Everything the plugin wants kept, as it wrote it.
    ///
    /// # Errors
    /// [`Error::PluginState`] if it keeps no state or fails to write it.
    pub fn save_state(&mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let handle = self.instance.plugin_handle();
        let saved = handle
            .get_extension::<PluginState>()
            .is_some_and(|state| state.save(&handle, &mut bytes).is_ok());
        self.run_callbacks();
        if saved { Ok(bytes) } else { Err(self.state_error("be saved")) }
    }

    /// Puts the plugin back to a state that [`Self::save_state`] gave.
    ///
    /// # Errors
    /// [`Error::PluginState`] if the plugin refuses it; what it then holds is the plugin's affair.
    pub fn load_state(&mut self, mut bytes: &[u8]) -> Result<()> {
        let handle = self.instance.plugin_handle();
        let loaded = handle
            .get_extension::<PluginState>()
            .is_some_and(|state| state.load(&handle, &mut bytes).is_ok());
        self.run_callbacks();
        if !loaded {
            return Err(self.state_error("be restored"));
        }
        // Settings are sent again with the first block, and would undo what was loaded over them.
        self.settings.clear();
        Ok(())
    }

    fn state_error(&self, action: &'static str) -> Error {
        Error::PluginState {
            plugin: self.identity().name.clone(),
            channel: self.channel().to_owned(),
            action,
        }
    }
}
