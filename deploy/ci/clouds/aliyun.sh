# shellcheck shell=bash disable=SC2154
# Alibaba FC 3.0, by Serverless Devs 3 and its component fc3. The alias `live` is made once, as the first lines of aliyun/s.yaml say.
# The function's name is that file's; FUNCTION is only for what is printed here.

upload() {
    UNILIFE_PACKAGE=$1 _s deploy -y --function >&2  # its settings too, and no trigger
    _s version publish --silent -o json | _version
}

find_active() {
    _s alias get --alias-name live --silent -o json | _version
}

request_health() {
    _s invoke --qualifier "$1" --event-file "$here/events/aliyun.json" | python3 "$here/health_response.py"
}

activate() {
    _s alias publish --alias-name live --version-id "$1" >&2
}

_s() {
    (cd "$here/../aliyun" && s "$@")
}

_version() {
    python3 -c 'import json, sys; print(json.load(sys.stdin)["versionId"])'
}
