import { X509Certificate, createPrivateKey } from "node:crypto";
import { globSync, readFileSync, statSync } from "node:fs";
import { text } from "node:stream/consumers";

// Looks at the identities of a node from its agent. Each must be valid, of its key, on a tmpfs, and its key readable by the
// proxy only. Standard input is everything that the API server stores: no key may be in it.
const proxyUid = 1337;
const stored = JSON.parse(await text(process.stdin)).items.map(readable).join("\n");
const tmpfs = readFileSync("/proc/self/mountinfo", "utf8")
  .split("\n")
  .filter((line) => line.includes(" - tmpfs "))
  .map((line) => line.split(" ")[4]);

const found = globSync("/var/lib/kubelet/pods/*/volumes/kubernetes.io~csi/*/mount/identity").map(look);
if (found.length === 0) throw new Error("found no identity on this node");
process.stdout.write(`${found.join("\n")}\n`);

function look(folder) {
  const certificate = new X509Certificate(readFileSync(`${folder}/tls.crt`));
  const pem = readFileSync(`${folder}/tls.key`, "utf8");
  const { mode, uid, gid } = statSync(`${folder}/tls.key`);
  const says = `${certificate.subjectAltName} ${certificate.serialNumber} until ${certificate.validTo}`;
  const expect = (isTrue, what) => {
    if (!isTrue) throw new Error(`expected ${what} in ${folder}: ${says}`);
  };
  expect(certificate.validToDate > new Date(), "a valid certificate");
  expect(certificate.checkPrivateKey(createPrivateKey(pem)), "the certificate's own key");
  expect((mode & 0o777) === 0o400 && uid === proxyUid && gid === proxyUid, `a key of mode 400 and user ${proxyUid}`);
  expect(tmpfs.includes(folder.replace(/\/identity$/, "")), "a tmpfs");
  expect(!stored.includes(pem.split("\n")[1]), "a key that is nowhere else");
  return says;
}

function readable({ kind, data = {}, ...others }) {
  const values = Object.values(data).map((value) => (kind === "Secret" ? Buffer.from(value, "base64") : value));
  return [...values, JSON.stringify(others)].join("\n");
}
