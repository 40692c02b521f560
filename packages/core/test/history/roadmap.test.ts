/** The form of a roadmap, of an ordinary one and of hostile ones. */
import { describe, expect, it } from "vitest";
import { createWorkHistory, missionsNaming, readRoadmap, roadmapPhases } from "../../src/index.ts";
import type { FoldedEvent } from "../../src/model/event.ts";

const text = `# Roadmap
Words, and - [ ] R0: not an item.

## Phase one ##
- [ ] R1: add() rejects text
* [x] **A-2.1**: half() exists
- [ ] without an id
- [ ] the: word without a digit is no id
- [ ] R1: the same id again
\`\`\`
- [ ] R9: in a code block
\`\`\`
### Empty
## Phase two
  - [X] R3: a nested item
`;

describe("a roadmap", () => {
  it("has headings as phases and task items with an id as requirements", () => {
    expect(readRoadmap(text)).toEqual({
      more: 0,
      phases: [
        {
          title: "Phase one",
          items: [
            { id: "R1", text: "add() rejects text", is_ticked: false },
            { id: "A-2.1", text: "half() exists", is_ticked: true },
          ],
        },
        { title: "Phase two", items: [{ id: "R3", text: "a nested item", is_ticked: true }] },
      ],
    });
  });

  it("is bounded", () => {
    const many = Array.from({ length: 600 }, (_, index) => `- [ ] R${index}: text`).join("\n");
    const { phases, more } = readRoadmap(many);
    expect([phases[0]?.items.length, more]).toEqual([500, 100]);
    expect(readRoadmap(`- [ ] R1: ${"x".repeat(5000)}`).phases).toEqual([]);
    // A pattern that looks for the end of the title from each space would take minutes.
    expect(readRoadmap(`# a${" ".repeat(590)}x\n`.repeat(20_000)).phases).toEqual([]);
    expect(readRoadmap(`## ${" #".repeat(200)}\n`.repeat(500)).phases).toEqual([]);
  });

  it("counts a requirement as landed once a mission that names it has landed", () => {
    const history = createWorkHistory();
    const submit = (mission_id: string, title: string, repository: string, criteria: string[] = []) =>
      history.add({
        ...{ type: "MissionSubmitted", stream: `mission/${mission_id}`, recorded_at: "2026-01-02T00:00:00.000Z" },
        data: { mission_id, title, repository, criteria: criteria.map((one) => ({ id: "c1", text: one })) },
      } as FoldedEvent);
    submit("m-1", "R1: reject text", "shop");
    submit("m-2", "Another thing", "shop", ["A-2.1 is done"]);
    submit("m-3", "R1 elsewhere", "other");
    submit("m-4", "R11 and xR1", "shop");
    const status = (mission_id: string) => (mission_id === "m-1" ? ("landed" as const) : ("held" as const));
    const phases = roadmapPhases(
      readRoadmap(text).phases,
      missionsNaming(history, "shop", readRoadmap(text).phases),
      (id) => ({
        ...{ mission_id: id, title: id, status: status(id) },
      }),
    );
    const found = phases.flatMap(({ requirements }) =>
      requirements.map(({ id, has_landed, missions }) => [id, has_landed, missions.map((one) => one.mission_id)]),
    );
    expect(found).toEqual([
      ["R1", true, ["m-1"]],
      ["A-2.1", false, ["m-2"]],
      ["R3", false, []],
    ]);
  });
});
