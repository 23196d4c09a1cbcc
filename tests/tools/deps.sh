#!/bin/sh
# Installs the Debian packages named on the command line that are missing, and says so. Nothing when all are there.
set -eu
missing=
for p in "$@"; do
    s=$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null || true)
    [ "$s" = installed ] || missing="$missing $p"
done
[ -n "$missing" ] || exit 0
sudo=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "These packages are missing and sudo is not here to install them:$missing" >&2; exit 1; }
    sudo=sudo
fi
echo "Installing with apt-get:$missing"
$sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq
# shellcheck disable=SC2086 # a list of package names
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
