/** A figure of the benchmark, its comparison with the target, and the statistics that the parts share. */

export interface Figure {
  readonly name: string;
  readonly target: string;
  readonly measured: string;
  /** Null if it is unknown: measured by hand, or not available on this machine. */
  readonly ok: boolean | null;
}

/** A figure that must not exceed its target. `unit` follows both numbers. */
export function atMost(name: string, options: { limit: number; value: number; unit: string; detail?: string }): Figure {
  return compared(name, { ...options, sign: "≤", ok: options.value <= options.limit });
}

/** A figure that must reach its target. */
export function atLeast(
  name: string,
  options: { limit: number; value: number; unit: string; detail?: string },
): Figure {
  return compared(name, { ...options, sign: "≥", ok: options.value >= options.limit });
}

export function unmeasured(name: string, options: { target: string; why: string }): Figure {
  return { name, target: options.target, measured: options.why, ok: null };
}

export function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function compared(
  name: string,
  options: { sign: string; limit: number; value: number; unit: string; ok: boolean; detail?: string },
): Figure {
  const { sign, limit, value, unit, ok, detail } = options;
  const rounded = value >= 100 ? value.toFixed(0) : value.toFixed(2);
  const measured = `${rounded}${unit}${detail === undefined ? "" : ` (${detail})`}`;
  return { name, target: `${sign} ${limit}${unit}`, measured, ok };
}
