#!/usr/bin/env bash
# Releases a package: uploads it, checks the new version's health without traffic, puts it in service, checks again through the HTTP endpoint,
# and puts the former version back if that fails.
#
#   SERVICE_URL=https://api.example.org deploy/ci/release.sh aws dist/unilife-aws-py314.zip
#   SERVICE_URL=https://api.example.org deploy/ci/release.sh tencent ccr.ccs.tencentyun.com/<namespace>/unilife@sha256:…
#
# FUNCTION  the function's name, `unilife` unless it is set; on Tencent with its stage, as `unilife-prod`
# SERVICE_URL  the address that clients use (its former name DOOR is read until the next release)
# PATIENCE  seconds within which a version must become healthy, 120
#
# Exit status: 0 the new version is in service; 1 the former one still or again is; 2 the former one is unhealthy, too: page the operator.
# clouds/ has the commands of each cloud: upload <zip> prints the new version; find_active prints the one in service; request_health <version> prints its
# health as health_response.py does; activate <version> puts it in service.
set -euo pipefail
shopt -s inherit_errexit 2>/dev/null || { echo "bash 4.4 or newer is required, this is $BASH_VERSION" >&2 && exit 1; }

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cloud=${1:?give the cloud: tencent, aliyun, huawei or aws}
package=${2:?give the package that unilife package made, or on Tencent the address of an image}
[ ! -e "$package" ] || package=$(realpath "$package")
FUNCTION=${FUNCTION:-unilife}
SERVICE_URL=${SERVICE_URL:-${DOOR:-}}
: "${SERVICE_URL:?set it to the address that clients use}"
[ -f "$here/clouds/$cloud.sh" ] || { echo "unknown cloud $cloud: use tencent, aliyun, huawei or aws" >&2 && exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=deploy/ci/health.sh
. "$here/health.sh"
# shellcheck source=/dev/null
. "$here/clouds/$cloud.sh"

report() { echo "== $*" >&2; }

trap 'report "a command of the cloud failed, see above; the version in service is ${present:-what it was}"; exit 1' ERR

former=$(find_active)
present=$former
report "$FUNCTION on $cloud: $former is in service; uploading $(basename "$package")"
new=$(upload "$package")
[ -n "$new" ] || { report "the upload made no new version; $former stays in service" && exit 1; }

report "requesting the health of $new, which has no traffic yet"
if ! wait_until_healthy request_health "$new"; then
    report "$new is unhealthy and was not put in service; $former still is"
    exit 1
fi

report "putting $new in service"
activate "$new"
present=$new
if wait_until_healthy request_service_health "$SERVICE_URL"; then
    report "$new is in service; to go back: deploy/ci/activate.sh $cloud $former"
    exit 0
fi

report "$new is unhealthy at $SERVICE_URL; putting $former back"
activate "$former"
present=$former
if wait_until_healthy request_service_health "$SERVICE_URL"; then
    report "$former is in service again"
    exit 1
fi
report "$former is in service again and unhealthy, too: the version is not the cause, look at the database and the settings"
exit 2
