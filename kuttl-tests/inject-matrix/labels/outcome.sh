#!/usr/bin/env bash
# Prints the table of outcome.txt as it is in this cluster: API server and webhook decide about each pod in each namespace
# without creating it.
set -euo pipefail
inject=sidecar.istio.io/inject
rev=istio.io/rev

# pod <name> <labels> <annotations> <host network>
pod() {
  cat <<POD
---
apiVersion: v1
kind: Pod
metadata: { name: $1, labels: { $2 }, annotations: { $3 } }
spec:
  hostNetwork: $4
  containers: [{ name: application, image: localhost/meshwright-samples:v1.1.0 }]
POD
}

pods() {
  pod no-label "" "" false
  pod annotation-true "" "$inject: 'true'" false
  pod annotation-false "" "$inject: 'false'" false
  pod inject-true "$inject: 'true'" "" false
  pod inject-false "$inject: 'false'" "" false
  pod rev-default "$rev: default" "" false
  pod rev-other "$rev: other" "" false
  pod inject-true-rev-default "$inject: 'true', $rev: default" "" false
  pod inject-true-rev-other "$inject: 'true', $rev: other" "" false
  pod inject-false-rev-default "$inject: 'false', $rev: default" "" false
  pod host-network "" "" true
}

header=$(head -1 outcome.txt)
echo "$header"
read -ra columns <<<"$header"
for namespace in $(tail -n +2 outcome.txt | cut -d' ' -f1); do
  containers=$(pods | kubectl create -n "inject-$namespace" --dry-run=server -f - \
    -o jsonpath='{.metadata.name} {.spec.initContainers[*].name} {.spec.containers[*].name}{"\n"}')
  row=$namespace
  for column in "${columns[@]:1}"; do
    pod=$(grep "^$column " <<<"$containers")
    row+=" $([[ "$pod " == *" istio-proxy "* ]] && echo sidecar || echo -)"
  done
  echo "$row"
done
