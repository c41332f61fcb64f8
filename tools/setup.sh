# Sets Metta up in .venv: dependencies pinned by constraints.txt, compiled core. Sourced by ./metta and ./install.sh.
# A stamp in .venv holds what the set-up was made from, so that nothing is done twice and changes are noticed.
# Runs on bash 3.2 (macOS). Speaks on stderr only: stdout belongs to the command.

root="${root:?the script that sources this sets root}"
venv="$root/.venv"
stamp="$venv/metta-setup"
log="$root/.metta-setup.log"

fail() {
  echo "metta: $*" >&2
  exit 4 # the machine, not the user (metta.common.errors)
}

if command -v sha256sum >/dev/null 2>&1; then checksum="sha256sum"; else checksum="shasum -a 256"; fi

dependencies_fingerprint() {
  { echo "$root"; cat "$root/pyproject.toml" "$root/constraints.txt"; } | $checksum | cut -c 1-32
}

# Of the sources of the compiled core, and of the names of all modules: an editable installation knows their files.
core_fingerprint() {
  (cd "$root" && {
    find src -name '*.py' | LC_ALL=C sort
    find CMakeLists.txt core -type f ! -path 'core/tests/*' | LC_ALL=C sort | tr '\n' '\0' | xargs -0 $checksum
  } | $checksum | cut -c 1-32)
}

# set_up EXTRA...: make sure that Metta and these extras of pyproject.toml are installed and up to date.
set_up() {
  wanted_dependencies="$(dependencies_fingerprint)"
  wanted_core="$(core_fingerprint)"
  if ! is_set_up "$@"; then
    take_lock
    is_set_up "$@" || install_everything "$@"
    exec 9>&-
  fi
}

# Reads the stamp: fingerprints of dependencies and core, and the extras that are installed.
read_stamp() {
  have_dependencies="" have_core="" have_extras=""
  if [ -f "$stamp" ]; then
    { read -r have_dependencies && read -r have_core && read -r have_extras; } <"$stamp" || true
  fi
}

is_set_up() {
  read_stamp
  [ "$have_dependencies" = "$wanted_dependencies" ] && [ "$have_core" = "$wanted_core" ] || return 1
  local extra
  for extra in "$@"; do
    case " $have_extras " in *" $extra "*) ;; *) return 1 ;; esac
  done
}

# The lock is on the open file 9 and stays with this shell when the Python that took it is gone; macOS has no flock.
take_lock() {
  find_python
  exec 9>"$root/.metta-setup.lock"
  if ! "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)' 2>/dev/null; then
    echo "metta: another set-up is running here; waiting for it" >&2
    "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
  fi
}

install_everything() {
  trap 'echo "metta: set-up interrupted; the next start goes on with it" >&2; exit 130' INT
  check_compiler
  : >"$log"
  export PATH="$venv/bin:$PATH" PIP_DISABLE_PIP_VERSION_CHECK=1
  if [ "$have_dependencies" = "$wanted_dependencies" ] && [ "$have_core" != "$wanted_core" ] && [ $# -eq 0 ]; then
    step "compiling the core or finding modules, which have changed" pip install --no-build-isolation --no-deps -e "$root"
  else
    install_dependencies "$@"
  fi
  printf '%s\n' "$wanted_dependencies" "$wanted_core" "$have_extras" >"$stamp.new"
  mv "$stamp.new" "$stamp"
  trap - INT
}

install_dependencies() {
  echo "Setting Metta up in $venv (once; some minutes, most of it PyTorch; log: $log)" >&2
  if ! "$venv/bin/python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    step "making a virtual environment with $python" "$python" -m venv --clear "$venv"
  fi
  local extra list
  for extra in "$@"; do
    case " $have_extras " in *" $extra "*) ;; *) have_extras="$have_extras${have_extras:+ }$extra" ;; esac
  done
  list="${have_extras// /,}"
  # shellcheck disable=SC2046  # one word for each requirement
  step "installing the build tools" pip install -c "$root/constraints.txt" $(build_requirements)
  step "installing the dependencies and compiling the core" \
    pip install --no-build-isolation -c "$root/constraints.txt" -e "$root${list:+[$list]}"
}

# What pyproject.toml needs for building, and CMake and Ninja if the machine lacks them.
build_requirements() {
  "$venv/bin/python" -c '
import sys, tomllib
with open(sys.argv[1], "rb") as file:
    print(*tomllib.load(file)["build-system"]["requires"])' "$root/pyproject.toml"
  command -v cmake >/dev/null 2>&1 || echo "cmake>=3.22"
  command -v ninja >/dev/null 2>&1 || echo ninja
}

# The tests of the viewer's page open it in a real browser.
find_browser() {
  local candidate
  for candidate in ${METTA_BROWSER:-chromium chromium-browser google-chrome}; do
    command -v "$candidate" >/dev/null 2>&1 && return
  done
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    : >"$log"
    step "fetching the list of system packages" apt-get update -q
    step "installing Chromium for the tests of the page" apt-get install -y -q --no-install-recommends chromium
  else
    fail "the tests of the page need Chromium: install your system's package (METTA_BROWSER=/path/to/it names another)"
  fi
}

pip() {
  "$venv/bin/python" -m pip "$@"
}

# step WHAT COMMAND...: run a command with its output in the log; if it fails, say so in one line and end.
step() {
  local what="$1" start=$SECONDS
  shift
  echo "  $what ..." >&2
  if ! "$@" >>"$log" 2>&1 9>&-; then
    local reason
    reason="$(grep -iE '(^|[^a-z])error' "$log" | grep -v 'subprocess-exited-with-error' | tail -n 1 | cut -c 1-160)"
    fail "set-up failed while $what${reason:+ ($reason)}; everything it said is in $log"
  fi
  echo "  done in $((SECONDS - start)) s" >&2
}

# Finds a CPython that can make the environment: 3.11 or newer, with venv and the headers to compile against.
find_python() {
  local candidate reason="there is none"
  for candidate in ${METTA_PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
    if ! "$candidate" -c 'import venv, ensurepip' >/dev/null 2>&1; then
      reason="$candidate has no venv module; your system calls its package python3-venv or so"
    elif ! "$candidate" -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))' >/dev/null 2>&1; then
      reason="$candidate has no headers (Python.h); your system calls their package python3-dev or so"
    else
      python="$candidate"
      return
    fi
  done
  fail "Metta needs Python 3.11 or newer: $reason (METTA_PYTHON=/path/to/python names one)"
}

check_compiler() {
  local candidate
  for candidate in ${CXX:-c++ g++ clang++}; do
    if command -v "${candidate%% *}" >/dev/null 2>&1; then return; fi
  done
  fail "Metta needs a C++ compiler (g++ 11 or clang++ 14, or newer) and found none; install one or set CXX"
}
