# Tencent SCF by Terraform: a web function for HTTP requests, and an event function of the same code for the timers.
#
#   unilife package --target tencent --web     # or an image, with a newer Python: the Dockerfile, then -var image=…
#   cp deploy/environment.example deploy/.env   # and fill it in
#   export TENCENTCLOUD_SECRET_ID=… TENCENTCLOUD_SECRET_KEY=…
#   cd deploy/tencent
#   terraform init -backend-config=bucket=<name>-<appid> -backend-config=region=ap-guangzhou
#   terraform apply -var bucket=<name>-<appid>
#
# The platform writes what an event function returns into its log: answers to users, refresh tokens among them. Therefore clients are served by the web
# function, whose responses are not logged; the event function returns summaries of job runs. With `-var http=event` one event function does both, and
# its log is kept for one day and read by the roles in `log_reader_role_ids`.
#
# Function URL and timers call $DEFAULT, the platform's own alias: at first the newest code, and after the first deploy/ci/release.sh the version that
# was checked last. The state holds the settings in clear text, so it is kept encrypted in a private COS bucket (the backend below), and a plan file that you
# write holds them too: delete it after use. Commit .terraform.lock.hcl, which the first init writes: later ones then take the same provider.

terraform {
  required_version = ">= 1.5"

  backend "cos" {
    prefix  = "unilife"
    key     = "terraform.tfstate"
    encrypt = true
    acl     = "private"
  }

  required_providers {
    tencentcloud = {
      source = "tencentcloudstack/tencentcloud"
      # tencentcloud_scf_trigger exists since 1.83.16 (2026-07-28); its read was checked in 1.83.25.
      version = ">= 1.83.16, < 2.0.0"
    }
  }
}

variable "region" {
  type    = string
  default = "ap-guangzhou"
}

variable "name" {
  type    = string
  default = "unilife"
}

variable "package" {
  type        = string
  default     = "../../dist/unilife-tencent-py310-web.zip"
  description = "The package of both functions, built by `unilife package --target tencent --web`."
}

variable "bucket" {
  type        = string
  description = "A COS bucket of the same region, as <name>-<appid>, for the package: an upload through the API is limited to 20 MB, of which base64 takes a quarter."
}

variable "environment_file" {
  type        = string
  default     = "../.env"
  description = "The settings, one NAME=value per line; together at most 4 KB."
}

variable "image" {
  type        = string
  default     = null
  description = "An image of the Dockerfile in a registry of Tencent, as ccr.ccs.tencentyun.com/<namespace>/unilife@sha256:…, in place of the package: its Python is newer than 3.10."
}

variable "image_type" {
  type        = string
  default     = "personal"
  description = "The registry's edition, personal or enterprise; the latter needs image_registry_id."
}

variable "image_registry_id" {
  type    = string
  default = null
}

variable "http" {
  type        = string
  default     = "web"
  description = "The function that serves HTTP requests: `web`, whose responses are not logged, or `event`, whose return values the platform logs."

  validation {
    condition     = contains(["web", "event"], var.http)
    error_message = "http is web or event."
  }
}

variable "memory_mb" {
  type    = number
  default = 512
}

variable "log_retention_days" {
  type        = number
  default     = 14
  description = "Days for which log lines are kept; always one day with `http = event`."
}

variable "log_reader_role_ids" {
  type        = list(string)
  default     = []
  description = "CAM roles that may search the log; other roles may not, unless a broader policy lets them. Do not grant QcloudCLSFullAccess or QcloudCLSReadOnlyAccess."
}

variable "vpc_id" {
  type        = string
  default     = null
  description = "The database's network, if it has no public address."
}

variable "subnet_id" {
  type    = string
  default = null
}

variable "tick" {
  type        = bool
  default     = false
  description = "Whether the timer runs every minute."
}

variable "domain" {
  type        = string
  default     = null
  description = "A domain of your own for the HTTP trigger; in mainland China it needs an ICP filing. Its CNAME is shown in the console."
}

variable "certificate_id" {
  type        = string
  default     = null
  description = "The id of the domain's certificate in the SSL certificates service."
}

