/**
 * What a refactoring has to show that its syntax can't: which names that other files use are gone or have another signature, and through which functions the
 * changed code can be called. Pure; the texts are hostile, so run it in a process that may be killed.
 */
import { languageOf } from "../index.ts";
import { isReadAlike } from "../shared/same-code.ts";
import { ifReadable } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import type { RenamingChange } from "./explain-renames.ts";
import { fileItemsOf } from "./removed.ts";
import { type CodeUnit, codeUnitsOf, type Surface, surfaceOf } from "./units.ts";

export interface Refactored {
  /** Names that a file of the base gives to others, and that it lacks now. */
  gone: string[];
  /** Those that have other parameters now. */
  altered: string[];
  /**
   * Each changed or new unit, with the functions that reach it, itself among them. Names as `path name`. Empty if something changes that no call of a function
   * can show, such as a statement outside functions.
   */
  changed: { unit: string; reached_by: string[] }[];
}

const changedMax = 200;
const reachedByMax = 100;

interface Unit extends CodeUnit {
  readonly path: string;
}
interface Side {
  readonly units: readonly Unit[];
  /** What gives names of other files to this one, by its text: the names of each. */
  readonly links: ReadonlyMap<string, readonly string[]>;
  readonly surface: Surface;
}

/** Null if code outside the tests can't be read. */
export function readRefactoring({ files }: Pick<RenamingChange, "files">): Refactored | null {
  const gone = new Set<string>();
  const altered = new Set<string>();
  const units: Unit[] = [];
  const changed: Unit[] = [];
  let areCallsEnough = true;
  for (const file of files) {
    if (file.isTest || file.isDocument) continue;
    const [old, young] = [sideOf(file.from, file.before), sideOf(file.path, file.after)];
    if (old === null || young === null) return null;
    for (const [name, signature] of old.surface) {
      const now = young.surface.get(name);
      if (now === undefined) gone.add(name);
      else if (now !== null && signature !== null && now !== signature) altered.add(name);
    }
    const known = new Set(old.units.map(({ name, print }) => `${name}\n${print}`));
    const kept = new Set(young.units.map(({ print }) => print));
    // A statement without a name that is gone did something that no call shows.
    if (old.units.some((one) => one.name === "" && !one.isLink && !kept.has(one.print))) areCallsEnough = false;
    units.push(...young.units);
    const relinked = namesOnlyIn(old, young).concat(namesOnlyIn(young, old));
    const isRelinked = ({ mentions }: Unit) => relinked.some((name) => mentions.has(name));
    changed.push(
      ...young.units.filter((one) => !one.isLink && (!known.has(`${one.name}\n${one.print}`) || isRelinked(one))),
    );
  }
  if (!areCallsEnough || changed.some(({ name }) => name === "") || changed.length > changedMax)
    return { gone: [...gone], altered: [...altered], changed: [] };
  const callers = units.filter(({ isFunction }) => isFunction);
  const reached = new Map(callers.map((one) => [one, reachedFrom(one, units)]));
  return {
    gone: [...gone],
    altered: [...altered],
    changed: changed.map((unit) => ({
      unit: nameOf(unit),
      reached_by: callers
        .filter((one) => reached.get(one)?.has(unit) === true)
        .map(nameOf)
        .slice(0, reachedByMax),
    })),
  };
}

const nameOf = ({ path, name }: Unit) => `${path} ${name}`;

function sideOf(path: string, text: string | null): Side | null {
  if (text === null) return { units: [], links: new Map(), surface: new Map() };
  const language = languageOf(path)?.name ?? "";
  if (!/^(?:javascript|python|go)$/u.test(language)) return null;
  return ifReadable(() => {
    const tree = readSyntax(text, path);
    if (!isReadAlike(tree)) return null;
    const units = codeUnitsOf(tree).map((unit) => ({ ...unit, path }));
    const imports = fileItemsOf(tree, language).flatMap(({ print, names, module }) =>
      module === undefined ? [] : [[print, names ?? []] as const],
    );
    const others = units.filter(({ isLink }) => isLink).map(({ print, mentions }) => [print, [...mentions]] as const);
    const isImport = ([print]: readonly [string, unknown]) => print.startsWith("import");
    const links = new Map([...imports, ...others.filter((one) => imports.length === 0 || !isImport(one))]);
    return { units, links, surface: surfaceOf(tree, language) };
  }, null);
}

const namesOnlyIn = ({ links }: Side, other: Side): string[] =>
  [...links].flatMap(([print, names]) => (other.links.has(print) ? [] : names));

/** The units of which a unit mentions the name, and what these mention. A method counts by its own name. */
function reachedFrom(start: Unit, units: readonly Unit[]): ReadonlySet<Unit> {
  const reached = new Set([start]);
  // A set is iterated in insertion order and includes elements added on the way.
  for (const one of reached)
    for (const other of units) if (one.mentions.has(other.name.split(".").at(-1) ?? "")) reached.add(other);
  return reached;
}
