import { request } from "node:https";

// What is sent to the webhook at FORWARDED, and the status that it must have: send.mjs honest|refused|large
const review = (object) => JSON.stringify({
  apiVersion: "admission.k8s.io/v1",
  kind: "AdmissionReview",
  request: { uid: "1", resource: { group: "", version: "v1", resource: "pods" }, namespace: "shop", operation: "CREATE", object },
});
const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "web" }, spec: { containers: [{ name: "web", image: "web" }] } };
const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
const groups = {
  honest: [
    { name: "an honest review", status: 200, body: review(pod) },
  ],
  refused: [
    { name: "no JSON", status: 400, body: "{" },
    { name: "nothing", status: 400, body: "" },
    { name: "bytes that are no text", status: 400, body: Buffer.from([0xff, 0xfe, 0x00]) },
    { name: "another object", status: 400, body: '{"kind":"List","items":[]}' },
    { name: "a pod without spec", status: 400, body: review({ apiVersion: "v1", kind: "Pod", metadata: {} }) },
    { name: "a pod of wrong types", status: 400, body: review({ ...pod, spec: { containers: "web" } }) },
    { name: "a hundred thousand levels", status: 400, body: deep },
    { name: "another content type", status: 415, body: review(pod), headers: { "content-type": "text/plain" } },
    { name: "a compressed body", status: 415, body: review(pod), headers: { "content-encoding": "gzip" } },
    { name: "another method", status: 405, method: "GET", body: "" },
    { name: "another path", status: 404, path: "/../etc/passwd", body: review(pod) },
  ],
  large: [
    { name: "a body over the limit", status: 413, body: review({ ...pod, padding: "x".repeat(4 * 1024 * 1024) }) },
  ],
};

let failed = 0;
for (const what of groups[process.argv[2]]) {
  const status = await send(what);
  process.stdout.write(`${what.name}: ${status}, expected ${what.status}\n`);
  if (status !== what.status) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;

// A refused body is not read to its end: the connection may break while it is still being sent.
function send({ path = "/inject", method = "POST", headers = {}, body }) {
  const [host, port] = process.env.FORWARDED.split(":");
  const { promise, resolve } = Promise.withResolvers();
  const options = { host, port, path, method, rejectUnauthorized: false, agent: false };
  const sent = request({ ...options, headers: { "content-type": "application/json", ...headers } }, (response) => {
    response.resume();
    resolve(response.statusCode);
  });
  sent.on("error", (error) => resolve(error.code));
  sent.end(body);
  return promise;
}
