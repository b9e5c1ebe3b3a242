#!/usr/bin/env bash
# Runs a command with FORWARDED=127.0.0.1:<port> leading to a port of a pod or Service:
# with-port-forward.sh <namespace> <pod/x|service/x> <port> <command>...
set -euo pipefail
namespace=$1
target=$2
port=$3
shift 3
coproc kubectl port-forward -n "$namespace" "$target" ":$port" 2>&1
forward=$COPROC_PID
trap 'kill "$forward" 2>/dev/null || true' EXIT
while read -r -t 20 line <&"${COPROC[0]}"; do
  if [[ $line =~ ^Forwarding\ from\ (127\.0\.0\.1:[0-9]+) ]]; then
    FORWARDED=${BASH_REMATCH[1]} "$@"
    exit
  fi
done
echo "cannot forward to $target in $namespace: ${line:-no answer}"
exit 1
