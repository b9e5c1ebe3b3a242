#!/usr/bin/env bash
# Waits until there is an Event of a kind of object for a reason, with a text: expect-event.sh <kind> <reason> <text>
set -euo pipefail
read_events() {
  kubectl get events --all-namespaces --field-selector="involvedObject.kind=$1,reason=$2" \
    -o jsonpath='{range .items[*]}{.message}{"\n"}{end}'
}
SECONDS=0
until said=$(read_events "$1" "$2") && grep -F -- "$3" <<<"$said"; do
  if [ "$SECONDS" -ge 60 ]; then
    echo "expected an Event $2 of a $1 with: $3; there are: $said"
    exit 1
  fi
  sleep 0.5
done
