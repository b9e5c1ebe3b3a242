#!/usr/bin/env bash
# Succeeds when the proxy of gulper's pod was killed for its memory and runs again, and nothing else of the pod was restarted:
# proxy-restarted.sh <namespace>
set -euo pipefail
pod() { kubectl get pods -n "$namespace" -l app=gulper -o "jsonpath={.items[0].status$1}"; }
namespace=$1
proxy='.initContainerStatuses[?(@.name=="istio-proxy")]'
reason=$(pod "$proxy.lastState.terminated.reason")
ready=$(pod '.conditions[?(@.type=="Ready")].status')
restarts=$(pod '.containerStatuses[*].restartCount')
echo "last state of the proxy: $reason, pod ready: $ready, restarts of the application: $restarts"
[ "$reason" = OOMKilled ] && [ "$ready" = True ] && [ "$restarts" = "0 0" ]
