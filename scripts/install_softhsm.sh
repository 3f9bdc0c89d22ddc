#!/bin/sh
# The tests of the PKCS#11 key holder drive Debian's SoftHSM. Install it where that can be done without asking, or say
# what to do.
set -eu
tool=/usr/bin/softhsm2-util

[ -x "$tool" ] && exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root="none"
fi

if [ "$as_root" = none ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "The tests of key tokens need $tool, and it cannot be installed from here. As root on Debian:" >&2
    echo "    apt-get update && apt-get install -y --no-install-recommends softhsm2" >&2
    echo "Then run the same command again." >&2
    exit 1
fi

echo "install: Debian's softhsm2, for the tests of key tokens"
$as_root apt-get -qq update
# shellcheck disable=SC2086 # empty for root, two words otherwise
DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq install -y --no-install-recommends softhsm2 >/dev/null
[ -x "$tool" ] || { echo "apt-get succeeded and yet there is no $tool." >&2; exit 1; }
