#!/usr/bin/env bash
# Switches CNI mode and waits until the mesh is ready with it: set-cni.sh <true|false>
set -euo pipefail
kubectl patch meshinstall default --type=merge -p "{\"spec\":{\"cni\":{\"enabled\":$1}}}"
kubectl wait meshinstall/default --for=condition=Ready --timeout=150s