variable "alarm_notice_ids" {
  type        = list(string)
  default     = []
  description = "Recipients of alarms, as notice groups of the log service; empty for no alarms."
}

provider "tencentcloud" {
  region = var.region
}

locals {
  settings = sensitive({ for pair in regexall("(?m)^([A-Z_]+)=(.+)$", file(var.environment_file)) : pair[0] => trimspace(pair[1]) })

  served_by = var.http == "web" ? tencentcloud_scf_function.web[0].name : tencentcloud_scf_function.function.name

  # Seven fields, the second first; the platform's clock is UTC+8.
  timers = {
    daily-diary    = { cron = "0 0 3 * * * *", job = "daily_diary", open = true }
    daily-profile  = { cron = "0 15 3 * * * *", job = "daily_profile", open = true }
    weekly-profile = { cron = "0 0 4 * * SUN *", job = "weekly_profile", open = true }
    tick           = { cron = "0 * * * * * *", job = "tick", open = var.tick }
  }

  # Log query, period in minutes and condition of each alarm. docs/deployment.md says what to do.
  alarms = {
    errors    = { query = "\"level\" AND \"ERROR\"", minutes = 5, condition = "$1.__QUERYCOUNT__ > 0" }
    given-up  = { query = "\"job_item\" AND \"FAILED\"", minutes = 60, condition = "$1.__QUERYCOUNT__ > 0" }
    no-nights = { query = "\"job_run\"", minutes = 1440, condition = "$1.__QUERYCOUNT__ < 1" }
  }
}

resource "tencentcloud_cls_logset" "logs" {
  logset_name = var.name
}

resource "tencentcloud_cls_topic" "logs" {
  logset_id  = tencentcloud_cls_logset.logs.id
  topic_name = var.name
  period     = var.http == "event" ? 1 : var.log_retention_days
}

resource "tencentcloud_cls_index" "logs" {
  topic_id = tencentcloud_cls_topic.logs.id
  status   = true

  rule {
    full_text {
      case_sensitive = false
      tokenizer      = "@&?|#()='\",;:<>[]{}/ \n\t\r\\"
      contain_z_h    = true
    }
  }
}

# Reading the log's lines: https://cloud.tencent.com/document/product/614/68374, looked up 2026-11-28.
resource "tencentcloud_cam_policy" "log_readers" {
  count = length(var.log_reader_role_ids) == 0 ? 0 : 1

  name        = "${var.name}-log-readers"
  description = "Search the log of ${var.name}"
  document = jsonencode({
    version = "2.0"
    statement = [{
      effect   = "allow"
      action   = ["cls:SearchLog", "cls:DescribeLogContext", "cls:DescribeLogHistogram"]
      resource = ["qcs::cls:${var.region}::topic/${tencentcloud_cls_topic.logs.id}"]
    }]
  })
}

resource "tencentcloud_cam_role_policy_attachment" "log_readers" {
  for_each = toset(var.log_reader_role_ids)

  role_id   = each.value
  policy_id = tencentcloud_cam_policy.log_readers[0].id
}

resource "tencentcloud_cos_bucket_object" "package" {
  count = var.image == null ? 1 : 0

  bucket = var.bucket
  key    = "${var.name}/${filesha256(var.package)}.zip"
  source = var.package
}

# Timers, and with `http = event` requests too.
resource "tencentcloud_scf_function" "function" {
  name              = var.name
  description       = "UniLife"
  runtime           = var.image == null ? "Python3.10" : null
  handler           = var.image == null ? "handler.main_handler" : null
  cos_bucket_name   = var.image == null ? var.bucket : null
  cos_object_name   = one(tencentcloud_cos_bucket_object.package[*].key)
  cos_bucket_region = var.image == null ? var.region : null
  mem_size          = var.memory_mb
  timeout           = 900
  enable_public_net = true
  vpc_id            = var.vpc_id
  subnet_id         = var.subnet_id
  cls_logset_id     = tencentcloud_cls_logset.logs.id
  cls_topic_id      = tencentcloud_cls_topic.logs.id
  environment       = merge(local.settings, { SERVERLESS = "true", FUNCTION_TIMEOUT_SECONDS = "900" })

  # An event reaches an image as POST /event-invoke on port 9000.
  dynamic "image_config" {
    for_each = var.image == null ? [] : [var.image]
    content {
      image_type  = var.image_type
      image_uri   = image_config.value
      registry_id = var.image_registry_id
      args        = "--event-invoke"
    }
  }
}

