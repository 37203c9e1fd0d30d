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
	BALIE_TEST_BROWSER=required go test -race -timeout 20m ./...

lint: ## Check style and package boundaries with golangci-lint.
	go run $(GOLANGCI_LINT) run ./...

train: ## Train the intent model anew from intents/training.
	go run ./cmd/balie train

eval: ## Print the figures of the intent engine on the development set.
	go test ./intents -run Development -count=1 -v
