#!/usr/bin/env bash
# Waits until every webhook of the revision has a failurePolicy: policy.sh <Fail|Ignore>
set -euo pipefail
bash ../../lib/wait-until.sh 30 bash -c "
  [ \"\$(kubectl get mutatingwebhookconfiguration meshwright-injector-default -o jsonpath='{.webhooks[*].failurePolicy}' | tr ' ' '\n' | sort -u)\" = $1 ]"
