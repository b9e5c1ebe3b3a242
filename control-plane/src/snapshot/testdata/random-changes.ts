import fc from "fast-check";
import type { EndpointSlice } from "../../model/endpoint-slice.ts";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { PeerAuthentication, PolicyScope } from "../../model/peer-authentication.ts";
import type { Addressing, Service } from "../../model/service.ts";
import type { Workload } from "../../model/workload.ts";
import { settings as defaults, workload } from "./mesh.ts";

/** What a watch may say last of an object, or of what there is one of. */
export type Word =
  | { readonly kind: "service"; readonly key: string; readonly value: Service | undefined }
  | { readonly kind: "slice"; readonly key: string; readonly value: EndpointSlice | undefined }
  | { readonly kind: "workload"; readonly key: string; readonly value: Workload | undefined }
  | { readonly kind: "policy"; readonly key: string; readonly value: PeerAuthentication | undefined }
  | { readonly kind: "settings"; readonly value: MeshSettings }
  | { readonly kind: "trustBundle"; readonly value: string };

/** Something that happens: a word, time that passes, or a proxy that comes or goes. */
export type Step =
  | Word
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "connect"; readonly pod: string; readonly capturesDns: boolean; readonly ipStack: "ipv4" | "dual" }
  | { readonly kind: "disconnect" };

export const namespaces = ["shop", "bank", "mesh-system"] as const;
export const podNames = ["p", "q", "r", "s"] as const;
const apps = ["web", "db", "log"] as const;

const namespace = fc.constantFrom(...namespaces);
const app = fc.constantFrom(...apps);
const pod = fc.constantFrom(...podNames);
/** Few, so that Services and pods fight for them. */
const podAddress = fc.constantFrom("198.18.128.1", "198.18.128.2", "198.18.128.3", "2001:db8::1", "2001:db8::2");
const serviceAddress = fc.constantFrom("198.19.0.1", "198.19.0.2", "198.19.0.3", "2001:db8:19::1");
const policyMode = fc.constantFrom("strict", "permissive", "disabled", "inherit");

/** Mostly there: what is removed as often as it is set leaves an empty mesh. */
function mostly<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined, freq: 4 });
}

const addressing: fc.Arbitrary<Addressing> = fc.oneof(
  { weight: 4, arbitrary: fc.uniqueArray(serviceAddress, { minLength: 1, maxLength: 2 }).map(virtual) },
  { weight: 1, arbitrary: fc.constant<Addressing>({ kind: "headless" }) },
);

function virtual(addresses: readonly string[]): Addressing {
  return { kind: "virtual", addresses };
}

const port = fc.record({
  name: fc.constantFrom("a", "b"),
  port: fc.constantFrom(80, 90, 15001),
  protocol: fc.constantFrom("http", "grpc", "tcp", "auto", "tls"),
  targetPort: fc.oneof(
    fc.constantFrom(8080, 9090).map((number) => ({ kind: "number", port: number }) as const),
    fc.constant({ kind: "name", name: "main" } as const),
  ),
});

const ports = fc.uniqueArray(port, { maxLength: 2, selector: ({ name }) => name }).map(uniquePorts);

/** A Service has a port number once. */
function uniquePorts(all: Service["ports"]): Service["ports"] {
  return all.filter(({ port: number }, place) => all.findIndex((other) => other.port === number) === place);
}

const own = fc
  .record({ addressing, ports, label: app })
  .map(({ label, ...rest }) => ({ ...rest, selector: { app: label } }));

const alias = app.map((host) => ({
  addressing: { kind: "alias", host: `${host}.shop.svc.cluster.local` } as const,
  ports: [],
  selector: {},
}));

const service: fc.Arbitrary<Word> = fc
  .tuple(namespace, app, mostly(fc.oneof({ weight: 5, arbitrary: own }, { weight: 1, arbitrary: alias })))
  .map(([ns, name, value]) => {
    return { kind: "service", key: `${ns}/${name}`, value: value && { ...value, namespace: ns, name } };
  });

