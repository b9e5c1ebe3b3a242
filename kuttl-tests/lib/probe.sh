#!/usr/bin/env bash
# Makes calls from a workload's pod and prints what the server saw, a line of JSON per call:
# probe.sh <namespace> <workload> <http|http2|grpc|tcp|websocket> <host:port> [count]
set -euo pipefail
here=$(dirname "$0")
namespace=$1
workload=$2
shift 2
kubectl exec -i -n "$namespace" "deployment/$workload" -c "$workload" -- \
  node --input-type=module-typescript - "$@" <"$here/../../dev/probe/main.ts"
