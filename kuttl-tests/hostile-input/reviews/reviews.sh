#!/usr/bin/env bash
# Sends the injection webhook what no API server sends; each is refused with a status of its own, and afterwards the same
# process serves: reviews.sh <namespace>
set -euo pipefail
lib=../../lib
before=$(bash $lib/restart-counts.sh mesh-system)
pod=pod/$(kubectl get pods -n mesh-system -l app=meshd --field-selector=status.phase=Running -o jsonpath='{.items[0].metadata.name}')
# A body that is refused is not read to its end, and kubectl ends a forward that broke: each group has one of its own.
for group in honest refused large honest; do
  bash $lib/with-port-forward.sh mesh-system "$pod" 15017 node --no-warnings send.mjs "$group"
done
[ "$(bash $lib/restart-counts.sh mesh-system)" = "$before" ] || { echo "expected no container to have restarted"; exit 1; }
