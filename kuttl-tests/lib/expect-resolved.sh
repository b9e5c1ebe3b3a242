#!/usr/bin/env bash
# Succeeds when a name resolves to what is wanted: expect-resolved.sh <namespace> <workload> <how, as resolve.sh> <name> <wanted>
set -euo pipefail
got=$(bash "$(dirname "$0")/resolve.sh" "$1" "$2" "$3" "$4")
if [ "$got" != "$5" ]; then
  echo "expected $4 ($3) in $1/$2 to be $5, it is: $got"
  exit 1
fi
