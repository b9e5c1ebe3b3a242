import { hostname } from "node:os";
import type { Replica } from "./replica.ts";

/** The replica that this process is: a pod's host name is its name, and `VERSION` is what its Deployment says. */
export function thisReplica(): Replica {
  return { name: hostname(), version: process.env["VERSION"] ?? "v1" };
}
