//! What did the user store beside an array, and how are its axes named?
//!
//! Attributes become JSON. They stand in the header, or in a heap of their own. Absent: those that the
//! format itself stores to tie axes to other datasets; attributes of a kind that JSON has no word
//! for, and those whose datatype stands elsewhere.

use super::claims;
use super::dtype;
use super::file::File;
use super::header::{Header, number};
use super::heaps::{self, Shared};
use super::members;
use super::scales;
use crate::attributes::{self, Kept, Make};
use crate::runs;
use hdf5_reader::io::Cursor;
use hdf5_reader::messages::attribute::{self, AttributeMessage};
use hdf5_reader::messages::dataspace::DataspaceType;
use hdf5_reader::messages::datatype::{Datatype, StringPadding, StringSize, VarLenKind};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use tilewright_core::Scalar;
use tilewright_core::dtype::Class;

/// Attributes that the dimension scales of the format are made of, and those of the netCDF library.
const INTERNAL: &[&str] = &[
    "CLASS",
    "NAME",
    "DIMENSION_LABELS",
    "DIMENSION_LIST",
    "REFERENCE_LIST",
    "_NCProperties",
    "_Netcdf4Coordinates",
    "_Netcdf4Dimid",
    "_nc3_strict",
];

/// Most elements of an attribute that are shown.
const ELEMENTS: usize = 4096;

/// Numbers of messages: an attribute, and where the others stand.
const ATTRIBUTE: u8 = 12;
const ELSEWHERE: u8 = 21;

/// The attributes of an object.
pub struct Attributes<'a> {
    file: &'a File,
    messages: Messages,
}

/// The messages of attributes as they stand in the file.
struct Messages {
    /// In the order of their names.
    all: Vec<Vec<u8>>,
    /// Sizes of addresses and lengths.
    sizes: (u8, u8),
}

impl Messages {
    /// What a message says; `None` if it is of a kind that the library does not know.
    fn parse(&self, bytes: &[u8]) -> Option<AttributeMessage> {
        let (offset, length) = self.sizes;
        attribute::parse(&mut Cursor::new(bytes), offset, length, bytes.len()).ok()
    }

    fn find(&self, name: &str) -> Option<AttributeMessage> {
        let mut all = self.all.iter();
        self.parse(all.find(|bytes| self::name(bytes) == name.as_bytes())?)
    }
}

/// The name that a message says.
fn name(bytes: &[u8]) -> &[u8] {
    // Behind the version, lengths, and in the third version what the name is written in.
    let start = if bytes.first() < Some(&3) { 8 } else { 9 };
    let name = bytes.get(start..).unwrap_or_default();
    name.split(|&byte| byte == 0).next().unwrap_or_default()
}

