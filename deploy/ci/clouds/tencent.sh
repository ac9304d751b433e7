# shellcheck shell=bash disable=SC2154,SC2016
# Tencent SCF: the Serverless Cloud Framework uploads (through COS, because the API takes no more than 20 MB), tccli does the rest.
# With TENCENT_TOOL=terraform the function is main.tf's, and TF_VAR_bucket names the bucket.
# $DEFAULT is the platform's own alias; the door and the timers ask it. FUNCTION is the name with its stage, as `unilife-prod`, if scf made it.

put_up() {
    if [ "${TENCENT_TOOL:-scf}" = terraform ]; then
        terraform -chdir="$here/../tencent" apply -input=false -auto-approve -var "package=$1" >&2
    else
        rm -rf "$here/../tencent/function"
        python3 -m zipfile -e "$1" "$here/../tencent/function"
        (cd "$here/../tencent" && scf deploy) >&2
    fi
    tccli scf PublishVersion --FunctionName "$FUNCTION" --output json | _field FunctionVersion
}

in_service() {
    tccli scf GetAlias --FunctionName "$FUNCTION" --Name '$DEFAULT' --output json | _field FunctionVersion
}

ask() {
    tccli scf Invoke --FunctionName "$FUNCTION" --Qualifier "$1" --ClientContext "$(cat "$here/events/tencent.json")" --output json |
        python3 "$here/answer.py"
}

switch() {
    tccli scf UpdateAlias --FunctionName "$FUNCTION" --Name '$DEFAULT' --FunctionVersion "$1" --output json >&2
}

_field() {
    python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}
