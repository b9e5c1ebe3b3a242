import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { expandVariables, splitWords } from "./words.ts";

describe("a command's variables", () => {
  const env = { NAMESPACE: "kuttl-test-1", EMPTY: "" };
  const cases: Record<string, { text: string; want: string }> = {
    "are replaced": { text: "get -n $NAMESPACE ${NAMESPACE}x", want: "get -n kuttl-test-1 kuttl-test-1x" },
    "are empty when unknown": { text: "a $UNKNOWN b", want: "a  b" },
    "can be escaped": { text: "echo $$NAMESPACE", want: "echo $NAMESPACE" },
    "leave a lone dollar alone": { text: "cost 5$", want: "cost 5$" },
  };
  for (const [name, { text, want }] of Object.entries(cases)) {
    test(name, () => assert.equal(expandVariables(text, env), want));
  }
});

describe("a command line", () => {
  const cases: Record<string, { line: string; want: readonly string[] | undefined }> = {
    "is split at blanks": { line: "  kubectl get\tpods ", want: ["kubectl", "get", "pods"] },
    "keeps what is quoted together": { line: `a 'b c' "d \\"e\\" f"`, want: ["a", "b c", 'd "e" f'] },
    "joins adjacent parts": { line: `-o=jsonpath='{.a b}'`, want: ["-o=jsonpath={.a b}"] },
    "keeps an empty word": { line: "a ''", want: ["a", ""] },
    "lets a backslash escape a blank": { line: "a\\ b", want: ["a b"] },
    "with an open quote is none": { line: "a 'b", want: undefined },
    "may be empty": { line: "  ", want: [] },
  };
  for (const [name, { line, want }] of Object.entries(cases)) {
    test(name, () => assert.deepEqual(splitWords(line), want));
  }
});
