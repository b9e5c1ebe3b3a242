#!/usr/bin/env bash
# Succeeds when a call is served and the server saw that caller; "" stands for plaintext:
# expect-peer.sh <namespace> <workload> <protocol> <host:port> <SPIFFE ID>
set -euo pipefail
seen=$(bash "$(dirname "$0")/call.sh" "$1" "$2" "$3" "$4") || {
  echo "expected $3 from $1/$2 to $4 to be served: $seen"
  exit 1
}
if [[ $seen != *"\"peer\":\"$5\""* ]]; then
  echo "expected $3 from $1/$2 to $4 to be seen as \"$5\": $seen"
  exit 1
fi