impl<'a> Attributes<'a> {
    /// The attributes of the object with this header.
    ///
    /// # Errors
    /// A sentence, if they are damaged.
    pub fn read(file: &'a File, mut header: Header) -> Result<Attributes<'a>, String> {
        let sizes = file.sizes();
        let mut all = Vec::new();
        let mut take = |bytes: Vec<u8>| {
            if !claims::is_attribute_held(&bytes) {
                return Err("an attribute says more than it holds".to_owned());
            }
            all.push(bytes);
            Ok(())
        };
        let here = header.messages.iter_mut();
        for message in here.filter(|m| m.kind == ATTRIBUTE && m.flags & 2 == 0) {
            take(std::mem::take(&mut message.data))?;
        }
        if let Some(info) = header.find(ELSEWHERE) {
            // The count of those that ever were, a heap, an index by names and one by order.
            let flags = info.get(1).copied().unwrap_or_default();
            let start = if flags & 1 != 0 { 4 } else { 2 };
            let mut places = info.get(start..).unwrap_or_default().chunks(sizes.offset);
            let heap = places.next().unwrap_or_default();
            let index = places.nth(usize::from(flags >> 1 & 1)).unwrap_or_default();
            if index.len() < sizes.offset {
                return Err("what is said of the attributes is damaged".into());
            }
            if heap.iter().any(|&byte| byte != 0xff) {
                heaps::objects(file, (number(heap), number(index)), None, |bytes| {
                    take(bytes.to_vec())
                })?;
            }
        }
        all.sort_by(|a, b| name(a).cmp(name(b)));
        let sizes = (sizes.offset as u8, sizes.length as u8);
        let messages = Messages { all, sizes };
        Ok(Attributes { file, messages })
    }

    /// Those of the user.
    pub fn shown(self) -> attributes::Attributes {
        let mut shared = Shared::new(self.file);
        let mut kept = Shown {
            messages: self.messages,
            texts: BTreeMap::new(),
        };
        for (k, message) in kept.messages.all.iter().enumerate() {
            let stands_elsewhere = |attribute: &AttributeMessage| {
                matches!(attribute.datatype, Datatype::VarLen { .. })
            };
            let attribute = kept.messages.parse(message).filter(stands_elsewhere);
            if let Some(value) = attribute.and_then(|found| value(Some(&mut shared), &found)) {
                kept.texts.insert(k, value);
            }
        }
        attributes::Attributes::kept(Arc::new(kept))
    }

    /// The names of the axes, if any has one: labels, else the datasets that are their scales.
    pub fn dimension_names(&self, axes: usize, path: &str) -> Option<Vec<Option<String>>> {
        let find = |name: &str| self.messages.find(name);
        let mut shared = Shared::new(self.file);
        if let Some(labels) = find("DIMENSION_LABELS")
            && let Some(labels) = texts(Some(&mut shared), &labels)
            && labels.len() == axes
        {
            let named = |label: String| Some(label).filter(|label| !label.is_empty());
            let names: Vec<Option<String>> = labels.into_iter().map(named).collect();
            if names.iter().any(Option::is_some) {
                return Some(names);
            }
        }
        if find("DIMENSION_LIST").is_some() {
            let names = members::names(self.file, path, &self.scales(axes));
            return names.iter().any(Option::is_some).then_some(names);
        }
        // A scale names its own axis.
        let name = path.rsplit('/').next().unwrap_or(path);
        (axes == 1 && self.is_scale()).then(|| vec![Some(name.to_owned())])
    }

    /// Whether they are those of a scale.
    pub fn is_scale(&self) -> bool {
        let class = self.messages.find("CLASS");
        let class = class.and_then(|class| texts(Some(&mut Shared::new(self.file)), &class));
        class.is_some_and(|class| class == ["DIMENSION_SCALE"])
    }

    /// The address of the first scale of each axis, as far as they have one.
    pub fn scales(&self, axes: usize) -> Vec<Option<u64>> {
        let Some(scales) = self.messages.find("DIMENSION_LIST") else {
            return vec![None; axes];
        };
        let (mut shared, offset) = (Shared::new(self.file), self.file.sizes().offset);
        let is_list = matches!(scales.datatype, Datatype::VarLen { .. });
        let mut references = scales.raw_data.chunks_exact(8 + offset);
        let mut scale = |_| {
            let found = shared.object(references.next().filter(|_| is_list)?)?;
            found.get(..offset).map(number)
        };
        (0..axes).map(&mut scale).collect()
    }
}

/// Attributes as they stand in the file, but for texts that stand elsewhere in it.
struct Shown {
    messages: Messages,
    texts: BTreeMap<usize, Value>,
}

impl Kept for Shown {
    fn show(&self, show: &mut dyn FnMut(&str, Make<'_>) -> bool) {
        for (k, message) in self.messages.all.iter().enumerate() {
            let Some(attribute) = self.messages.parse(message) else {
                continue;
            };
            let make = || {
                self.texts
                    .get(&k)
                    .cloned()
                    .or_else(|| value(None, &attribute))
            };
            if !is_internal(&attribute.name) && show(&attribute.name, &make) {
                return;
            }
        }
    }
}

/// Whether a name is of an attribute that the format itself, or netCDF's library, gives a meaning.
pub fn is_internal(name: &str) -> bool {
    INTERNAL.contains(&name)
}

/// Whether an object is the scale of a dimension without values, as far as its header tells.
pub fn is_bare_scale(header: &Header) -> bool {
    let attributes = header.messages.iter().filter(|m| m.kind == ATTRIBUTE);
    let bare = scales::BARE.as_bytes();
    let mut texts = attributes.flat_map(|attribute| attribute.data.windows(bare.len()));
    texts.any(|text| text == bare)
}

/// How many elements an attribute has.
fn elements(attribute: &AttributeMessage) -> u64 {
    match attribute.dataspace.dataspace_type {
        DataspaceType::Null => 0,
        _ => attribute.dataspace.num_elements().unwrap_or_default(),
    }
}

/// An attribute as JSON; `None` where there is no word for it.
fn value(shared: Option<&mut Shared<'_>>, attribute: &AttributeMessage) -> Option<Value> {
    let values = texts(shared, attribute)
        .map(|texts| texts.into_iter().map(Value::String).collect())
        .or_else(|| numbers(attribute));
    // NetCDF has no scalar attributes: one number is a list of one.
    values.map(
        |mut values| match elements(attribute) == 1 && values.len() == 1 {
            true => values.remove(0),
            false => Value::Array(values),
        },
    )
}

/// An attribute's texts; `None` if it has none, they are damaged, or stand elsewhere, which is not given.
fn texts(shared: Option<&mut Shared<'_>>, attribute: &AttributeMessage) -> Option<Vec<String>> {
    let (size, padding) = match &attribute.datatype {
        Datatype::String { size, padding, .. } => (*size, padding),
        Datatype::VarLen {
            kind: VarLenKind::String,
            padding,
            ..
        } => (StringSize::Variable, padding),
        _ => return None,
    };
    let text = |bytes: &[u8]| {
        let len = match padding {
            StringPadding::NullTerminate => bytes.iter().position(|&byte| byte == 0),
            StringPadding::NullPad => last(bytes, 0),
            StringPadding::SpacePad => last(bytes, b' '),
        };
        let bytes = &bytes[..len.unwrap_or(bytes.len())];
        String::from_utf8(bytes.to_vec()).ok()
    };
    let count = usize::try_from(elements(attribute)).ok()?.min(ELEMENTS);
    match size {
        StringSize::Fixed(size) => {
            let texts = attribute.raw_data.chunks_exact((size as usize).max(1));
            texts.take(count).map(text).collect()
        }
        StringSize::Variable => {
            let shared = shared?;
            let references = attribute.raw_data.chunks_exact(shared.reference_bytes());
            let mut led = references.take(count).map(|at| shared.object(at));
            led.try_fold(Vec::new(), |mut texts, object| {
                texts.push(text(&object?)?);
                Some(texts)
            })
        }
    }
}

/// How many bytes there are before those that are `padding` at the end.
fn last(bytes: &[u8], padding: u8) -> Option<usize> {
    Some(
        bytes
            .iter()
            .rposition(|&byte| byte != padding)
            .map_or(0, |at| at + 1),
    )
}

/// An attribute's numbers.
fn numbers(attribute: &AttributeMessage) -> Option<Vec<Value>> {
    // How the bits of an attribute's numbers stand is not known; nothing is computed with them.
    let (dtype, big_endian) = dtype::kind(&attribute.datatype)?;
    let shown = attribute.raw_data.len().min(ELEMENTS * dtype.itemsize());
    let mut bytes = attribute.raw_data[..shown].to_vec();
    runs::make_native(dtype, big_endian, &mut bytes);
    let elements = bytes.chunks_exact(dtype.itemsize());
    let json = |element: &[u8]| {
        let scalar = Scalar::from_bytes(dtype, element);
        match (dtype.class(), scalar.as_i128()) {
            (Class::Bool, _) => Value::Bool(scalar.truth()),
            (Class::Signed, Some(n)) => Value::from(n as i64),
            (Class::Unsigned, Some(n)) => Value::from(n as u64),
            // JSON has no NaN.
            _ => serde_json::Number::from_f64(scalar.to_f64())
                .map_or_else(|| Value::from(scalar.to_string()), Value::Number),
        }
    };
    Some(elements.map(json).collect())
}
