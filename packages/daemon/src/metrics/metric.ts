/** The form of a figure. Labels take values only from fixed lists, so that the number of samples is bounded whatever people or models say. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  /** A counter starts at 0 with each daemon. */
  readonly kind: "gauge" | "counter";
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A figure without labels; null: unknown, so it has no sample. */
export function gauge(name: string, help: string, value: number | null): Metric {
  return { name, help, kind: "gauge", samples: value === null ? [] : [{ labels: {}, value }] };
}

/** A figure with one sample for each entry of `values`, whose key becomes the label. */
export function gaugeBy(
  label: string,
  { name, help, values }: Pick<Metric, "name" | "help"> & { values: Readonly<Record<string, number>> },
): Metric {
  const samples = Object.entries(values).map(([key, value]) => ({ labels: { [label]: key }, value }));
  return { name, help, kind: "gauge", samples };
}
