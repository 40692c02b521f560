/** The current decisions about the cases, by runner, for README.md: expected.yaml without plain changes. */
import { type Case, runnerOf } from "./read-cases.ts";
import type { Expected } from "./read-expected.ts";

const titles: Readonly<Record<string, string>> = { node: "node:test", go: "Go" };

/** Makes a Markdown table. `improved`: twins that merge after a run for tests. */
export function todayTable(all: readonly Case[], { merged, twins_not_merged: stopped }: Expected): string {
  const cases = all.filter((one) => one.class !== "plain");
  const row = (title: string, own: readonly Case[]) => {
    const forged = own.filter(({ kind }) => kind === "forged");
    const twins = own.filter(({ kind }) => kind === "twin");
    const counts = [
      forged.length,
      forged.filter(({ id }) => merged.includes(id)).length,
      twins.length,
      twins.filter(({ id }) => stopped.includes(id)).length,
      twins.filter(({ id, improved }) => improved.length > 0 && !stopped.includes(id)).length,
    ];
    return `| ${title} | ${counts.join(" | ")} |`;
  };
  const runners = [...new Set(cases.map(({ base }) => runnerOf(base)))];
  const rows = runners.map((name) =>
    row(
      titles[name] ?? name,
      cases.filter(({ base }) => runnerOf(base) === name),
    ),
  );
  const head = "| runner | forged | merged | twins | stopped | merged after a run for tests |";
  return [head, "| --- | --- | --- | --- | --- | --- |", ...rows, row("all", cases)].join("\n");
}
