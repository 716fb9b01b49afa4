//! Sources and sinks for Tilewright: npy and zarr
