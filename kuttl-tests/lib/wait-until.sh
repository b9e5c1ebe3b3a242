#!/usr/bin/env bash
# Repeats a command every second until it succeeds; shows its last output when the time is over:
# wait-until.sh <seconds> <command>...
set -euo pipefail
deadline=$((SECONDS + $1))
shift
until output=$("$@" 2>&1); do
  if [ "$SECONDS" -ge "$deadline" ]; then
    echo "$output"
    echo "gave up on: $*"
    exit 1
  fi
  sleep 1
done
echo "$output"
