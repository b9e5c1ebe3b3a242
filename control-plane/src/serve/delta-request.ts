import { fromBinary } from "@bufbuild/protobuf";
import { StatusSchema } from "@meshwright/xds-api/gen/google/rpc/status_pb";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import { decodeNode } from "./node-bytes.ts";
import { readError } from "./read-error.ts";
import { readNode } from "./read-node.ts";
import type { DeltaRequest } from "./session.ts";
import { SharedTexts } from "./shared-texts.ts";
import type { FromStream } from "./stream-request.ts";
import { visitFields } from "./wire-fields.ts";

/** Field numbers of `envoy.service.discovery.v3.DeltaDiscoveryRequest`. */
const field = { node: 1, typeUrl: 2, subscribe: 3, unsubscribe: 4, initialVersions: 5, nonce: 6, error: 7 } as const;
/** Field numbers of an entry of a map. Source: https://protobuf.dev/programming-guides/encoding/#maps */
const entryField = { key: 1, value: 2 } as const;

/** All clients ask for names of the same resources. */
const texts = new SharedTexts();

/**
 * Reads a `DeltaDiscoveryRequest`. By hand: each endpoint that changes is answered by each proxy, and each that connects
 * asks for a thousand names.
 *
 * Errors: throws on bytes that are none, which ends the stream.
 */
export function decodeDeltaRequest(bytes: Buffer): FromStream<DeltaRequest> {
  const request = new Draft();
  visitFields(bytes, 0, bytes.length, (number, start, end) => request.read(number, bytes, start, end));
  return request;
}

class Draft implements FromStream<DeltaRequest> {
  node: FromStream<DeltaRequest>["node"];
  // any other string is a type without resources
  type = "" as TypeUrl;
  readonly subscribe: string[] = [];
  readonly unsubscribe: string[] = [];
  // without a prototype, whose names a client might send
  readonly initialVersions = Object.create(null) as Record<string, string>;
  nonce = "";
  error: FromStream<DeltaRequest>["error"];

  read(number: number, bytes: Buffer, start: number, end: number): void {
    switch (number) {
      case field.node:
        this.node = readNode(decodeNode(bytes.subarray(start, end)));
        break;
      case field.typeUrl:
        this.type = texts.read(bytes, start, end) as TypeUrl;
        break;
      case field.subscribe:
        this.subscribe.push(texts.read(bytes, start, end));
        break;
      case field.unsubscribe:
        this.unsubscribe.push(texts.read(bytes, start, end));
        break;
      case field.initialVersions:
        this.#readVersion(bytes, start, end);
        break;
      case field.nonce:
        this.nonce = texts.read(bytes, start, end);
        break;
      case field.error:
        this.error = readError(fromBinary(StatusSchema, bytes.subarray(start, end)));
    }
  }

  #readVersion(bytes: Buffer, from: number, to: number): void {
    let [name, version] = ["", ""];
    visitFields(bytes, from, to, (number, start, end) => {
      if (number === entryField.key) name = texts.read(bytes, start, end);
      if (number === entryField.value) version = texts.read(bytes, start, end);
    });
    this.initialVersions[name] = version;
  }
}
