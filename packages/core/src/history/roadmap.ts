/**
 * Reads a roadmap: headings are phases, and the items of task lists that start with an id with a digit are requirements (`- [ ] R1: text`). Everything else is left out.
 * The file is a repository's, so its texts are only shown.
 */
import type { RoadmapDocument } from "@aedev/contracts/api";
import type { WorkHistory } from "./work-history.ts";

type Phase = RoadmapDocument["phases"][number];

const requirementsMax = 500;
const textCharactersMax = 500;
const missionsMax = 20;

const lineCharactersMax = 600;

const headingPattern = /^ {0,3}#{1,6} +(\S.*)$/u;
const itemPattern =
  /^ {0,12}[-*+] \[([ xX])\] +[*_`]{0,2}([A-Za-z][A-Za-z0-9]{0,15}(?:[-.][A-Za-z0-9]{1,16}){0,3})[*_`]{0,2}(?::|\.|\)| –| -)[*_]{0,2} +(\S.*)$/u;

interface Item {
  readonly id: string;
  readonly text: string;
  readonly is_ticked: boolean;
}

/** Phases without requirements are left out. An id counts where it stands first. */
export function readRoadmap(text: string): { phases: { title: string; items: Item[] }[]; more: number } {
  const phases: { title: string; items: Item[] }[] = [{ title: "", items: [] }];
  const known = new Set<string>();
  let more = 0;
  let isCode = false;
  for (const line of text.split(/\r\n|\n|\r/u)) {
    if (/^ {0,3}(?:```|~~~)/u.test(line)) isCode = !isCode;
    if (isCode || line.length > lineCharactersMax) continue;
    const title = headingPattern.exec(line)?.[1];
    if (title !== undefined)
      phases.push({ title: title.trimEnd().replace(/#+$/u, "").trimEnd().slice(0, textCharactersMax), items: [] });
    const [, box, id = "", words = ""] = itemPattern.exec(line) ?? [];
    if (box === undefined || !/\d/u.test(id) || known.has(id)) continue;
    if (known.size >= requirementsMax) {
      more += 1;
      continue;
    }
    known.add(id);
    phases.at(-1)?.items.push({ id, text: words.slice(0, textCharactersMax), is_ticked: box !== " " });
  }
  return { phases: phases.filter(({ items }) => items.length > 0), more };
}

/** The newest missions of the repository that name one of these ids in their title or criteria, by id, newest first. */
export function missionsNaming(
  history: WorkHistory,
  repository: string,
  phases: ReturnType<typeof readRoadmap>["phases"],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map(phases.flatMap(({ items }) => items.map(({ id }) => [id, [] as string[]])));
  for (const mission of [...history.missions.values()].reverse()) {
    if (mission.repository !== repository) continue;
    const named = new Set(
      [mission.title, ...mission.criteria].join(" ").match(/[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*/gu),
    );
    for (const id of named) {
      const missions = found.get(id);
      if (missions !== undefined && missions.length < missionsMax) missions.push(mission.mission_id);
    }
  }
  return found;
}

/** The phases with the missions of each requirement. `missionOf`: undefined if it can't be read. */
export function roadmapPhases(
  phases: ReturnType<typeof readRoadmap>["phases"],
  naming: ReadonlyMap<string, readonly string[]>,
  missionOf: (id: string) => Phase["requirements"][number]["missions"][number] | undefined,
): Phase[] {
  return phases.map(({ title, items }) => ({
    title,
    requirements: items.map((item) => {
      const missions = (naming.get(item.id) ?? []).flatMap((id) => missionOf(id) ?? []);
      return { ...item, has_landed: missions.some(({ status }) => status === "landed"), missions };
    }),
  }));
}
