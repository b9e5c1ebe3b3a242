#!/usr/bin/env bash
# Takes the API server away for some seconds under load, and creates a Service as soon as it is back:
# outage.sh <namespace> <seconds>
set -euo pipefail
lib=../../lib
cluster=../../../dev/cluster/main.ts
namespace=$1
seconds=$2
before=$(mktemp)
after=$(mktemp)
trap 'rm -f "$before" "$after"' EXIT
bash $lib/restart-counts.sh mesh-system meshwright-operator "$namespace" >"$before"
sent=$(bash $lib/load-sent.sh "$namespace")

# The controllers end with it: in a cluster that elects leaders they do so by themselves when they cannot renew their lease.
node "$cluster" stop controller-manager
node "$cluster" stop apiserver
if kubectl get --raw /readyz --request-timeout=2s >/dev/null 2>&1; then
  node "$cluster" start apiserver
  node "$cluster" start controller-manager
  echo "the API server still answers"
  exit 1
fi
# Not a wait for something: this is how long the outage lasts.
sleep "$seconds"
node "$cluster" start apiserver
bash after.sh "$namespace"
node "$cluster" start controller-manager

bash $lib/restart-counts.sh mesh-system meshwright-operator "$namespace" >"$after"
diff "$before" "$after" || { echo "expected no container to have been restarted or replaced"; exit 1; }
bash $lib/expect-load.sh "$namespace" $((sent + seconds * 190))
