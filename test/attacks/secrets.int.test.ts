/**
 * Planted secrets and ordinary sources: how many secrets the scanner finds, and how often it reports an ordinary line. Both figures are printed. The secrets
 * are made at run time from a scanner's rules and planted into a small patch, each in two forms.
 */
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { scanSecrets } from "../../packages/daemon/src/findings/secrets/secret-report.ts";
import { isNight } from "../support/is-night.ts";
import { ownSecretRules } from "./own/secret-rules.ts";
import { corporaNote, corpusFile, optionalCorpusFolder } from "./support/corpora.ts";
import { makeSecret, type PlantedSecret } from "./support/random-secret.ts";
import { readTomlRules, type SecretRule } from "./support/secret-rules.ts";

const root = resolve(import.meta.dirname, "../..");
const seeds = isNight ? 20 : 3;
const shareMin = 0.95;
const alarmsPerThousandLinesMax = 1;
/** Ordinary packages that the product itself depends on; their own dependencies are not searched. */
const packages: readonly [owner: string, name: string][] = [
  ["daemon", "fastify"],
  ["daemon", "yaml"],
  ["cli", "commander"],
  ["runner", "dockerode"],
];
const packagesByNight: typeof packages = [
  ["daemon", "kysely"],
  ["host", "picomatch"],
  ["daemon", "better-sqlite3"],
  ["core", "zod"],
  ["runner", "execa"],
  ["validators", "openai"],
];
const linesMin = isNight ? 100_000 : 30_000;

const samplesFolder = optionalCorpusFolder("secret-samples");
interface SecretSample {
  readonly text: string;
  readonly secret: boolean;
  readonly path?: string;
  readonly line?: number;
}

const rulesFile = corpusFile("gitleaks", "gitleaks.toml");
const rules = rulesFile === null ? ownSecretRules : readTomlRules(rulesFile);

/** A patch with a new file that has the secret between two lines; the scanner gets the same input as from the daemon. */
function planted(rule: SecretRule, lines: string) {
  const path = fileFor(rule);
  const text = `first\n${lines}\nlast\n`;
  const added = text.split("\n").slice(0, -1);
  const head = [`diff --git a/${path} b/${path}`, "--- /dev/null", `+++ b/${path}`, `@@ -0,0 +1,${added.length} @@`];
  return { files: [{ path, text }], patch: [...head, ...added.map((line) => `+${line}`), ""].join("\n") };
}

function fileFor(rule: SecretRule): string {
  if (rule.path === null) return "src/config.js";
  const names = ["src/config.php", "deploy/main.tf", "deploy/app.yaml", "nuget.config", "keys/store.p12"];
  return names.find((name) => new RegExp((rule.path ?? "").replace("(?i)", ""), "i").test(name)) ?? "src/config.js";
}

/** An assignment as a person writes it: a name that shows whose secret it is, and the value. */
function assignmentOf(rule: SecretRule, { secret }: PlantedSecret): string | null {
  if (/\s/.test(secret) || secret.length < 12) return null;
  const word = (rule.keywords[0] ?? rule.id).replace(/\W+/g, "_");
  return `const ${word}${/key|token|secret/i.test(word) ? "" : "_api_key"} = "${secret}";`;
}

describe("planted secrets", () => {
  it("are found in at least 95 of 100 cases, raw and as an assignment, and files without one raise no alarm", {
    timeout: 600_000,
  }, async () => {
    const missed = new Map<string, number>();
    const count = { raw: 0, rawFound: 0, assigned: 0, assignedFound: 0 };
    for (const rule of rules)
      for (let seed = 1; seed <= seeds; seed += 1) {
        const made = makeSecret(rule, seed);
        expect(made, rule.id).not.toBeNull();
        if (made === null) continue;
        const isFound = async (lines: string) => (await scanSecrets(planted(rule, lines))).findings.length > 0;
        count.raw += 1;
        if (await isFound(made.match)) count.rawFound += 1;
        else missed.set(rule.id, (missed.get(rule.id) ?? 0) + 1);
        const assignment = assignmentOf(rule, made);
        if (assignment === null) continue;
        count.assigned += 1;
        if (await isFound(assignment)) count.assignedFound += 1;
      }
    const shares = [count.rawFound / count.raw, count.assignedFound / count.assigned];
    const [raw, assigned] = shares.map((share) => `${(100 * share).toFixed(1)} %`);
    console.log(
      `planted secrets: ${rules.length} rules, raw ${raw} of ${count.raw}, as an assignment ${assigned} of ${count.assigned} found (${corporaNote()})`,
    );
    expect(Math.min(...shares), JSON.stringify([...missed])).toBeGreaterThanOrEqual(shareMin);
    // The control: the same file without a secret, but with names of credentials.
    const innocent = 'const apiKey = process.env.SERVICE_API_KEY;\nconst heroku = "see the handbook";';
    const rule = rules[0];
    expect(rule).toBeDefined();
    if (rule !== undefined)
      expect((await scanSecrets(planted({ ...rule, path: null }, innocent))).findings).toEqual([]);
  });
});

