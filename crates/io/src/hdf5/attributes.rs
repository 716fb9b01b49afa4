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
use crate::runs;
use hdf5_reader::io::Cursor;
use hdf5_reader::messages::attribute::{self, AttributeMessage};
use hdf5_reader::messages::dataspace::DataspaceType;
use hdf5_reader::messages::datatype::{Datatype, StringPadding, StringSize, VarLenKind};
use serde_json::{Map, Value};
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
    all: Vec<AttributeMessage>,
}

impl<'a> Attributes<'a> {
    /// The attributes of the object with this header.
    ///
    /// # Errors
    /// A sentence, if they are damaged.
    pub fn read(file: &'a File, header: &Header) -> Result<Attributes<'a>, String> {
        let mut all = Vec::new();
        let sizes = file.sizes();
        let (offset, length) = (sizes.offset as u8, sizes.length as u8);
        let mut take = |bytes: &[u8]| {
            if !claims::is_attribute_held(bytes) {
                return Err("an attribute says more than it holds".to_owned());
            }
            // What is of a kind that the library does not know is passed over.
            let said = attribute::parse(&mut Cursor::new(bytes), offset, length, bytes.len());
            all.extend(said.ok());
            Ok(())
        };
        let here = header.messages.iter();
        for message in here.filter(|m| m.kind == ATTRIBUTE && m.flags & 2 == 0) {
            take(&message.data)?;
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
                heaps::objects(file, (number(heap), number(index)), None, take)?;
            }
        }
        Ok(Attributes { file, all })
    }

    /// Those of the user.
    pub fn shown(&self) -> Map<String, Value> {
        let mut shared = Shared::new(self.file);
        let shown = self.all.iter();
        shown
            .filter(|attribute| !INTERNAL.contains(&attribute.name.as_str()))
            .filter_map(|attribute| Some((attribute.name.clone(), value(&mut shared, attribute)?)))
            .collect()
    }

    /// The names of the axes, if any has one: labels, else the datasets that are their scales.
    pub fn dimension_names(&self, axes: usize, path: &str) -> Option<Vec<Option<String>>> {
        let find = |name: &str| self.all.iter().find(|attribute| attribute.name == name);
        let mut shared = Shared::new(self.file);
        if let Some(labels) = find("DIMENSION_LABELS")
            && let Some(labels) = texts(&mut shared, labels)
            && labels.len() == axes
        {
            let named = |label: String| Some(label).filter(|label| !label.is_empty());
            let names: Vec<Option<String>> = labels.into_iter().map(named).collect();
            if names.iter().any(Option::is_some) {
                return Some(names);
            }
        }
        if let Some(scales) = find("DIMENSION_LIST") {
            let scales = self.scales(&mut shared, scales, axes);
            let names = members::names(self.file, path, &scales);
            return names.iter().any(Option::is_some).then_some(names);
        }
        // A scale names its own axis.
        let class = find("CLASS").and_then(|class| texts(&mut shared, class));
        let is_scale = class.is_some_and(|class| class == ["DIMENSION_SCALE"]);
        let name = path.rsplit('/').next().unwrap_or(path);
        (is_scale && axes == 1).then(|| vec![Some(name.to_owned())])
    }

    /// The address of the first scale of each axis.
    fn scales(
        &self,
        shared: &mut Shared<'_>,
        scales: &AttributeMessage,
        axes: usize,
    ) -> Vec<Option<u64>> {
        let offset = self.file.sizes().offset;
        let is_list = matches!(scales.datatype, Datatype::VarLen { .. });
        let mut references = scales.raw_data.chunks_exact(8 + offset);
        let mut scale = |_| {
            let found = shared.object(references.next().filter(|_| is_list)?)?;
            found.get(..offset).map(number)
        };
        (0..axes).map(&mut scale).collect()
    }
}

/// How many elements an attribute has.
fn elements(attribute: &AttributeMessage) -> u64 {
    match attribute.dataspace.dataspace_type {
        DataspaceType::Null => 0,
        _ => attribute.dataspace.num_elements().unwrap_or_default(),
    }
}

/// An attribute as JSON; `None` where there is no word for it.
fn value(shared: &mut Shared<'_>, attribute: &AttributeMessage) -> Option<Value> {
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

/// An attribute's texts; `None` if it has none, or they are damaged.
fn texts(shared: &mut Shared<'_>, attribute: &AttributeMessage) -> Option<Vec<String>> {
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
