# One of our processes that needs nothing but Node 24: a single bundled file. The context is the bundle's folder
# (dev/images/bundle.ts). The node agent has a Dockerfile of its own, proxy/image/node-agent.Dockerfile.
# docker buildx build --platform linux/amd64,linux/arm64 -f dev/images/process.Dockerfile \
#   --build-arg VERSION=v1.1.0 .build/bundles/meshd
ARG BASE=docker.io/library/node:24-slim

FROM ${BASE}
ARG VERSION
COPY main.mjs main.mjs.map /app/
# V8 lets the young generation grow to 96 MiB under load and keeps it: at 4 MiB a half a control plane of a thousand proxies
# has a third less memory for the same CPU (make bench B=serve). Blocks of 64 KiB, into which connections are read, come from
# the kernel and go back to it; one arena: all threads but one have little to allocate (make bench B=push).
ENV NODE_ENV=production NODE_OPTIONS=--max-semi-space-size=4 MESHWRIGHT_VERSION=${VERSION}
ENV MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=65536
WORKDIR /app
USER 65532:65532
ENTRYPOINT ["node", "/app/main.mjs"]
