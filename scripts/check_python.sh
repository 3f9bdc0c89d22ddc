#!/bin/sh
# Say in one sentence what is missing before a virtual environment is tried. Use: check_python.sh PYTHON
set -eu
python=$1

if ! command -v "$python" >/dev/null 2>&1; then
    echo "There is no $python here. On Debian: apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "$python is $("$python" -V 2>&1), and 3.11 or newer is needed: make PYTHON=/path/to/python3.11 …" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$python has no venv module. On Debian: apt-get install python3-venv" >&2
    exit 1
fi
