#!/usr/bin/env bash
# Requests the health of an address until it is OK or PATIENCE ends.
#
#   deploy/ci/health.sh https://api.example.org
#
# Exit status: 0 healthy; 3 the schema is missing or older than the code, so waiting does not help; 1 anything else. PATIENCE: seconds, 120; with 0 it
# requests it once, otherwise at least twice, however long the first response takes.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
HEALTHY=0 UNHEALTHY=1 NOT_MIGRATED=3

# Print the health of an address.
request_service_health() {
    python3 "$here/health_response.py" "${1%/}/health"
}

# Run the command `$@`, which requests the health once, again every two seconds until it prints that the version is healthy.
wait_until_healthy() {
    local patience=${PATIENCE:-120} tries=0 answer
    local end=$((SECONDS + patience))
    while true; do
        answer=$("$@") || answer=
        tries=$((tries + 1))
        echo "  $*: ${answer:-no answer}" >&2
        case $answer in
            "200 OK") return $HEALTHY ;;
            *" DATABASE_NOT_MIGRATED") echo "  the tables are missing or older than this version: run \`unilife migrate up\`" >&2 && return $NOT_MIGRATED ;;
        esac
        [ $SECONDS -lt $end ] || [ $((patience > 0 && tries < 2)) = 1 ] || return $UNHEALTHY
        sleep 2
    done
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    wait_until_healthy request_service_health "${1:?give the address, as https://…}"
fi
