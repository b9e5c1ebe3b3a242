#!/usr/bin/env bash
# Makes one call from a workload's pod and prints what came of it as a line of JSON, which has the server's own report:
# call.sh <namespace> <workload> <http|h2|grpc|tcp|ws> <host:port>
set -euo pipefail
path=$([ "$3" = ws ] && echo ws || true)
bash "$(dirname "$0")/in-pod.sh" "$1" "$2" \
  node /app/main.mjs call --protocol "$3" --timeout-ms 5000 "$([ "$3" = ws ] && echo ws || echo http)://$4/$path"
