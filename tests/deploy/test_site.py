"""The recipes for static hosting of the web app, compared with what `unilife dev` sends with it and with the build."""
from __future__ import annotations

import re

import pytest

from dev.web import API_VARIABLE, HEADERS, SECURITY_POLICY
from tests.deploy.files import DEPLOY, read_yaml

pytestmark = pytest.mark.once

GUIDE = (DEPLOY / "web" / "README.md").read_text(encoding="utf-8")
IMMUTABLE = "public, max-age=31536000, immutable"


def test_site_of_aws_sends_the_policy_of_dev_and_falls_back_to_the_page() -> None:
    resources = read_yaml("aws/site.yaml")["Resources"]
    security = resources["Headers"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    policy = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Sub"]
    assert policy == SECURITY_POLICY.replace("connect-src 'self'", "connect-src 'self' ${Api}")
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == HEADERS["referrer-policy"] and "ContentTypeOptions" in security
    distribution = resources["Site"]["Properties"]["DistributionConfig"]
    assert [(one["ErrorCode"], one["ResponseCode"], one["ResponsePagePath"]) for one in distribution["CustomErrorResponses"]] == [(404, 200, "/index.html")]
    assert all(resources["Files"]["Properties"]["PublicAccessBlockConfiguration"].values())


@pytest.mark.parametrize("tool", ["aws s3", "coscli", "ossutil", "obsutil"])
def test_uploads_cache_hashed_files_for_ever_and_the_page_never(tool: str) -> None:
    uploads = re.findall(rf"^{tool} cp .*$", GUIDE, re.M)
    hashed = [line for line in uploads if "/assets" in line]
    others = [line for line in uploads if "/assets" not in line]
    assert len(hashed) == 1 and IMMUTABLE in hashed[0]
    assert {name for line in others for name in ("index.html", "icon.svg") if name in line} == {"index.html", "icon.svg"}
    assert all("no-cache" in line and IMMUTABLE not in line for line in others)
    assert uploads.index(hashed[0]) == 0  # a page never names a file that is not there yet


def test_guide_names_the_builds_variable_and_every_header_of_dev() -> None:
    assert f"{API_VARIABLE}=https://" in GUIDE and "CORS_ORIGINS=https://" in GUIDE
    for name in HEADERS:
        assert name in GUIDE.lower(), name
