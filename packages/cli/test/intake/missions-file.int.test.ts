/** Submitting a file of missions: in order, everything checked before the first is submitted, and nothing left half done. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Answer } from "../../src/command-line/answer.ts";
import { submitMissionsFile } from "../../src/intake/missions-file.ts";
import type { Session } from "../../src/terminal/session.ts";
import { type Asked, openFakeDaemon, type Reply } from "../fake-daemon.ts";
import { makeHome, type TestHome } from "../outside.ts";

let place: TestHome;
beforeEach(() => {
  place = makeHome();
});
afterEach(() => place.remove());

const old = "m-0123456789abcdef";
const chain = `
- {key: last, text: Then this, repo: tool, after: [first, ${old}], priority: low}
- {key: first, text: First this, repo: tool, criteria: [half(8) is 4]}
`;

/** A daemon with one repository and one mission. It gives the ids m-1, m-2 …, unless `special` answers a request. */
async function submit(text: string, special: (asked: Asked) => Reply | undefined = () => undefined) {
  const posted: unknown[] = [];
  const cancelled: string[] = [];
  await using daemon = await openFakeDaemon((asked) => {
    const other = special(asked);
    if (other !== undefined) return other;
    const { method, path, body } = asked;
    if (path === "/api/repositories") return { status: 200, body: { repositories: [{ name: "tool" }] } };
    if (path.endsWith("/cancel")) {
      cancelled.push(path);
      return { status: 200, body: {} };
    }
    if (path === `/api/missions/${old}`) return { status: 200, body: { mission_id: old, status: "running" } };
    if (method === "GET" && path.startsWith("/api/missions/"))
      return { status: 404, body: { error: { code: "unknown-mission", reason: "none", hint: null } } };
    if (path !== "/api/missions") return undefined;
    posted.push(body);
    return { status: 200, body: { mission_id: `m-${posted.length}`, status: "awaiting_approval", questions: [] } };
  });
  place.daemonAt({ port: daemon.port });
  const path = join(place.home, "missions.yaml");
  writeFileSync(path, text);
  const nothing = async () => "";
  const absent = () => Promise.reject(new Error("no entry is needed"));
  const session: Session = {
    home: place.home,
    environment: {},
    json: false,
    terminal: { write: () => undefined, complain: () => undefined, interactive: false, readAll: nothing, ask: nothing },
    entries: { daemon: absent, runner: absent, demo: absent },
  };
  let answer: Answer | Error;
  try {
    answer = await submitMissionsFile(session, path, { again: false });
  } catch (error) {
    answer = error as Error;
  }
  return { answer, posted, cancelled };
}

it("submits each mission after its predecessors, under their new ids", async () => {
  const { answer, posted } = await submit(chain);
  const usual = { repo: "tool", criterion: [], priority: "normal", after: [] };
  expect(posted).toEqual([
    { ...usual, text: "First this", criterion: ["half(8) is 4"] },
    { ...usual, text: "Then this", priority: "low", after: ["m-1", old] },
  ]);
  expect(answer).toMatchObject({
    kind: "done",
    document: {
      missions: [
        { key: "first", mission_id: "m-1", status: "awaiting_approval" },
        { key: "last", mission_id: "m-2" },
      ],
    },
    text: expect.stringContaining("next: aedev mission approve m-2"),
  });
  expect(answer).not.toHaveProperty("exit");
});

it("exits 4 with the commands if missions have questions", async () => {
  const questions = [{ id: "target", text: "Which file?", choices: [], default: "lib/\u001b[31madd.js" }];
  const { answer } = await submit("- {text: Do it, repo: tool}\n", ({ path, method }) =>
    path === "/api/missions" && method === "POST"
      ? { status: 200, body: { mission_id: "m-9", status: "clarifying", questions } }
      : undefined,
  );
  expect(answer).toMatchObject({ kind: "done", exit: 4, document: { missions: [{ key: null, questions }] } });
  const { text } = answer as { text: string };
  expect(text).toContain("next: aedev mission answer m-9 --answer target=TEXT");
  expect(text).toContain("? target: Which file? [lib/\\u{1b}[31madd.js]");
});

it.each([
  ["a file that is wrong somewhere", `${chain}- {text: Do it, repo: tool, frob: 1}\n`, /mission 3: unknown key frob/],
  [
    "a repository that is not there",
    `${chain}- {text: Do it, repo: other}\n`,
    /mission 3: there is no repository named other/,
  ],
  [
    "a predecessor that is not there",
    `- {text: Do it, repo: tool, after: [m-aaaaaaaaaaaaaaaa]}\n`,
    /there is no mission m-a/,
  ],
])("submits nothing of %s", async (_what, text, words) => {
  const { answer, posted } = await submit(text);
  expect("reason" in answer ? answer.reason : (answer as Error).message).toMatch(words);
  expect(posted).toEqual([]);
});

it("submits no mission after a predecessor that never lands", async () => {
  const { answer, posted } = await submit(chain, ({ path }) =>
    path === `/api/missions/${old}` ? { status: 200, body: { mission_id: old, status: "cancelled" } } : undefined,
  );
  expect(answer).toMatchObject({ kind: "refused", code: "never-lands" });
  expect(posted).toEqual([]);
});

it("cancels submitted missions after a refusal, and says what stays", async () => {
  const error = { error: { code: "not-asked", reason: "not today", hint: "aedev doctor" } };
  const refusing = ({ path, body }: Asked) =>
    path === "/api/missions" && (body as { text?: string } | undefined)?.text === "Then this"
      ? { status: 409, body: error }
      : undefined;
  const { answer, posted, cancelled } = await submit(chain, refusing);
  expect(answer).toMatchObject({
    kind: "refused",
    code: "not-asked",
    reason: "last: not today; no mission of the file was kept",
  });
  expect(posted).toHaveLength(1);
  expect(cancelled).toEqual(["/api/missions/m-1/cancel"]);
  const stuck = await submit(chain, (asked) =>
    asked.path.endsWith("/cancel") ? { status: 409, body: error } : refusing(asked),
  );
  expect(stuck.answer).toMatchObject({ reason: "last: not today; these stay: m-1" });
});

it("lists the missions that were submitted before the daemon stopped", async () => {
  const { answer } = await submit(chain, ({ path, body }) =>
    path === "/api/missions" && (body as { text?: string } | undefined)?.text === "Then this"
      ? (response) => void response.destroy()
      : undefined,
  );
  expect(answer).toBeInstanceOf(Error);
  expect((answer as Error).message).toMatch(/did not answer.*submitted before it: m-1$/);
});
