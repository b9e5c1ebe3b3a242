#!/usr/bin/env bash
# Succeeds when an Event about a Service has a reason, and kubectl describe shows it: expect-event.sh <namespace> <service> <reason>
set -euo pipefail
kubectl describe service "$2" -n "$1" | grep -E "(Normal|Warning) +$3 "
