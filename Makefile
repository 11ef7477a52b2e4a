# auditpack. `make help` lists the targets. Each target does its own set-up; only Go, make and Python 3 must be there.

SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# One flag set for everything that links the AWS SDK: a second one would compile it a second time (about six minutes).
GO          ?= go
VERSION     ?= 0.1.0
LDFLAGS     := -s -w
BIN         := bin

# Tools are pinned here and never in go.mod.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
MOTO        := moto[server]==5.2.1
AWSCLI      := awscli==1.45.11

# Packages that do not import the AWS SDK: the race detector runs on these.
SDK_FREE     = $$($(GO) list ./... | grep -vE '/(collect|collect/awsread|collect/services|collect/testbed|samples.*|cmd/auditpack)$$')

.PHONY: help demo test build offline dist samples packs testbed format vet staticcheck unit race fuzz bench sweep clean

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+):.*## /\1\t/' | while IFS=$$'\t' read -r t d; do printf '  make %-12s %s\n' "$$t" "$$d"; done

demo: offline ## verify the sample bundle and render its packs in English and Japanese (about a minute)
	@rm -rf demo && mkdir -p demo
	$(BIN)/auditpack-offline pack samples/example.bundle.zip --trust samples/allowed_signers --engagement samples/engagement.toml --lang en,ja --out demo

offline: ## build the offline edition: the same commands without collect, no code to call AWS with
	@mkdir -p $(BIN)
	$(GO) build -tags offline -ldflags '$(LDFLAGS)' -o $(BIN)/auditpack-offline ./cmd/auditpack

build: ## build the full edition (compiles the AWS SDK: about six minutes the first time)
	@mkdir -p $(BIN)
	$(GO) build -ldflags '$(LDFLAGS)' -o $(BIN)/auditpack ./cmd/auditpack

test: testbed format vet staticcheck unit race ## the whole gate

format:
	@out=$$(gofmt -l cmd collect mapping render frameworks templates samples); if [ -n "$$out" ]; then echo "gofmt is needed for:"; echo "$$out"; exit 1; fi

vet:
	$(GO) vet ./...
	$(GO) vet -tags offline ./cmd/...

staticcheck:
	$(GO) run $(STATICCHECK) ./...

unit:
	$(GO) test -timeout 25m ./...

sweep: testbed ## collect under faults with twenty seeds, and with fifty kills (minutes)
	AUDITPACK_SEEDS=20 $(GO) test -timeout 30m -count=1 -run 'TestFaults$$' ./collect/services
	AUDITPACK_KILLS=50 $(GO) test -timeout 30m -count=1 -run 'TestKill$$' ./collect/services

race:
	$(GO) test -race -timeout 15m $(SDK_FREE)

testbed: ## install the AWS emulator and the AWS CLI that the tests use into .venv, unless they are there
	@if ! command -v moto_server >/dev/null && [ ! -x .venv/bin/moto_server ]; then \
		python3 -m venv .venv && .venv/bin/pip install --quiet --disable-pip-version-check '$(MOTO)' '$(AWSCLI)'; \
	fi

samples: testbed ## collect the sample bundle from the emulator again and render its packs and pictures
	$(GO) run ./samples/make
	$(MAKE) packs

packs: offline ## render the sample packs and the pictures of the README again from the committed bundle
	$(BIN)/auditpack-offline pack samples/example.bundle.zip --trust samples/allowed_signers --engagement samples/engagement.toml --lang en,ja --force --out samples/packs
	rm -r samples/packs/pack
	samples/pictures/make.sh

fuzz: ## fuzz every parser for ten minutes each (FUZZTIME=10m)
	@for pkg in $$($(GO) list ./collect/bundle ./render/text); do \
		for f in $$($(GO) test -list '^Fuzz' $$pkg | grep ^Fuzz); do $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $${FUZZTIME:-10m} $$pkg; done; \
	done

bench: ## run the benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./collect/bundle ./mapping/... ./render/...

dist: ## cross-compile static binaries for Windows, macOS and Linux into dist/
	@mkdir -p dist
	@for target in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64; do \
		os=$${target%/*}; arch=$${target#*/}; ext=; [ $$os = windows ] && ext=.exe; \
		for edition in full offline; do \
			tags=; name=auditpack; [ $$edition = offline ] && tags="-tags offline" && name=auditpack-offline; \
			echo "dist/$$name-$(VERSION)-$$os-$$arch$$ext"; \
			CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch $(GO) build -trimpath $$tags -ldflags '$(LDFLAGS)' -o dist/$$name-$(VERSION)-$$os-$$arch$$ext ./cmd/auditpack; \
		done; \
	done

clean: ## remove what was built
	rm -rf $(BIN) dist demo
