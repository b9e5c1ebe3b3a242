#!/usr/bin/env bash
# Asks for v1.1.0 and succeeds when a finding holds it up: it is in the status, in the condition and in an Event, and nothing of the
# mesh has changed. Then asks for v1.0.0 again: blocked.sh <object> <text>
set -euo pipefail
began=$(bash ../../lib/now.sh)
bash ../../lib/ask-version.sh v1.1.0
bash ../../lib/expect-condition.sh meshinstall/default Stalled True PreflightFailed "$1: $2"
finding() { kubectl get meshinstall default -o jsonpath='{range .status.preflight.findings[*]}{.severity} {.object}: {.message}{"\n"}{end}'; }
finding
finding | grep -F -- "Blocking $1: $2"
bash ../../lib/expect-event.sh MeshInstall PreflightFailed "$1: $2"
bash ../../lib/reconciled.sh
bash ../../lib/expect-untouched.sh "$began" ' (deployments|daemonsets|meshrevisions|mutatingwebhookconfigurations) '
bash ../../lib/ask-version.sh v1.0.0
bash ../../lib/wait-version.sh v1.0.0 default
