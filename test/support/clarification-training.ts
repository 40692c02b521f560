/** Fits the weights of a request's estimate to labelled requests: least squares with a penalty. Deterministic: no chance, and a fixed order. */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { estimate, valueOfSlot, type Weights } from "../../packages/clarify/src/understanding/estimate.ts";
import {
  type Features,
  featuresOf,
  type SlotGroup,
  slotCount,
  slotGroups,
} from "../../packages/clarify/src/understanding/features.ts";
import { mayBeClear, understand } from "../../packages/clarify/src/understanding/understand.ts";
import { type LabelledRequest, readRequests } from "./clarification-rates.ts";

/** A request for training. */
export interface Example {
  readonly request: LabelledRequest;
  readonly author: string;
  readonly features: Features;
  /** The number of examples that it counts for. */
  readonly times: number;
  /** True if it is asked about or refused whatever its estimate. */
  readonly refused: boolean;
}

/** The training files by author. Those of `first` come from one workshop. */
export const authors: Readonly<Record<string, readonly string[]>> = {
  first: ["requests", "second-half", "ordinary", "hard", "fresh-a", "fresh-b", "twins"],
  trackers: ["trackers"],
  chat: ["chat"],
  tickets: ["tickets"],
  night: ["night"],
  maintainers: ["maintainers"],
  evaluation: ["evaluation"],
  one: ["author-1"],
  two: ["author-2"],
  four: ["author-4"],
  five: ["author-5"],
  reader: ["reader"],
};

/** How many examples a request counts for. The first author's are short and alike, so half their weight helps the others; twins must be told apart. */
const timesOf = (author: string, file: string) => (file === "twins" ? 3 : author === "first" ? 0.5 : 1);

export function readExamples(): Example[] {
  const folder = resolve(import.meta.dirname, "../requests");
  return Object.entries(authors).flatMap(([author, files]) =>
    files.flatMap((file) =>
      readRequests(resolve(folder, `${file}.jsonl`)).map((request) => {
        const { reading, kind, weighed } = understand(request.text);
        const features = featuresOf(reading, kind, weighed);
        return { request, author, features, times: timesOf(author, file), refused: !mayBeClear(kind, weighed) };
      }),
    ),
  );
}

/** SHA-256 of everything that the weights depend on: features and labels in order, and the count of each. */
export function digestOf(examples: readonly Example[]): string {
  const hash = createHash("sha256");
  for (const { features, request, times } of examples)
    hash.update(JSON.stringify([request.label, times, [...features.named], features.slots]));
  return hash.digest("hex");
}

/** The penalty per squared weight, where each example has a squared error of 1. */
const penalty = 3;
const stepsMax = 80;
/** Bound of the residual, relative to its start. */
const tolerance = 1e-3;
/** Slots that fewer requests have are not learned. */
const occurrencesMin: Readonly<Record<SlotGroup, number>> = { characters: 2, words: 2, pairs: 6, products: 6 };

/** The weights that fit these examples, 1 for clear and -1 for unclear: least squares with a penalty, solved by conjugate gradients; without a threshold. */
export function train(examples: readonly Example[]): Weights {
  const names = [...new Set(examples.flatMap(({ features }) => [...features.named.keys()]))].toSorted();
  const matrix = matrixOf(examples, names);
  const times = Float64Array.from(examples, (example) => example.times);
  const sides = Float64Array.from(examples, ({ request }) => (request.label === "clear" ? 1 : -1));
  const size = names.length + 1 + slotCount;
  const weights = new Float64Array(size);
  const residual = transposed(
    matrix,
    times.map((count, row) => count * (sides[row] ?? 0)),
    size,
  );
  const direction = Float64Array.from(residual);
  let left = squared(residual);
  const enough = left * tolerance ** 2;
  for (let count = 0; count < stepsMax && left > enough; count += 1) {
    const told = product(matrix, direction).map((sum, row) => sum * (times[row] ?? 0));
    const curved = transposed(matrix, told, size);
    let curvature = 0;
    for (let column = 0; column < size; column += 1) {
      const along = direction[column] ?? 0;
      curved[column] = (curved[column] ?? 0) + penalty * along;
      curvature += along * (curved[column] ?? 0);
    }
    const step = left / curvature;
    for (let column = 0; column < size; column += 1) {
      weights[column] = (weights[column] ?? 0) + step * (direction[column] ?? 0);
      residual[column] = (residual[column] ?? 0) - step * (curved[column] ?? 0);
    }
    const before = left;
    left = squared(residual);
    for (let column = 0; column < size; column += 1)
      direction[column] = (residual[column] ?? 0) + (left / before) * (direction[column] ?? 0);
  }
  const named = Object.fromEntries(names.map((name, index) => [name, weights[index] ?? 0]));
  return { bias: weights[names.length] ?? 0, named, slots: weights.slice(names.length + 1) };
}

