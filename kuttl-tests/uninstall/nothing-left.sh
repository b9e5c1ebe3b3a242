#!/usr/bin/env bash
# Succeeds when no object of ours is left but the operator and its CRD, and no pod hangs in Terminating.
set -euo pipefail
kinds=$(kubectl api-resources --verbs=list,delete -o name | sort -u | paste -sd, -)
left=$(
  kubectl get "$kinds" --all-namespaces --ignore-not-found -o name -l meshwright.dev/install 2>/dev/null
  kubectl get "$kinds" --all-namespaces --ignore-not-found --no-headers \
    -o custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name 2>/dev/null |
    grep -E 'meshwright|meshd-|mesh-system' |
    grep -vE '^(APIService|FlowSchema|Event|CustomResourceDefinition) ' |
    awk '$2 != "meshwright-operator" && $3 !~ /^meshwright-operator/'
) || true
if [ -n "$left" ]; then
  echo "expected nothing of the mesh to be left, found:"
  echo "$left"
  exit 1
fi
hanging=$(kubectl get pods --all-namespaces -o jsonpath='{range .items[?(@.metadata.deletionTimestamp)]}{.metadata.namespace}/{.metadata.name}{"\n"}{end}')
if [ -n "$hanging" ]; then
  echo "expected no pod to hang in Terminating, found: $hanging"
  exit 1
fi
