#!/usr/bin/env bash
# Asks for v1.1.0 and kills the operator that leads after each burst of writes, six times at most; then waits until the mesh is there.
set -euo pipefail
leader() { kubectl get lease meshwright-operator -n meshwright-operator -o jsonpath='{.spec.holderIdentity}'; }
planned='^meshwright-operator (create|patch|delete) [a-z]+ '
bash ../../lib/ask-version.sh v1.1.0
kills=0
SECONDS=0
since=$(bash ../../lib/now.sh)
while [ "$kills" -lt 6 ] && [ "$SECONDS" -lt 200 ]; do
  if node ../../lib/audit.mjs "$since" "$planned" | grep -vq /status; then
    since=$(bash ../../lib/now.sh)
    kubectl delete pod "$(leader)" -n meshwright-operator --grace-period=0 --force 2>/dev/null && kills=$((kills + 1))
  elif [ "$(kubectl get meshinstall default -o jsonpath='{.status.activeRevision}')" = default-v1-1-0 ]; then
    break
  fi
done
echo "killed $kills times in $SECONDS s"
[ "$kills" -ge 2 ]
bash ../../lib/wait-version.sh v1.1.0 default-v1-1-0
bash ../../lib/expect-condition.sh meshrevisiontag/prod Ready True Ready default-v1-1-0
