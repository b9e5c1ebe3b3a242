#!/usr/bin/env bash
# Has the operator be of a version: operator-version.sh <version>
set -euo pipefail
bash ../../lib/deployed.sh | sed "s|/meshwright-operator:v1.1.0|/meshwright-operator:$1|" |
  kubectl apply --server-side --force-conflicts --field-manager=meshwright-dev -f - >/dev/null
kubectl rollout status -n meshwright-operator deployment/meshwright-operator --timeout=150s
kubectl get deployment -n meshwright-operator meshwright-operator -o jsonpath='{.spec.template.spec.containers[0].image}' | grep ":$1\$"
