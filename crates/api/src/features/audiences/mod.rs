//! Which patients an [`Audience`] means, and who may ask. It knows nothing of what is sent to them.

mod store;

use portal_domain::{
    access::{Action, Category},
    audience::Audience,
};

pub use store::{count, holds, newcomers, patients};

use crate::{error::Result, platform::work::Work};

/// Refuses an audience that tells the asker more than the asker may know: how many have a condition, and who, is told
/// to those only who may see conditions in the chart.
pub fn permit(work: &mut Work<'_>, audience: &Audience) -> Result<()> {
    if audience.condition.is_some() { work.permit(Action::View, Category::Conditions) } else { Ok(()) }
}
