//! Where does a result go that does not stay in memory?

use crate::Chunks;
use std::sync::Arc;
use tilewright_core::{Result, Shape};
use tilewright_expr::Expr;
use tilewright_io::{ArraySpec, Sink};

/// A stored array to be written: `x.npy`, or a path with a part that ends in `.zarr`.
#[derive(Clone, Debug)]
pub struct Store {
    uri: String,
    chunks: Option<Chunks>,
    overwrite: bool,
}

impl Store {
    /// To this URI, with the array's own chunks, replacing nothing.
    pub fn to(uri: impl Into<String>) -> Store {
        Store {
            uri: uri.into(),
            chunks: None,
            overwrite: false,
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
        let spec = ArraySpec::new(expr.shape(), expr.dtype(), &sizes).overwrite(self.overwrite);
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
