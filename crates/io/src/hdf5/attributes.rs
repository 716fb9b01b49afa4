//! What did the user store beside an array, and how are its axes named?
//!
//! Attributes become JSON. Absent: those that the format itself stores to tie axes to other
//! datasets; attributes of a kind that JSON has no word for.

use super::dtype;
use super::file::File;
use crate::runs;
use hdf5_reader::messages::datatype::Datatype;
use hdf5_reader::{Attribute, Dataset, Hdf5File};
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

/// The user's attributes.
pub fn attributes(file: &File, dataset: &Dataset) -> Map<String, Value> {
    let all = file.ask(|_| Ok(dataset.attributes())).unwrap_or_default();
    let shown = all
        .iter()
        .filter(|attribute| !INTERNAL.contains(&attribute.name.as_str()));
    shown
        .filter_map(|attribute| Some((attribute.name.clone(), value(file, attribute)?)))
        .collect()
}

/// An attribute as JSON; `None` where there is no word for it.
fn value(file: &File, attribute: &Attribute) -> Option<Value> {
    // NetCDF has no scalar attributes: one number is a list of one.
    let one = attribute.num_elements().is_ok_and(|count| count == 1);
    if let Ok(strings) = file.ask(|_| attribute.read_strings()) {
        let mut strings = strings.into_iter().take(ELEMENTS).map(Value::String);
        return if one {
            strings.next()
        } else {
            Some(strings.collect())
        };
    }
    if let Ok(text) = file.ask(|_| attribute.read_string()) {
        return Some(Value::String(text));
    }
    numbers(attribute).map(|mut numbers| {
        if one && numbers.len() == 1 {
            numbers.remove(0)
        } else {
            Value::Array(numbers)
        }
    })
}

/// An attribute's numbers.
fn numbers(attribute: &Attribute) -> Option<Vec<Value>> {
    // How the bits of an attribute's numbers stand is not known; nothing is computed with them.
    let (dtype, big_endian) = dtype::kind(&attribute.datatype)?;
    let mut bytes = attribute.raw_data.clone();
    runs::make_native(dtype, big_endian, &mut bytes);
    let elements = bytes.chunks_exact(dtype.itemsize()).take(ELEMENTS);
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

/// The names of the axes, if any has one: labels, else the datasets that are their scales.
pub fn dimension_names(file: &File, dataset: &Dataset, key: &str) -> Option<Vec<Option<String>>> {
    let axes = dataset.ndim();
    if let Ok(labels) = file.ask(|_| dataset.attribute("DIMENSION_LABELS")?.read_strings())
        && labels.len() == axes
    {
        let named = |label: String| Some(label).filter(|label| !label.is_empty());
        let names: Vec<Option<String>> = labels.into_iter().map(named).collect();
        if names.iter().any(Option::is_some) {
            return Some(names);
        }
    }
    if let Ok(scales) = file.ask(|_| dataset.attribute("DIMENSION_LIST")) {
        let names: Vec<Option<String>> = (0..axes)
            .map(|axis| scale(file, &scales, axis, key))
            .collect();
        return names.iter().any(Option::is_some).then_some(names);
    }
    // A scale names its own axis.
    let class = file.ask(|_| dataset.attribute("CLASS")?.read_string());
    let is_scale = class.is_ok_and(|class| class == "DIMENSION_SCALE");
    let name = key.rsplit('/').next().unwrap_or(key);
    (is_scale && axes == 1).then(|| vec![Some(name.to_owned())])
}

/// The name of the first scale of an axis, from the references that stand in `scales`.
fn scale(file: &File, scales: &Attribute, axis: usize, key: &str) -> Option<String> {
    if !matches!(scales.datatype, Datatype::VarLen { .. }) {
        return None;
    }
    let sizes = file.ask(|library| Ok(library.superblock().offset_size));
    let size = usize::from(sizes.ok()?);
    // A count of 4 bytes, an address, an index of 4 bytes.
    let reference = scales.raw_data.chunks_exact(8 + size).nth(axis)?;
    let root = file.ask(Hdf5File::root_group).ok()?;
    let bytes = file
        .ask(|_| root.resolve_vlen_reference_bytes(reference, size))
        .ok()?;
    let mut address = [0; 8];
    address[..size].copy_from_slice(bytes.get(..size)?);
    let address = u64::from_le_bytes(address);
    // A scale stands in the dataset's group or one above it.
    let mut group = root;
    let mut groups = vec![group.clone()];
    let parts: Vec<&str> = key.split('/').filter(|part| !part.is_empty()).collect();
    for part in &parts[..parts.len().saturating_sub(1)] {
        group = file.ask(|_| group.group(part)).ok()?;
        groups.push(group.clone());
    }
    let name = |group: &hdf5_reader::group::Group| {
        let found = file.ask(|_| group.child_name_by_address(address));
        found.ok().flatten()
    };
    groups.iter().rev().find_map(name)
}
