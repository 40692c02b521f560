/** Lists the paths of a change that match the policy's path lists. */
import { expect, it } from "vitest";
import { deriveTouchedPaths } from "../../../src/findings/paths/touched-paths.ts";
import { added, changed, reportOf, shippedPolicy } from "../sample-change.ts";

it("lists the touched paths for each list of the policy, with old names of renames", () => {
  const renames = [{ from: "src/auth/a.js", to: "src/b.js", similarity: 100 }];
  const touched = deriveTouchedPaths(reportOf([added("src/b.js"), changed("README.md")], { renames }), shippedPolicy);
  expect(touched.authentication).toEqual(["src/auth/a.js"]);
  expect(touched.documentation).toEqual(["README.md"]);
  expect(touched.network).toEqual([]);
});

it("lists no touched paths for an honest change", () => {
  const touched = deriveTouchedPaths(reportOf([changed("index.js"), changed("test/proto.js")]), shippedPolicy);
  expect(Object.values(touched).flat()).toEqual([]);
});
