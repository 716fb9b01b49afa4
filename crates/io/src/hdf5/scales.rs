//! How are the names of a dataset's axes written?
//!
//! As dimension scales, which h5py, xarray and netCDF's library know: beside the dataset stands another
//! one of each name, which has a length and no values; a scale of that name and length that is there
//! already is taken. A dataset of one axis that bears its name is its own scale. Where an axis has no name,
//! or one that is something else's, all of them have labels instead: netCDF's library wants a scale of
//! each axis or of none. Absent: what a scale that is there says of the datasets that use it, which it
//! need not.
//!
//! **Source** HDF5 Dimension Scale Specification; HDF5 File Format Specification 3.0, section III.E;
//! netCDF-4 file format, "dimensions without coordinate variables".

use super::message::{self, Message, NOWHERE};
use crate::ArraySpec;
use serde_json::json;
use tilewright_core::{DType, Scalar};

/// What a scale is told by, and the name by which netCDF's library tells one without values.
const CLASS: (&str, &str) = ("CLASS", "DIMENSION_SCALE");
pub const BARE: &str = "This is a netCDF dimension but not a netCDF variable.";

/// The C library takes no smaller parts of the file's heap, and their sizes are multiples of it.
const HEAP: usize = 4096;

/// Length of the chunks of a scale without values, of which it never has one.
const PIECE: u32 = 1024;

/// What has a name in the group of the dataset.
pub enum Beside {
    /// Nothing.
    Nothing,
    /// A scale of the length that was asked for, at this address; and whether it may grow.
    Scale(u64, bool),
    /// Something else.
    Other,
}

/// How an axis is named.
enum Axis<'a> {
    /// By the new scale of this number.
    New(usize),
    /// By a scale that is there, and may grow or not.
    There(u64, bool),
    /// By a label; an empty one is none.
    Label(&'a str),
}

/// The names of a dataset's axes.
pub struct Scales<'a> {
    /// The dataset's name, if it is the scale of its only axis.
    own: Option<&'a str>,
    axes: Vec<Axis<'a>>,
    /// Names and lengths of new scales.
    new: Vec<(&'a str, i64)>,
}

/// What is written of them.
pub struct Written<'a> {
    /// What stands before the dataset's header.
    pub bytes: Vec<u8>,
    /// What the dataset's header says of them.
    pub messages: Vec<Message>,
    /// Names and addresses of the new scales.
    pub members: Vec<(&'a str, u64)>,
}

