/** A person's instructions become a new specification, or are refused with the reason. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalJson, specificationSchema } from "@aedev/contracts";
import { decide, initialState, type State } from "@aedev/core";
import { gated, given, ids, life, stateAfter, storyCommand } from "@aedev/core/testing";
import type { BlobStore } from "@aedev/host/blob-store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { blobStore } from "../../src/home/blobs.ts";
import { requestChangeCommand } from "../../src/work/request-change.ts";

let folder: string;
let blobs: BlobStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aedev-words-"));
  blobs = blobStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const approved = {
  schema: 1,
  mission_id: ids.mission,
  repository: "repo",
  title: "Close the hole",
  text: "Close it.",
  criteria: [{ id: "c1", text: "a test shows it closed" }],
};

function asked(instructions?: string[]): State {
  const said = instructions === undefined ? {} : { instructions };
  const specification = blobs.put(canonicalJson({ ...approved, ...said }), "application/json");
  const submitted = { ...life["submitted"], specification } as never;
  return given([], stateAfter("gemini", initialState, { submitted }))
    .when(storyCommand(gated("ask")))
    .then("GateDecided").state;
}
const request = (state: State, words: string, digest: string | null = null) =>
  requestChangeCommand({ blobs, log: { stateWith: () => state } }, { task_id: ids.task, digest, words });

describe("words on a change", () => {
  it("words on a change are added to the specification's instructions as a new blob, and the log takes them", () => {
    const state = asked(["be brief"]);
    const body = request(state, "  use the existing helper\n");
    if (body.kind !== "RequestChange") throw new Error(`got ${body.kind}`);
    const stored = specificationSchema.parse(JSON.parse(Buffer.from(blobs.get(body.specification.digest)).toString()));
    expect(stored).toEqual({ ...approved, instructions: ["be brief", "use the existing helper"] });
    expect(body.specification.digest).not.toBe(state.tasks[ids.task]?.specification.digest);
    expect(body).toMatchObject({ words: "use the existing helper", digest: null });
    expect(decide(storyCommand(body), state).kind).toBe("events");
    expect(decide(storyCommand({ ...body, digest: "0".repeat(64) }), state)).toMatchObject({ code: "wrong-digest" });
  });

  it.each([
    ["an empty text", " \n", "no-words"],
    ["a text that is too long", "x".repeat(2001), "too-long"],
  ])("words on a change are refused as %s", (_what, words, code) => {
    expect(request(asked(), words)).toMatchObject({ kind: "refused", code });
    expect(request(asked(), "x".repeat(2000))).toMatchObject({ kind: "RequestChange" });
  });

  it("words on a change are refused for an unknown task, one neither asked nor held, or one sent back too often", () => {
    const unknown = requestChangeCommand(
      { blobs, log: { stateWith: () => asked() } },
      { task_id: "constructor", digest: null, words: "so" },
    );
    expect(unknown).toMatchObject({ kind: "refused", code: "unknown-task" });
    expect(request(stateAfter("started", initialState), "so")).toMatchObject({ kind: "refused", code: "not-asked" });
    const often = Array.from({ length: 32 }, (_, index) => `word ${index}`);
    expect(request(asked(often), "so")).toMatchObject({ kind: "refused", code: "too-many-words" });
    expect(request(asked(often.slice(1)), "so")).toMatchObject({ kind: "RequestChange" });
  });

  it("words on a change lose half characters, which have no hash", () => {
    expect(request(asked(), "half \ud800")).toMatchObject({ kind: "RequestChange", words: "half \ufffd" });
  });
});
