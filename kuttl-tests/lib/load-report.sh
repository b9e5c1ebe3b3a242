#!/usr/bin/env bash
# Prints the load client's counters as JSON: load-report.sh <namespace>
set -euo pipefail
kubectl exec -n "$1" deployment/load -c load -- \
  node -e 'fetch("http://127.0.0.1:9900/report").then((r) => r.text()).then(console.log)'
