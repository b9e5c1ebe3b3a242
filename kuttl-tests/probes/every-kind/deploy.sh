#!/usr/bin/env bash
# Deploys the application that is asked in every way, with a certificate of its own: deploy.sh <namespace>
set -euo pipefail
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=probed \
  -keyout "$made/tls.key" -out "$made/tls.crt" 2>/dev/null
kubectl create secret tls probed-tls -n "$1" --key="$made/tls.key" --cert="$made/tls.crt"
address=$(kubectl get service kubernetes -n default -o jsonpath='{.spec.clusterIP}')
sed -e "s|KUBERNETES|$address|" -e "s|localhost/meshwright-samples|${MESHWRIGHT_REGISTRY:-localhost}/meshwright-samples|" \
  ../../lib/workloads/probed.yaml | kubectl apply -n "$1" -f - >/dev/null
