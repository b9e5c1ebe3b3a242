# Meshwright: every task of a developer. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
NODE := node_modules/.bin/node
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# Empty: as many nodes as the running cluster has, or one.
NODES ?=
S ?=
# What to measure, with its options: empty is translation, "proxy --runs 3" the other.
B ?=

.PHONY: help setup demo test test-all test-again shard check format cluster-up cluster-down cluster-status images bench generate clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

setup: node_modules/.setup ## Install the npm packages, among them Node 24

node_modules/.setup: package-lock.json dev/setup.sh
	@bash dev/setup.sh
	@touch $@

demo: setup ## From nothing to pods that talk mTLS: cluster, images, operator, MeshInstall, storefront
	@$(NODE) dev/demo/main.ts

check: setup ## Format, lint, types, boundaries, dead code, generated code, unit tests (under 2 minutes)
	@npm run --silent check

format: setup ## Rewrite the sources in the one format
	@npm run --silent format

test: check ## Check, goldens, real-Envoy and real-API-server tests, a smoke set on a real cluster
	@$(NODE) dev/shards/main.ts test

test-all: setup ## Every shard; writes docs/reference/test-report.json
	@$(NODE) dev/shards/main.ts all

test-again: setup ## What did not pass in the last test-all, and its new results into the report
	@$(NODE) dev/shards/main.ts again

shard: setup ## One shard, or one test of a suite: make shard S=mtls-strict (without S: list them)
	@if [ -n "$(S)" ]; then $(NODE) dev/shards/main.ts run "$(S)"; else $(NODE) dev/shards/main.ts list; fi

cluster-up: setup ## A real Kubernetes in network namespaces; NODES=2 for two nodes; CLUSTER=existing uses KUBECONFIG
	@NODES=$(NODES) $(NODE) dev/cluster/main.ts up

cluster-down: setup ## Take it down and leave nothing behind
	@$(NODE) dev/cluster/main.ts down

cluster-status: setup ## Say whether it is whole, and what is wrong
	@$(NODE) dev/cluster/main.ts status

images: setup ## Build our images, v1.0.0 and v1.1.0, and load them into the cluster's nodes
	@$(NODE) dev/images/main.ts

bench: setup ## Measure: make bench, make bench B=collections, make bench B=proxy (see docs/reference/performance.md)
	@$(NODE) bench/main.ts $(B)

generate: setup ## Regenerate what is generated: protobuf code, CRDs
	@npm run --silent generate

clean: ## Remove build output (not the caches)
	@rm -rf .build node_modules
