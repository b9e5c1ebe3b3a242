#!/usr/bin/env bash
# Succeeds when an agent runs on every node: agents-run.sh
set -euo pipefail
nodes=$(kubectl get nodes --no-headers | wc -l)
agents=$(kubectl get pods -n mesh-system -l app=meshwright-node-agent \
  -o jsonpath='{range .items[*]}{.metadata.deletionTimestamp}{.status.containerStatuses[0].ready}{"\n"}{end}')
[ "$(grep -c '^true$' <<<"$agents")" = "$nodes" ] || { echo "expected agents on $nodes nodes, found: $agents"; exit 1; }
