# shellcheck shell=bash disable=SC2154
# AWS Lambda, by its command line (1 or 2). The alias `live` is the template's; the function URL and the timers call it.

upload() {
    aws lambda update-function-code --function-name "$FUNCTION" --zip-file "fileb://$1" --query CodeSha256 --output text >&2
    aws lambda wait function-updated-v2 --function-name "$FUNCTION" >&2
    local version
    version=$(aws lambda publish-version --function-name "$FUNCTION" --query Version --output text)
    aws lambda wait published-version-active --function-name "$FUNCTION" --qualifier "$version" >&2
    echo "$version"
}

find_active() {
    aws lambda get-alias --function-name "$FUNCTION" --name live --query FunctionVersion --output text
}

request_health() {
    aws lambda invoke --function-name "$FUNCTION" --qualifier "$1" --payload "fileb://$here/events/aws.json" "$work/answer" >/dev/null &&
        python3 "$here/health_response.py" <"$work/answer"
}

activate() {
    aws lambda update-alias --function-name "$FUNCTION" --name live --function-version "$1" --query FunctionVersion --output text >&2
}
