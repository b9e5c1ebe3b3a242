#!/usr/bin/env bash
# Makes calls from a workload's pod, each on a connection of its own, and prints their counts as a line of JSON:
# calls.sh <namespace> <workload> <http|h2|grpc|tcp|ws> <host:port> <number of calls>
set -euo pipefail
bash "$(dirname "$0")/in-pod.sh" "$1" "$2" \
  node /app/main.mjs load --protocol "$3" --url "http://$4/" --rate "$5" --duration 1 --connections "$5"
