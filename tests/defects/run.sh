#!/bin/sh
# Plants each defect of this directory in a copy of the tree and runs the differential tests on it:
# every one must be found. `run.sh [NAME...]` plants those alone.
#
# The copy has a target directory of its own, kept between runs: TILEWRIGHT_DEFECTS (target/defects
# by default). TILEWRIGHT_CASES cases (3000) are run for each defect.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${TILEWRIGHT_DEFECTS:-$root/target/defects}
cases=${TILEWRIGHT_CASES:-3000}
mkdir -p "$work"
work=$(cd "$work" && pwd)
tree=$work/tree
export CARGO_TARGET_DIR="$work/target"

mkdir -p "$tree"
# Copies keep their times, so that cargo builds again only what changed.
for part in Cargo.toml Cargo.lock rustfmt.toml crates tests benches; do
    rm -rf "${tree:?}/$part"
    cp -a "$root/$part" "$tree/"
done
cd "$tree"
# A repository of its own: patches apply here and nowhere else.
[ -d .git ] || git init -q .
# What an earlier run may have left built with a defect in it.
sed -n 's|^+++ b/||p' "$here"/*.patch | sort -u | while read -r file; do touch "$file"; done

build() { cargo build --quiet -p tilewright-tests --bin differential >"$work/build.log" 2>&1; }
find_it() {
    TILEWRIGHT_CASES=$cases TILEWRIGHT_FAILURES=1 TILEWRIGHT_SHRINK=0 \
        timeout 900 "$CARGO_TARGET_DIR/debug/differential" >"$work/run.log" 2>&1
}

build || { cat "$work/build.log"; echo "the tree does not build"; exit 2; }
find_it || { grep -m1 '^seed' "$work/run.log"; echo "the tree fails without any defect"; exit 2; }

survived=0
planted=0
printf '%-36s %-9s %s\n' defect result 'found by'
if [ $# -gt 0 ]; then names=$*; else names=$(cd "$here" && ls ./*.patch); fi
for name in $names; do
    name=$(basename "$name" .patch)
    patch=$here/$name.patch
    planted=$((planted + 1))
    git apply "$patch"
    if ! build; then
        result=broken by=$(grep -m1 '^error' "$work/build.log")
        survived=$((survived + 1))
    elif find_it; then
        result=SURVIVED by=
        survived=$((survived + 1))
    else
        result=found
        by=$(grep -m1 -a '^seed' "$work/run.log" | cut -c1-90 || true)
        by=${by:-$(tail -n 1 "$work/run.log" | cut -c1-90)}
    fi
    printf '%-36s %-9s %s\n' "$name" "$result" "$by"
    git apply -R "$patch"
done
echo "$planted defects, $survived not found"
[ "$survived" -eq 0 ]
