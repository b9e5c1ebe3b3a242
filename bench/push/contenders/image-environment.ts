/**
 * Returns the environment that a Dockerfile gives a process, less what the build fills in (`${VERSION}`): a process that is
 * measured must be started as it is where it is used.
 */
export function imageEnvironment(dockerfile: string): Readonly<Record<string, string>> {
  const lines = dockerfile.split("\n").filter((line) => line.startsWith("ENV "));
  const pairs = lines.flatMap((line) => [...line.matchAll(/([A-Z_]+)=(?:"([^"]*)"|(\S+))/g)]);
  const variables = pairs.map(([, name = "", quoted, plain = ""]) => [name, quoted ?? plain] as const);
  return Object.fromEntries(variables.filter(([, value]) => !value.includes("${")));
}
