#!/usr/bin/env bash
# Succeeds when all calls are served, a dozen of them: expect-served.sh <namespace> <workload> <protocol> <host:port>
set -euo pipefail
seen=$(bash "$(dirname "$0")/calls.sh" "$@" 12) || {
  echo "expected $3 from $1/$2 to $4 to be served: $seen"
  exit 1
}