# Started by scf_bootstrap in the package; a web function has no handler.
resource "tencentcloud_scf_function" "web" {
  count = var.http == "web" ? 1 : 0

  name              = "${var.name}-web"
  description       = "UniLife over HTTP"
  func_type         = "HTTP"
  runtime           = var.image == null ? "Python3.10" : null
  cos_bucket_name   = var.image == null ? var.bucket : null
  cos_object_name   = one(tencentcloud_cos_bucket_object.package[*].key)
  cos_bucket_region = var.image == null ? var.region : null
  mem_size          = var.memory_mb
  timeout           = 900
  enable_public_net = true
  vpc_id            = var.vpc_id
  subnet_id         = var.subnet_id
  cls_logset_id     = tencentcloud_cls_logset.logs.id
  cls_topic_id      = tencentcloud_cls_topic.logs.id
  environment       = merge(local.settings, { SERVERLESS = "false", FUNCTION_TIMEOUT_SECONDS = "900" })

  dynamic "image_config" {
    for_each = var.image == null ? [] : [var.image]
    content {
      image_type  = var.image_type
      image_uri   = image_config.value
      registry_id = var.image_registry_id
      args        = "--client-address-header x-scf-remote-addr"
    }
  }
}

resource "tencentcloud_scf_trigger" "http" {
  function_name = local.served_by
  namespace     = "default"
  type          = "http"
  enable        = "OPEN"
  qualifier     = "$DEFAULT"
  trigger_desc = jsonencode({
    AuthType  = "NONE"
    NetConfig = { EnableIntranet = false, EnableExtranet = true }
  })
}

resource "tencentcloud_scf_trigger" "timer" {
  for_each = local.timers

  function_name   = tencentcloud_scf_function.function.name
  namespace       = "default"
  trigger_name    = each.key
  type            = "timer"
  trigger_desc    = each.value.cron # the form that the provider's read gives back; JSON would differ in each plan
  custom_argument = each.value.job
  enable          = each.value.open ? "OPEN" : "CLOSE"
  qualifier       = "$DEFAULT"
}

# A run that the platform ended is begun again; what was done is not done twice.
resource "tencentcloud_scf_function_event_invoke_config" "retries" {
  function_name = tencentcloud_scf_function.function.name

  async_trigger_config {
    msg_ttl = 3600
    retry_config {
      retry_num = 2
    }
  }
}

resource "tencentcloud_scf_custom_domain" "domain" {
  count = var.domain == null ? 0 : 1

  domain   = var.domain
  protocol = "HTTPS"
  cert_config {
    certificate_id = var.certificate_id
  }
  endpoints_config {
    namespace     = "default"
    function_name = local.served_by
    qualifier     = "$DEFAULT"
    path_match    = "/*"
  }
}

resource "tencentcloud_cls_alarm" "alarm" {
  for_each = length(var.alarm_notice_ids) == 0 ? {} : local.alarms

  name             = "${var.name}-${each.key}"
  alarm_notice_ids = var.alarm_notice_ids
  alarm_period     = 60
  trigger_count    = 1
  condition        = each.value.condition

  alarm_targets {
    logset_id         = tencentcloud_cls_logset.logs.id
    topic_id          = tencentcloud_cls_topic.logs.id
    query             = each.value.query
    number            = 1
    start_time_offset = -each.value.minutes
    end_time_offset   = 0
  }

  monitor_time {
    type = "Period"
    time = min(each.value.minutes, 60)
  }
}

output "http_trigger" {
  description = "The description of the trigger, which contains the URL."
  value       = tencentcloud_scf_trigger.http.trigger_attribute
}

# Names of former releases: the state follows, and nothing is replaced.
moved {
  from = tencentcloud_scf_trigger.door
  to   = tencentcloud_scf_trigger.http
}

moved {
  from = tencentcloud_scf_custom_domain.door
  to   = tencentcloud_scf_custom_domain.domain
}
