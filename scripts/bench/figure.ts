/** A figure of the benchmark or of a soak, its comparison with its target, and their common statistics. */

export interface Figure {
  readonly name: string;
  readonly target: string;
  readonly measured: string;
  /** Null if unknown: measured by hand, or not available on this machine. */
  readonly ok: boolean | null;
}

/** A value of null could not be measured. */
type Comparison = { readonly limit: number; readonly value: number | null; readonly detail?: string } & (
  | { /** Follows both numbers. */ readonly unit: string }
  | { /** How both numbers are written. */ readonly text: (value: number) => string }
);

/** A figure that must not exceed its target. */
export function atMost(name: string, options: Comparison): Figure {
  return compared(name, options, { sign: "≤", ok: (options.value ?? 0) <= options.limit });
}

/** A figure that must reach its target. */
export function atLeast(name: string, options: Comparison): Figure {
  return compared(name, options, { sign: "≥", ok: (options.value ?? 0) >= options.limit });
}

export function unmeasured(name: string, options: { target: string; why: string }): Figure {
  return { name, target: options.target, measured: options.why, ok: null };
}

/** NaN for an empty list. */
export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function compared(name: string, options: Comparison, { sign, ok }: { sign: string; ok: boolean }): Figure {
  const { limit, value, detail } = options;
  const own = "text" in options ? options.text : (number: number) => `${rounded(number)}${options.unit}`;
  const target = `${sign} ${"text" in options ? own(limit) : `${limit}${options.unit}`}`;
  if (value === null) return unmeasured(name, { target, why: "-" });
  return { name, target, measured: `${own(value)}${detail === undefined ? "" : ` (${detail})`}`, ok };
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
