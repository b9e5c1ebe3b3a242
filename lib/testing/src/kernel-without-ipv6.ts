import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Stands before the C library's function of this name, and says of IPv6 what such a kernel says. */
const source = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/socket.h>
int socket(int domain, int type, int protocol) {
  int (*next)(int, int, int) = (int (*)(int, int, int))dlsym(RTLD_NEXT, "socket");
  if (domain != AF_INET6) return next(domain, type, protocol);
  errno = EAFNOSUPPORT;
  return -1;
}
`;

/** A library that, loaded before all others, makes a program run as on a kernel without IPv6. Disposing removes it. */
export class KernelWithoutIpv6 implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "no-ipv6-"));
  readonly library = join(this.#folder, "no-ipv6.so");

  /** Errors: throws with the compiler's words; it needs gcc. */
  constructor() {
    const flags = ["-shared", "-fPIC", "-o", this.library, "-x", "c", "-"];
    execFileSync("gcc", [...flags, "-ldl"], { input: source, stdio: ["pipe", "pipe", "pipe"] });
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}
