#!/usr/bin/env bash
# Stands for sync and does nothing: a sandbox need not outlive a power failure.
