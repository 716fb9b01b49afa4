//! What may be said on the command line?

use crate::output::size;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// NumPy-style expressions over chunked, larger-than-memory arrays, optimized and compiled.
#[derive(Parser, Debug)]
#[command(name = "tilewright", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Compute an expression, and print or store the result
    #[command(after_help = RUN_HELP)]
    Run(Box<Run>),
    /// Show what computing an expression would do: expressions, rules, stages, kernels
    Explain(Box<Explain>),
    /// Show shape, dtype, chunks, codecs, size and attributes of a stored array, or the arrays of a
    /// file or group
    Info {
        /// x.npy, x.zarr/group/array, x.h5#/group/data, x.nii.gz, x.tif, x.npz#name
        uri: String,
    },
    /// Copy a stored array to another format, with other chunks or codecs
    #[command(after_help = CONVERT_HELP)]
    Convert(Box<Convert>),
    /// Show the operator manual
    Ops {
        /// One operator or function
        name: Option<String>,
    },
}

const CONVERT_HELP: &str = "\
Examples:
  tilewright convert climate.nc#/air air.zarr --chunks \"(100, -1, -1)\"
  tilewright convert scan.nii.gz scan.zarr --compression gzip --level 5
  tilewright convert a.zarr b.zarr --chunks 100,100 --shards 1000,1000
  tilewright convert day-4.npy days.zarr --append 0";

const RUN_HELP: &str = "\
Examples:
  tilewright run \"normal(0, 1, (10000, 10000), chunks=(1000, 1000), seed=1).mean(axis=0)[0:100]\"
  tilewright run \"(a - a.mean(axis=0)) / a.std(axis=0)\" -i a=in.zarr -o out.zarr
  tilewright run \"d = read('day-*.npy'); stack(d).mean(axis=0)\" -o mean.npy
  tilewright run \"read('day-4.npy')[None]\" -o days.zarr --append 0

A Zarr store that was killed goes on where it was when the same command is run again.

Exit status: 0; 1 if computing failed; 2 for a bad expression or argument.";

/// What is computed, and from what.
#[derive(Args, Debug)]
pub struct Input {
    /// NumPy in Python syntax, or @FILE; statements end in what to compute, a tuple computes
    /// several arrays together
    #[arg(value_name = "EXPR")]
    pub expr: String,
    /// Name a stored array; a glob in quotes names a list for stack and concatenate
    #[arg(short, long = "input", value_name = "NAME=URI")]
    pub input: Vec<String>,
}

/// How it is computed.
#[derive(Args, Debug)]
pub struct How {
    /// Tasks that run at once [default: the machine's threads]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Bytes that the run may hold, such as 8GiB [default: half of the memory available]
    #[arg(long, value_name = "SIZE", value_parser = size::parse)]
    pub memory: Option<u64>,
    /// What runs the plan
    #[arg(long, value_enum, default_value_t = Engine::Auto)]
    pub engine: Engine,
    /// Run the expression as it is written; the bits of the result are the same
    #[arg(long)]
    pub no_optimize: bool,
    /// Which rewrites of floats are allowed: those that keep every bit, or an error bound
    #[arg(long, value_enum, default_value_t = Math::Exact)]
    pub math: Math,
}

/// Where results go.
#[derive(Args, Debug)]
pub struct To {
    /// Store the result in x.npy or x.zarr instead of printing it; one for each result
    #[arg(short, long = "output", value_name = "URI")]
    pub output: Vec<String>,
    /// Chunks of stored results: 1000, "(1000, -1)" or auto [default: the expression's]
    #[arg(
        long,
        value_name = "C",
        requires = "output",
        allow_hyphen_values = true
    )]
    pub chunks: Option<String>,
    /// Replace arrays that exist, and give up unfinished ones of other expressions
    #[arg(long, requires = "output")]
    pub overwrite: bool,
    /// Store into a part of a Zarr array or HDF5 dataset that exists, such as "10:20, :"
    #[arg(
        long,
        value_name = "SLICES",
        requires = "output",
        conflicts_with_all = ["append", "chunks"],
        allow_hyphen_values = true
    )]
    pub region: Option<String>,
    /// Store behind the end of an axis of a Zarr array or HDF5 dataset that exists
    #[arg(
        long,
        value_name = "AXIS",
        requires = "output",
        conflicts_with = "chunks",
        allow_hyphen_values = true
    )]
    pub append: Option<i64>,
}

