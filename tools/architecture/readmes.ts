/** A workspace's README, and whether a path exists: relative to the workspace, its sources, or the repository. */
export interface Readme {
  /** Folder of the workspace, relative to the repository. */
  readonly workspace: string;
  /** Undefined: there is none. */
  readonly text: string | undefined;
  readonly exists: (path: string) => boolean;
}

const heading = "## To add …";

/** Says what is wrong with the READMEs of workspaces, one line for each: each says what to touch, and what it names exists. */
export function readmeFaults(readmes: readonly Readme[]): readonly string[] {
  return readmes.flatMap(({ workspace, text, exists }) => {
    const section = text?.split(`${heading}\n`)[1]?.split("\n## ")[0];
    if (section === undefined) return [`${workspace}/README.md: has no section "${heading}"`];
    const paths = pathsIn(section);
    if (paths.length === 0) return [`${workspace}/README.md: "${heading}" names no file`];
    return paths.filter((path) => !exists(path)).map((path) => `${workspace}/README.md: there is no ${path}`);
  });
}

/** What stands in backticks and has a folder; patterns as `watch/read-<kind>.ts` are nothing to look for. */
function pathsIn(section: string): readonly string[] {
  return [...section.matchAll(/`([^`\s]+)`/g)]
    .map(([, path = ""]) => path)
    .filter((path) => path.includes("/") && !/[<*:]/.test(path));
}
