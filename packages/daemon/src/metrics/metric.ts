/** The form of a figure before it is text. Labels take their values from fixed lists only, so that the number of samples is bounded whatever people, models and repositories say. */
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

/** A figure without labels; null: it is not known, and has no sample. */
export function gauge(name: string, help: string, value: number | null): Metric {
  return { name, help, kind: "gauge", samples: value === null ? [] : [{ labels: {}, value }] };
}

/** A figure with one sample for each entry of `values`, named by the label. */
export function gaugeBy(
  label: string,
  { name, help, values }: Pick<Metric, "name" | "help"> & { values: Readonly<Record<string, number>> },
): Metric {
  const samples = Object.entries(values).map(([key, value]) => ({ labels: { [label]: key }, value }));
  return { name, help, kind: "gauge", samples };
}
