#!/usr/bin/env bash
# Succeeds when all calls are served: expect-served.sh <namespace> <workload> <protocol> <host:port> [count]
set -euo pipefail
seen=$(bash "$(dirname "$0")/probe.sh" "$@") || {
  echo "expected $3 from $1/$2 to $4 to be served: $seen"
  exit 1
}
