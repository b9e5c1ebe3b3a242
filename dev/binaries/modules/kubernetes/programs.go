//go:build tools

// Package kubernetes pins the Kubernetes programs that the development cluster runs.
//
// To move to another version: change it in go.mod (the required module and, as v0.x.y, every staging module of its
// replace list), run `go mod tidy` here, and set it in dev/binaries/versions.ts.
package kubernetes

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager"
	_ "k8s.io/kubernetes/cmd/kube-proxy"
	_ "k8s.io/kubernetes/cmd/kube-scheduler"
	_ "k8s.io/kubernetes/cmd/kubectl"
	_ "k8s.io/kubernetes/cmd/kubelet"
)
