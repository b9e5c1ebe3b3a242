#!/usr/bin/env bash
# Succeeds when pods with a sidecar reach every peer by its name, over every protocol, and are seen by their identity where
# the peer has a sidecar too: peers-seen.sh <namespace>
set -euo pipefail
lib=../../lib
for caller in client statefulset/meshed; do
  for peer in meshed-0 meshed-1 plain-0 plain-1; do
    seen="spiffe://cluster.local/ns/$1/sa/${caller#*/}"
    [[ $peer == plain-* ]] && seen=""
    bash $lib/expect-peer.sh "$1" "$caller" http "$peer.peers:8080" "$seen"
    bash $lib/expect-peer.sh "$1" "$caller" h2 "$peer.peers:8081" "$seen"
    bash $lib/expect-peer.sh "$1" "$caller" grpc "$peer.peers:8082" "$seen"
    bash $lib/expect-peer.sh "$1" "$caller" ws "$peer.peers:8080" "$seen"
    bash $lib/expect-served.sh "$1" "$caller" tcp "$peer.peers:9000"
  done
  bash $lib/expect-served.sh "$1" "$caller" http peers:8080
done
