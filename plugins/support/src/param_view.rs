//! A safe look at a plugin's parameters, whatever their types.
//!
//! nice-plug erases parameter types behind `ParamPtr`, whose methods are unsafe because nothing ties
//! the pointer to the struct it points into. [`ParamView`] does: it borrows the parameters.
#![allow(unsafe_code, reason = "the one place that follows nice-plug's parameter pointers")]

use nice_plug::context::gui::GuiContext;
use nice_plug::prelude::{ParamFlags, ParamPtr, Params};
use std::marker::PhantomData;

/// One parameter of a set that outlives the view.
pub struct ParamView<'a> {
    /// Its id: a promise to saved sessions.
    pub id: String,
    /// The group the host shows it in; empty at the top.
    pub group: String,
    ptr: ParamPtr,
    _params: PhantomData<&'a ()>,
}

/// All parameters of `params` in the order the host shows them.
pub fn views<P: Params + ?Sized>(params: &P) -> Vec<ParamView<'_>> {
    params
        .param_map()
        .into_iter()
        .map(|(id, ptr, group)| ParamView { id, group, ptr, _params: PhantomData })
        .collect()
}

// SAFETY for every block below: `ptr` came out of the `param_map()` of a parameter struct that the
// view's lifetime keeps borrowed, so it points to a live parameter; all methods called take `&self`
// and the values behind them are atomics.
impl ParamView<'_> {
    /// The name the host shows.
    pub fn name(&self) -> &str {
        // SAFETY: see above.
        unsafe { self.ptr.name() }
    }

    /// The current value, 0 to 1.
    pub fn normalized(&self) -> f32 {
        // SAFETY: see above.
        unsafe { self.ptr.unmodulated_normalized_value() }
    }

    /// The default value, 0 to 1.
    pub fn default_normalized(&self) -> f32 {
        // SAFETY: see above.
        unsafe { self.ptr.default_normalized_value() }
    }

    /// Steps between the smallest and the largest value; none where it is continuous.
    pub fn step_count(&self) -> Option<usize> {
        // SAFETY: see above.
        unsafe { self.ptr.step_count() }
    }

    /// The text of a value between 0 and 1, with its unit.
    pub fn text_of(&self, normalized: f32) -> String {
        // SAFETY: see above.
        unsafe { self.ptr.normalized_value_to_string(normalized, true) }
    }

    /// The value between 0 and 1 that a text means, if it means one.
    pub fn parse(&self, text: &str) -> Option<f32> {
        // SAFETY: see above.
        unsafe { self.ptr.string_to_normalized_value(text) }
    }

    /// The value in its own unit (an index for choices) of a value between 0 and 1.
    pub fn plain_of(&self, normalized: f32) -> f32 {
        // SAFETY: see above.
        unsafe { self.ptr.preview_plain(normalized) }
    }

    /// Whether the host may automate it.
    pub fn is_automatable(&self) -> bool {
        // SAFETY: see above.
        let flags = unsafe { self.ptr.flags() };
        !flags.intersects(ParamFlags::NON_AUTOMATABLE | ParamFlags::HIDDEN)
    }

    /// Whether it is the bypass.
    pub fn is_bypass(&self) -> bool {
        // SAFETY: see above.
        unsafe { self.ptr.flags() }.contains(ParamFlags::BYPASS)
    }

    /// The saved id of the current variant, for a choice.
    pub fn variant_id(&self) -> Option<&'static str> {
        match self.ptr {
            // SAFETY: see above.
            ParamPtr::EnumParam(inner) => unsafe { (*inner).unmodulated_plain_id() },
            _ => None,
        }
    }

    /// The saved ids of all variants, for a choice. The value steps through them all and back, without
    /// telling any host: only for parameters of one's own.
    pub fn variant_ids_detached(&self) -> Vec<&'static str> {
        let current = self.normalized();
        let last = self.step_count().unwrap_or(0);
        let ids = (0..=last).filter_map(|step| {
            self.set_detached(step as f32 / last.max(1) as f32);
            self.variant_id()
        });
        let ids = ids.collect();
        self.set_detached(current);
        ids
    }

    /// Sets the value without telling any host: only for parameters of one's own.
    pub fn set_detached(&self, normalized: f32) {
        // SAFETY: see above.
        unsafe { self.ptr._internal_set_normalized_value(normalized) };
    }

    /// The kind of value behind it.
    pub fn kind(&self) -> Kind {
        match self.ptr {
            ParamPtr::FloatParam(_) => Kind::Continuous,
            ParamPtr::IntParam(_) => Kind::Whole,
            ParamPtr::BoolParam(_) => Kind::Switch,
            ParamPtr::EnumParam(_) => Kind::Choice,
        }
    }

    /// The value between 0 and 1 of a value in its own unit.
    pub fn normalized_of(&self, plain: f32) -> f32 {
        // SAFETY: see above.
        unsafe { self.ptr.preview_normalized(plain) }
    }

    /// Tells the host that the user begins to move it.
    pub fn begin(&self, context: &GuiContext) {
        // SAFETY: see above; called from the editor's thread, as the framework asks.
        unsafe { context.raw_begin_set_parameter(self.ptr) };
    }

    /// Tells the host its new value, 0 to 1, between [`begin`](Self::begin) and [`end`](Self::end).
    pub fn set(&self, context: &GuiContext, normalized: f32) {
        // SAFETY: see above; called from the editor's thread, as the framework asks.
        unsafe { context.raw_set_parameter_normalized(self.ptr, normalized) };
    }

    /// Tells the host that the user has let go of it.
    pub fn end(&self, context: &GuiContext) {
        // SAFETY: see above; called from the editor's thread, as the framework asks.
        unsafe { context.raw_end_set_parameter(self.ptr) };
    }
}

/// The kind of value a parameter holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A real number.
    Continuous,
    /// A whole number.
    Whole,
    /// On or off.
    Switch,
    /// One of several variants.
    Choice,
}
