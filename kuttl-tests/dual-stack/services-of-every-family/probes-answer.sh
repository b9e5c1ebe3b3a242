#!/usr/bin/env bash
# Succeeds when each server's sidecar answers kubelet's probes on every address of its pod, whoever asks:
# probes-answer.sh <namespace>
set -euo pipefail
ips=$(kubectl get pods -n "$1" -l app=echo -o jsonpath='{range .items[*].status.podIPs[*]}{.ip}{"\n"}{end}' | sed 's/.*:.*/[&]/')
[ "$(wc -l <<<"$ips")" = 6 ] || { echo "expected two addresses for each of three pods: $ips"; exit 1; }
for ip in $ips; do
  for url in "http://$ip:15021/healthz/ready" "http://$ip:15020/app-health/echo/readyz"; do
    kubectl exec -n "$1" deployment/plain-client -c plain-client -- \
      node -e 'fetch(process.argv[1]).then((r) => { console.log(r.status); process.exit(r.ok ? 0 : 1); })' "$url" ||
      { echo "expected $url to answer"; exit 1; }
  done
done