/// `tilewright run`.
#[derive(Args, Debug)]
pub struct Run {
    /// What is computed.
    #[command(flatten)]
    pub input: Input,
    /// Where it goes.
    #[command(flatten)]
    pub to: To,
    /// How it is computed.
    #[command(flatten)]
    pub how: How,
    /// Show a progress bar on standard error
    #[arg(long, value_enum, default_value_t = Progress::Auto)]
    pub progress: Progress,
    /// Write what was done as JSON; - for standard output
    #[arg(long, value_name = "FILE")]
    pub stats: Option<String>,
}

/// `tilewright convert`.
#[derive(Args, Debug)]
pub struct Convert {
    /// What is copied, as `info` takes it
    #[arg(value_name = "SRC")]
    pub source: String,
    /// Where it goes: x.npy, x.nii, x.nii.gz, x.zarr or x.zarr/group/array
    #[arg(value_name = "DST")]
    pub target: String,
    /// Chunks: 1000, "(1000, -1)" or auto [default: those of the source]
    #[arg(long, value_name = "C", allow_hyphen_values = true)]
    pub chunks: Option<String>,
    /// What makes chunks smaller [default: zstd in zarr]
    #[arg(long, value_enum)]
    pub compression: Option<Compression>,
    /// How hard it tries [default: 1 for zstd and blosc, 4 for gzip]
    #[arg(long, value_name = "N", requires = "compression")]
    pub level: Option<i32>,
    /// Do not seal chunks with checksums
    #[arg(long)]
    pub no_checksum: bool,
    /// Lengths of shards, which hold several chunks each
    #[arg(long, value_name = "S")]
    pub shards: Option<String>,
    /// The version of zarr
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=3))]
    pub zarr_version: Option<u8>,
    /// Copy into a part of a Zarr array or HDF5 dataset that exists, such as "10:20, :"
    #[arg(
        long,
        value_name = "SLICES",
        conflicts_with_all = ["append", "chunks", "compression", "no_checksum", "shards", "zarr_version"],
        allow_hyphen_values = true
    )]
    pub region: Option<String>,
    /// Copy behind the end of an axis of a Zarr array or HDF5 dataset that exists
    #[arg(
        long,
        value_name = "AXIS",
        conflicts_with_all = ["chunks", "compression", "no_checksum", "shards", "zarr_version"],
        allow_hyphen_values = true
    )]
    pub append: Option<i64>,
    /// Element type of the copy [default: that of the source]
    #[arg(long, value_name = "DTYPE")]
    pub dtype: Option<String>,
    /// Do what the CF conventions say: missing values become NaN, packed ones are unpacked
    #[arg(long)]
    pub decode: bool,
    /// Replace an array that exists
    #[arg(long)]
    pub overwrite: bool,
    /// How it is computed.
    #[command(flatten)]
    pub how: How,
    /// Show a progress bar on standard error
    #[arg(long, value_enum, default_value_t = Progress::Auto)]
    pub progress: Progress,
}

/// What makes chunks smaller.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Compression {
    /// Nothing
    None,
    /// Zstandard
    Zstd,
    /// Deflate
    Gzip,
    /// Blosc: zstd of shuffled bits
    Blosc,
}

/// `tilewright explain`.
#[derive(Args, Debug)]
pub struct Explain {
    /// What is explained.
    #[command(flatten)]
    pub input: Input,
    /// One stage of the road, or all [default: logical, optimized and physical]
    #[arg(long, value_enum)]
    pub stage: Option<Stage>,
    /// The output's format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Run it, and set what was measured beside what was estimated
    #[arg(long)]
    pub analyze: bool,
    /// Where it would go.
    #[command(flatten)]
    pub to: To,
    /// How it would be computed.
    #[command(flatten)]
    pub how: How,
}

/// What runs a plan.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Engine {
    /// Machine code; the kernels' interpreter where compiling takes longer than that
    Auto,
    /// Machine code
    Jit,
    /// The kernels' plain interpreter
    Interp,
    /// Whole arrays in plain loops
    Reference,
}

/// Which rewrites of floats are allowed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Math {
    /// Those that keep every bit
    Exact,
    /// Also those that keep an error bound
    Relaxed,
}

/// When a progress bar is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Progress {
    /// On a terminal, after half a second
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// A stage of the road.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Stage {
    /// The expression as it is written
    Logical,
    /// The expression as it is run
    Optimized,
    /// Stages, tiles and tasks
    Physical,
    /// Kernels
    Kernels,
    /// Kernels as they are handed to Cranelift
    Clif,
    /// All of them
    All,
}

/// A format of explanations.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For Graphviz
    Dot,
    /// A picture
    Svg,
    /// A page with pictures and text
    Html,
}
