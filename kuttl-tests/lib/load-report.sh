#!/usr/bin/env bash
# Prints a load client's counters as JSON: load-report.sh <namespace> [<workload>]
set -euo pipefail
bash "$(dirname "$0")/in-pod.sh" "$1" "${2:-load}" \
  node -e 'fetch("http://127.0.0.1:9900/report").then((r) => r.text()).then(console.log)'
