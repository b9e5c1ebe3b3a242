// Prints a client as a user writes it.
const image = `${process.env.MESHWRIGHT_REGISTRY ?? "localhost"}/meshwright-samples:v1.1.0`;
const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "client-stubborn", labels: { app: "stubborn" } },
  spec: {
    serviceAccountName: "client",
    terminationGracePeriodSeconds: 1,
    containers: [{ name: "client", image, imagePullPolicy: "IfNotPresent", args: ["echo"] }],
  },
};
process.stdout.write(JSON.stringify(pod));
