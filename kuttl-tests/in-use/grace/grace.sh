#!/usr/bin/env bash
# The mesh goes back to v1.0.0, so that nobody needs v1.1.0 any more: it must go after twenty seconds, not before and not long after.
set -euo pipefail
grace() { kubectl patch meshinstall default --type=merge -p "{\"spec\":{\"updateStrategy\":{\"inactiveRevisionDeletionGracePeriodSeconds\":$1}}}"; }
began=$(bash ../../lib/now.sh)
grace 20
bash ../../lib/ask-version.sh v1.0.0
bash ../../lib/wait-version.sh v1.0.0 default-v1-0-0
bash ../../lib/expect-condition.sh meshrevision/default-v1-1-0 InUse False NotReferenced
# It was unused all the while: what counts is since when it is also not wanted.
bash ../../lib/expect-condition.sh meshrevision/default-v1-1-0 Active False Superseded
since=$(kubectl get meshrevision default-v1-1-0 -o jsonpath='{.status.conditions[?(@.type=="Active")].lastTransitionTime}')
kubectl wait meshrevision/default-v1-1-0 --for=delete --timeout=120s
deleted=$(node ../../lib/audit.mjs "$began" "^meshwright-operator delete meshrevisions default-v1-1-0" --times | head -1)
node -e '
  const [since, deleted] = process.argv.slice(1).map((text) => new Date(text).getTime());
  const waited = (deleted - since) / 1000;
  console.log(`deleted ${waited} s after the mesh went back`);
  if (!(waited >= 20 && waited < 60)) process.exit(1);
' "$since" "$deleted"
grace 0
kubectl annotate meshrevision default-v1-0-0 meshwright.dev/keep=true --overwrite
bash ../../lib/ask-version.sh v1.1.0
bash ../../lib/wait-version.sh v1.1.0 default-v1-1-0
