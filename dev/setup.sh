#!/usr/bin/env bash
# Installs the npm packages of the lock file, among them Node 24 itself: the machine's own Node only starts npm.
set -euo pipefail

if ! command -v npm >/dev/null; then
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "npm is missing: installing the Debian package"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm >/dev/null
  else
    echo "cannot set up: npm is not on PATH. Install Node.js with npm (any version from 18), then run make again." >&2
    exit 1
  fi
fi

echo "npm packages: installing from package-lock.json"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# `npm ci` refuses a lock file in which a registry's mirror had not all platforms of an optional package; an install
# that saves nothing takes the same versions, with the same integrity check.
if ! npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error >"$log" 2>&1; then
  cat "$log" >&2
  echo "cannot install the npm packages: see npm's message above" >&2
  exit 1
fi
version=$(node_modules/.bin/node --version)
echo "npm packages: ready, Node ${version}"
