#!/usr/bin/env bash
# Sets Metta up and says what to run. Running it again does only what is missing.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
source "$root/tools/setup.sh"

usage() {
  cat <<'END'
Usage: ./install.sh [--with EXTRA]... [--profile NAME]

Makes .venv with all that Metta needs and compiles its core. ./metta does the same on first use.

  --with EXTRA    also an optional part of pyproject.toml: dev, video, plots, wandb
  --profile NAME  accepted and ignored: there is one profile
  -h, --help      this text
END
}

extras=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage && exit 0 ;;
    --with | --profile)
      [ $# -ge 2 ] || { echo "install.sh: $1 needs a value; see ./install.sh --help" >&2 && exit 2; }
      if [ "$1" = --with ]; then extras+=("$2"); fi
      shift 2
      ;;
    --profile=*) shift ;;
    --with=*) extras+=("${1#*=}") && shift ;;
    *) echo "install.sh: unknown option $1; see ./install.sh --help" >&2 && exit 2 ;;
  esac
done

set_up ${extras[@]+"${extras[@]}"}
cat <<END
Metta is ready. Next:
  ./metta train arena run=first   train on the arena, then measure and record what was learned
  ./metta --list                  all that can be run
  ./metta status                  what is installed, and what could be
END
