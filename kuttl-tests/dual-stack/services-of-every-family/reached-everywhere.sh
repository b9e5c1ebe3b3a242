#!/usr/bin/env bash
# Succeeds when the meshed client is served by HTTP and TCP at every name and address: reached-everywhere.sh <namespace>
set -euo pipefail
caller="spiffe://cluster.local/ns/$1/sa/client"
addresses=$(bash "$(dirname "$0")/addresses.sh" "$1")
# Six ClusterIPs, and two addresses for each of three pods.
if [ "$(wc -l <<<"$addresses")" != 12 ]; then
  echo "expected 12 addresses: $addresses"
  exit 1
fi
for host in echo echo-ipv6 echo-dual echo-ipv6-first echo-headless $addresses; do
  bash ../../lib/expect-peer.sh "$1" client http "$host:8080" "$caller"
  # Bytes tell nothing of their caller: strict mTLS is what lets none through that is not of the mesh.
  bash ../../lib/expect-served.sh "$1" client tcp "$host:9000"
done
