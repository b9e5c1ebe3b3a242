/** Kinds of change, in the order in which a release shows them. */
const sections = {
  upgrade: "Action required",
  added: "Added",
  changed: "Changed",
  fixed: "Fixed",
  security: "Security",
} as const;
type Section = keyof typeof sections;

/** One change: a file `changes/unreleased/<section>-<slug>.md` that holds one sentence or a few. */
export interface Fragment {
  readonly file: string;
  readonly text: string;
}

/** Says of a fragment what is wrong with it, or nothing. */
export function fragmentProblem({ file, text }: Fragment): string | undefined {
  if (sectionOf(file) === undefined)
    return `${file}: the name must start with one of ${Object.keys(sections).join(", ")} and a dash`;
  if (text.trim() === "") return `${file}: is empty; say what changed for the user`;
  return undefined;
}

/** Compiles the fragments into a release's entry of CHANGELOG.md. Order: section, then file name. */
export function compileRelease(version: string, date: string, fragments: readonly Fragment[]): string {
  const parts = Object.entries(sections).flatMap(([section, title]) => {
    const entries = fragments
      .filter((fragment) => sectionOf(fragment.file) === section)
      .toSorted((a, b) => (a.file < b.file ? -1 : 1))
      .map(({ text }) => `- ${text.trim().replaceAll("\n", "\n  ")}`);
    return entries.length === 0 ? [] : [`### ${title}\n\n${entries.join("\n")}\n`];
  });
  return `## ${version} (${date})\n\n${parts.join("\n")}`;
}

function sectionOf(file: string): Section | undefined {
  return (Object.keys(sections) as Section[]).find((section) => file.startsWith(`${section}-`));
}
