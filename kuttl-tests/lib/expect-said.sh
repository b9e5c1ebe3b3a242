#!/usr/bin/env bash
# Succeeds when every pod of a selector has said something in a container: expect-said.sh <namespace> <selector> <container> <text>
set -euo pipefail
pods=$(kubectl get pods -n "$1" -l "$2" -o name)
[ -n "$pods" ] || { echo "there is no pod with $2"; exit 1; }
for pod in $pods; do
  said=$(kubectl logs -n "$1" "$pod" -c "$3")
  if [[ $said != *"$4"* ]]; then
    echo "expected $3 of $pod to say $4, it says: $said"
    exit 1
  fi
done
