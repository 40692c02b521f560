/** The source of sentinel tests for Go and Rust (SECURITY T10): appended to a test file and compiled with it. Each must fail; a pass shows that the file has disabled an assertion. Pure. */
import { goPlatformPattern } from "@aedev/languages/go/go";

import type { Sentinel } from "./sentinel-source.ts";

/** The name under which a Go file uses `testing`; null if it doesn't import it under a usable name. */
export function goTestingName(content: string): string | null {
  const found = /^\s*(?:import\s+)?(?:([A-Za-z_]\w*)\s+)?"testing"\s*(?:\/\/.*)?$/mu.exec(content);
  if (found === null) return /^\s*import\s*\([^)]*;?\s*"testing"/mu.test(content) ? "testing" : null;
  const name = found[1] ?? "testing";
  return name === "_" || name === "import" ? null : name;
}

/** True if a Go file is compiled only under a build constraint, in its text or, for systems and processors, in its name. */
export function hasGoConstraint(path: string, content: string): boolean {
  const head = content.split(/^package\s/mu, 1).join("");
  return /^\/\/(?:go:build|\s*\+build)\s/mu.test(head) || goNameConstraint.test(path);
}
const goNameConstraint = new RegExp(String.raw`_(?:${goPlatformPattern})_test\.go$`, "u");

const goFailures = [
  't.Error("expected")',
  't.Errorf("%s", "expected")',
  't.Fatal("expected")',
  "t.Fail()",
  "t.FailNow()",
];

/** Go's sentinels don't panic, because a panic would end the test program and hide the tests after it. */
export const goSentinel: Sentinel = {
  source: (name, { content }) =>
    goFailures
      .map(
        (failure, index) =>
          `\nfunc Test_${name}_${index}(t *${goTestingName(content) ?? "testing"}.T) { ${failure} }\n`,
      )
      .join(""),
  assertions: goFailures.length,
};

/** None of them returns an `Err`, because the harness writes those to standard error at once, in the middle of another test's line. */
const rustFailures = [
  'fn a() { assert!(1 == 2, "expected"); }',
  "fn b() { assert_eq!(1, 2); }",
  "fn c() { assert_ne!(1, 1); }",
  'fn d() { panic!("expected"); }',
  "fn e() { None::<u8>.unwrap(); }",
  "#[should_panic]\n    fn f() {}",
];

/** Stands at the end of the file, so that a macro of the file that shadows an assertion affects the sentinel too. */
export const libtestSentinel: Sentinel = {
  source: (name) =>
    `\n#[cfg(test)]\nmod ${name} {\n${rustFailures.map((body) => `    #[test]\n    ${body}\n`).join("")}}\n`,
  assertions: rustFailures.length,
};
