#!/bin/sh
# The browser tests drive Debian's Chromium. Install it where that can be done without asking, or say what to do.
set -eu
browser=/usr/bin/chromium

[ -x "$browser" ] && exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root="none"
fi

if [ "$as_root" = none ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "The browser tests need $browser, and it cannot be installed from here. As root on Debian:" >&2
    echo "    apt-get update && apt-get install -y --no-install-recommends chromium" >&2
    echo "Then run the same command again." >&2
    exit 1
fi

echo "install: Debian's chromium, for the browser tests"
$as_root apt-get -qq update
# shellcheck disable=SC2086 # empty for root, two words otherwise
DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq install -y --no-install-recommends chromium >/dev/null
[ -x "$browser" ] || { echo "apt-get succeeded and yet there is no $browser." >&2; exit 1; }
