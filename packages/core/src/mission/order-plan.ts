/** Puts the parts of a plan in an order in which each comes after those that it waits for, and finds what must wait although nobody said so. Pure. */
import { type PlannedPart, summarizeList } from "@aedev/contracts";
import { type Refusal, refuse } from "../model/command.ts";

/** A part as a person or a coder wrote it. */
export interface WrittenPart extends Pick<PlannedPart, "name" | "after" | "files"> {
  readonly repository: string;
}

const help = "docs/PLANS.md describes the format";

/**
 * The parts in order, otherwise as they were given. Parts of one repository that are expected to change the same file, and of which none waits for the other yet,
 * wait for each other in this order (`implied`). Refuses names that are unknown or given twice, and cycles.
 */
export function orderPlan<P extends WrittenPart>(
  parts: readonly P[],
): { readonly parts: readonly (P & Pick<PlannedPart, "implied">)[] } | Refusal {
  const byName = new Map(parts.map((part) => [part.name, part]));
  const twice = parts.find((part) => byName.get(part.name) !== part);
  if (twice !== undefined) return refuse("bad-plan", `two parts have the name ${twice.name}`, help);
  for (const { name, after } of parts)
    for (const other of after)
      if (!byName.has(other)) return refuse("bad-plan", `${name}: after: the plan has no part ${other}`, help);
  const ordered: P[] = [];
  const open: string[] = [];
  const cycle = parts.map((part) => visit(part, { byName, ordered, open })).find((found) => found !== null);
  if (cycle != null) return refuse("bad-plan", `these parts wait for each other: ${summarizeList(cycle, 400)}`, help);
  return { parts: withImplied(ordered) };
}

/** Depth first in the given order, so that parts without predecessors keep their place. The names of a cycle, or null. */
function visit<P extends WrittenPart>(
  part: P,
  on: { readonly byName: ReadonlyMap<string, P>; readonly ordered: P[]; readonly open: string[] },
): string[] | null {
  if (on.ordered.includes(part)) return null;
  const at = on.open.indexOf(part.name);
  if (at >= 0) return [...on.open.slice(at), part.name];
  on.open.push(part.name);
  for (const name of part.after) {
    const before = on.byName.get(name);
    const cycle = before === undefined ? null : visit(before, on);
    if (cycle !== null) return cycle;
  }
  on.open.pop();
  on.ordered.push(part);
  return null;
}

function withImplied<P extends WrittenPart>(ordered: readonly P[]): (P & Pick<PlannedPart, "implied">)[] {
  /** For each part, all parts before it in some chain. */
  const earlier = new Map<string, Set<string>>();
  return ordered.map((part, place) => {
    const mine = new Set<string>();
    const waitFor = (name: string) => {
      mine.add(name);
      for (const other of earlier.get(name) ?? []) mine.add(other);
    };
    for (const name of part.after) waitFor(name);
    const implied: string[] = [];
    // The nearest first, so that one edge stands for all that it leads to.
    for (const other of ordered.slice(0, place).toReversed()) {
      if (mine.has(other.name) || other.repository !== part.repository || !mayMeet(part.files, other.files)) continue;
      implied.push(other.name);
      waitFor(other.name);
    }
    earlier.set(part.name, mine);
    return { ...part, implied };
  });
}

/** Whether a path of one list is, contains, or is in a path of the other. */
function mayMeet(some: readonly string[], others: readonly string[]): boolean {
  const bare = (path: string) => path.replace(/\/+$/, "");
  const isIn = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
  return some.some((one) => others.some((other) => isIn(bare(one), bare(other)) || isIn(bare(other), bare(one))));
}
