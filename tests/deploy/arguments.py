"""Names of the optional and required arguments in the tools' own documents, for the resources that deploy/ uses.

| tool | document | of |
|---|---|---|
| Terraform, Tencent | website/docs/r/ of tencentcloudstack/terraform-provider-tencentcloud at f6970a900 | August 2026 |
| Terraform, Huawei | docs/resources/ of huaweicloud/terraform-provider-huaweicloud at a0345b8dcc | August 2026 |
| Serverless Devs, fc3 | src/schema.json of devsapp/fc3 at 4ca1c1b | May 2026 |
"""
from __future__ import annotations

from typing import NamedTuple


class Arguments(NamedTuple):
    """Names of arguments. `blocks` are those that contain further arguments."""

    required: set[str]
    optional: set[str] = set()
    blocks: dict[str, Arguments] = {}

    @property
    def all(self) -> set[str]:
        return self.required | self.optional


def words(text: str) -> set[str]:
    return set(text.split())


RESOURCES = {
    "tencentcloud_cam_policy": Arguments(words("document name"), words("description tags")),
    "tencentcloud_cam_role_policy_attachment": Arguments(words("policy_id role_id")),
    "tencentcloud_cls_alarm": Arguments(
        words("alarm_period alarm_targets monitor_time name trigger_count"),
        words("alarm_level alarm_notice_ids analysis call_back classifications condition message_template monitor_notice multi_conditions status tags"),
        {
            "alarm_targets": Arguments(words("end_time_offset logset_id number query start_time_offset topic_id"), {"syntax_rule"}),
            "monitor_time": Arguments(words("time type")),
        },
    ),
    "tencentcloud_cls_index": Arguments(
        {"topic_id"},
        words("include_internal_fields metadata_flag rule status"),
        {"rule": Arguments(set(), words("dynamic_index full_text key_value tag"), {"full_text": Arguments(words("case_sensitive contain_z_h tokenizer"))})},
    ),
    "tencentcloud_cls_logset": Arguments({"logset_name"}, {"tags"}),
    "tencentcloud_cls_topic": Arguments(
        words("logset_id topic_name"), words("auto_split biz_type describes extends hot_period max_split_partitions partition_count period storage_type tags")
    ),
    "tencentcloud_cos_bucket_object": Arguments(words("bucket key"), words("acl content content_type etag source storage_class tags")),
    "tencentcloud_scf_custom_domain": Arguments(
        words("domain endpoints_config protocol"),
        words("cert_config waf_config"),
        {
            "endpoints_config": Arguments(words("function_name namespace path_match qualifier"), {"path_rewrite"}),
            "cert_config": Arguments(set(), {"certificate_id"}),
        },
    ),
    "tencentcloud_scf_function": Arguments(
        {"name"},
        words(
            "async_run_enable cfs_config cls_logset_id cls_topic_id cos_bucket_name cos_bucket_region cos_object_name description dns_cache "
            "enable_eip_config enable_public_net environment func_type handler image_config intranet_config l5_enable layers mem_size namespace role "
            "runtime subnet_id tags timeout triggers vpc_id zip_file dynamic"
        ),
        {"image_config": Arguments(words("image_type image_uri"), words("args command container_image_accelerate entry_point image_port registry_id"))},
    ),
    "tencentcloud_scf_function_event_invoke_config": Arguments(
        words("async_trigger_config function_name"),
        {"namespace"},
        {"async_trigger_config": Arguments(words("msg_ttl retry_config"), set(), {"retry_config": Arguments({"retry_num"})})},
    ),
    "tencentcloud_scf_trigger": Arguments(
        words("function_name namespace type"), words("custom_argument description enable qualifier trigger_desc trigger_name")
    ),
    "huaweicloud_apig_group": Arguments(words("instance_id name"), words("description domain_access_enabled environment force_destroy region")),
    "huaweicloud_fgs_async_invoke_configuration": Arguments(
        words("function_urn max_async_event_age_in_seconds max_async_retry_attempts"), words("enable_async_status_log on_failure on_success region")
    ),
    "huaweicloud_fgs_function": Arguments(
        words("app code_type handler memory_size name runtime timeout"),
        words(
            "agency code_filename code_url depend_list description enable_lts_log encrypted_user_data func_code log_group_id log_group_name log_stream_id "
            "log_stream_name max_instance_num network_id region tags user_data versions vpc_id"
        ),
    ),
    "huaweicloud_fgs_function_trigger": Arguments(words("event_data function_urn type"), words("cascade_delete_eg_subscription region status")),
    "huaweicloud_lts_group": Arguments(words("group_name ttl_in_days"), words("enterprise_project_id region tags")),
    "huaweicloud_lts_keywords_alarm_rule": Arguments(
        words("alarm_level frequency keywords_requests name"),
        words("alarm_action_rule_name description notification_frequency region send_notifications status trigger_condition_count trigger_condition_frequency"),
        {
            "keywords_requests": Arguments(
                words("condition keywords log_group_id log_stream_id number search_time_range search_time_range_unit"),
                words("log_group_name log_stream_name"),
            ),
            "frequency": Arguments({"type"}, words("cron_expression day_of_week fixed_rate fixed_rate_unit hour_of_day")),
        },
    ),
    "huaweicloud_lts_stream": Arguments(words("group_id stream_name"), words("enterprise_project_id is_favorite region tags ttl_in_days")),
    "huaweicloud_obs_bucket_object": Arguments(words("bucket key"), words("acl content content_type encryption etag kms_key_id source storage_class")),
}

META_ARGUMENTS = words("for_each count lifecycle depends_on provider")
"""Arguments of Terraform itself."""

FC3 = Arguments(
    words("functionName region runtime"),
    words(
        "asyncInvokeConfig code concurrencyConfig cpu customContainerConfig customDNS customRuntimeConfig description diskSize environmentVariables "
        "handler instanceConcurrency instanceLifecycleConfig internetAccess layers logConfig memorySize nasConfig resourceGroupId role scalingConfig "
        "tags timeout tracingConfig triggers vpcBinding vpcConfig"
    ),
    {"asyncInvokeConfig": Arguments(set(), words("asyncTask destinationConfig maxAsyncEventAgeInSeconds maxAsyncRetryAttempts qualifier"))},
)
FC3_TRIGGER = Arguments(words("triggerConfig triggerName triggerType"), words("description invocationRole qualifier sourceArn"))
FC3_TRIGGERS = {
    "http": Arguments(words("authType methods"), words("authConfig disableURLInternet")),
    "timer": Arguments(words("cronExpression enable"), {"payload"}),
}
FC3_RUNTIMES = words("python3.9 python3.10 python3.12")
FC3_METHODS = words("DELETE GET HEAD OPTIONS PATCH POST PUT")
FC3_DISKS = {512, 10240}
