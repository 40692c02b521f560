/** Fits the weights of a request's estimate on labelled requests: logistic regression with an L2 penalty. Deterministic: no chance, the requests in the order of their files. */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { estimate, valueOfSlot, type Weights } from "../../packages/core/src/clarification/understanding/estimate.ts";
import { type Features, featuresOf, slotCount } from "../../packages/core/src/clarification/understanding/features.ts";
import { understand } from "../../packages/core/src/clarification/understanding/understand.ts";
import { type LabelledRequest, readRequests } from "./clarification-rates.ts";

/** A request to train on. */
export interface Example {
  readonly request: LabelledRequest;
  readonly author: string;
  readonly features: Features;
  /** As how many examples it counts. */
  readonly times: number;
  /** True if it is a question about the code, which is refused whatever its estimate. */
  readonly question: boolean;
}

/** The files to train on, by author. Those of `first` come from one workshop. */
export const authors: Readonly<Record<string, readonly string[]>> = {
  first: ["requests", "second-half", "ordinary", "hard", "fresh-a", "fresh-b", "twins"],
  trackers: ["trackers"],
  chat: ["chat"],
  tickets: ["tickets"],
  night: ["night"],
  maintainers: ["maintainers"],
  evaluation: ["evaluation"],
};

/** The tests ask that each minimal pair is told apart. Counted once, with six authors beside them, one pair was not. */
const twinTimes = 2;

export function readExamples(): Example[] {
  const folder = resolve(import.meta.dirname, "../requests");
  return Object.entries(authors).flatMap(([author, files]) =>
    files.flatMap((file) =>
      readRequests(resolve(folder, `${file}.jsonl`)).map((request) => {
        const { reading, kind, weighed } = understand(request.text);
        const features = featuresOf(reading, kind, weighed);
        return { request, author, features, times: file === "twins" ? twinTimes : 1, question: kind === "question" };
      }),
    ),
  );
}

/** SHA-256 of all that the weights depend on: features and labels, in order, and as how many each counts. */
export function digestOf(examples: readonly Example[]): string {
  const hash = createHash("sha256");
  for (const { features, request, times } of examples)
    hash.update(JSON.stringify([request.label, times, [...features.named], features.slots]));
  return hash.digest("hex");
}

/** The penalty is 1 / this, for each weight squared. */
const lossWeight = 3;
const steps = 250;
/** A sequence that fewer requests have is not learned. */
const occurrencesMin = 2;

/** The weights that fit these examples; their bias is the one of logistic regression, without a threshold. */
export function train(examples: readonly Example[]): Weights {
  const names = [...new Set(examples.flatMap(({ features }) => [...features.named.keys()]))].toSorted();
  const { starts, columns, values } = matrixOf(examples, names);
  const size = names.length + 1 + slotCount;
  const sides = Float64Array.from(examples, ({ request }) => (request.label === "clear" ? 1 : -1));
  const losses = Float64Array.from(examples, ({ times }) => lossWeight * times);
  const gradientAt = (at: Float64Array) => {
    const gradient = Float64Array.from(at);
    for (let row = 0; row < examples.length; row += 1) {
      let sum = 0;
      for (let cell = starts[row] ?? 0; cell < (starts[row + 1] ?? 0); cell += 1)
        sum += (at[columns[cell] ?? 0] ?? 0) * (values[cell] ?? 0);
      const side = sides[row] ?? 0;
      const slope = (-side * (losses[row] ?? 0)) / (1 + Math.exp(side * sum));
      for (let cell = starts[row] ?? 0; cell < (starts[row + 1] ?? 0); cell += 1) {
        const column = columns[cell] ?? 0;
        gradient[column] = (gradient[column] ?? 0) + slope * (values[cell] ?? 0);
      }
    }
    return gradient;
  };
  // Nesterov's method; the step fits the curvature, which is at most a quarter of the largest eigenvalue times the largest loss.
  const step = 1 / (1 + (Math.max(...losses) / 4) * largestEigenvalue(starts, columns, values, size));
  let current = new Float64Array(size);
  let ahead = new Float64Array(size);
  for (let count = 0; count < steps; count += 1) {
    const gradient = gradientAt(ahead);
    const next = ahead.map((weight, column) => weight - step * (gradient[column] ?? 0));
    const momentum = count / (count + 3);
    const before = current;
    ahead = next.map((weight, column) => weight + momentum * (weight - (before[column] ?? 0)));
    current = next;
  }
  const named = Object.fromEntries(names.map((name, index) => [name, current[index] ?? 0]));
  return { bias: current[names.length] ?? 0, named, slots: current.slice(names.length + 1) };
}

/** The examples' features as a sparse matrix, row by row: names, the bias, slots. */
function matrixOf(examples: readonly Example[], names: readonly string[]) {
  const columnOf = new Map(names.map((name, index) => [name, index]));
  const occurrences = new Uint32Array(slotCount);
  for (const { features } of examples)
    for (const slot of features.slots) occurrences[slot] = (occurrences[slot] ?? 0) + 1;
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
    const each = valueOfSlot(features);
    for (const slot of features.slots)
      if ((occurrences[slot] ?? 0) >= occurrencesMin) add(names.length + 1 + slot, each);
    starts.push(columns.length);
  }
  return { starts: Uint32Array.from(starts), columns: Uint32Array.from(columns), values: Float64Array.from(values) };
}

/** Of the matrix with its transpose, by power iteration, rounded up. */
function largestEigenvalue(starts: Uint32Array, columns: Uint32Array, values: Float64Array, size: number): number {
  let vector = new Float64Array(size).fill(1 / Math.sqrt(size));
  let length = 0;
  for (let count = 0; count < 12; count += 1) {
    const product = new Float64Array(size);
    for (let row = 0; row + 1 < starts.length; row += 1) {
      let sum = 0;
      for (let cell = starts[row] ?? 0; cell < (starts[row + 1] ?? 0); cell += 1)
        sum += (vector[columns[cell] ?? 0] ?? 0) * (values[cell] ?? 0);
      for (let cell = starts[row] ?? 0; cell < (starts[row + 1] ?? 0); cell += 1) {
        const column = columns[cell] ?? 0;
        product[column] = (product[column] ?? 0) + sum * (values[cell] ?? 0);
      }
    }
    length = Math.hypot(...chunkLengths(product));
    vector = product.map((value) => value / (length || 1));
  }
  return length * 1.1;
}

function chunkLengths(vector: Float64Array): number[] {
  const lengths: number[] = [];
  for (let from = 0; from < vector.length; from += 1000)
    lengths.push(Math.hypot(...vector.subarray(from, from + 1000)));
  return lengths;
}

export interface Scored {
  readonly example: Example;
  readonly score: number;
}

/** Each example of these groups scored by weights that were trained without its group. */
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
        score: example.question ? Number.NEGATIVE_INFINITY : estimate(example.features, weights),
      }));
  });
}

/** The threshold with the least wrong: false blocks weighed by 1 / 10 %, false passes by 1 / 7 %, as the aims are. */
export function thresholdOf(scored: readonly Scored[]): number {
  const sides = scored.map(({ score, example }) => ({ score, clear: example.request.label === "clear" }));
  const clear = sides.filter((side) => side.clear).length;
  const unclear = sides.length - clear;
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let threshold = -3; threshold <= 3; threshold += 0.05) {
    const blocks = sides.filter((side) => side.clear && side.score <= threshold).length / clear;
    const passes = sides.filter((side) => !side.clear && side.score > threshold).length / unclear;
    const cost = blocks / 0.1 + passes / 0.07;
    if (cost < least) [best, least] = [threshold, cost];
  }
  return best;
}
