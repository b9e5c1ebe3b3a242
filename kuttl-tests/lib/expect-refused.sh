#!/usr/bin/env bash
# Succeeds when a call reaches a connection that the server side ends, so that no application answered:
# expect-refused.sh <namespace> <workload> <protocol> <host:port>
set -euo pipefail
if seen=$(bash "$(dirname "$0")/call.sh" "$@"); then
  echo "expected $3 from $1/$2 to $4 to be refused: $seen"
  exit 1
fi
# A name that does not resolve, or a server that is not there, would prove nothing.
if [[ ! $seen =~ (ECONNRESET|EPIPE|socket\ hang\ up|connection\ closed|ERR_HTTP2|UNAVAILABLE) ]]; then
  echo "expected $3 from $1/$2 to $4 to be cut off, not to fail otherwise: $seen"
  exit 1
fi
