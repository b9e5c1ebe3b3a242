import { create } from "@bufbuild/protobuf";
import {
  ApiVersion,
  type ConfigSource,
  ConfigSourceSchema,
} from "@meshwright/xds-api/gen/envoy/config/core/v3/config_source_pb";

/** The connection that brought the resource which names this source. */
export function adsSource(): ConfigSource {
  return create(ConfigSourceSchema, {
    configSourceSpecifier: { case: "ads", value: {} },
    resourceApiVersion: ApiVersion.V3,
  });
}

/** A file in the sidecar's volume. */
export function fileSource(path: string): ConfigSource {
  return create(ConfigSourceSchema, {
    configSourceSpecifier: { case: "pathConfigSource", value: { path } },
    resourceApiVersion: ApiVersion.V3,
  });
}
