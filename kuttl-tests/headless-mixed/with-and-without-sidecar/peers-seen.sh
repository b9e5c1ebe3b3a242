#!/usr/bin/env bash
# Succeeds when pods with a sidecar reach every peer by its name, over every protocol, and are seen by their identity where
# the peer has a sidecar too: peers-seen.sh <namespace>
set -euo pipefail
lib=../../lib
seen() { # <caller> <peer> <SPIFFE ID>
  bash $lib/expect-peer.sh "$namespace" "$1" http "$2.peers:8080" "$3"
  bash $lib/expect-peer.sh "$namespace" "$1" h2 "$2.peers:8081" "$3"
  bash $lib/expect-peer.sh "$namespace" "$1" grpc "$2.peers:8082" "$3"
  bash $lib/expect-peer.sh "$namespace" "$1" ws "$2.peers:8080" "$3"
  bash $lib/expect-served.sh "$namespace" "$1" tcp "$2.peers:9000"
}
namespace=$1
for peer in meshed-0 meshed-1; do seen client $peer "spiffe://cluster.local/ns/$1/sa/client"; done
seen pod/meshed-0 meshed-1 "spiffe://cluster.local/ns/$1/sa/meshed"
# What a pod says to itself does not leave it, as without a mesh.
seen pod/meshed-0 meshed-0 ""
for caller in client pod/meshed-0; do
  for peer in plain-0 plain-1; do seen $caller $peer ""; done
  bash $lib/expect-served.sh "$1" "$caller" http peers:8080
done
