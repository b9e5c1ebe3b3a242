#!/usr/bin/env bash
# Succeeds when the load clients that run have sent requests over every protocol and none failed: expect-no-failure.sh <namespace>
set -euo pipefail
for port in 9900 9901 9902 9903; do
  report=$(kubectl exec -n "$1" deployment/load-all -c http -- \
    node -e "fetch('http://127.0.0.1:$port/report').then((r) => r.text()).then(console.log)")
  echo "$report"
  [[ $report == *'"failed":0,'* && $report != *'"ok":0,'* ]] || { echo "expected requests, and no failed one"; exit 1; }
done
