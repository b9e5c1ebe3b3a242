#!/usr/bin/env bash
# Sets the mesh's mTLS mode and waits until the operator has passed it on: set-mtls.sh <Strict|Permissive>
set -euo pipefail
kubectl patch meshinstall default --type=merge -p "{\"spec\":{\"mesh\":{\"mtls\":\"$1\"}}}"
kubectl wait meshinstall/default --for=condition=Ready --timeout=120s
