import { readFileSync } from "node:fs";

const processDockerfile = new URL("../dev/images/process.Dockerfile", import.meta.url);

/** Returns the environment of the image that our processes are in: who is measured is started as it is where it is used. */
export function processEnvironment(): Readonly<Record<string, string>> {
  return imageEnvironment(readFileSync(processDockerfile, "utf8"));
}

/** Returns the environment that a Dockerfile gives a process, less what the build fills in (`${VERSION}`). */
export function imageEnvironment(dockerfile: string): Readonly<Record<string, string>> {
  const lines = dockerfile.split("\n").filter((line) => line.startsWith("ENV "));
  const pairs = lines.flatMap((line) => [...line.matchAll(/([A-Z_]+)=(?:"([^"]*)"|(\S+))/g)]);
  const variables = pairs.map(([, name = "", quoted, plain = ""]) => [name, quoted ?? plain] as const);
  return Object.fromEntries(variables.filter(([, value]) => !value.includes("${")));
}
