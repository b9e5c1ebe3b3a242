//go:build tools

// Package istio pins the istiod that the benchmark measures beside our control plane.
//
// To move to another version: change it in go.mod, run `go mod tidy` here, and set it in dev/binaries/versions.ts.
package istio

import _ "istio.io/istio/pilot/cmd/pilot-discovery"
