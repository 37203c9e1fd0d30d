# make help explains the targets.
.DEFAULT_GOAL := help
.PHONY: help run test lint train eval

GOLANGCI_LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

help: ## Show this list.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

run: ## Start Balie on http://localhost:8080.
	go run ./cmd/balie serve

test: ## Install what the tests need where it is missing (Debian), then run all tests with the race detector.
	./.ci/prepare
	go vet ./...
	BALIE_TEST_BROWSER=required ./.ci/with-postgres go test -race -timeout 20m ./...

lint: ## Check style and package boundaries with golangci-lint.
	go run $(GOLANGCI_LINT) run ./...

train: ## Train the intent model anew from intents/training.
	go run ./cmd/balie train

# Where the development sets lie; they are no part of this repository.
SHARED ?= ../shared

eval: ## Print the figures of the intent engine on the development sets in the folder SHARED.
	@set -eu; \
	work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; \
	go build -o "$$work/balie" ./cmd/balie; \
	have() { [ -e "$(SHARED)/eval/$$1" ] || { echo "Skipped: no $(SHARED)/eval/$$1 (give the folder with make eval SHARED=...)"; return 1; }; }; \
	measure() { "$$work/balie" eval "$$@" || echo "Not measured: balie eval $$*"; echo; }; \
	if have dev_residents.tsv; then \
		for edits in 0 1 2; do measure --baseline --edits $$edits "$(SHARED)/eval/dev_residents.tsv"; done; \
	fi; \
	if have general/rijksoverheid_vac.tsv; then measure --baseline "$(SHARED)/eval/general/rijksoverheid_vac.tsv"; fi; \
	for parts in massive_nl_train:massive_nl_test xsid_nl_valid:xsid_nl_test; do \
		train=general/$${parts%:*}.tsv; test=general/$${parts#*:}.tsv; \
		have $$train && have $$test || continue; \
		echo "Training on $$train, for some minutes"; \
		"$$work/balie" train --data "$(SHARED)/eval/$$train" --out "$$work/model.bin" || { echo "Not measured: $$test"; continue; }; \
		measure --model "$$work/model.bin" --baseline --data "$(SHARED)/eval/$$train" "$(SHARED)/eval/$$test"; \
	done
