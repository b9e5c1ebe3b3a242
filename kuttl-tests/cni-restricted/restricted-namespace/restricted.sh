#!/usr/bin/env bash
# Succeeds when the namespace of the test refuses a pod with the capability that a redirect by init container needs.
set -euo pipefail
overrides='{"spec":{"containers":[{"name":"app","image":"app","securityContext":{"capabilities":{"add":["NET_ADMIN"]}}}]}}'
if said=$(kubectl run app -n "$NAMESPACE" --image=app --dry-run=server --overrides="$overrides" 2>&1); then
  echo "expected the namespace to refuse NET_ADMIN: $said"
  exit 1
fi
[[ $said == *'violates PodSecurity "restricted'* ]] || { echo "expected PodSecurity to refuse it: $said"; exit 1; }
