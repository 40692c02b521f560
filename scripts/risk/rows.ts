/** Reads the defect data of Zeng et al. (ISSTA 2021): for each project its commits with Kamei's metrics and SZZ labels, parted by time. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ChangeMetrics, changeMetricsSchema } from "@aedev/contracts";

/** A commit. `experience`: what Kamei counts of its author. `at`: in seconds. */
export interface Row {
  readonly id: string;
  readonly at: number;
  readonly harmed: boolean;
  readonly metrics: ChangeMetrics;
  readonly experience: readonly number[];
}
/** `train` and `test`: oldest first; the paper tests on the newest fifth. */
export interface Project {
  readonly name: string;
  readonly train: readonly Row[];
  readonly test: readonly Row[];
}

const allFile = /^(.+)_k_feature\.csv$/u;

/** Throws an Error if the folder has no such files. */
export function readProjects(folder: string): Project[] {
  const names = readdirSync(folder).flatMap((file) => allFile.exec(file)?.[1] ?? []);
  if (names.length === 0) throw new Error(`${folder} has no file PROJECT_k_feature.csv`);
  return names.toSorted().map((name) => {
    const test = readRows(join(folder, `${name}_cross_k_test.csv`));
    const tested = new Set(test.map(({ id }) => id));
    const train = readRows(join(folder, `${name}_k_feature.csv`)).filter(({ id }) => !tested.has(id));
    return { name, train, test };
  });
}

function readRows(path: string): Row[] {
  const [head = "", ...lines] = readFileSync(path, "utf8").trim().split("\n");
  const names = head.trim().split(",");
  return lines
    .map((line) => {
      const cells = line.trim().split(",");
      const of = (name: string) => cells[names.indexOf(name)] ?? "";
      return {
        id: of("_id"),
        at: Number(of("date")),
        harmed: Number(of("bug")) > 0,
        metrics: metricsOf((name) => Number(of(name))),
        experience: ["exp", "rexp", "sexp"].map((name) => Number(of(name))),
      };
    })
    .toSorted((one, other) => one.at - other.at);
}

/**
 * The data counts files with the same name in several folders as one, so that 4 % of its commits have fewer files than folders. There are at least as many
 * files as folders, and as many as the entropy needs.
 */
function metricsOf(of: (name: string) => number): ChangeMetrics {
  const entropy = of("entrophy");
  const nf = Math.max(of("nf"), of("nd"), Math.round(2 ** entropy));
  const same = ["ns", "nd", "la", "ld", "lt", "fix", "ndev", "age", "nuc"];
  return changeMetricsSchema.parse({ ...Object.fromEntries(same.map((name) => [name, of(name)])), nf, entropy });
}
