#!/usr/bin/env bash
# Succeeds when the application was called on an address that begins so: expect-address.sh <namespace> <service> <prefix>
set -euo pipefail
seen=$(bash ../../lib/call.sh "$1" client http "$2:8080")
address=$(grep -o '"localAddress":"[^"]*"' <<<"$seen" | cut -d'"' -f4)
# A server on `::` sees IPv4 addresses as part of IPv6's.
if [[ ${address#::ffff:} != "$3"* ]]; then
  echo "expected $2 to lead to an address with $3: $seen"
  exit 1
fi
