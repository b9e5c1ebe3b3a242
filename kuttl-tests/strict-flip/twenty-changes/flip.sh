#!/usr/bin/env bash
# Changes the mesh's mTLS mode ten times to and fro, each time until the servers follow: flip.sh <namespace>
set -euo pipefail
lib=../../lib
for _ in 1 2 3 4 5 6 7 8 9 10; do
  bash $lib/set-mtls.sh Permissive >/dev/null
  bash $lib/wait-until.sh 30 bash $lib/expect-peer.sh "$1" plain-client http echo:8080 ""
  bash $lib/set-mtls.sh Strict >/dev/null
  bash $lib/wait-until.sh 30 bash $lib/expect-refused.sh "$1" plain-client http echo:8080
done
