#!/usr/bin/env bash
# Stands for sleep, at the simulation's rate: takes seconds with up to three decimals, and one number only. First argument: the real sleep.
whole=${2%%.*} part=000
case $2 in *.*) part=${2#*.}000 ;; esac
ms=$(((10#${whole:-0} * 1000 + 10#${part:0:3}) / PREBAKE_SANDBOX_RATE))
printf -v pause '%d.%03d' $((ms / 1000)) $((ms % 1000))
exec "$1" "$pause"
