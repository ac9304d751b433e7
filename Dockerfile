# Server mode in a container: the same application under an ASGI server on port 9000, or on $PORT. Answers stream.
#
#   docker build -t unilife .
#   docker run --env-file deploy/.env -p 9000:9000 unilife
#
# Behind a proxy name the header in which it writes the client's address: docker run … unilife --client-address-header x-forwarded-for
# As an event image of Tencent SCF, which none but the platform reaches: docker run … unilife --event-invoke
#
# Packages are those of deploy/requirements.txt, by their checksums, and bytecode does not depend on the time, so that the same checkout gives the same
# files. For the same digest build with: docker buildx build --build-arg SOURCE_DATE_EPOCH=0 --output type=registry,name=…,rewrite-timestamp=true .

FROM python:3.14-slim AS build
WORKDIR /build
COPY deploy/requirements.txt ./
RUN pip install --no-cache-dir --no-compile --only-binary :all: --require-hashes --no-deps --target /function --requirement requirements.txt \
    && rm -rf /function/bin
COPY handler.py lazy_modules.py logs.py settings.py settings_checks.py /function/
COPY graph /function/graph
COPY resolvers /function/resolvers
COPY jobs /function/jobs
COPY llm /function/llm
COPY persistence /function/persistence
RUN PYTHONHASHSEED=0 python -m compileall -q --invalidation-mode unchecked-hash /function

FROM python:3.14-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /function
COPY --from=build /function /function
RUN useradd --system --no-create-home --uid 10001 unilife
USER unilife
EXPOSE 9000
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "graph.web"]
