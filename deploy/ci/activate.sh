#!/usr/bin/env bash
# Puts an uploaded version in service at once, without a health check: the rollback.
#
#   deploy/ci/activate.sh aws 41
#
# FUNCTION  the function's name, `unilife` unless it is set. On Huawei the version is a package: its path.
set -euo pipefail
shopt -s inherit_errexit 2>/dev/null || { echo "bash 4.4 or newer is required, this is $BASH_VERSION" >&2 && exit 1; }

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cloud=${1:?give the cloud: tencent, aliyun, huawei or aws}
version=${2:?give the version}
FUNCTION=${FUNCTION:-unilife}
# shellcheck source=/dev/null
. "$here/clouds/$cloud.sh"

former=$(find_active)
activate "$version"
echo "$FUNCTION: version $version is in service; the previous version was $former" >&2
