/** Which path lists of the policy a change touches. */
import { expect, it } from "vitest";
import { deriveTouchedPaths } from "../../../src/findings/paths/touched-paths.ts";
import { added, changed, reportOf, shippedPolicy } from "../sample-change.ts";

it("names the touched paths per list, old names of renames too", () => {
  const renames = [{ from: "src/auth/a.js", to: "src/b.js", similarity: 100 }];
  const touched = deriveTouchedPaths(reportOf([added("src/b.js"), changed("README.md")], { renames }), shippedPolicy);
  expect(touched.auth_security_files).toEqual(["src/auth/a.js"]);
  expect(touched.documentation).toEqual(["README.md"]);
  expect(touched.database_migration).toEqual([]);
});

it("touches nothing in an honest change", () => {
  const touched = deriveTouchedPaths(reportOf([changed("index.js"), changed("test/proto.js")]), shippedPolicy);
  expect(Object.values(touched).flat()).toEqual([]);
});
