/** Reads Prometheus' text format 0.0.4 as strictly as a scraper: throws on anything outside the grammar, on a sample without its type and on a repeated one. */

/** Each sample's value, by its name with sorted labels: `aedev_holds{code="HOLD-BUDGET"}`. */
export type Samples = ReadonlyMap<string, number>;

const name = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const sampleLine = new RegExp(
  `^(?<name>${name})(?:\\{(?<labels>${label}(?:,${label})*)\\})? (?<value>[+-]?(?:\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?|Inf)|NaN)$`,
);
const typeLine = new RegExp(`^# TYPE (${name}) (counter|gauge|histogram|summary|untyped)$`);
const helpLine = new RegExp(`^# HELP ${name} .+$`);

export function parsePrometheusText(text: string): Samples {
  if (!text.endsWith("\n")) throw new Error("the text does not end with a line feed");
  const types = new Set<string>();
  const samples = new Map<string, number>();
  for (const line of text.split("\n")) {
    if (line === "" || helpLine.test(line)) continue;
    const typed = typeLine.exec(line)?.[1];
    if (typed !== undefined) {
      if (types.has(typed)) throw new Error(`${typed} has two types`);
      types.add(typed);
      continue;
    }
    const found = sampleLine.exec(line)?.groups;
    if (found === undefined) throw new Error(`no line of the format: ${line}`);
    const labels = (found["labels"]?.match(new RegExp(label, "g")) ?? []).toSorted().join(",");
    const key = labels === "" ? `${found["name"]}` : `${found["name"]}{${labels}}`;
    if (!types.has(found["name"] ?? "")) throw new Error(`${key} has no type`);
    if (samples.has(key)) throw new Error(`${key} comes twice`);
    samples.set(key, Number(found["value"]));
  }
  return samples;
}
