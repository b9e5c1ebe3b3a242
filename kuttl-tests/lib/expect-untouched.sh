#!/usr/bin/env bash
# Succeeds when nobody of the mesh has changed anything whose line matches since a moment: expect-untouched.sh <time> <pattern>
set -euo pipefail
written=$(node "$(dirname "$0")/audit.mjs" "$1" "$2" | grep -vE '^[^ ]+ (list|create (token|subjectaccess)reviews) ' || true)
[ -z "$written" ] || { echo "expected no change since $1, found:"; echo "$written"; exit 1; }
