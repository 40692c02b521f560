/** Tables of decided cases: what merged, was asked about and was held, with exact intervals, and the counted reasons. Pure. */
import type { DecidedRow } from "../../test/support/decisions/decided-row.ts";
import { proportionText } from "./proportion.ts";

type Group = readonly [name: string, rows: readonly DecidedRow[]];

/** Per layer: how many wrong changes merge and how many right ones land, disputed ones apart, then why right ones don't. */
export function realPatchesText(rows: readonly DecidedRow[]): string {
  const layers = [...new Set(rows.map(({ layer }) => layer))];
  return layers
    .flatMap((layer) => {
      const own = rows.filter((row) => row.layer === layer);
      const of = (label: string, disputed = false) =>
        own.filter((row) => row.label === label && row.disputed === disputed);
      return [
        `layer ${layer}: judges pass everything`,
        ...groupLines([
          ["wrong", of("wrong")],
          ["right", of("right")],
          ["wrong, disputed", of("wrong", true)],
          ["right, disputed", of("right", true)],
        ]),
        "why right ones do not land:",
        ...reasonLines(of("right")),
        "what stops wrong ones:",
        ...reasonLines(of("wrong")),
      ];
    })
    .join("\n");
}

/** Per kind of ordinary commit how many land, then why the others don't. */
export function kindsText(rows: readonly DecidedRow[]): string {
  const kinds = [...new Set(rows.map(({ kind }) => kind ?? "other"))].toSorted();
  const of = (name: string) => rows.filter(({ kind }) => (kind ?? "other") === name);
  return [
    ...groupLines([...kinds.map((name): Group => [name, of(name)]), ["all", rows]]),
    ...kinds.flatMap((name) => [`why ${name} does not land:`, ...reasonLines(of(name))]),
  ].join("\n");
}

function groupLines(groups: readonly Group[]): string[] {
  return groups.flatMap(([name, all]) => {
    const rows = all.filter(({ answer }) => answer !== "left-out");
    if (all.length === 0) return [];
    const count = (answer: string) => rows.filter((row) => row.answer === answer).length;
    const ratios = rows.flatMap(({ seconds, tests_seconds: own }) => (own ? [seconds / (2 * own)] : []));
    const ratio = ratios.length === 0 ? "" : `, ${Number(medianOf(ratios).toFixed(1))} × two runs of its tests`;
    const median = `median ${medianOf(rows.map(({ seconds }) => seconds))} s${ratio}`;
    const rest = `asked ${count("ask")}, held ${count("hold")}, left out ${all.length - rows.length}, ${median}`;
    return [`  ${name.padEnd(16)} merge ${proportionText(count("merge"), rows.length)}; ${rest}`];
  });
}

/** The lower of two middle values; 0 without values. */
function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/** A case with two reasons counts for both. */
function reasonLines(all: readonly DecidedRow[]): string[] {
  const rows = all.filter(({ answer }) => answer === "ask" || answer === "hold");
  const cases = new Map<string, number>();
  for (const row of rows)
    for (const reason of [...Object.keys(row.reasons), ...signalsForHarm(row)])
      cases.set(reason, (cases.get(reason) ?? 0) + 1);
  const bare = rows.filter((row) => Object.keys(row.reasons).length === 0);
  for (const { hold_code: code } of bare) cases.set(code ?? "none", (cases.get(code ?? "none") ?? 0) + 1);
  const lines = [...cases].toSorted(([, one], [, other]) => other - one);
  return lines.length === 0 ? ["  none"] : lines.map(([reason, count]) => `  ${String(count).padStart(3)} ${reason}`);
}

function signalsForHarm({ shares }: DecidedRow): string[] {
  return Object.entries(shares).flatMap(([signal, points]) => (points > 0 ? [`risk: ${signal}`] : []));
}

/** One line while a measurement runs. */
export function rowText({
  case: name,
  label,
  kind,
  answer,
  seconds,
  sentences,
  hold_code: code,
  detail,
}: DecidedRow): string {
  const head = `${name} (${kind ?? label}): ${answer}${code === null ? "" : ` ${code}`}, ${seconds} s`;
  const why = sentences.length > 0 ? sentences : [detail ?? ""].filter((text) => text !== "");
  return [head, ...why.map((text) => `  - ${text.replaceAll("\n", " ").slice(0, 300)}`)].join("\n");
}
