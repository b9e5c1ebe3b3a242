#!/usr/bin/env bash
# Succeeds when an attempt on the control plane ends with a gRPC status and its message has certain words:
# attempt.sh <attempt> <status> <word>...
set -euo pipefail
said=$(node ../../../dev/refusals/main.ts "$1" "$NAMESPACE" app=client)
echo "$1: $said"
shift
if [[ $said != "$1:"* ]]; then
  echo "expected status $1"
  exit 1
fi
shift
for word in "$@"; do
  grep -qiF -- "$word" <<<"$said" || { echo "expected the message to name: $word"; exit 1; }
done
