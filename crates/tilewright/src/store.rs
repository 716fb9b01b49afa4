//! Where does a result go that does not stay in memory?

use crate::number::Number;
use crate::{Chunks, Item, user};
use serde_json::{Map, Value};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use tilewright_core::{DType, Error, Kind, Result, Shape, Slice};
use tilewright_expr::Expr;
use tilewright_expr::build;
use tilewright_io::{ArraySpec, Part, Sink, SinkInfo};

pub use tilewright_io::{Blosc, BloscCompressor, BloscShuffle, Codecs, Compression};

/// A stored array to be written: `x.npy`, `x.nii`, `x.nii.gz`, `x.h5#/data`, or a path with a part
/// that ends in `.zarr`.
///
/// A Zarr store that was killed is taken up again by storing the same expression to the same place:
/// chunks that stand are neither computed nor written again, and the result is the same, byte for
/// byte. Another expression is then refused, unless told to overwrite. Expressions that read arrays
/// of this process begin anew.
///
/// ```
/// use tilewright::{DType, Session, Store, arange, open, s, shape, zeros};
///
/// let directory = std::env::temp_dir().join(format!("tilewright-doc-{}", std::process::id()));
/// std::fs::create_dir_all(&directory).unwrap();
/// let uri = directory.join("x.zarr").display().to_string();
/// let session = Session::builder().threads(1).build()?;
/// let days = |n: i64| zeros(shape([n, 4]).chunks([2, 4]).dtype(DType::I64));
/// session.store(&days(3), Store::to(&uri))?;
/// // Two more along axis 0, then a part of all five.
/// session.store(&days(2), Store::to(&uri).append(0))?;
/// session.store(&(arange(0, 4, 1).slice(s![None]) + 1), Store::to(&uri).region(s![4..5, ..]))?;
/// assert_eq!(open(&uri).sum(..).compute()?.item::<i64>()?, 10);
/// assert_eq!(open(&uri).shape()?, [5, 4]);
/// # std::fs::remove_dir_all(directory).unwrap();
/// # Ok::<(), tilewright::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Store {
    target: Target,
    chunks: Option<Chunks>,
    overwrite: bool,
    codecs: Option<Codecs>,
    attributes: Map<String, Value>,
    dimension_names: Option<Vec<Option<String>>>,
    place: Place,
}

/// What takes the chunks.
#[derive(Clone)]
enum Target {
    Uri(String),
    Sink(Arc<dyn Sink>),
    Function(DType, Arc<user::Write>),
}

