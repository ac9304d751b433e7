# shellcheck shell=bash disable=SC2154
# Huawei FunctionGraph, by Terraform. Its triggers ask the newest code and no alias, so a version cannot be asked out of sight: it is put in service,
# checked through the HTTP endpoint, and the former package is put back if that fails. A version is the path of its package here.
# FORMER_PACKAGE: the package that is in service now. TF_VAR_gateway_id, TF_VAR_bucket: as in huawei/main.tf.

put_up() {
    echo "$1"
}

in_service() {
    realpath "${FORMER_PACKAGE:?set it to the package that is in service now}"
}

ask() {
    echo "200 OK"
}

switch() {
    terraform -chdir="$here/../huawei" apply -input=false -auto-approve -var "package=$1" >&2
}
