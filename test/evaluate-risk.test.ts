/** The scripts that fit and evaluate the scorecard, on two small made-up projects; and the scorecard that is shipped. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changeMetricsSchema, metricNames } from "@aedev/contracts";
import { calibrate, priorOf } from "@aedev/core";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { estimateHarm } from "../packages/core/src/gate/risk/estimate-harm.ts";
import { honestFix, samplePolicy } from "../packages/core/test/gate/sample-policy.ts";
import { loadScorecard } from "../packages/daemon/src/configuration/load-scorecard.ts";
import { fitCard } from "../scripts/risk/card.ts";
import { evaluationText } from "../scripts/risk/evaluate.ts";
import { readProjects } from "../scripts/risk/rows.ts";

const folder = mkdtempSync(join(tmpdir(), "aedev-risk-"));
afterAll(() => rmSync(folder, { recursive: true }));

const head = "_id,date,bug,__,ns,nd,nf,entrophy,la,ld,lt,fix,ndev,age,nuc,exp,rexp,sexp";
/** Commits of which large ones do harm three times of four, small ones one time of eight; `shift` makes a project different. */
function rowsOf(count: number, shift: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const isLarge = (at * 7) % 10 < 4;
    const harmed = (at * 13 + shift) % 8 < (isLarge ? 6 : 1) ? 1 : 0;
    const lines = isLarge ? 120 + (at % 50) : 1 + (at % 20);
    const rest = [1, 1, 1, 0, lines, at % 9, 200 + (at % 31), at % 2, 1 + (at % 5), at % 40, 2 + (at % 60), 9, 9, 9];
    return [`${shift}-${at}`, 1_000_000 + at * 86_400, harmed, 0, ...rest].join(",");
  });
}

function write(name: string, rows: readonly string[], tested: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}_k_feature.csv`), `${[head, ...rows].join("\n")}\n`);
  writeFileSync(join(folder, `${name}_cross_k_test.csv`), `${[head, ...tested].join("\n")}\n`);
}
const one = rowsOf(500, 0);
const two = rowsOf(400, 3);
write("one", one, one.slice(400));
write("two", two, two.slice(320));

it("prints for each project and their mean how good each way to estimate is", () => {
  const lines = evaluationText(readProjects(folder)).split("\n");
  expect(lines.filter((line) => !line.startsWith(" "))).toEqual([
    "one: 400 commits to learn from, 100 later ones to estimate",
    "two: 320 commits to learn from, 80 later ones to estimate",
    "mean of 2:",
  ]);
  const mean = lines.slice(lines.indexOf("mean of 2:") + 1);
  const figures = (name: string) => {
    const [, auc, brier, ece] =
      /AUC ([0-9.]+) {2}Brier ([0-9.]+) {2}ECE ([0-9.]+)$/u.exec(mean.find((line) => line.includes(name)) ?? "") ?? [];
    return { auc: Number(auc), brier: Number(brier), ece: Number(ece) };
  };
  expect(mean).toHaveLength(8);
  expect(figures("base rate").auc).toBe(0.5);
  expect(figures("scorecard, own commits").auc).toBeGreaterThan(0.75);
  expect(figures("scorecard, own commits").brier).toBeLessThan(figures("base rate").brier);
  expect(figures("calibrated by all local").auc).toBeGreaterThan(0.65);
});

it("fits the same scorecard twice, and never to the rows that it is tested on", () => {
  const projects = readProjects(folder);
  const card = fitCard(projects);
  expect(fitCard(projects)).toEqual(card);
  expect(fitCard(projects.map((project) => ({ ...project, test: [] })))).toEqual(card);
  const turned = projects.map((project) => ({
    ...project,
    train: project.train.map((row) => ({ ...row, harmed: !row.harmed })),
  }));
  expect(fitCard(turned)).not.toEqual(card);
});

it("counts as many files as folders and entropy need, where the data counts fewer", () => {
  const row = one[0]?.replace(",1,1,1,0,", ",1,12,1,3.584962500721156,") ?? "";
  write("odd", [row, ...one.slice(1)], one.slice(400));
  const odd = readProjects(folder).find(({ name }) => name === "odd");
  expect(odd?.train[0]?.metrics).toMatchObject({ nf: 12, nd: 12 });
  expect(odd?.train[1]?.metrics.nf).toBe(1);
  rmSync(join(folder, "odd_k_feature.csv"));
});

it("ships a scorecard that says where it is from, and that finds a large change of many files riskier than a small one", () => {
  const card = loadScorecard();
  expect(card.provenance.projects.map(({ project }) => project)).toHaveLength(6);
  expect(Object.keys(card.metrics)).toEqual(metricNames);
  const small = { ns: 1, nd: 1, nf: 1, entropy: 0, la: 2, ld: 1, lt: 200, fix: 0 as const, ndev: 5, age: 30, nuc: 20 };
  const large = { ...small, nd: 4, nf: 9, entropy: 2.5, la: 400, ld: 60, lt: 4_000 };
  const [low, high] = [small, large].map(
    (metrics) => priorOf(metrics, { card, calibration: null, commits: 200 }).shift,
  );
  expect((high ?? 0) - (low ?? 0)).toBeGreaterThan(1_000);
});

it("lets no crafted past lower the risk of a large change to that of a usual one, nor of a small one by more than the policy's most", () => {
  const card = loadScorecard();
  const double = fc.double({ min: -4, max: 4, noNaN: true });
  const pasts = fc.record({
    found: fc.record({ lt: fc.nat(9_999), fix: fc.nat(1), ndev: fc.nat(99), age: fc.nat(3_000), nuc: fc.nat(3_000) }),
    known: fc.array(fc.record({ points: double, harmed: fc.boolean() }), { maxLength: 60 }),
    commits: fc.nat(500),
  });
  const large = { ns: 3, nd: 6, nf: 20, entropy: 3.5, la: 1_000, ld: 300 };
  const tiny = { ns: 1, nd: 1, nf: 1, entropy: 0, la: 0, ld: 1 };
  const seen = { large: 10_000, safest: 0 };
  fc.assert(
    fc.property(pasts, ({ found, known, commits }) => {
      const pointsOf = (size: typeof tiny, signal: string) => {
        const metrics = changeMetricsSchema.parse({ ...size, ...found });
        const history = { metrics, ...priorOf(metrics, { card, calibration: calibrate(known, card), commits }) };
        const { shares } = estimateHarm(honestFix({ history }), [], samplePolicy);
        return shares.find(({ factor }) => factor === signal)?.points ?? 0;
      };
      seen.large = Math.min(seen.large, pointsOf(large, "riskier_history"));
      seen.safest = Math.min(seen.safest, pointsOf(tiny, "safer_history"));
    }),
    { numRuns: 500 },
  );
  expect(seen.large).toBeGreaterThan(0);
  expect(seen.safest).toBe(-300);
});
