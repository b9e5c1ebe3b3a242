#!/usr/bin/env bash
# Makes sure of a mesh at v1.1.0 beside whose revision an older one, default-v1-0-0, is kept that nobody uses; nothing to do when it
# is there. Who takes the annotation away sees it go at once: the grace period is none.
set -euo pipefail
revisions=$(kubectl get meshrevisions -o jsonpath='{.items[*].metadata.name}')
if [ "$revisions" != "default-v1-0-0 default-v1-1-0" ]; then
  bash ../../lib/fresh-mesh.sh v1.0.0 RevisionBased
  kubectl annotate meshrevision default-v1-0-0 meshwright.dev/keep=true
  kubectl patch meshinstall default --type=merge -p '{"spec":{"updateStrategy":{"inactiveRevisionDeletionGracePeriodSeconds":0}}}'
  bash ../../lib/ask-version.sh v1.1.0
fi
bash ../../lib/wait-version.sh v1.1.0 default-v1-1-0
bash ../../lib/expect-condition.sh meshrevision/default-v1-0-0 InUse False NotReferenced
