# Huawei FunctionGraph by Terraform. It takes an API gateway instance (dedicated), which the account has to have.
#
#   unilife package --target huawei
#   cp deploy/environment.example deploy/.env   # and fill it in
#   export HW_ACCESS_KEY=… HW_SECRET_KEY=… HW_REGION_NAME=…
#   cd deploy/huawei && terraform init && terraform apply -var gateway_id=… -var bucket=…
#
# The state holds the settings in clear text: keep it in an encrypted backend. So does a plan file: delete it after use.

terraform {
  required_version = ">= 1.5"
  required_providers {
    huaweicloud = {
      source = "huaweicloud/huaweicloud"
    }
  }
}

variable "region" {
  type    = string
  default = "cn-north-4"
}

variable "name" {
  type    = string
  default = "unilife"
}

variable "package" {
  type        = string
  default     = "../../dist/unilife-huawei-py312.zip"
  description = "The package, built by `unilife package --target huawei`."
}

variable "environment_file" {
  type        = string
  default     = "../.env"
  description = "The settings, one NAME=value per line; together at most 4,096 characters."
}

variable "bucket" {
  type        = string
  description = "An OBS bucket of the same region, for the package: an upload through the API is limited to 40 MB, of which base64 takes a quarter."
}

variable "gateway_id" {
  type        = string
  description = "The dedicated API gateway instance."
}

variable "agency" {
  type        = string
  default     = null
  description = "The agency that lets the function enter a VPC; only with vpc_id."
}

variable "vpc_id" {
  type        = string
  default     = null
  description = "The database's network, if it has no public address."
}

variable "network_id" {
  type    = string
  default = null
}

variable "memory_mb" {
  type    = number
  default = 512
}

variable "log_retention_days" {
  type    = number
  default = 14
}

variable "tick" {
  type        = bool
  default     = false
  description = "Whether the timer runs every minute."
}

variable "alarm_action_rule" {
  type        = string
  default     = null
  description = "Recipient of alarms, as an alarm action rule of the log service; empty for no alarms."
}

provider "huaweicloud" {
  region = var.region
}

locals {
  settings = sensitive({ for pair in regexall("(?m)^([A-Z_]+)=(.+)$", file(var.environment_file)) : pair[0] => trimspace(pair[1]) })

  # Six fields, the second first; the region's zone unless one is named.
  timers = {
    daily-diary    = { cron = "CRON_TZ=Asia/Shanghai 0 0 3 * * ?", job = "daily_diary", open = true }
    daily-profile  = { cron = "CRON_TZ=Asia/Shanghai 0 15 3 * * ?", job = "daily_profile", open = true }
    weekly-profile = { cron = "CRON_TZ=Asia/Shanghai 0 0 4 ? * SUN", job = "weekly_profile", open = true }
    tick           = { cron = "CRON_TZ=Asia/Shanghai 0 * * * * ?", job = "tick", open = var.tick }
  }
}

resource "huaweicloud_lts_group" "logs" {
  group_name  = var.name
  ttl_in_days = var.log_retention_days
}

resource "huaweicloud_lts_stream" "logs" {
  group_id    = huaweicloud_lts_group.logs.id
  stream_name = var.name
}

resource "huaweicloud_obs_bucket_object" "package" {
  bucket = var.bucket
  key    = "${var.name}/${filesha256(var.package)}.zip"
  source = var.package
}

resource "huaweicloud_fgs_function" "function" {
  name        = var.name
  app         = "default"
  description = "UniLife"
  runtime     = "Python3.12"
  handler     = "handler.handler"
  code_type   = "obs"
  code_url    = "https://${var.bucket}.obs.${var.region}.myhuaweicloud.com/${huaweicloud_obs_bucket_object.package.key}"
  memory_size = var.memory_mb
  timeout     = 900
  agency      = var.agency
  vpc_id      = var.vpc_id
  network_id  = var.network_id

  encrypted_user_data = jsonencode(local.settings)
  user_data           = jsonencode({ SERVERLESS = "true", FUNCTION_TIMEOUT_SECONDS = "900" })

  enable_lts_log  = true
  log_group_id    = huaweicloud_lts_group.logs.id
  log_group_name  = huaweicloud_lts_group.logs.group_name
  log_stream_id   = huaweicloud_lts_stream.logs.id
  log_stream_name = huaweicloud_lts_stream.logs.stream_name
}

resource "huaweicloud_apig_group" "gateway" {
  instance_id = var.gateway_id
  name        = var.name
}

resource "huaweicloud_fgs_function_trigger" "http" {
  function_urn = huaweicloud_fgs_function.function.urn
  type         = "DEDICATEDGATEWAY"
  status       = "ACTIVE"
  event_data = jsonencode({
    name        = var.name
    instance_id = var.gateway_id
    group_id    = huaweicloud_apig_group.gateway.id
    sl_domain   = "${huaweicloud_apig_group.gateway.id}.apig.${var.region}.huaweicloudapis.com"
    type        = 1
    path        = "/"
    match_mode  = "SWA"
    req_method  = "ANY"
    protocol    = "HTTPS"
    auth        = "NONE"
    env_name    = "RELEASE"
    env_id      = "DEFAULT_ENVIRONMENT_RELEASE_ID"
    # The gateway cuts an answer off after 60 s.
    func_info = { timeout = 60000 }
  })
}

resource "huaweicloud_fgs_function_trigger" "timer" {
  for_each = local.timers

  function_urn = huaweicloud_fgs_function.function.urn
  type         = "TIMER"
  status       = each.value.open ? "ACTIVE" : "DISABLED"
  event_data = jsonencode({
    name          = each.key
    schedule_type = "Cron"
    schedule      = each.value.cron
    user_event    = each.value.job
  })
}

# A run that the platform ended is begun again; what was done is not done twice.
resource "huaweicloud_fgs_async_invoke_configuration" "retries" {
  function_urn                   = huaweicloud_fgs_function.function.urn
  max_async_event_age_in_seconds = 3600
  max_async_retry_attempts       = 2
}

# docs/deployment.md says what to do when it rings.
resource "huaweicloud_lts_keywords_alarm_rule" "errors" {
  count = var.alarm_action_rule == null ? 0 : 1

  name                   = "${var.name}-errors"
  alarm_level            = "CRITICAL"
  send_notifications     = true
  alarm_action_rule_name = var.alarm_action_rule

  keywords_requests {
    keywords               = "ERROR"
    condition              = ">="
    number                 = 1
    log_group_id           = huaweicloud_lts_group.logs.id
    log_stream_id          = huaweicloud_lts_stream.logs.id
    search_time_range      = 5
    search_time_range_unit = "minute"
  }

  frequency {
    type            = "FIXED_RATE"
    fixed_rate      = 5
    fixed_rate_unit = "minute"
  }
}

output "service_url" {
  value = "https://${huaweicloud_apig_group.gateway.id}.apig.${var.region}.huaweicloudapis.com"
}

# Names of former releases: the state follows, and nothing is replaced.
moved {
  from = huaweicloud_apig_group.door
  to   = huaweicloud_apig_group.gateway
}

moved {
  from = huaweicloud_fgs_function_trigger.door
  to   = huaweicloud_fgs_function_trigger.http
}
