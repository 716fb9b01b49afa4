#!/usr/bin/env bash
# Measures Tilewright beside its peers and writes the table and the picture of docs/benchmarks.md.
#
#   benches/peers/run.sh             every row
#   benches/peers/run.sh ROW...      these rows, kept beside the others; `write` writes the documents
#
# Makes a virtual environment below target/ first; needs Python 3.11 or newer.
set -euo pipefail
cd "$(dirname "$0")/../.."

environment=target/peers
if [ ! -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
fi
if ! cmp -s benches/peers/requirements.txt "$environment/requirements.txt"; then
    "$environment/bin/pip" install --quiet --requirement benches/peers/requirements.txt
    cp benches/peers/requirements.txt "$environment/requirements.txt"
fi
cargo build --release --locked --quiet -p tilewright-benches --bin peers

# Two threads for everybody; idle threads wait without spinning; libraries choose their own code.
unset OPENBLAS_CORETYPE
export OMP_NUM_THREADS=2 OPENBLAS_NUM_THREADS=2 NUMBA_NUM_THREADS=2 NUMEXPR_NUM_THREADS=2
export BLOSC_NTHREADS=2 OMP_WAIT_POLICY=passive JAX_PLATFORMS=cpu
exec "$environment/bin/python" benches/peers/measure.py target/release/peers "$@"
