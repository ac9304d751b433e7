# The web form in a container: the same application under an ASGI server on port 9000, or on $PORT. Answers stream.
#
#   docker build -t unilife .
#   docker run --env-file deploy/.env -p 9000:9000 unilife
#
# Behind a proxy name the header in which it writes the client's address: docker run … unilife --client-address-header x-forwarded-for
# As an event image of Tencent SCF, which none but the platform reaches: docker run … unilife --event-invoke

FROM python:3.13-slim AS build
WORKDIR /build
COPY pyproject.toml handler.py logs.py settings.py ./
COPY graph graph
COPY resolvers resolvers
COPY jobs jobs
COPY llm llm
COPY persistence persistence
RUN pip install --no-cache-dir --no-compile --only-binary :all: --no-binary unilife --target /function . "uvicorn>=0.54,<1" \
    && rm -rf /function/bin \
    && python -m compileall -q --invalidation-mode unchecked-hash /function

FROM python:3.13-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /function
COPY --from=build /function /function
RUN useradd --system --no-create-home unilife
USER unilife
EXPOSE 9000
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "graph.web"]
