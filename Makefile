# The guide's commands. ARGS are passed on: make optimize-vllm ARGS="--yes --dry-run"
# Node comes as a package of the project; Ctrl-C reaches the program itself.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
run = exec node scripts/guard.js terminal/$@.ts $(ARGS)

.DEFAULT_GOAL := help
.PHONY: help setup-infra optimize-vllm benchmark live-demo teardown doctor simulator

help: ## Lists the commands
	@echo 'make <command> [ARGS="--option value"]; ARGS=--help lists the options of a command'
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

setup-infra: node_modules/.modules.yaml ## New cluster: VPC, EKS, Karpenter, roles; then all of optimize-vllm
	@$(run)

optimize-vllm: node_modules/.modules.yaml ## Existing cluster: bakes the model, rolls it out, proves it (about 30 minutes)
	@$(run)

benchmark: node_modules/.modules.yaml ## Measures a scale-up of the Deployment, and puts the replicas back
	@$(run)

live-demo: node_modules/.modules.yaml ## The guide's demo, 0:00 to 1:45: target beside actual
	@$(run)

teardown: node_modules/.modules.yaml ## Shows all that prebake made and what it costs, and deletes it
	@$(run)

doctor: node_modules/.modules.yaml ## Looks at cluster and account, changes nothing, and names what is wrong
	@$(run)

simulator: node_modules/.modules.yaml ## AWS, cluster, hub and GitHub on this machine, to try all of it
	@$(run)

node_modules/.modules.yaml: pnpm-lock.yaml
	@npx --yes pnpm@12 install --frozen-lockfile --prefer-offline
	@touch $@
