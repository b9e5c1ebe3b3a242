import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readProtocol } from "./read-protocol.ts";

describe("the protocol of a Service port", () => {
  const cases: Record<string, { port?: number; name?: string; appProtocol?: string; want: string }> = {
    "is the name": { name: "http", want: "http" },
    "is the name's prefix": { name: "http-admin", want: "http" },
    "is told in any case": { name: "GRPC-api", want: "grpc" },
    "may itself hold a dash": { name: "grpc-web", want: "grpc-web" },
    "may hold a dash before more": { name: "grpc-web-ui", want: "grpc-web" },
    "is not guessed from a prefix without a dash": { name: "httpbin", want: "auto" },
    "is appProtocol, whatever the name says": { name: "http", appProtocol: "tcp", want: "tcp" },
    "is HTTP/2 without TLS for Kubernetes' h2c": { appProtocol: "kubernetes.io/h2c", want: "http2" },
    "is HTTP for Kubernetes' ws": { appProtocol: "kubernetes.io/ws", want: "http" },
    "is the application's TLS for Kubernetes' wss": { appProtocol: "kubernetes.io/wss", want: "https" },
    "is found out when appProtocol is someone's own": { name: "http", appProtocol: "example.com/x", want: "auto" },
    "is found out when nothing is said": { want: "auto" },
    "is bytes where servers speak first": { port: 3306, want: "tcp" },
    "is what is said also where servers speak first": { port: 3306, name: "http", want: "http" },
  };
  for (const [name, { port = 80, name: portName = "", appProtocol, want }] of Object.entries(cases)) {
    test(name, () => assert.equal(readProtocol(port, portName, appProtocol), want));
  }
});
