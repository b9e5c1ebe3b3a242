#!/usr/bin/env bash
# Succeeds when the probed pod refuses plaintext from a pod without sidecar: expect-strict.sh <namespace>
set -euo pipefail
address=$(kubectl get pods -n "$1" -l app=probed -o jsonpath='{.items[0].status.podIP}')
bash ../../lib/expect-refused.sh "$1" plain-client http "$address:8101"
