/** The files that docs/MISSIONS.md and docs/PLANS.md show can be submitted as they stand, and their tables have the keys that count. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type PlanSubmission, routes } from "@aedev/contracts/api";
import { orderPlan } from "@aedev/core";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseFlow } from "../../src/intake/flow.ts";
import { planMissions } from "../../src/intake/missions-document.ts";
import { isPlan } from "../../src/intake/plan-file.ts";

const read = (name: string) => readFileSync(join(import.meta.dirname, "../../../../docs", name), "utf8");
const yamlIn = (text: string) => [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, yaml = ""]) => yaml);
/** The keys of each table whose first column is headed by `head`. */
const keysIn = (text: string, head: RegExp) =>
  [...text.matchAll(/^\| (.+?) \|.*\n\|[- |]+\n((?:\|.*\n)+)/gm)]
    .filter(([, title = ""]) => head.test(title))
    .flatMap(([, , rows = ""]) => [...rows.matchAll(/^\| (.+?) \|/gm)])
    .flatMap(([, cell = ""]) => [...cell.matchAll(/`(\w+)`/g)].map(([, key = ""]) => key));

/** A file without `again`, which is an option of the command line. */
const planSchema = routes.submitPlan.body.omit({ again: true, replaces: true });
const wholePlan = (yaml: string): Omit<PlanSubmission, "again"> => planSchema.parse(parse(yaml));

describe("docs/MISSIONS.md", () => {
  const text = read("MISSIONS.md");

  it("shows files of missions that can be submitted, with keys of its table only", () => {
    const files = yamlIn(text);
    expect(files).toHaveLength(1);
    const keys = keysIn(text, /^key$/);
    for (const file of files) {
      expect(planMissions(file, "missions.yaml").length).toBeGreaterThan(1);
      for (const mission of parse(file) as object[]) expect(keys).toEqual(expect.arrayContaining(Object.keys(mission)));
    }
  });

  it("lists only keys that a file may have", () => {
    const values: Record<string, unknown> = { criteria: [], priority: "high", labels: [], after: [], key: "one" };
    const keys = keysIn(text, /^key$/);
    const mission = { ...values, text: "Do it", repo: "tool" };
    expect(keys.toSorted()).toEqual(Object.keys(mission).toSorted());
    expect(planMissions(JSON.stringify([mission]), "missions.yaml")).toHaveLength(1);
  });
});

describe("docs/PLANS.md", () => {
  const text = read("PLANS.md");

  it("shows a plan that can be submitted and a flow that can be run; in the plan's order convert waits for rates because of their files", () => {
    const [file = "", flow = "", ...others] = yamlIn(text);
    expect(others).toEqual([]);
    expect(Object.keys(parseFlow(flow, "PLANS.md").parameters)).toEqual(["package", "notes"]);
    expect(isPlan(parse(file))).toBe(true);
    const { tasks } = wholePlan(file);
    const ordered = orderPlan(tasks.map(({ repo, ...task }) => ({ ...task, repository: repo })));
    if ("kind" in ordered) throw new Error(ordered.reason);
    expect(ordered.parts.map(({ name, after, implied }) => ({ name, after, implied }))).toEqual([
      { name: "rates", after: [], implied: [] },
      { name: "convert", after: [], implied: ["rates"] },
      { name: "format", after: ["rates"], implied: [] },
      { name: "checkout", after: ["convert", "format"], implied: [] },
    ]);
  });

  it("lists each key of a plan and of a part, and no other", () => {
    const { tasks, ...others } = planSchema.shape;
    expect(keysIn(text, /^key$/).toSorted()).toEqual(Object.keys(others).toSorted());
    expect(keysIn(text, /^key of `tasks`$/).toSorted()).toEqual(Object.keys(tasks.element.shape).toSorted());
  });

  it("the check finds a key that does not exist, in the file and in the table", () => {
    const [file = ""] = yamlIn(text);
    expect(() => wholePlan(file.replace("on_failure:", "on_fail:"))).toThrow(/on_fail/);
    expect(keysIn("| key | meaning |\n| --- | --- |\n| `tekst`, `repo` | words |\n", /^key$/)).toEqual([
      "tekst",
      "repo",
    ]);
  });
});
