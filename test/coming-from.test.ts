/** docs/COMING-FROM.md promises nothing that aedev lacks: every command, key, page and place in a document that it names exists. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { splitLine } from "../packages/cli/src/command-line/split-line.ts";
import { findVerb } from "../packages/cli/src/verb-table.ts";
import { makeHome, run } from "../packages/cli/test/outside.ts";
import { knownSystems } from "../scripts/docs/coming-from.ts";
import { commandsIn, wrongUsage } from "./support/printed-commands.ts";

/** The largest share of things known from elsewhere that have no equivalent; 0.05 is the aim. */
const absentShareMax = 0.1;

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const systems = knownSystems(read("test/coming-from.yaml"));
const rows = systems.flatMap(({ system, rows: own }) => own.map((row) => ({ system, ...row })));
const places = rows.flatMap((row) => ("here" in row ? row.here : []));
const { home, remove } = makeHome();
afterAll(remove);

const keys = new Set(["config/default.yaml", "config/policies.yaml"].flatMap((path) => keysOf(parse(read(path)))));
const pages = new Set(
  [...read("packages/dashboard/app/src/app.tsx").matchAll(/path="([^":]+)"/g)].map(([, path]) => path),
);

/** Every key, also those that have keys in them. */
function keysOf(document: unknown, path: readonly string[] = []): string[] {
  if (document === null || typeof document !== "object" || Array.isArray(document)) return [path.join(".")];
  return [path.join("."), ...Object.entries(document).flatMap(([key, value]) => keysOf(value, [...path, key]))];
}

/** Why a place does not exist; undefined if it does. */
async function wrongPlace(place: string): Promise<string | undefined> {
  const [, form, name = ""] = /^(config|page|see):(.+)$/.exec(place) ?? [];
  if (form === "config") return keys.has(name) ? undefined : "no such key";
  if (form === "page") return pages.has(name) ? undefined : "no such page";
  if (form === "see") return hasSection(name) ? undefined : "no such place";
  const [words = [], ...more] = commandsIn(place);
  if (more.length > 0 || ["aedev", ...words].join(" ") !== place) return "no command";
  return wrongUsage(words);
}

function hasSection(place: string): boolean {
  const [path = "", anchor] = place.split("#");
  if (!existsSync(join(root, path))) return false;
  const anchors = [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
  return anchor === undefined || anchors.includes(anchor);
}

describe("what people know from other systems", () => {
  it("is here a command that is valid, a key, a page, or a place in a document", async () => {
    const wrong = await Promise.all(places.map(async (place) => ({ place, why: await wrongPlace(place) })));
    expect(wrong.filter(({ why }) => why !== undefined)).toEqual([]);
    expect(places.length).toBeGreaterThan(200);
  });

  it("each command's help answers", async () => {
    const lines = places.flatMap((place) => commandsIn(place)).map((words) => splitLine(words).words);
    const names = new Set(lines.flatMap((words) => findVerb(words)?.name ?? []));
    for (const name of names) {
      const { exit, out } = await run([...name.split(" "), "--help"], { home });
      expect({ name, exit, out }).toMatchObject({ exit: 0, out: expect.stringContaining(`aedev ${name}`) });
    }
    expect(names.size).toBeGreaterThan(40);
  });

  it.each([
    "aedev frob",
    "aedev status --frob",
    "aedev mission show",
    "nothing",
    "config:limits.frob",
    "page:/frob",
    "see:docs/FROB.md",
    "see:docs/PHONE.md#frob",
  ])("the check refuses %s", async (place) => expect(await wrongPlace(place)).toBeTypeOf("string"));

  it("is named once in each system, and little of it has no equivalent", () => {
    const named = rows.flatMap(({ system, kind, theirs }) => theirs.map((one) => `${system}: ${kind} ${one}`));
    expect(named.filter((one, index) => named.indexOf(one) !== index)).toEqual([]);
    const absent = rows.flatMap((row) => ("absent" in row ? row.theirs : []));
    expect(absent.length / named.length).toBeLessThanOrEqual(absentShareMax);
    const reasons = rows.flatMap((row) => ("absent" in row ? [row.absent] : []));
    const verbless = reasons.flatMap(commandsIn).filter((words) => findVerb(splitLine(words).words) === undefined);
    expect(verbless).toEqual([]);
    expect(reasons.filter((reason) => /\b(planned|soon|later)\b/.test(reason))).toEqual([]);
  });
});
