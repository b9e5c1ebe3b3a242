import { type ServiceError, status } from "@grpc/grpc-js";
import { DevError } from "../command/dev-error.ts";
import { main } from "../command/main.ts";
import { attempts } from "./attempts.ts";
import { withControlPlane } from "./control-plane.ts";
import { readWorkload } from "./workload.ts";

const usage = `node dev/refusals/main.ts <attempt> <namespace> <pod selector>
Tries, with the identity of a running pod, what the control plane must refuse; prints the gRPC status and its message.
Attempts: ${Object.keys(attempts).join(", ")}`;

await main(async () => {
  const [name = "", namespace, selector] = process.argv.slice(2);
  const attempt = Object.entries(attempts).find(([known]) => known === name)?.[1];
  if (attempt === undefined || namespace === undefined || selector === undefined) throw new DevError("Usage", usage);
  const workload = await readWorkload(namespace, selector);
  console.log(
    await withControlPlane((controlPlane) => attempt({ controlPlane, workload, selector }).then(ok, refused)),
  );
});

function ok(result: string): string {
  return `OK: ${result}`;
}

function refused(error: unknown): string {
  if (!isServiceError(error)) throw error;
  return `${status[error.code]}: ${error.details}`;
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && "details" in error;
}
