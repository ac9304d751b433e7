"""The entry of an AWS Lambda web function, which loads `app` of main.py at the root of the package. `unilife package --target aws --web` puts it there.

Lambda appends the connecting client's address to X-Forwarded-For, and takes headers that begin with `lambda-web-` out of clients' requests
(docs.aws.amazon.com/lambda/latest/dg/web-functions-http, looked up on 2026-11-28).
"""
from graph.platform_app import PlatformApp

app = PlatformApp(client_address_header="x-forwarded-for", request_id_header="lambda-web-request-id")
