//! By which steps were a chunk's elements encoded?
//!
//! Transpositions and filters of elements, then `bytes` (or `sharding_indexed`, whose inner chunks have
//! a chain of their own), then steps from bytes to bytes; in documents of version 2 the filters of
//! elements stand among these. Absent: everything else the library knows.

use super::metadata::WITH_OUR_CODECS;
use super::numcodecs;
use super::shard::Shard;
use crate::codec::{Elements, Step};
use crate::fault::{self, guarded};
use serde::Deserialize;
use tilewright_core::DType;
use zarrs::array::codec::api::{Codec, CodecMetadataOptions, CodecTraits};
use zarrs::array::codec::{BytesCodec, ShardingCodec, TransposeCodec};
use zarrs::metadata::v3::MetadataV3;
use zarrs::metadata_ext::codec::sharding::ShardingCodecConfigurationV1;

/// A sentence and a way out.
type Refusal = (String, &'static str);

/// The steps, in the order in which they encode.
pub struct Chain {
    /// Axis `k` of the stored chunk is axis `order[k]` of the array.
    pub order: Vec<usize>,
    /// Whether elements are stored big-endian.
    pub big_endian: bool,
    /// From bytes to bytes.
    pub steps: Vec<Step>,
    /// Names, as the document has them.
    pub names: Vec<String>,
    /// The shard around the chunks, if there is one.
    shard: Option<Box<Shard>>,
}

#[derive(Deserialize)]
struct Order {
    order: Vec<usize>,
}

#[derive(Deserialize)]
struct Endian {
    endian: Option<String>,
}

impl Chain {
    /// Reads the codecs of an array of `axes` axes.
    ///
    /// # Errors
    /// If one is unknown, or they do not make a chain.
    pub fn from_metadata(
        codecs: &[MetadataV3],
        axes: usize,
        dtype: DType,
    ) -> Result<Chain, Refusal> {
        Chain::build(codecs, axes, dtype, false)
    }

    fn build(
        codecs: &[MetadataV3],
        axes: usize,
        dtype: DType,
        within_shard: bool,
    ) -> Result<Chain, Refusal> {
        let mut chain = Chain {
            order: (0..axes).collect(),
            big_endian: false,
            steps: Vec::new(),
            names: Vec::new(),
            shard: None,
        };
        let mut serialized = false;
        // What elements are, and filters of them, whose byte order is only known at `bytes`.
        let mut elements = Elements {
            dtype,
            big_endian: false,
        };
        let mut early = Vec::new();
        for metadata in codecs {
            if let Some(id) = numcodecs::id(metadata) {
                chain.names.push(metadata.name().to_owned());
                if serialized {
                    elements = chain.filter((id, metadata), elements, true)?;
                } else if numcodecs::makes_bytes(id) {
                    return Err(misplaced(metadata));
                } else {
                    early.push((id, metadata));
                }
                continue;
            }
            let codec = guarded("zarr", || {
                Codec::from_metadata(metadata).map_err(|e| e.to_string())
            })
            .map_err(|error| unsupported(metadata, &error))?;
            chain.names.push(metadata.name().to_owned());
            match codec {
                Codec::ArrayToArray(codec) => {
                    if serialized {
                        return Err(misplaced(metadata));
                    }
                    if !codec.as_any().is::<TransposeCodec>() {
                        return Err(unsupported(metadata, "it is not supported"));
                    }
                    chain.transpose(configuration::<Order>(&*codec, metadata)?.order, metadata)?;
                }
                Codec::ArrayToBytes(codec) => {
                    if std::mem::replace(&mut serialized, true) {
                        return Err(misplaced(metadata));
                    }
                    if codec.as_any().is::<BytesCodec>() {
                        let endian = configuration::<Endian>(&*codec, metadata)?.endian;
                        chain.big_endian = endian.as_deref() == Some("big");
                        elements.big_endian = chain.big_endian;
                        for filter in early.drain(..) {
                            elements = chain.filter(filter, elements, false)?;
                        }
                        if endian.is_none() && elements.dtype.itemsize() > 1 {
                            return Err(unsupported(metadata, "it lacks the byte order"));
                        }
                    } else if codec.as_any().is::<ShardingCodec>() && !within_shard {
                        let configuration = configuration(&*codec, metadata)?;
                        chain = chain.into_shard(configuration, codecs.len(), axes, dtype)?;
                    } else {
                        return Err(unsupported(metadata, "it is not supported here"));
                    }
                }
                Codec::BytesToBytes(codec) => {
                    if !serialized {
                        return Err(misplaced(metadata));
                    }
                    let step = Step::from_codec(codec)
                        .ok_or_else(|| unsupported(metadata, "it is not supported"))?;
                    chain.steps.push(step);
                }
            }
        }
        if !serialized {
            return Err(("no codec turns elements to bytes".into(), WITH_OUR_CODECS));
        }
        Ok(chain)
    }

    /// Adds a codec of numcodecs, and gives the elements that it leaves.
    fn filter(
        &mut self,
        (id, metadata): (&str, &MetadataV3),
        elements: Elements,
        says_order: bool,
    ) -> Result<Elements, Refusal> {
        let found = numcodecs::find(id, metadata, elements, says_order)
            .map_err(|error| unsupported(metadata, &error))?;
        if found.is_ordered && !says_order && !self.is_c_order() {
            return Err(unsupported(metadata, "its axes are transposed"));
        }
        self.steps.extend(found.step);
        Ok(found.stored.unwrap_or(elements))
    }

    /// The chain of the inner chunks, with the shard around them.
    fn into_shard(
        self,
        configuration: ShardingCodecConfigurationV1,
        codecs: usize,
        axes: usize,
        dtype: DType,
    ) -> Result<Chain, Refusal> {
        if codecs > 1 {
            let message = "codecs before or after sharding_indexed are not supported";
            return Err((
                message.into(),
                "put them among the codecs of the inner chunks",
            ));
        }
        let index = Chain::build(&configuration.index_codecs, axes + 1, DType::U64, true)?;
        let mut chain = Chain::build(&configuration.codecs, axes, dtype, true)?;
        chain.names.splice(0..0, self.names);
        chain.shard = Some(Box::new(Shard::new(&configuration, index, axes)?));
        Ok(chain)
    }

    /// Adds a transposition after those before.
    fn transpose(&mut self, order: Vec<usize>, metadata: &MetadataV3) -> Result<(), Refusal> {
        let mut seen = vec![false; self.order.len()];
        for &axis in &order {
            match seen.get_mut(axis) {
                Some(slot) if !*slot => *slot = true,
                _ => return Err(unsupported(metadata, "its order is none of the axes")),
            }
        }
        if order.len() != self.order.len() {
            return Err(unsupported(
                metadata,
                "its order is not as long as there are axes",
            ));
        }
        self.order = order.iter().map(|&axis| self.order[axis]).collect();
        Ok(())
    }

    /// Whether elements are stored in C order.
    pub fn is_c_order(&self) -> bool {
        self.order.is_sorted()
    }

    /// The shard around the chunks, if there is one.
    pub fn shard(&self) -> Option<&Shard> {
        self.shard.as_deref()
    }
}

/// A codec's options.
fn configuration<T: serde::de::DeserializeOwned>(
    codec: &(impl CodecTraits + ?Sized),
    metadata: &MetadataV3,
) -> Result<T, Refusal> {
    let options = CodecMetadataOptions::default();
    let typed = guarded("zarr", || {
        let configuration = codec.configuration_v3(&options);
        let configuration = configuration.ok_or_else(|| "it has no options".to_owned())?;
        configuration.to_typed().map_err(|error| error.to_string())
    });
    typed.map_err(|error| unsupported(metadata, &error))
}

fn unsupported(metadata: &MetadataV3, why: &str) -> Refusal {
    let name = fault::quote(metadata.name());
    let why: String = why.chars().take(200).collect();
    (
        format!("the codec {name} cannot be used: {why}"),
        WITH_OUR_CODECS,
    )
}

fn misplaced(metadata: &MetadataV3) -> Refusal {
    unsupported(metadata, "it is at the wrong place in the chain")
}
