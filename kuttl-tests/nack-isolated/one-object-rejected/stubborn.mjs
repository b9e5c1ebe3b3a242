// Reads an injected pod and gives its Envoy a listener of its own: stubborn.mjs <address>
import { readFileSync } from "node:fs";

const [address] = process.argv.slice(2);
const listener = {
  name: "stubborn",
  address: { socket_address: { address, port_value: 9000 } },
  bind_to_port: false,
  filter_chains: [
    {
      filters: [
        {
          name: "envoy.filters.network.echo",
          typed_config: { "@type": "type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo" },
        },
      ],
    },
  ],
};
const bootstrap = JSON.stringify({ static_resources: { listeners: [listener] } });
const { apiVersion, kind, metadata, spec } = JSON.parse(readFileSync(0, "utf8"));
for (const container of [...(spec.initContainers ?? []), ...spec.containers])
  if (container.name === "istio-proxy") container.args.push("--config-yaml", bootstrap);
const { name, labels, annotations } = metadata;
const pod = {
  apiVersion,
  kind,
  metadata: { name, annotations, labels: { ...labels, "sidecar.istio.io/inject": "false" } },
  spec,
};
process.stdout.write(JSON.stringify(pod));
