// Prints a pod whose volume has the attributes that are given: pod.mjs <name> <attributes as JSON>
const [name, attributes] = process.argv.slice(2);
const csi = { driver: "identity.meshwright.dev", readOnly: true, volumeAttributes: JSON.parse(attributes) };
const image = `${process.env.MESHWRIGHT_REGISTRY ?? "localhost"}/meshwright-samples:v1.1.0`;
const container = { name: "web", image, imagePullPolicy: "IfNotPresent", args: ["echo"] };
const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, labels: { app: "forged", "sidecar.istio.io/inject": "false" } },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [{ ...container, volumeMounts: [{ name: "identity", mountPath: "/identity" }] }],
    volumes: [{ name: "identity", csi }],
  },
};
process.stdout.write(JSON.stringify(pod));
