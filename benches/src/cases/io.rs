//! Stored arrays.
//!
//! The eager side loads the whole array with the same decoders, then computes with `ndarray`. The
//! files are small enough to stay in the system's cache on both sides.

use super::{number, one};
use crate::case::{Agreement, Case};
use crate::data::{Shared, load, numbers, store_raw};
use ndarray::{Axis, Ix2, Slice, s};
use std::path::Path;
use tilewright::{Array, all_axes, axis, open, s as items};

/// Length of each axis: 128 MB.
const SIDE: usize = 4000;

/// The group.
pub fn cases(directory: &Path) -> Vec<Case> {
    let x: Shared<Ix2> = numbers((SIDE, SIDE), 9);
    let raw = store_raw(&directory.join("raw.zarr"), &x, 500);
    let uri = |name: &str| directory.join(name).to_str().unwrap().to_owned();
    let (zstd, npy, hdf5) = (uri("zstd.zarr"), uri("x.npy"), uri("x.h5#/x"));
    let session = tilewright::default_session().unwrap();
    // Few digits, so that compression finds something.
    let short = Array::from_ndarray_chunked(x.mapv(|x| (x * 1000.0).round()), 500);
    session.store(&short, zstd.as_str()).unwrap();
    session.store(&short, hdf5.as_str()).unwrap();
    session
        .store(&Array::from_ndarray_chunked(x, 500), npy.as_str())
        .unwrap();

    let [raw2, raw3, raw4, raw5, raw6] = std::array::from_fn(|_| raw.clone());
    let (zstd2, hdf5_2) = (zstd.clone(), hdf5.clone());
    let [npy2, npy3, npy4] = std::array::from_fn(|_| npy.clone());
    vec![
        Case {
            name: "columns",
            expression: "x.mean(axis=0)[0:100]",
            data: "4000×4000 f64, raw Zarr",
            headline: true,
            agreement: Agreement::Rounding,
            eager: Box::new(move || {
                let mean = load(&raw).mean_axis(Axis(0)).unwrap();
                one(mean.slice_axis(Axis(0), Slice::from(0..100)).to_owned())
            }),
            lazy: Box::new(move || vec![open(&raw2).mean(axis(0)).slice(items![0..100])]),
        },
        Case {
            name: "strided",
            expression: "x[::4, ::4].mean()",
            data: "4000×4000 f64, raw Zarr",
            headline: false,
            agreement: Agreement::Rounding,
            eager: Box::new(move || {
                let x = load(&raw3).into_dimensionality::<Ix2>().unwrap();
                number(x.slice(s![..;4, ..;4]).mean().unwrap())
            }),
            lazy: Box::new(move || vec![open(&raw4).slice(items![..;4, ..;4]).mean(all_axes())]),
        },
        Case {
            name: "raw-sum",
            expression: "x.sum()",
            data: "4000×4000 f64, raw Zarr",
            headline: false,
            agreement: Agreement::Rounding,
            eager: Box::new(move || number(load(&raw5).sum())),
            lazy: Box::new(move || vec![open(&raw6).sum(all_axes())]),
        },
        Case {
            name: "zstd-sum",
            expression: "x.sum()",
            data: "4000×4000 f64, Zarr with zstd",
            headline: false,
            agreement: Agreement::Rounding,
            eager: Box::new(move || number(load(&zstd).sum())),
            lazy: Box::new(move || vec![open(&zstd2).sum(all_axes())]),
        },
        Case {
            name: "hdf5-sum",
            expression: "x.sum()",
            data: "4000×4000 f64, HDF5 with shuffle and deflate",
            headline: false,
            agreement: Agreement::Rounding,
            eager: Box::new(move || number(load(&hdf5).sum())),
            lazy: Box::new(move || vec![open(&hdf5_2).sum(all_axes())]),
        },
        Case {
            name: "npy-sum",
            expression: "x.sum()",
            data: "4000×4000 f64, NPY",
            headline: false,
            agreement: Agreement::Rounding,
            eager: Box::new(move || number(load(&npy3).sum())),
            lazy: Box::new(move || vec![open(&npy4).sum(all_axes())]),
        },
        Case {
            name: "npy-std",
            expression: "x.std()",
            data: "4000×4000 f64, NPY",
            headline: false,
            agreement: Agreement::Rounding,
            eager: Box::new(move || number(load(&npy).std(0.0))),
            lazy: Box::new(move || vec![open(&npy2).std(all_axes())]),
        },
    ]
}
