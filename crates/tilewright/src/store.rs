//! Where does a result go that does not stay in memory?

use crate::Chunks;
use serde_json::{Map, Value};
use std::sync::Arc;
use tilewright_core::{Result, Shape};
use tilewright_expr::Expr;
use tilewright_io::{ArraySpec, Sink};

pub use tilewright_io::{Codecs, Compression};

/// A stored array to be written: `x.npy`, `x.nii`, `x.nii.gz`, or a path with a part that ends in
/// `.zarr`.
#[derive(Clone, Debug)]
pub struct Store {
    uri: String,
    chunks: Option<Chunks>,
    overwrite: bool,
    codecs: Option<Codecs>,
    attributes: Map<String, Value>,
    dimension_names: Option<Vec<Option<String>>>,
}

impl Store {
    /// To this URI, with the array's own chunks, replacing nothing.
    pub fn to(uri: impl Into<String>) -> Store {
        Store {
            uri: uri.into(),
            chunks: None,
            overwrite: false,
            codecs: None,
            attributes: Map::new(),
            dimension_names: None,
        }
    }

    /// With these chunks; sizes in full are rounded to one size, the largest.
    #[must_use]
    pub fn chunks(mut self, chunks: impl Into<Chunks>) -> Store {
        self.chunks = Some(chunks.into());
        self
    }

    /// Replacing an array that stands there.
    #[must_use]
    pub fn overwrite(mut self, overwrite: bool) -> Store {
        self.overwrite = overwrite;
        self
    }

    /// With chunks packed so, instead of as the format does by itself.
    #[must_use]
    pub fn codecs(mut self, codecs: Codecs) -> Store {
        self.codecs = Some(codecs);
        self
    }

    /// With these attributes and names of axes, where the format has a place for them.
    #[must_use]
    pub fn described(
        mut self,
        attributes: Map<String, Value>,
        dimension_names: Option<Vec<Option<String>>>,
    ) -> Store {
        self.attributes = attributes;
        self.dimension_names = dimension_names;
        self
    }

    /// Its URI.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Starts it; nothing is visible before it is finished, and dropping it leaves nothing.
    pub(crate) fn create(&self, expr: &Expr) -> Result<Arc<dyn Sink>> {
        let grid = match &self.chunks {
            None => expr.grid().clone(),
            Some(chunks) => {
                chunks.grid_of(expr.shape(), expr.dtype().itemsize(), Some(expr.grid()))?
            }
        };
        let sizes: Shape = grid.longest().iter().map(|&size| size.max(1)).collect();
        let mut spec = ArraySpec::new(expr.shape(), expr.dtype(), &sizes).overwrite(self.overwrite);
        spec.codecs = self.codecs.clone();
        spec.attributes = self.attributes.clone();
        spec.dimension_names = self.dimension_names.clone();
        tilewright_io::create(&self.uri, &spec)
    }
}

impl From<&str> for Store {
    fn from(uri: &str) -> Store {
        Store::to(uri)
    }
}

impl From<String> for Store {
    fn from(uri: String) -> Store {
        Store::to(uri)
    }
}
