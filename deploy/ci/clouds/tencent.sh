# shellcheck shell=bash disable=SC2154,SC2016
# Tencent SCF: Terraform uploads the package (through COS, because the API takes at most 20 MB), tccli publishes versions and moves the alias $DEFAULT,
# which the function URL and the timers call. main.tf has two functions of the same package, $FUNCTION for the timers and $FUNCTION-web for clients,
# and they are released together: a version is written as both numbers, `41+17`.
#
# What is released is a package, or the address of an image.
#
# TF_VAR_bucket   the COS bucket of main.tf
# TF_VAR_http     `event` where one event function serves timers and clients; then a version is one number
# TENCENT_TOOL    `terraform`, or `tccli` where the package is in COS already, as the object TENCENT_OBJECT of TF_VAR_bucket: no Terraform state is needed then
#
# The new version is checked through $FUNCTION: a web function's version without traffic cannot be invoked.

upload() {
    if [ "${TENCENT_TOOL:-terraform}" = terraform ]; then
        local given=image
        [ ! -f "$1" ] || given=package
        terraform -chdir="$here/../tencent" apply -input=false -auto-approve -var "$given=$1" >&2
    else
        for name in $(_functions); do
            tccli scf UpdateFunctionCode --FunctionName "$name" --CosBucketName "${TF_VAR_bucket:?set it to the COS bucket}" \
                --CosObjectName "${TENCENT_OBJECT:?set it to the object that holds the package}" --CosBucketRegion "${TENCENTCLOUD_REGION:?}" --output json >&2
            _until_active "$name"
        done
    fi
    for name in $(_functions); do
        tccli scf PublishVersion --FunctionName "$name" --output json | _field FunctionVersion
    done | _join
}

find_active() {
    for name in $(_functions); do
        tccli scf GetAlias --FunctionName "$name" --Name '$DEFAULT' --output json | _field FunctionVersion
    done | _join
}

request_health() {
    tccli scf Invoke --FunctionName "$FUNCTION" --Qualifier "${1%%+*}" --ClientContext "$(cat "$here/events/tencent.json")" --output json |
        python3 "$here/health_response.py"
}

activate() {
    local versions=("${1%%+*}" "${1##*+}") number=0
    for name in $(_functions); do
        tccli scf UpdateAlias --FunctionName "$name" --Name '$DEFAULT' --FunctionVersion "${versions[number]}" --output json >&2
        number=$((number + 1))
    done
}

# The functions that are released, the one of the timers first.
_functions() {
    echo "$FUNCTION"
    if [ "${TF_VAR_http:-web}" = web ]; then echo "$FUNCTION-web"; fi
}

# Code is in place once the function is Active again; publishing before that is refused.
_until_active() {
    local end=$((SECONDS + ${PATIENCE:-120}))
    until [ "$(tccli scf GetFunction --FunctionName "$1" --output json | _field Status)" = Active ]; do
        [ $SECONDS -lt $end ] || { echo "$1 did not become Active in time" >&2 && return 1; }
        sleep 2
    done
}

_join() {
    paste -s -d + -
}

_field() {
    python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}
