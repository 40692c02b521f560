/** How far estimated chances are from what happened: bins of equal weight, and their curve as a small picture. Pure. */
import { clopperPearson } from "../../packages/core/src/lane/clopper-pearson.ts";

export interface Weighed {
  readonly probability: number;
  readonly harmed: boolean;
  readonly weight: number;
}

export interface Bin {
  readonly cases: number;
  readonly weight: number;
  readonly estimated: number;
  readonly happened: number;
  /** At 95 %, as if as many equal cases were drawn as the weights are worth. */
  readonly lower: number;
  readonly upper: number;
}

/** Equal estimates share a bin. */
export function binsOf(estimates: readonly Weighed[], count = 8): Bin[] {
  const all = sum(estimates, ({ weight }) => weight);
  const bins: Weighed[][] = [];
  let before = 0;
  for (const [, equal] of [...Map.groupBy(estimates, ({ probability }) => probability)].toSorted(
    ([one], [other]) => one - other,
  )) {
    const at = Math.min(count - 1, Math.floor((count * before) / all));
    bins[at] = [...(bins[at] ?? []), ...equal];
    before += sum(equal, ({ weight }) => weight);
  }
  return bins.filter((bin) => bin !== undefined).map(binOf);
}

function binOf(members: readonly Weighed[]): Bin {
  const weight = sum(members, (one) => one.weight);
  const happened = sum(members, (one) => (one.harmed ? one.weight : 0)) / weight;
  const worth = Math.max(1, Math.round(weight ** 2 / sum(members, (one) => one.weight ** 2)));
  const { lower, upper } = clopperPearson(Math.round(happened * worth), worth, 0.025);
  const estimated = sum(members, (one) => one.weight * one.probability) / weight;
  return { cases: members.length, weight, estimated, happened, lower, upper };
}

/** The mean difference between estimate and share, by weight. */
export function calibrationError(bins: readonly Bin[]): number {
  return (
    sum(bins, ({ weight, estimated, happened }) => weight * Math.abs(estimated - happened)) /
    sum(bins, ({ weight }) => weight)
  );
}

/** The mean squared error, by weight. */
export function brierOf(estimates: readonly Weighed[]): number {
  return (
    sum(estimates, ({ probability, harmed, weight }) => weight * (probability - Number(harmed)) ** 2) /
    sum(estimates, ({ weight }) => weight)
  );
}

const side = 260;
const [left, below] = [44, 36];

/** One self-contained SVG: the diagonal, and each bin with its interval. */
export function curveSvg(bins: readonly Bin[], title: string): string {
  const x = (chance: number) => (left + chance * side).toFixed(1);
  const y = (chance: number) => (10 + (1 - chance) * side).toFixed(1);
  const [width, height] = [left + side + 14, 10 + side + below];
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((chance) => [
    `<text x="${x(chance)}" y="${height - below + 15}" text-anchor="middle">${100 * chance} %</text>`,
    `<text x="${left - 6}" y="${Number(y(chance)) + 4}" text-anchor="end">${100 * chance} %</text>`,
  ]);
  const points = bins.flatMap(({ estimated, happened, lower, upper }) => [
    `<path d="M${x(estimated)} ${y(lower)}V${y(upper)}" stroke="#2563eb"/>`,
    `<circle cx="${x(estimated)}" cy="${y(happened)}" r="4" fill="#2563eb"/>`,
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${title}</title>`,
    "<style>text{font:11px sans-serif;fill:#374151}</style>",
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<rect x="${left}" y="10" width="${side}" height="${side}" fill="none" stroke="#9ca3af"/>`,
    `<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="#9ca3af" stroke-dasharray="4 4"/>`,
    ...ticks,
    `<text x="${x(0.5)}" y="${height - 5}" text-anchor="middle">estimated chance of harm</text>`,
    `<text transform="translate(9 ${y(0.5)}) rotate(-90)" text-anchor="middle">share that was wrong</text>`,
    ...points,
    "</svg>",
    "",
  ].join("\n");
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((before, one) => before + of(one), 0);
}
