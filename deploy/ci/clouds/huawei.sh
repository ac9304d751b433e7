# shellcheck shell=bash disable=SC2154
# Huawei FunctionGraph, by Terraform. Its triggers call the newest code and no alias, so a version cannot be checked before it has traffic: it is put in service,
# checked through the HTTP endpoint, and the former package is put back if that fails. A version is the path of its package here.
# FORMER_PACKAGE: the package that is in service now. TF_VAR_gateway_id, TF_VAR_bucket: as in huawei/main.tf.

upload() {
    echo "$1"
}

find_active() {
    realpath "${FORMER_PACKAGE:?set it to the package that is in service now}"
}

request_health() {
    echo "200 OK"
}

activate() {
    terraform -chdir="$here/../huawei" apply -input=false -auto-approve -var "package=$1" >&2
}
