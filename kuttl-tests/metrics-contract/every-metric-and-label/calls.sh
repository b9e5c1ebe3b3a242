#!/usr/bin/env bash
# Makes the calls that the metrics are then asked about: calls.sh <namespace>
set -euo pipefail
call() { bash ../../lib/wait-until.sh 30 bash ../../lib/expect-served.sh "$@"; }
for protocol in http:8080 h2:8081 grpc:8082 tcp:9000; do
  call "$1" client "${protocol%:*}" "echo:${protocol#*:}"
done
call "$1" plain-client http echo:8080
call "$1" plain-client tcp echo:9000
# No Service has this port, and the address is one pod's.
call "$1" client http "$(kubectl get pods -n "$1" -l app=echo -o jsonpath='{.items[0].status.podIP}'):8080"
