#!/usr/bin/env bash
# Succeeds when the control plane's Deployment is rolled out to the last replica and no pod of an older template is left.
set -euo pipefail
state=$(kubectl get deployment meshd-default -n mesh-system -o jsonpath='{.metadata.generation} {.status.observedGeneration} {.spec.replicas} {.status.replicas} {.status.updatedReplicas} {.status.availableReplicas}')
read -r generation observed wanted replicas updated available <<<"$state"
if [[ $generation != "$observed" || $wanted != "$replicas" || $wanted != "$updated" || $wanted != "$available" ]]; then
  echo "Deployment meshd-default is not complete: generation=$generation observed=$observed spec.replicas=$wanted replicas=$replicas updated=$updated available=$available"
  exit 1
fi
