import type { Snapshot } from "@meshwright/control-plane/snapshot/snapshot";
import { addPod, addService, type MeshSize, serviceKey, setEndpoints, settings } from "./mesh.ts";

/** Something that happens to a mesh with connected proxies. */
export type MeshChange = (snapshot: Snapshot, size: MeshSize) => void;

const createdAt = "2026-01-01T00:00:00Z";

/** What is measured, in this order; each finds what those before it left. */
export const changes: Readonly<Record<string, MeshChange>> = {
  "one endpoint went": (snapshot, size) => setEndpoints(snapshot, size, 0, size.endpointsPerService - 1),
  "one pod came": (snapshot, size) => addPod(snapshot, size, size.services, 0),
  "one Service came": (snapshot, size) => addService(snapshot, size, size.services),
  "50 Services came": (snapshot, size) => {
    for (let index = 1; index <= 50; index++) addService(snapshot, size, size.services + index);
  },
  "one Service went": (snapshot, size) => snapshot.setService(serviceKey(size, size.services), undefined),
  "strict mTLS in one namespace": (snapshot) =>
    snapshot.setPeerAuthentication("ns-0/default", {
      name: "default",
      createdAt,
      scope: { kind: "namespace", namespace: "ns-0" },
      mode: "strict",
    }),
  "no mTLS in the mesh": (snapshot) =>
    snapshot.setPeerAuthentication("mesh-system/default", {
      name: "default",
      createdAt,
      scope: { kind: "mesh" },
      mode: "disabled",
    }),
  "an access log": (snapshot) => snapshot.setSettings({ ...settings, accessLog: { kind: "default" } }),
  "new roots": (snapshot) => snapshot.setTrustBundle("other roots"),
};
