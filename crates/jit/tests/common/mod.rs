//! Running a kernel on both twins, in memory that ends where it should.
#![allow(
    unsafe_code,
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "shared by several test binaries"
)]

pub mod generate;
pub mod guarded;

use guarded::Guarded;
use tilewright_core::{DType, Scalar};
use tilewright_jit::{Options, compile_with};
use tilewright_kernel::{Call, Kernel, RawBuffer, interp};

/// Where a buffer lies between its guard pages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Against {
    /// It begins where the page before ends.
    Start,
    /// It ends where the page after begins; then it is rarely aligned to 16.
    End,
}

/// Random numbers: splitmix64 (Steele, Lea, Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }

    /// True once in `n`.
    pub fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// Values where operations differ or break.
pub fn hostile(dtype: DType) -> Vec<Scalar> {
    let Some((low, high)) = dtype.integer_range() else {
        let values = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            -0.5,
            1.5,
            2.5,
            3.0,
            127.5,
            -129.0,
            255.9,
            32768.0,
            -32769.0,
            65535.5,
            70000.0,
            2147483647.5,
            -2147483649.0,
            4294967295.5,
            4294967296.0,
            9.3e18,
            -9.3e18,
            1.8446744073709552e19,
            1e30,
            -1e300,
            1e308,
            f64::MIN_POSITIVE,
            5e-324,
            -5e-324,
            1e-40,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            -f64::NAN,
            0.1,
        ];
        return values.map(|v| Scalar::from_f64(dtype, v)).to_vec();
    };
    let mut values: Vec<i128> = vec![0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 127, 128];
    values.extend(values.clone().iter().map(|v| -v));
    values.extend([
        low,
        low + 1,
        low / 2,
        high / 2,
        high - 1,
        high,
        255,
        256,
        65535,
        1 << 31,
        1 << 32,
        (1 << 53) + 1,
    ]);
    values.retain(|v| (low..=high).contains(v));
    values.sort_unstable();
    values.dedup();
    values
        .into_iter()
        .map(|v| Scalar::from_i128(dtype, v))
        .collect()
}

/// The bytes of elements, one after the other.
pub fn bytes(values: impl IntoIterator<Item = Scalar>) -> Vec<u8> {
    values
        .into_iter()
        .flat_map(|v| v.bits().to_le_bytes()[..v.dtype().itemsize()].to_vec())
        .collect()
}

/// Random elements, many of them hostile.
pub fn random_bytes(random: &mut Random, dtype: DType, count: usize) -> Vec<u8> {
    let hostile = hostile(dtype);
    let values = (0..count).map(|_| match random.below(4) {
        0 => random.pick(&hostile),
        1 => Scalar::from_i128(
            dtype,
            i128::from(random.below(20)) - if dtype == DType::Bool { 10 } else { 5 },
        ),
        _ if dtype == DType::Bool => (random.below(2) == 1).into(),
        _ if dtype.is_float() => Scalar::from_f64(dtype, (random.next() as i64 as f64) / 1e17),
        _ => Scalar::from_i128(dtype, random.next().into()),
    });
    bytes(values.collect::<Vec<_>>())
}

/// Every NaN as one.
fn canonical(dtype: DType, bytes: &[u8]) -> Vec<Scalar> {
    let elements = bytes
        .chunks(dtype.itemsize())
        .map(|bytes| Scalar::from_bytes(dtype, bytes));
    let nan = |v: Scalar| dtype.is_float() && v.to_f64().is_nan();
    elements
        .map(|v| {
            if nan(v) {
                Scalar::from_f64(dtype, f64::NAN)
            } else {
                v
            }
        })
        .collect()
}

/// What a kernel is run on.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    pub buffers: Vec<Vec<u8>>,
    pub ints: Vec<i64>,
    pub scalars: Vec<u64>,
}

/// Runs both twins; gives what the buffers hold after.
///
/// # Panics
/// Where the twins differ, with the kernel and its code.
pub fn agree(kernel: &Kernel, arguments: &Arguments, against: Against) -> Vec<Vec<u8>> {
    let options = Options {
        verify: true,
        keep_clif: true,
    };
    let compiled = match compile_with(kernel, options) {
        Ok(compiled) => compiled,
        Err(error) => panic!("{error}\n{kernel}"),
    };
    let interpreted = run(kernel, arguments, against, |call| {
        // SAFETY: every buffer is ours alone.
        if let Err(error) = unsafe { interp::run(kernel, call) } {
            panic!("{error}\n{kernel}");
        }
    });
    let executed = run(kernel, arguments, against, |call| {
        // SAFETY: the interpreter has found every access in bounds; guard pages watch the rest.
        unsafe { compiled.call(call) }
    });
    for (k, declared) in kernel.buffers.iter().enumerate() {
        let want = canonical(declared.dtype, &interpreted[k]);
        let got = canonical(declared.dtype, &executed[k]);
        if want != got {
            let first = want.iter().zip(&got).position(|(a, b)| a != b).unwrap();
            let (want, got) = (want[first], got[first]);
            let clif = compiled.clif();
            panic!(
                "b{k}[{first}] is {got:?}, not {want:?}\nints {:?}\n{kernel}\n{clif}",
                arguments.ints
            );
        }
    }
    interpreted
}

fn run(
    kernel: &Kernel,
    arguments: &Arguments,
    against: Against,
    go: impl FnOnce(&mut Call<'_>),
) -> Vec<Vec<u8>> {
    let mut memory: Vec<Guarded> = arguments
        .buffers
        .iter()
        .map(|b| Guarded::new(b, against))
        .collect();
    let raw: Vec<RawBuffer> = memory.iter_mut().map(Guarded::raw).collect();
    let scratch = vec![0x5a; kernel.scratch_layout().1];
    // The arena is a multiple of 64 bytes, so that at a page's end it is aligned too.
    let mut scratch = Guarded::new(&scratch, Against::End);
    let mut call = Call {
        buffers: &raw,
        ints: &arguments.ints,
        scalars: &arguments.scalars,
        scratch: scratch.bytes_mut(),
    };
    go(&mut call);
    memory
        .iter()
        .map(|buffer| buffer.bytes().to_vec())
        .collect()
}