describe("samples of other scanners", () => {
  /** Folder `secret-samples` of the corpora: JSON lines with `text`, `secret` (true or false), `path` and, for a place in the text, `line`. */
  it.skipIf(samplesFolder === null)(
    "are found in at least 90 of 100 cases",
    {
      timeout: 600_000,
    },
    async () => {
      const folder = samplesFolder ?? "";
      const counts = new Map<string, { found: number; all: number }>();
      for (const name of readdirSync(folder).filter((file) => file.endsWith(".jsonl")))
        for (const line of readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean)) {
          const sample = JSON.parse(line) as SecretSample;
          const { findings } = await scanSecrets({
            files: [{ path: sample.path || "a.txt", text: sample.text }],
            patch: "",
          });
          const isFound = findings.some(({ line: at }) => sample.line === undefined || at === sample.line);
          const key = `${name} ${sample.secret ? "secrets" : "harmless"}`;
          const count = counts.get(key) ?? { found: 0, all: 0 };
          counts.set(key, { found: count.found + (isFound ? 1 : 0), all: count.all + 1 });
        }
      for (const [key, { found, all }] of counts) console.log(`${key}: ${found} of ${all} found`);
      for (const [key, { found, all }] of counts)
        if (key.endsWith("secrets")) expect(found / all, key).toBeGreaterThanOrEqual(0.9);
    },
  );
});

describe("ordinary sources", () => {
  it("raise at most one alarm per thousand lines", { timeout: 600_000 }, async () => {
    const counts = { files: 0, lines: 0, alarms: 0 };
    const read = [...packages, ...(isNight ? packagesByNight : [])];
    for (const [owner, name] of read) {
      const folder = realpathSync(join(root, "packages", owner, "node_modules", name));
      for (const path of sourcesIn(folder)) {
        const text = readFileSync(path, "utf8");
        const { findings } = await scanSecrets({
          files: [{ path: path.slice(dirname(folder).length + 1), text }],
          patch: "",
        });
        counts.files += 1;
        counts.lines += text.split("\n").length;
        counts.alarms += findings.length;
      }
    }
    const rate = (1_000 * counts.alarms) / counts.lines;
    console.log(
      `ordinary sources: ${read.length} packages, ${counts.files} files, ${counts.lines} lines, ${counts.alarms} alarms: ${rate.toFixed(3)} per 1,000 lines`,
    );
    expect(counts.lines).toBeGreaterThan(linesMin);
    expect(rate).toBeLessThanOrEqual(alarmsPerThousandLinesMax);
  });
});

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : sourcesIn(path);
    const isSource = entry.isFile() && /\.(?:[cm]?[jt]s|json|md|ya?ml|css|html)$/.test(entry.name);
    return isSource && statSync(path).size < 1_000_000 ? [path] : [];
  });
}

describe("a text made to keep the secret scanner busy", () => {
  const openings = [
    "key=",
    "token:",
    "linear ='=",
    "curl -u a:",
    "curl \\\n",
    "://a:b",
    "eyAAAAAAAAAAAAAAAAAAAA.",
    "kind: secret\n data:\n a: b",
  ];
  const size = isNight ? 4_000_000 : 400_000;
  it("takes a bounded time, whatever it repeats", { timeout: 600_000 }, async () => {
    for (const opening of [
      ...openings,
      "-----BEGIN PRIVATE KEY-----\n",
      "authorization: bearer ",
      " ",
      "'",
      "a",
      "1",
    ]) {
      const started = performance.now();
      await scanSecrets({
        files: [{ path: "a.js", text: opening.repeat(Math.ceil(size / opening.length)) }],
        patch: "",
      });
      expect(performance.now() - started, JSON.stringify(opening)).toBeLessThan(size / 50);
    }
  });

  it("is held if the time limit left a part of it unread, and read to the end otherwise", async () => {
    const secret = `const apiKey = "${["q7Zk2", "vXw9L", "rT4mN", "8cYd3"].join("")}";\n`;
    const files = [
      { path: "a.js", text: `${"x = 1;\n".repeat(60_000)}${secret}`, before: `${"x = 1;\n".repeat(60_000)}` },
    ];
    const rulesOf = async (timeMsMax?: number) => {
      const input = timeMsMax === undefined ? { files, patch: "" } : { files, patch: "", timeMsMax };
      return new Set((await scanSecrets(input)).findings.map(({ rule }) => rule));
    };
    expect(await rulesOf(0)).toContain("not-scanned");
    expect(await rulesOf()).toEqual(new Set(["secret-value"]));
  });
});
