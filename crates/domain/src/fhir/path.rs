//! Where a mistake stands.

use std::fmt;

/// A place in a resource, written only when a mistake is found there.
#[derive(Clone, Copy)]
pub(super) struct At<'p> {
    parent: Option<&'p At<'p>>,
    name: &'static str,
    index: Option<usize>,
}

impl At<'static> {
    /// The resource itself.
    pub fn root(resource_type: &'static str) -> Self {
        Self { parent: None, name: resource_type, index: None }
    }
}

impl<'p> At<'p> {
    /// An element of this place.
    pub fn field(&'p self, name: &'static str) -> At<'p> {
        At { parent: Some(self), name, index: None }
    }

    /// One item of a repeating element of this place.
    pub fn item(&'p self, name: &'static str, index: usize) -> At<'p> {
        At { parent: Some(self), name, index: Some(index) }
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(f, "{parent}.")?;
        }
        f.write_str(self.name)?;
        self.index.map_or(Ok(()), |index| write!(f, "[{index}]"))
    }
}
