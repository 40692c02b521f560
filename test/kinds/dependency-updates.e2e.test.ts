/** Updates of a package from a real registry on loopback: a consistent patch release merges by itself, and what is odd about an update does not. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Base, Case, Files } from "../attacks/forging/support/read-cases.ts";
import { openStand, type Stand } from "../attacks/forging/support/stand.ts";
import { openPackageRegistry } from "../support/package-registry.ts";

const code = (mark: string) => `module.exports = (word) => word + "${mark}";\n`;
let registry: Awaited<ReturnType<typeof openPackageRegistry>>;
let stand: Stand;
let base: Base;
beforeAll(async () => {
  registry = await openPackageRegistry(
    [
      { name: "shout", version: "1.0.0", days: 90, code: code("!") },
      { name: "shout", version: "1.0.1", days: 30, code: `// Faster.\n${code("!")}` },
      { name: "shout", version: "1.0.2", days: 1, code: code("!") },
      { name: "shout", version: "2.0.0", days: 30, code: code("!") },
      { name: "whisper", version: "1.0.0", days: 90, code: code("…") },
    ],
    new Date(),
  );
  stand = await openStand(() => Promise.resolve(null), { isIndependent: true, registries: [registry.registry] });
  base = {
    name: "shop",
    keys: new Map([
      ["prepare", "npm ci --ignore-scripts"],
      ["inputs", "package.json package-lock.json .npmrc"],
      ["outputs", "node_modules"],
      ["verify", "node --test"],
      ["tests", "test/**"],
      ["request", "Update the package shout to 1.0.1."],
      ["criterion", "package.json asks for shout 1.0.1"],
    ]),
    files: {
      ...registry.project({ shout: "1.0.0" }),
      ".npmrc": `registry=${registry.origin}/\n`,
      ".gitignore": "node_modules\n",
      "index.js": 'module.exports = (name) => require("shout")(name);\n',
      "test/shop.js": `const { test } = require("node:test");
const assert = require("node:assert");
test("shouts", () => assert.equal(require("..")("ab"), "ab!"));
`,
    },
    ...{ proof: {}, changes: new Map(), independent: [] },
  };
});
afterAll(async () => {
  await stand.close();
  await registry[Symbol.asyncDispose]();
});

async function decided(change: Files) {
  const one: Case = {
    ...{ id: "update", base, class: "plain", trace: [], kind: "twin", why: "", change, proof: {}, proofCommand: "" },
    ...{ improved: [], corrected: [] },
  };
  const { answer, reasons } = await stand.decide(one);
  return { answer, reasons };
}

describe("an update of a package", () => {
  it("merges by itself if it is a patch release as its registry has it", { timeout: 300_000 }, async () => {
    expect(await decided(registry.project({ shout: "1.0.1" }))).toEqual({ answer: "merge", reasons: "" });
  });
  it("does not merge with the hash of another archive", { timeout: 300_000 }, async () => {
    const other = { shout: registry.integrityOf("whisper", "1.0.0") };
    const { answer, reasons } = await decided(registry.project({ shout: "1.0.1" }, other));
    expect(answer).not.toBe("merge");
    expect(reasons).toMatch(/EINTEGRITY|another archive/u);
  });
  it.each([
    ["a new package", { shout: "1.0.0", whisper: "1.0.0" }, /whisper in package\.json: new package/u],
    ["a major release", { shout: "2.0.0" }, /1\.0\.0 to 2\.0\.0: the policy asks from a major version on/u],
    ["a release of yesterday", { shout: "1.0.2" }, /released 1 day ago, and the policy wants 7 days/u],
  ])("asks about %s", { timeout: 300_000 }, async (_, versions, reason) => {
    const { answer, reasons } = await decided(registry.project(versions));
    expect(answer).toBe("ask");
    expect(reasons).toMatch(reason);
  });
});
