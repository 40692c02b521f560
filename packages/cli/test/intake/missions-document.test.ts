/** A file of missions: what it may contain, and the order in which its missions are submitted. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { planMissions } from "../../src/intake/missions-document.ts";

const plan = (text: string) => planMissions(text, "missions.yaml");
const labels = (text: string) => plan(text).map(({ label }) => label);

describe("a file of missions", () => {
  it("reads a list of missions, with defaults for missing keys", () => {
    expect(plan("- text: Do it\n  repo: tool\n")).toEqual([
      { label: "mission 1", text: "Do it", repo: "tool", criteria: [], priority: "normal", labels: [], after: [] },
    ]);
    expect(labels("missions:\n- {key: one, text: Do it, repo: tool}\n")).toEqual(["one"]);
    const whole = `
- key: second
  text: |
    Add half()
    It halves.
  repo: tool
  criteria: ["half(8) is 4"]
  priority: high
  labels: [billing]
  after: [first, m-0123456789abcdef, first]
- key: first
  text: Fix add()
  repo: other
`;
    expect(plan(whole)).toMatchObject([
      { label: "first", priority: "normal" },
      {
        label: "second",
        text: "Add half()\nIt halves.",
        priority: "high",
        labels: ["billing"],
        after: [{ label: "first" }, { mission_id: "m-0123456789abcdef" }],
      },
    ]);
  });

  it.each([
    ["", /it is empty/],
    ["missions: []\n", /no mission/],
    ["missions: [{text: Do it, repo: tool}]\nversion: 1\n", /it must be a list/],
    ["[]\n", /no mission/],
    ["- text: Do it\n", /mission 1: repo: it is missing/],
    ["- {text: Do it, repo: tool, criteria: works}\n", /mission 1: criteria: it must be a list/],
    ["- Do it\n", /mission 1: it must be a mission with its keys/],
    [`- {text: ${"x".repeat(20_001)}, repo: tool}\n`, /mission 1: text: 20000 characters at most/],
    ["- {text: Do it, repo: tool}\n- {text: '  ', repo: tool}\n", /mission 2: text: it is empty/],
    ["- {text: Do it, repo: tool, prority: high}\n", /mission 1: unknown key prority/],
    ["- {text: Do it, repo: tool, priority: soon}\n", /mission 1: priority: one of urgent, high, normal, low/],
    ['- {text: Do it, repo: tool, labels: ["<b>"]}\n', /mission 1: labels\.0: a label has 1 to 40 letters/],
    ["- {text: Do it, repo: ../tool}\n", /mission 1: repo: a repository name/],
    ["- {text: Do it, repo: tool, text: Twice}\n", /unique/i],
    ["- &a {text: Do it, repo: tool}\n- *a\n", /alias/i],
    ["- {text: Do it, repo: tool}\n---\n- {text: Do it, repo: tool}\n", /more than one document/],
    ["- {text: Do it, repo: tool", /missions\.yaml: /],
    ["- {key: a, text: Do it, repo: tool}\n- {key: a, text: Do it, repo: tool}\n", /two missions have the key a/],
    ["- {key: m-0123456789abcdef, text: Do it, repo: tool}\n", /does not start with m-/],
    ["- {key: b, text: Do it, repo: tool, after: [a]}\n", /b: after: there is no mission with the key a/],
    [
      "- {text: Do it, repo: tool}\n- {text: Do it, repo: tool, after: [mission 1]}\n",
      /mission 2: after: there is no mission/,
    ],
  ])("refuses a file of missions with the location of the problem: %j", (text, words) => {
    expect(() => plan(text)).toThrow(words);
  });

  it("refuses a cycle of missions by their names, but not missions that only share a predecessor", () => {
    const chained = (after: Record<string, string[]>) =>
      stringify(Object.entries(after).map(([key, before]) => ({ key, text: "Do it", repo: "tool", after: before })));
    expect(() => plan(chained({ a: ["c"], b: ["a"], c: ["b"], d: ["a"] }))).toThrow(
      "wait for each other: a -> c -> b -> a",
    );
    expect(() => plan(chained({ a: ["a"] }))).toThrow("wait for each other: a -> a");
    expect(labels(chained({ d: ["b", "c"], b: ["a"], c: ["a"], a: [] }))).toEqual(["a", "b", "c", "d"]);
  });

  it("escapes text from the file in its messages", () => {
    expect(() => plan('- {text: Do it, repo: tool, "\\e[31mred": 1}\n')).toThrow(/\\u\{1b\}/);
  });

  it("puts every mission after its predecessors, and loses none", () => {
    const graphs = fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(graphs, fc.infiniteStream(fc.nat()), (edges, shuffle) => {
        const missions = edges.map((after, index) => ({
          key: `k${index}`,
          text: "Do it",
          repo: "tool",
          after: [...new Set(after.filter((before) => before < index).map((before) => `k${before}`))],
        }));
        const shuffled = missions
          .map((mission) => ({ mission, at: shuffle.next().value }))
          .toSorted((left, right) => left.at - right.at)
          .map(({ mission }) => mission);
        const ordered = plan(stringify(shuffled));
        expect(ordered).toHaveLength(missions.length);
        for (const [index, { after }] of ordered.entries())
          for (const before of after) {
            const place = ordered.findIndex(({ label }) => "label" in before && label === before.label);
            expect(place >= 0 && place < index).toBe(true);
          }
      }),
      { numRuns: 200 },
    );
  });
});
