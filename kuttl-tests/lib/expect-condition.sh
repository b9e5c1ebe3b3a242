#!/usr/bin/env bash
# Waits until a condition of an object is as wanted, for at most a minute: status, reason, and a text that its message has:
# expect-condition.sh <kind/name> <type> <status> <reason> [<text>]
set -euo pipefail
read_condition() {
  kubectl get "$1" -o jsonpath="{.status.conditions[?(@.type==\"$2\")]['status','reason','message']}"
}
SECONDS=0
until said=$(read_condition "$1" "$2") && [[ $said == "$3 $4 "*"${5:-}"* ]]; do
  if [ "$SECONDS" -ge 60 ]; then
    echo "expected $2 of $1 to be $3 $4 ${5:-}, it is: $said"
    exit 1
  fi
  sleep 0.5
done
echo "$2: $said"
