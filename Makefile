# The one entry to building and testing. `make` alone lists the targets; each is a script that can be run without make.

.DEFAULT_GOAL := help
.PHONY: help demo test conformance oracle tshark damage bench format clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Build, replay bundled captures through working and broken configurations, leave reports in Reports/
	@Scripts/demo.sh

test: ## Check formatting, layers, unit tests, every bundled case and the scripts
	@Scripts/test.sh

conformance: ## Compare with recorded truth (captures, real nginx), where it is at hand, and with tshark (ARGUMENTS=--document writes the score)
	@Scripts/conformance/run.sh $(ARGUMENTS)

oracle: ## Compare with the nginx of this machine on random configurations (SEED=1 COUNT=40)
	@Scripts/oracle/run.sh $(or $(SEED),1) $(or $(COUNT),40)

tshark: ## Set wsreplay beside the tshark of this machine, in Documentation/beside-tshark.md
	@Scripts/evidence/tshark.sh

damage: ## Read captures that were damaged at random (SEED=1 COUNT=1000)
	@Scripts/evidence/damage.sh $(or $(SEED),1) $(or $(COUNT),1000)

bench: ## Measure CPU, wall time and memory of `inspect` against a bare libpcap loop and peers
	@Scripts/bench/run.sh

format: ## Format the Swift sources
	swift format --in-place --parallel --recursive Sources Tests Package.swift

clean: ## Remove what was built and the reports
	swift package clean
	rm -rf .build .venv-tools Reports/*.html Reports/*.json Reports/*.xml
