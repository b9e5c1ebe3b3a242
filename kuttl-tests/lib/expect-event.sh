#!/usr/bin/env bash
# Waits until there is an Event of a kind of object for a reason, with a text: expect-event.sh <kind> <reason> <text>
set -euo pipefail
here=$(dirname "$0")
bash "$here/wait-until.sh" 60 bash -c "
  kubectl get events --all-namespaces --field-selector=involvedObject.kind=$1,reason=$2 \
    -o jsonpath='{range .items[*]}{.message}{\"\\n\"}{end}' | grep -F -- '$3'"
