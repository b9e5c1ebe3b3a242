import { readFileSync } from "node:fs";

const processDockerfile = new URL("../dev/images/process.Dockerfile", import.meta.url);

/** How an image starts its process: who is measured is started as it is where it is used. */
export interface ImageProcess {
  /** Environment, less what the build fills in (`${VERSION}`). */
  readonly environment: Readonly<Record<string, string>>;
  /** Options of Node that stand before the program. */
  readonly nodeOptions: readonly string[];
}

/** Returns how the image of our processes starts them. Errors: an Error when its Dockerfile starts no Node. */
export function imageProcess(dockerfile = readFileSync(processDockerfile, "utf8")): ImageProcess {
  const lines = dockerfile.split("\n");
  return { environment: environmentOf(lines), nodeOptions: nodeOptionsOf(lines) };
}

function environmentOf(lines: readonly string[]): ImageProcess["environment"] {
  const set = lines.filter((line) => line.startsWith("ENV "));
  const pairs = set.flatMap((line) => [...line.matchAll(/([A-Z_]+)=(?:"([^"]*)"|(\S+))/g)]);
  const variables = pairs.map(([, name = "", quoted, plain = ""]) => [name, quoted ?? plain] as const);
  return Object.fromEntries(variables.filter(([, value]) => !value.includes("${")));
}

/** `ENTRYPOINT ["node", "--option", "/app/main.mjs"]`: what is between the first and the last. */
function nodeOptionsOf(lines: readonly string[]): readonly string[] {
  const line = lines.find((each) => each.startsWith("ENTRYPOINT ")) ?? "";
  const [command, ...options] = [...line.matchAll(/"([^"]*)"/g)].map(([, word = ""]) => word);
  if (command !== "node") throw new Error(`cannot tell how the image starts Node: ${line || "no ENTRYPOINT"}`);
  return options.slice(0, -1);
}
