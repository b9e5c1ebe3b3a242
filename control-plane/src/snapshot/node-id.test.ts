import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseNodeId } from "./node-id.ts";

test("a pod's name may hold dots, a namespace none", () => {
  const id = "sidecar~198.18.128.2~web.v1-0.shop~shop.svc.cluster.local";
  assert.deepEqual(parseNodeId(id), { namespace: "shop", pod: "web.v1-0" });
});

test("a pod may have an IPv6 address", () => {
  assert.deepEqual(parseNodeId("sidecar~2001:2::1~web.shop~shop.svc.corp"), { namespace: "shop", pod: "web" });
});

test("a gateway is a router", () => {
  const id = "router~198.18.128.2~ingress.edge~edge.svc.cluster.local";
  assert.deepEqual(parseNodeId(id), { namespace: "edge", pod: "ingress" });
});

test("no text makes a claim to another namespace than it names twice", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      assert.equal(parseNodeId(text), undefined);
      const claim = parseNodeId(`sidecar~198.18.128.2~${text}.shop~shop.svc.cluster.local`);
      assert.equal(claim?.namespace ?? "shop", "shop");
    }),
  );
});

test("another kind of node is none of ours", () => {
  assert.equal(parseNodeId("waypoint~198.18.128.2~web.shop~shop.svc.cluster.local"), undefined);
});
