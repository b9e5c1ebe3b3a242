#!/usr/bin/env bash
# Asks for a version and succeeds when it is refused and nothing has changed: refused.sh <version> <reason> <text>
set -euo pipefail
image() { kubectl get deployment meshd-default -n mesh-system -o jsonpath='{.spec.template.spec.containers[*].image}'; }
before=$(image)
bash ../../lib/ask-version.sh "$1"
bash ../../lib/expect-condition.sh meshinstall/default Stalled True "$2" "$3"
bash ../../lib/expect-event.sh MeshInstall "$2" "$3"
bash ../../lib/reconciled.sh
[ "$(image)" = "$before" ] || { echo "the control plane has changed: $before -> $(image)"; exit 1; }
bash ../../lib/webhook-verifies.sh
