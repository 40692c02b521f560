/** The conversation that a run leaves for the next one: whole lines of a regular file, wherever the agent's links point. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sha256 } from "@aedev/host/sha256";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readSession, sessionEnvironment, writeSession } from "../../src/coder/session.ts";

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "aedev-session-"));
});
afterEach(() => rmSync(place, { recursive: true }));
const taskId = "t-aaaaaaaaaaaaaaaa";
const line = (type: string) => JSON.stringify({ type, message: { content: "x" } });
const whole = `${line("user")}\n${line("assistant")}\n`;

/** Makes a workspace with this conversation; returns it and the conversation's file. */
function workspace(name: string, text: string) {
  const folder = join(place, name);
  writeSession({ workspace: folder, taskId, bytes: Buffer.from(text) }, sha256);
  const id = sessionEnvironment({ task_id: taskId, isContinued: true }, sha256)["CLAUDE_RESUME"] ?? "";
  return { folder, file: join(folder, ".coder", "projects", "-workspace-repo", `${id}.jsonl`) };
}
const read = async (folder: string) => {
  const bytes = await readSession({ workspace: folder, taskId }, sha256);
  return bytes === null ? null : Buffer.from(bytes).toString();
};

it("a conversation is read as it was written, except a line that was cut off", async () => {
  expect(await read(workspace("whole", whole).folder)).toBe(whole);
  expect(await read(workspace("cut", `${whole}{"type":"user","mess`).folder)).toBe(whole);
});

it("there is no conversation if the coder never answered, wrote no lines or left no file", async () => {
  expect(await read(workspace("asked", `${line("user")}\n`).folder)).toBeNull();
  expect(await read(workspace("prose", "assistant\n").folder)).toBeNull();
  expect(await read(join(place, "missing"))).toBeNull();
});

it("a conversation is not read through a link to the file or to a folder above it", async () => {
  const other = workspace("other", whole);
  const linked = workspace("linked", whole);
  rmSync(linked.file);
  symlinkSync(other.file, linked.file);
  expect(readFileSync(linked.file, "utf8")).toBe(whole);
  expect(await read(linked.folder)).toBeNull();
  const above = workspace("above", whole);
  const folder = dirname(above.file);
  renameSync(folder, `${folder}-elsewhere`);
  symlinkSync(`${folder}-elsewhere`, folder);
  expect(await read(above.folder)).toBeNull();
  rmSync(other.file);
  mkdirSync(other.file);
  expect(await read(other.folder)).toBeNull();
});

it("a task's conversation has one UUID, which the first run sets and a later one resumes", () => {
  const first = sessionEnvironment({ task_id: taskId, isContinued: false }, sha256);
  const later = sessionEnvironment({ task_id: taskId, isContinued: true }, sha256);
  expect(first["CLAUDE_SESSION_ID"]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(later["CLAUDE_RESUME"]).toBe(first["CLAUDE_SESSION_ID"]);
  expect(Object.keys(later)).not.toContain("CLAUDE_SESSION_ID");
  const other = sessionEnvironment({ task_id: "t-bbbbbbbbbbbbbbbb", isContinued: false }, sha256);
  expect(other["CLAUDE_SESSION_ID"]).not.toBe(first["CLAUDE_SESSION_ID"]);
});
