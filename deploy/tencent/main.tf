# Tencent SCF by Terraform.
#
#   unilife package --target tencent
#   cp deploy/environment.example deploy/.env   # and fill it in
#   export TENCENTCLOUD_SECRET_ID=… TENCENTCLOUD_SECRET_KEY=…
#   cd deploy/tencent && terraform init && terraform apply
#
# The state holds the settings in clear: keep it in an encrypted backend.

terraform {
  required_version = ">= 1.5"
  required_providers {
    tencentcloud = {
      source = "tencentcloudstack/tencentcloud"
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
  default     = "../../dist/unilife-tencent-py310.zip"
  description = "What `unilife package --target tencent` built."
}

variable "environment_file" {
  type        = string
  default     = "../.env"
  description = "The settings, one NAME=value a line."
}

variable "memory_mb" {
  type    = number
  default = 512
}

variable "log_retention_days" {
  type        = number
  default     = 14
  description = "The platform writes what the function answers into this log: keep it short."
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
  description = "Whether the timer of each minute runs."
}

provider "tencentcloud" {
  region = var.region
}

locals {
  settings = { for pair in regexall("(?m)^([A-Z_]+)=(.+)$", file(var.environment_file)) : pair[0] => trimspace(pair[1]) }

  # Seven fields, the second first; the platform's clock is UTC+8.
  timers = {
    daily-diary    = { cron = "0 0 3 * * * *", job = "daily_diary", open = true }
    daily-profile  = { cron = "0 15 3 * * * *", job = "daily_profile", open = true }
    weekly-profile = { cron = "0 0 4 * * SUN *", job = "weekly_profile", open = true }
    tick           = { cron = "0 * * * * * *", job = "tick", open = var.tick }
  }
}

resource "tencentcloud_cls_logset" "logs" {
  logset_name = var.name
}

resource "tencentcloud_cls_topic" "logs" {
  logset_id  = tencentcloud_cls_logset.logs.id
  topic_name = var.name
  period     = var.log_retention_days
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

resource "tencentcloud_scf_function" "function" {
  name              = var.name
  description       = "UniLife"
  runtime           = "Python3.10"
  handler           = "handler.main_handler"
  zip_file          = var.package
  mem_size          = var.memory_mb
  timeout           = 900
  enable_public_net = true
  vpc_id            = var.vpc_id
  subnet_id         = var.subnet_id
  cls_logset_id     = tencentcloud_cls_logset.logs.id
  cls_topic_id      = tencentcloud_cls_topic.logs.id
  environment       = merge(local.settings, { SERVERLESS = "true", FUNCTION_TIMEOUT_SECONDS = "900" })

  # Tells a changed zip from an unchanged one, whose path is the same.
  tags = { package = substr(filesha256(var.package), 0, 40) }
}

resource "tencentcloud_scf_trigger" "door" {
  function_name = tencentcloud_scf_function.function.name
  trigger_name  = "url"
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
  trigger_name    = each.key
  type            = "timer"
  trigger_desc    = jsonencode({ cron = each.value.cron })
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

output "door" {
  description = "The address; see the trigger in the console until the provider exports it."
  value       = tencentcloud_scf_trigger.door.id
}
