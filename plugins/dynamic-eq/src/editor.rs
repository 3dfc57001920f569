//! The page of Stem Dynamic EQ.

use crate::StemDynamicEq;
use crate::params::Parameters;
use support::Face;

impl Face for StemDynamicEq {
    type Params = Parameters;
}