impl Target {
    /// What it is called.
    fn name(&self) -> &str {
        match self {
            Target::Uri(uri) => uri,
            Target::Sink(_) => "a sink",
            Target::Function(..) => "a function",
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where it goes in the target.
#[derive(Clone, Debug)]
enum Place {
    Whole,
    Region(Vec<Item>),
    Append(i64),
}

impl Store {
    /// To this URI, with the array's own chunks, replacing nothing.
    pub fn to(uri: impl Into<String>) -> Store {
        Store::at(Target::Uri(uri.into()))
    }

    /// Into a sink of the caller's own, which takes its own chunks.
    pub fn to_sink(sink: Arc<dyn Sink>) -> Store {
        Store::at(Target::Sink(sink))
    }

    /// Chunk by chunk to a function, which is told the chunk's range along each axis and its
    /// elements in C order. It may be called from several threads at once, and more than once for a
    /// chunk; a run that fails has given it some of them.
    ///
    /// ```
    /// use std::sync::Mutex;
    /// use tilewright::{Store, arange, default_session};
    ///
    /// let seen = std::sync::Arc::new(Mutex::new(Vec::new()));
    /// let kept = seen.clone();
    /// let store = Store::to_function(move |at, chunk: &[i64]| {
    ///     kept.lock().unwrap().push((at[0].start, chunk.to_vec()));
    ///     Ok::<(), std::io::Error>(())
    /// });
    /// default_session()?.store(&arange(0, 4, 1), store.chunks([3]))?;
    /// seen.lock().unwrap().sort();
    /// assert_eq!(*seen.lock().unwrap(), [(0, vec![0, 1, 2]), (3, vec![3])]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    pub fn to_function<T: Number, E: fmt::Display>(
        write: impl Fn(&[Range<i64>], &[T]) -> Result<(), E> + Send + Sync + 'static,
    ) -> Store {
        Store::at(Target::Function(T::DTYPE, user::writing(write)))
    }

    fn at(target: Target) -> Store {
        Store {
            target,
            chunks: None,
            overwrite: false,
            codecs: None,
            attributes: Map::new(),
            dimension_names: None,
            place: Place::Whole,
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

    /// Into a part of a Zarr array or a dataset of HDF5 that exists: slices of step 1. The array's
    /// shape, chunks and codecs stay.
    #[must_use]
    pub fn region(mut self, items: impl AsRef<[Item]>) -> Store {
        self.place = Place::Region(items.as_ref().to_vec());
        self
    }

    /// Behind the end of an axis of a Zarr array or a dataset of HDF5 that exists, which becomes longer; a
    /// negative axis counts from the last. All of it shows at once.
    #[must_use]
    pub fn append(mut self, axis: i64) -> Store {
        self.place = Place::Append(axis);
        self
    }

    /// What it is called in messages: its URI, if it has one.
    pub(crate) fn name(&self) -> &str {
        self.target.name()
    }

    /// Whether the format of its target has a place for an attribute.
    pub fn keeps(&self, name: &str, value: &Value) -> bool {
        match &self.target {
            Target::Uri(uri) => tilewright_io::keeps(uri, name, value),
            Target::Sink(_) | Target::Function(..) => false,
        }
    }

    /// Starts it; nothing is visible before it is finished, and dropping it leaves nothing. An
    /// interrupted store of the same origin goes on.
    pub(crate) fn create(&self, expr: &Expr, origin: Option<String>) -> Result<Arc<dyn Sink>> {
        let mut spec = self.spec(expr)?;
        spec.origin = origin;
        match &self.target {
            Target::Uri(uri) => tilewright_io::create(uri, &spec),
            Target::Sink(sink) => self.user_sink(&spec, sink),
            Target::Function(dtype, write) => self.function_sink(&spec, *dtype, write),
        }
    }

    /// What it would take; nothing is written.
    pub(crate) fn describe(&self, expr: &Expr) -> Result<SinkInfo> {
        let spec = self.spec(expr)?;
        match &self.target {
            Target::Uri(uri) => tilewright_io::describe(uri, &spec),
            Target::Sink(sink) => self.user_sink(&spec, sink).map(|sink| sink.info().clone()),
            Target::Function(dtype, write) => self
                .function_sink(&spec, *dtype, write)
                .map(|sink| sink.info().clone()),
        }
    }

    /// The array that it stores.
    fn spec(&self, expr: &Expr) -> Result<ArraySpec> {
        let part = self.part(expr)?;
        if part != Part::Whole && (self.chunks.is_some() || self.codecs.is_some()) {
            return Err(self
                .refuse("an array that exists keeps its chunks and codecs")
                .way_out("without them, or convert the array first"));
        }
        let grid = match &self.chunks {
            None => expr.grid().clone(),
            Some(chunks) => {
                chunks.grid_of(expr.shape(), expr.dtype().itemsize(), Some(expr.grid()))?
            }
        };
        let sizes: Shape = grid.longest().iter().map(|&size| size.max(1)).collect();
        let mut spec = ArraySpec::new(expr.shape(), expr.dtype(), &sizes).overwrite(self.overwrite);
        spec.chunks_told = self.chunks.is_some();
        spec.codecs = self.codecs.clone();
        spec.attributes = self.attributes.clone();
        spec.dimension_names = self.dimension_names.clone();
        spec.complete = true;
        spec.part = part;
        Ok(spec)
    }

    /// A sink of the user's, if it takes the array.
    fn user_sink(&self, spec: &ArraySpec, sink: &Arc<dyn Sink>) -> Result<Arc<dyn Sink>> {
        let sink = user::guard_sink(sink.clone())?;
        let info = sink.info();
        if self.chunks.is_some() || self.is_told_of_files() {
            return Err(self
                .refuse("a sink of the user's has chunks and packing of its own")
                .way_out("without them"));
        }
        if (&info.shape, info.dtype) != (&spec.shape, spec.dtype) || info.grid.shape() != info.shape
        {
            return Err(self
                .refuse("the sink takes another array")
                .fact("sink", format!("{}{:?}", info.dtype, info.shape))
                .fact("array", format!("{}{:?}", spec.dtype, spec.shape))
                .way_out("a sink of the array's own shape and dtype"));
        }
        Ok(sink)
    }

    fn function_sink(
        &self,
        spec: &ArraySpec,
        dtype: DType,
        write: &Arc<user::Write>,
    ) -> Result<Arc<dyn Sink>> {
        if self.is_told_of_files() {
            return Err(self
                .refuse("a function takes plain chunks of a whole array")
                .way_out("without a part, codecs, names of dimensions and attributes"));
        }
        if dtype != spec.dtype {
            return Err(self
                .refuse(&format!("a function of {dtype} takes no {}", spec.dtype))
                .way_out(format!("astype({dtype})")));
        }
        user::function_sink(spec, write.clone())
    }

    /// Whether it is told what means something for files alone.
    fn is_told_of_files(&self) -> bool {
        !matches!(self.place, Place::Whole)
            || self.codecs.is_some()
            || self.dimension_names.is_some()
            || !self.attributes.is_empty()
    }

    fn refuse(&self, message: &str) -> Error {
        Error::new(Kind::Sink, message).fact("store", self.name())
    }

    /// Which part of the target an array is.
    fn part(&self, expr: &Expr) -> Result<Part> {
        let axes = expr.shape().len();
        match &self.place {
            Place::Whole => Ok(Part::Whole),
            Place::Append(axis) => {
                let axes = build::normalize_axes(&[*axis], axes)?;
                Ok(Part::Append(axes.first().copied().unwrap_or(0)))
            }
            Place::Region(items) => {
                let refuse =
                    |message: &str, way_out: &str| Err(self.refuse(message).way_out(way_out));
                let mut slices: Vec<Slice> = Vec::new();
                let mut open = true;
                for item in items {
                    match item.inner(&mut std::iter::empty()) {
                        Some(build::Item::Slice(slice)) => slices.push(slice),
                        Some(build::Item::Ellipsis) if open => {
                            open = false;
                            let rest = (axes + 1).saturating_sub(items.len());
                            slices.extend(vec![Slice::default(); rest]);
                        }
                        _ => return refuse("a region has slices alone", "3:4 instead of 3"),
                    }
                }
                if open && slices.len() < axes {
                    slices.resize(axes, Slice::default());
                }
                if slices.len() != axes {
                    return refuse(
                        &format!("the region names {} axes of {axes}", slices.len()),
                        "one slice for each axis",
                    );
                }
                Ok(Part::Region(slices))
            }
        }
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