interface Matrix {
  readonly starts: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float64Array;
}

/** Multiplies the matrix by a vector with a number per column. */
function product({ starts, columns, values }: Matrix, vector: Float64Array): Float64Array {
  const sums = new Float64Array(starts.length - 1);
  for (let row = 0; row < sums.length; row += 1) {
    let sum = 0;
    for (let cell = starts[row] ?? 0; cell < (starts[row + 1] ?? 0); cell += 1)
      sum += (vector[columns[cell] ?? 0] ?? 0) * (values[cell] ?? 0);
    sums[row] = sum;
  }
  return sums;
}

/** Multiplies the transposed matrix by a vector with a number per row. */
function transposed({ starts, columns, values }: Matrix, vector: Float64Array, size: number): Float64Array {
  const sums = new Float64Array(size);
  for (let row = 0; row < vector.length; row += 1)
    for (let cell = starts[row] ?? 0; cell < (starts[row + 1] ?? 0); cell += 1) {
      const column = columns[cell] ?? 0;
      sums[column] = (sums[column] ?? 0) + (vector[row] ?? 0) * (values[cell] ?? 0);
    }
  return sums;
}

function squared(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return sum;
}

/** The examples' features as a sparse matrix, row by row: names, the bias, slots. */
function matrixOf(examples: readonly Example[], names: readonly string[]): Matrix {
  const columnOf = new Map(names.map((name, index) => [name, index]));
  const occurrences = new Uint32Array(slotCount);
  for (const { features } of examples)
    for (const slot of slotGroups.flatMap((group) => features.slots[group]))
      occurrences[slot] = (occurrences[slot] ?? 0) + 1;
  const starts = [0];
  const columns: number[] = [];
  const values: number[] = [];
  const add = (column: number, value: number) => {
    columns.push(column);
    values.push(value);
  };
  for (const { features } of examples) {
    for (const [name, value] of features.named) add(columnOf.get(name) ?? 0, value);
    add(names.length, 1);
    for (const group of slotGroups) {
      const each = valueOfSlot(features, group);
      for (const slot of features.slots[group])
        if ((occurrences[slot] ?? 0) >= occurrencesMin[group]) add(names.length + 1 + slot, each);
    }
    starts.push(columns.length);
  }
  return { starts: Uint32Array.from(starts), columns: Uint32Array.from(columns), values: Float64Array.from(values) };
}

export interface Scored {
  readonly example: Example;
  readonly score: number;
}

/** Scores each example of these groups by weights that were trained without its group. */
export function crossValidated(
  examples: readonly Example[],
  groupOf: (example: Example) => string,
  groups: readonly string[],
): Scored[] {
  return groups.flatMap((group) => {
    const weights = train(examples.filter((example) => groupOf(example) !== group));
    return examples
      .filter((example) => groupOf(example) === group)
      .map((example) => ({
        example,
        score: example.refused ? Number.NEGATIVE_INFINITY : estimate(example.features, weights),
      }));
  });
}

/** The threshold that comes closest to both aims: 10 % false blocks and 7 % false passes. */
export function thresholdOf(scored: readonly Scored[]): number {
  const sides = scored.map(({ score, example }) => ({ score, clear: example.request.label === "clear" }));
  const clear = sides.filter((side) => side.clear).length;
  const unclear = sides.length - clear;
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let threshold = -1; threshold <= 1; threshold += 0.01) {
    const blocks = sides.filter((side) => side.clear && side.score <= threshold).length / clear;
    const passes = sides.filter((side) => !side.clear && side.score > threshold).length / unclear;
    const cost = Math.max(blocks / 0.1, passes / 0.07);
    if (cost < least) [best, least] = [threshold, cost];
  }
  return best;
}
