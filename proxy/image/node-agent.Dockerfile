# The node agent: its bundle, run by Node 24, and what it needs for CNI mode: nft and nsenter, which load redirect rules into
# a pod's network, and the plugin that it installs on the node. The context is the bundle's folder (dev/images/bundle.ts).
# docker buildx build --platform linux/amd64,linux/arm64 -f proxy/image/node-agent.Dockerfile \
#   --build-arg VERSION=v1.1.0 .build/bundles/node-agent
ARG BUILDER=docker.io/library/gcc:12-bookworm
ARG BASE=docker.io/library/node:24-slim

FROM ${BUILDER} AS native
COPY native/ /src/
RUN mkdir /out && sh /src/build.sh /out

FROM ${BASE}
RUN (command -v nft && command -v nsenter) >/dev/null \
  || (apt-get update && apt-get install -y --no-install-recommends nftables util-linux && rm -rf /var/lib/apt/lists/*)
COPY --from=native /out/bin/ /usr/local/bin/
ARG VERSION
COPY main.mjs main.mjs.map /app/
ENV NODE_ENV=production MESHWRIGHT_VERSION=${VERSION}
WORKDIR /app
# It mounts volumes into pods.
USER 0:0
ENTRYPOINT ["node", "/app/main.mjs"]
