/** Writes the lines of one test: what is being done, and since how long. */
export interface TestLog {
  line(text: string): void;
}

/** Creates the log of a test: every line carries the test's name, the elapsed seconds and the step. */
export function createTestLog(
  test: string,
  write: (text: string) => unknown = (text) => process.stdout.write(text),
  now: () => number = Date.now,
): TestLog {
  const began = now();
  return {
    line: (text) => {
      const seconds = ((now() - began) / 1000).toFixed(1).padStart(6);
      for (const part of text.split("\n")) write(`${seconds}s ${test} | ${part}\n`);
    },
  };
}