impl<'a> Scales<'a> {
    /// The names of the axes of a dataset of this name; `beside` knows what else is in its group.
    pub fn new(
        spec: &'a ArraySpec,
        name: &str,
        beside: &dyn Fn(&str, i64) -> Beside,
    ) -> Scales<'a> {
        let mut scales = Scales {
            own: None,
            axes: Vec::new(),
            new: Vec::new(),
        };
        let names = spec.dimension_names.as_deref().unwrap_or_default();
        if let ([Some(own)], 1) = (names, spec.shape.len())
            && own == name
        {
            scales.own = Some(own);
            return scales;
        }
        if names.iter().all(Option::is_none) {
            return scales;
        }
        for (axis, &len) in names.iter().zip(&spec.shape) {
            let led = axis.as_deref().filter(|axis| *axis != name);
            match led.and_then(|axis| scales.axis(axis, len, beside)) {
                Some(axis) => scales.axes.push(axis),
                None => {
                    let labels = names.iter().map(|name| name.as_deref().unwrap_or_default());
                    scales.axes = labels.map(Axis::Label).collect();
                    scales.new.clear();
                    break;
                }
            }
        }
        scales
    }

    /// Whether each of so many axes may grow: what has the length of a dimension that may not stays as long
    /// as that.
    pub fn grow(&self, axes: usize) -> Vec<bool> {
        let mut grow = vec![true; axes];
        for (grows, axis) in grow.iter_mut().zip(&self.axes) {
            *grows = !matches!(axis, Axis::There(_, false));
        }
        grow
    }

    /// The scale of an axis, if there can be one.
    fn axis(
        &mut self,
        name: &'a str,
        len: i64,
        beside: &dyn Fn(&str, i64) -> Beside,
    ) -> Option<Axis<'a>> {
        if matches!(name, "" | ".") || name.contains('/') {
            return None;
        }
        if let Some(known) = self.new.iter().position(|(new, _)| *new == name) {
            return (self.new[known].1 == len).then_some(Axis::New(known));
        }
        match beside(name, len) {
            Beside::Scale(address, grows) => Some(Axis::There(address, grows)),
            Beside::Other => None,
            Beside::Nothing => {
                self.new.push((name, len));
                Some(Axis::New(self.new.len() - 1))
            }
        }
    }

    /// What stands from address `at`, and directly before the dataset's header.
    ///
    /// # Errors
    /// A sentence, if a name is too long.
    pub fn write(&self, at: u64) -> Result<Written<'a>, String> {
        let mut written = Written {
            bytes: Vec::new(),
            messages: Vec::new(),
            members: Vec::new(),
        };
        if let Some(own) = self.own {
            written.messages = scale(own)?;
        }
        if self.axes.is_empty() {
            return Ok(written);
        }
        // Headers are as long wherever the objects stand that they name.
        let lens = (0..self.new.len()).map(|k| Ok(self.header(k, 0)?.len() as u64));
        let lens = lens.collect::<Result<Vec<u64>, String>>()?;
        let heap = self.heap(&vec![0; lens.len()]).len() as u64;
        let mut end = at + heap;
        for (len, (name, _)) in lens.iter().zip(&self.new) {
            written.members.push((name, end));
            end += len;
        }
        let addresses: Vec<u64> = written.members.iter().map(|member| member.1).collect();
        written.bytes = self.heap(&addresses);
        for k in 0..self.new.len() {
            written.bytes.extend(self.header(k, end)?);
        }
        written.messages.push(self.message(at));
        Ok(written)
    }

    /// The header of a new scale of the dataset at `dataset`.
    fn header(&self, number: usize, dataset: u64) -> Result<Vec<u8>, String> {
        let (_, len) = self.new[number];
        let mut messages = vec![
            message::growing(&[len], &[true]),
            message::datatype(DType::I8),
            message::fill(Scalar::zero(DType::I8)),
            message::chunked(NOWHERE, &[PIECE], DType::I8.itemsize()),
        ];
        messages.extend(scale(&format!("{BARE}{len:10}"))?);
        let mut users = Vec::new();
        for (k, axis) in self.axes.iter().enumerate() {
            if matches!(axis, Axis::New(new) if *new == number) {
                users.extend(dataset.to_le_bytes());
                users.extend((k as u64).to_le_bytes());
            }
        }
        let count = users.len() as i64 / 16;
        let users = message::attribute_of("REFERENCE_LIST", &USER, &[count], &users);
        messages.push(users);
        message::header(&messages)
    }

    /// A part of the file's heap: for each axis the address of its scale, then its label.
    fn heap(&self, new: &[u64]) -> Vec<u8> {
        let mut out = b"GCOL\x01\0\0\0".to_vec();
        out.extend([0; 8]);
        for (k, axis) in self.axes.iter().enumerate() {
            let object = match axis {
                Axis::Label("") => continue,
                Axis::New(number) => new[*number].to_le_bytes().to_vec(),
                Axis::There(address, _) => address.to_le_bytes().to_vec(),
                Axis::Label(label) => label.as_bytes().to_vec(),
            };
            out.extend((k as u16 + 1).to_le_bytes());
            out.extend([1, 0, 0, 0, 0, 0]);
            out.extend((object.len() as u64).to_le_bytes());
            out.extend(&object);
            out.resize(out.len().next_multiple_of(8), 0);
        }
        // The rest is an object of number 0, which is free.
        let len = (out.len() + 16).next_multiple_of(HEAP);
        let rest = (len - out.len()) as u64;
        out.extend([0; 8]);
        out.extend(rest.to_le_bytes());
        out.resize(len, 0);
        out[8..16].copy_from_slice(&(len as u64).to_le_bytes());
        out
    }

    /// What the dataset says of its axes: lists of scales, or labels, which stand in the heap.
    fn message(&self, heap: u64) -> Message {
        let mut data = Vec::new();
        for (k, axis) in self.axes.iter().enumerate() {
            let len = match axis {
                Axis::New(_) | Axis::There(..) => 1,
                Axis::Label(label) => label.len() as u32,
            };
            if len == 0 {
                data.extend([0; 16]);
                continue;
            }
            data.extend(len.to_le_bytes());
            data.extend(heap.to_le_bytes());
            data.extend((k as u32 + 1).to_le_bytes());
        }
        let (name, datatype) = match self.axes.first() {
            Some(Axis::Label(_)) => ("DIMENSION_LABELS", &TEXTS[..]),
            _ => ("DIMENSION_LIST", &REFERENCES[..]),
        };
        message::attribute_of(name, datatype, &[self.axes.len() as i64], &data)
    }
}

/// What makes a dataset a scale of this name.
fn scale(name: &str) -> Result<Vec<Message>, String> {
    let text = |(name, text)| message::attribute(name, &json!(text));
    [CLASS, ("NAME", name)].map(text).into_iter().collect()
}

/// Datatypes: lists of references to objects and texts, both of which stand in the heap, and pairs of a
/// reference and the number of an axis.
const REFERENCES: [u8; 16] = [0x19, 0, 0, 0, 16, 0, 0, 0, 0x17, 0, 0, 0, 8, 0, 0, 0];
const TEXTS: [u8; 20] = [
    0x19, 1, 1, 0, 16, 0, 0, 0, 0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0,
];
const USER: [u8; 48] =
    *b"\x36\x02\0\0\x10\0\0\0dataset\0\0\x17\0\0\0\x08\0\0\0dimension\0\x08\x10\x08\0\0\x04\0\0\0\0\0\x20\0";
