# One of our processes: a single bundled file, run by Node 24. The context is the bundle's folder (dev/images/bundle.ts).
# docker buildx build --platform linux/amd64,linux/arm64 -f dev/images/process.Dockerfile \
#   --build-arg VERSION=v1.1.0 .build/bundles/meshd
ARG BASE=docker.io/library/node:24-slim

FROM ${BASE}
# The node agent mounts volumes, for which it runs as root: --build-arg RUN_AS=0:0.
ARG RUN_AS=65532:65532
ARG VERSION
COPY main.mjs main.mjs.map /app/
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps MESHWRIGHT_VERSION=${VERSION}
WORKDIR /app
USER ${RUN_AS}
ENTRYPOINT ["node", "/app/main.mjs"]
