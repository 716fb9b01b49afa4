#!/usr/bin/env bash
# Builds every fuzz target and runs each for a while: fuzz/run.sh [SECONDS] [TARGET]...
#
# Needs a C++ compiler; installs cargo-fuzz if it is missing. Stops at the first target that fails,
# whose input then lies under fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")"

seconds=${1:-60}
targets=("${@:2}")
[ ${#targets[@]} -gt 0 ] || targets=(expression plan npy npy_stack uri zarr hdf5 nifti npz tiff)

# libFuzzer's instrumentation is an unstable option of the compiler; this lets the stable one take it.
export RUSTC_BOOTSTRAP=1
command -v cargo-fuzz >/dev/null || cargo install cargo-fuzz --locked

# The files that readers are given live in memory where that is possible.
scratch=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
trap 'rm -rf "$scratch"' EXIT
export TMPDIR=$scratch

# Where a target starts from: fixtures that other programs wrote, or a few files of its own.
seeds() {
    local fixtures=../tests/fixtures into="$scratch/seeds-$1" document name
    mkdir -p "$into" "corpus/$1"
    case $1 in
    expression) cp seeds/expression/* "$into" ;;
    plan) cargo run --quiet --target-dir ../target --no-default-features --example seeds -- "$into" ;;
    npy_stack) cp seeds/npy_stack/* "$into" ;;
    uri) cp seeds/uri/* "$into" ;;
    npy) cp "$fixtures"/npy/*.npy "$into" ;;
    hdf5) cp "$fixtures"/hdf5/{userblock,refused}.h5 "$fixtures"/hdf5/climate.nc "$into" ;;
    nifti) cp "$fixtures"/nifti/*.nii "$fixtures"/nifti/*.gz "$into" ;;
    npz) cp "$fixtures"/npz/*.npz "$into" ;;
    tiff) cp "$fixtures"/tiff/*.tif "$into" ;;
    zarr)
        find "$fixtures" -name zarr.json -o -name .zarray | while read -r document; do
            name=$(dirname "${document#"$fixtures"/}" | tr / -)
            cp "$document" "$into/$name"
            # The same document with the bytes of one of its chunks.
            chunk=$(find "$(dirname "$document")" -type f -size -64k \
                ! -name 'zarr.json' ! -name '.z*' | sort | head -1)
            [ -z "$chunk" ] || { cat "$document" && printf '\0' && cat "$chunk"; } >"$into/$name-chunk"
        done
        ;;
    esac
}

cargo fuzz build --fuzz-dir . --sanitizer none
for target in "${targets[@]}"; do
    seeds "$target"
    echo "== $target: ${seconds} s"
    cargo fuzz run --fuzz-dir . --sanitizer none "$target" "corpus/$target" "$scratch/seeds-$target" -- \
        -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 -verbosity=0
done