const pods: fc.Arbitrary<Word> = fc
  .record({
    namespace,
    name: pod,
    value: mostly(
      fc.record({
        uid: fc.constantFrom("1", "2"),
        serviceAccount: app,
        addresses: fc.uniqueArray(podAddress, { maxLength: 2 }),
        label: app,
        hasPort: fc.boolean(),
        isMeshed: fc.boolean(),
        isTerminating: fc.boolean(),
      }),
    ),
  })
  .map(({ namespace: ns, name, value }) => {
    const { label = "", hasPort = false, ...rest } = value ?? {};
    const own = { namespace: ns, ports: hasPort ? [{ name: "main", port: 8080 }] : [] };
    // Of two pods of one address and age the uid decides, which no two pods share.
    const whole = { ...workload(name, label), ...rest, ...own, uid: `${ns}-${name}-${value?.uid}` };
    return { kind: "workload", key: `${ns}/${name}`, value: value && whole };
  });

const endpoint = fc
  .record({
    address: podAddress,
    isReady: fc.boolean(),
    pod,
    uid: fc.constantFrom("1", "2", ""),
    zone: fc.constantFrom("", "z"),
  })
  .map(({ pod: name, uid, ...rest }) => ({ ...rest, name, uid }));

const slice: fc.Arbitrary<Word> = fc
  .record({
    namespace,
    name: fc.constantFrom("1", "2", "3"),
    value: mostly(
      fc.record({ service: app, endpoints: fc.array(endpoint, { maxLength: 3 }), port: fc.constantFrom(8080, 9090) }),
    ),
  })
  .map(({ namespace: ns, name, value }) => {
    const targeted = value?.endpoints.map(({ name: of, uid, ...rest }) => ({
      ...rest,
      target: { kind: "pod", key: `${ns}/${of}`, uid: uid === "" ? "" : `${ns}-${of}-${uid}` } as const,
    }));
    const slicePorts = ["a", "b"].map((portName) => ({ name: portName, port: value?.port ?? 0 }));
    const made = { namespace: ns, name, service: value?.service ?? "", ports: slicePorts, endpoints: targeted ?? [] };
    return { kind: "slice", key: `${ns}/${name}`, value: value && made };
  });

const policy: fc.Arbitrary<Word> = fc
  .record({
    namespace,
    name: fc.constantFrom("x", "y"),
    value: mostly(
      fc.record({ mode: policyMode, label: fc.option(app), portMode: fc.option(policyMode), day: fc.nat({ max: 2 }) }),
    ),
  })
  .map(({ namespace: ns, name, value }) => {
    const { mode = "inherit", label = null, portMode = null, day = 0 } = value ?? {};
    const portModes = new Map(portMode === null ? [] : [[8080, portMode] as const]);
    const scope: PolicyScope =
      ns === "mesh-system"
        ? { kind: "mesh" }
        : label === null
          ? { kind: "namespace", namespace: ns }
          : { kind: "workload", namespace: ns, labels: { app: label }, portModes };
    const made = { name, createdAt: `2026-01-0${day + 1}T00:00:00Z`, scope, mode };
    return { kind: "policy", key: `${ns}/${name}`, value: value && made };
  });

const settings: fc.Arbitrary<Word> = fc
  .record({
    mtls: fc.constantFrom("strict", "permissive"),
    outboundTraffic: fc.constantFrom("allowAny", "registryOnly"),
    accessLog: fc.constantFrom({ kind: "none" } as const, { kind: "default" } as const),
    countsAttempts: fc.boolean(),
  })
  .map((value) => ({ kind: "settings", value: { ...defaults, ...value } }));

const trustBundle: fc.Arbitrary<Word> = fc
  .constantFrom("roots", "other roots")
  .map((value) => ({ kind: "trustBundle", value }));

/** Anything that may happen to a mesh, the more often the more it happens to one. */
export const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: slice },
  { weight: 8, arbitrary: pods },
  { weight: 6, arbitrary: service },
  { weight: 4, arbitrary: policy },
  { weight: 1, arbitrary: settings },
  { weight: 1, arbitrary: trustBundle },
  { weight: 6, arbitrary: fc.nat({ max: 150 }).map((ms): Step => ({ kind: "pass", ms })) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(namespace, pod, fc.boolean(), fc.constantFrom("ipv4", "dual"))
      .map(
        ([ns, name, capturesDns, ipStack]): Step => ({ kind: "connect", pod: `${ns}/${name}`, capturesDns, ipStack }),
      ),
  },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: "disconnect" }) },
);

/** The last word on each object, in the order in which they were said. */
export function lastWords(all: readonly Step[]): readonly Word[] {
  const words = all.filter((step): step is Word => "value" in step);
  return [...new Map(words.map((word) => [`${word.kind} ${"key" in word ? word.key : ""}`, word])).values()];
}
