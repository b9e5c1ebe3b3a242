import assert from "node:assert/strict";
import { test } from "node:test";
import { startEnvoy } from "@meshwright/testing/envoy";
import { accessLogOperators } from "./access-log-operators.ts";

/** An argument that fits the operator. */
const samples: Readonly<Record<string, string>> = {
  COMMON_DURATION: "DS_RX_BEG:US_TX_BEG",
  METADATA: "ROUTE:envoy.lb:key",
  GRPC_STATUS: "NUMBER",
  PATH: "WQ",
  QUERY_PARAMS: "ORIG",
  START_TIME: "%s",
};

const argumentOf = (name: string): string => `(${samples[name] ?? "x-key"})`;

const bootstrapWith = (inlineString: string) => ({
  admin: {},
  static_resources: {
    listeners: [
      {
        name: "logged",
        address: { socket_address: { address: "127.0.0.1", port_value: 0 } },
        // Envoy refuses a listener that does nothing with its connections.
        filter_chains: [
          {
            filters: [
              {
                name: "envoy.filters.network.direct_response",
                typed_config: {
                  "@type": "type.googleapis.com/envoy.extensions.filters.network.direct_response.v3.Config",
                },
              },
            ],
          },
        ],
        access_log: [
          {
            name: "envoy.access_loggers.stdout",
            typed_config: {
              "@type": "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
              log_format: { text_format_source: { inline_string: inlineString } },
            },
          },
        ],
      },
    ],
  },
});

test("Envoy accepts every operator of the list, with an argument where it takes one", async () => {
  const line = [...accessLogOperators]
    .map(([name, argument]) => `%${name}${argument !== "none" ? argumentOf(name) : ""}%`)
    .join(" ");
  await using envoy = await startEnvoy(bootstrapWith(line));
  assert.ok((await envoy.port("logged")) > 0);
});

test("Envoy refuses what is not in the list", async () => {
  await assert.rejects(startEnvoy(bootstrapWith("%WHO%")), /: WHO/);
});
