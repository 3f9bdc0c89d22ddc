#!/bin/sh
# Tests drive programs of Debian's. Install one where that can be done without asking, or say what to do.
# Use: install_debian.sh PACKAGE FILE WHAT — FILE is there once PACKAGE is installed; WHAT needs it.
set -eu
package=$1 file=$2 what=$3

[ -x "$file" ] && exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root="none"
fi

if [ "$as_root" = none ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "The $what need $file, and it cannot be installed from here. As root on Debian:" >&2
    echo "    apt-get update && apt-get install -y --no-install-recommends $package" >&2
    echo "Then run the same command again." >&2
    exit 1
fi

echo "install: Debian's $package, for the $what"
$as_root apt-get -qq update
# shellcheck disable=SC2086 # empty for root, two words otherwise
DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq install -y --no-install-recommends "$package" >/dev/null
[ -x "$file" ] || { echo "apt-get succeeded and yet there is no $file." >&2; exit 1; }
