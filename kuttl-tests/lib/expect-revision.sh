#!/usr/bin/env bash
# Succeeds when every pod of a selector was injected by a revision: expect-revision.sh <namespace> <selector> <revision>
set -euo pipefail
revisions=$(kubectl get pods -n "$1" -l "$2" -o jsonpath='{range .items[*]}{.metadata.annotations.istio\.io/rev}{"\n"}{end}' | sort -u)
[ "$revisions" = "$3" ] || { echo "expected the pods with $2 to be of $3, they are of: $revisions"; exit 1; }
