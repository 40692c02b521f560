/** A plan as a person reads it in the terminal: its parts in waves, each with what it waits for. */
import { counted, escapeLine, statusText } from "@aedev/contracts";
import type { PlanDocument } from "@aedev/contracts/api";

const titleCharacters = 70;

/** One line for each part, under the wave in which it may work. */
export function planLines({ parts, on_failure, version, difference }: PlanDocument): string[] {
  const waves = Map.groupBy(parts, ({ wave }) => wave);
  const widthOf = (text: (part: (typeof parts)[number]) => string) =>
    Math.max(...parts.map((part) => text(part).length));
  const [names, statuses, repositories] = [
    widthOf(({ name }) => name),
    widthOf(({ status }) => statusText(status)),
    widthOf(({ repository }) => repository),
  ];
  const lines = [...waves].flatMap(([wave, among]) => [
    `wave ${wave}`,
    ...among.map((part) => {
      const { name, mission_id, status, repository, drafted } = part;
      const title = drafted === true ? `drafted: ${part.title}` : part.title;
      const head = `  ${name.padEnd(names)}  ${mission_id}  ${statusText(status).padEnd(statuses)}  ${repository.padEnd(repositories)}  ${escapeLine(title, titleCharacters)}`;
      return `${head}${waitsText(part)}`;
    }),
  ]);
  const landed = parts.filter(({ status }) => status === "landed").length;
  const changed =
    difference === undefined ? [] : [`version ${version}, to be approved:`, ...differenceLines(difference)];
  return [...lines, ...changed, `${landed} of ${counted(parts.length, "part")} landed; on failure: ${on_failure}`];
}

function differenceLines({ added, removed, changed, on_failure }: NonNullable<PlanDocument["difference"]>): string[] {
  const lines = [
    ...added.map((name) => `  + ${name}`),
    ...removed.map((name) => `  - ${name}`),
    ...changed.map(({ name, what }) => `  ~ ${name}: ${what.join(", ")}`),
    ...(on_failure === undefined ? [] : [`  on failure: ${on_failure}`]),
  ];
  return lines.length === 0 ? ["  nothing changes"] : lines;
}

function waitsText({ after, implied }: PlanDocument["parts"][number]): string {
  const waits = [...after, ...implied.map((name) => `${name} (same files)`)];
  return waits.length === 0 ? "" : `  after ${waits.join(", ")}`;
}
