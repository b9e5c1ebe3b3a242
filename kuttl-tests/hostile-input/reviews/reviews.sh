#!/usr/bin/env bash
# Sends the injection webhook what no API server sends; each is refused with a status of its own, and afterwards the same
# process serves: reviews.sh <namespace>
set -euo pipefail
lib=../../lib
before=$(bash $lib/restart-counts.sh mesh-system)
pod=$(kubectl get pods -n mesh-system -l app=meshd --field-selector=status.phase=Running -o name | head -n 1)
bash $lib/with-port-forward.sh mesh-system "$pod" 15017 node --no-warnings send.mjs
[ "$(bash $lib/restart-counts.sh mesh-system)" = "$before" ] || { echo "expected no container to have restarted"; exit 1; }
