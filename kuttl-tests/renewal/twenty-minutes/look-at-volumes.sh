#!/usr/bin/env bash
# Has every node's agent look at its volumes, and show what it found; fails when one of the namespace's pods has none:
# look-at-volumes.sh <namespace>
set -euo pipefail
found=$(mktemp)
trap 'rm -f "$found"' EXIT
for agent in $(kubectl get pods -n mesh-system -l app=meshwright-node-agent -o name); do
  kubectl get secrets,configmaps,pods -A -o json |
    kubectl exec -i -n mesh-system "$agent" -- node --input-type=module -e "$(cat ../../lib/identities.mjs)" >>"$found"
done
cat "$found"
for account in echo load load-fresh; do
  grep -F "/ns/$1/sa/$account " "$found" >/dev/null || { echo "expected an identity of $account"; exit 1; }
done
