/** Proposes the next open item of `.agent/roadmap.md` at a commit: one at a time, the next once the mission of the last has ended. */
import { escapeLine } from "@aedev/contracts";
import { missionDocument } from "@aedev/core";
import { endedStatuses } from "@aedev/core/reading";
import { readBlobs } from "../git/mirror.ts";
import { isText } from "../git/objects.ts";
import { type Cause, makeCause, quoted } from "./cause.ts";
import { type CauseSource, nothing } from "./source.ts";

const roadmapPath = ".agent/roadmap.md";
const roadmapBytesMax = 256 * 1024;
const saidMax = 250;
const criteriaMax = 10;

/** An item of the roadmap that is not ticked; `criteria`: the list items below it. All is foreign: one line each, without control characters. */
interface RoadmapItem {
  readonly line: number;
  readonly said: string;
  readonly criteria: readonly string[];
}

/** Of one look, the first item that was not proposed yet is the cause, unless another item waits for a person or is worked on. */
export const roadmapSource: CauseSource = {
  name: "roadmap",
  async inspect({ mirror, commit, known }, { log: { state } }) {
    const bytes = (await readBlobs({ ...mirror, commit, paths: [roadmapPath] })).get(roadmapPath) ?? null;
    if (bytes !== null && (bytes.length > roadmapBytesMax || !isText(bytes))) return nothing;
    const causes = openItems(bytes === null ? "" : Buffer.from(bytes).toString("utf8")).map(itemCause);
    const present = new Set(causes.map(({ key }) => key));
    const gone = known.filter(({ key }) => !present.has(key));
    const isBusy = known.some((proposal) => {
      if (proposal.status === "rejected" || (proposal.status === "open" && gone.includes(proposal))) return false;
      if (proposal.status === "open") return true;
      const status = missionDocument(state, proposal.mission_id)?.status;
      return status !== undefined && !endedStatuses.some((ended) => ended === status);
    });
    const next = causes.find(({ key }) => known.every((proposal) => proposal.key !== key));
    return { causes: isBusy || next === undefined ? [] : [next], gone: gone.map(({ key }) => key) };
  },
};

function itemCause({ line, said, criteria }: RoadmapItem): Cause {
  const title = "Do the next item of the roadmap";
  const place = `The item is in line ${line} of ${roadmapPath}; tick it with the change:`;
  const done = criteria.length === 0 ? [] : ["", "It is done when:", ...criteria.map(quoted)];
  return makeCause("roadmap", { identity: said, title, lines: [place, quoted(said), ...done] });
}

/** The items in the file's outermost lists that are not ticked, without those in fences. */
function openItems(text: string): RoadmapItem[] {
  const found: { line: number; said: string; criteria: string[] }[] = [];
  let isFence = false;
  let item: (typeof found)[number] | null = null;
  for (const [index, line] of text.split(/\r\n|\n|\r/u).entries()) {
    if (/^ *(?:```|~~~)/u.test(line)) isFence = !isFence;
    const [, indent = "", box, words = ""] = isFence
      ? []
      : (/^(\s*)(?:[-*+]|\d{1,9}[.)]) +(?:\[([ xX])\] +)?(\S.*)$/u.exec(line) ?? []);
    const said = escapeLine(words.trim(), saidMax);
    if (said === "") {
      // A heading or a paragraph ends the item; its own further lines are indented.
      if (!isFence && /^\S/u.test(line)) item = null;
    } else if (indent.length > 1) {
      if (box?.toLowerCase() !== "x" && item !== null && item.criteria.length < criteriaMax) item.criteria.push(said);
    } else {
      item = box === " " ? { line: index + 1, said, criteria: [] } : null;
      if (item !== null) found.push(item);
    }
  }
  return found;
}
