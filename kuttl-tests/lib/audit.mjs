// Prints what the operator and the control planes have asked the API server for since a moment, one request a line: user, verb,
// resource, namespace/name, code. Renewals of leases are left out: they are what a replica lives by.
// node audit.mjs <RFC 3339 time> [<regular expression that a line must match>] [--times]
// --times prints when the requests were received instead.
// MESHWRIGHT_AUDIT_LOG is the API server's log, written by a policy like that of dev/cluster/node-config.ts.
import { existsSync, readFileSync } from "node:fs";

const [, , since, pattern = "", times] = process.argv;
const path = process.env.MESHWRIGHT_AUDIT_LOG;
if (!path || !existsSync(path)) throw new Error(`there is no audit log of the API server at MESHWRIGHT_AUDIT_LOG="${path}"`);
const from = new Date(since);
if (Number.isNaN(from.getTime())) throw new Error(`"${since}" is no time`);

const lines = readFileSync(path, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
if (lines.length === 0) throw new Error("the audit log is empty: the policy does not name the operator");
const asked = lines.filter(
  ({ requestReceivedTimestamp, objectRef }) => new Date(requestReceivedTimestamp) >= from && objectRef?.resource !== "leases",
);
const told = asked.map(({ user, verb, objectRef = {}, responseStatus, requestReceivedTimestamp: at }) => {
  const { resource, subresource, namespace, name } = objectRef;
  const what = [resource, subresource].filter(Boolean).join("/");
  const which = [namespace, name].filter(Boolean).join("/");
  return { at, line: [user.username.split(":").at(-1), verb, what, which, responseStatus?.code].filter(Boolean).join(" ") };
});
for (const { at, line } of told) if (new RegExp(pattern).test(line)) process.stdout.write(`${times === "--times" ? at : line}\n`);
