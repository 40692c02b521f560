/** Gives the base's results the names that the change gives to the same tests, so that a renamed test is neither missing nor new (ADR 0050). Pure. */
import type { Cell, NewNames, TestMatrix } from "@aedev/contracts";

/** The matrix, with results on the base's code under their new names. Contract: a result is renamed only to one that the change has and the base has not. */
export function withNewNames(matrix: TestMatrix, names: NewNames | undefined): TestMatrix {
  if (names === undefined || (matrix.same_tests ?? []).length === 0) return matrix;
  const { "old-tests-old-code": base, "new-tests-old-code": mixed, "new-tests-new-code": own } = matrix.cells;
  const found = base.commands.map((command, index) => {
    const before = new Set((command.tests ?? []).map(({ id }) => id));
    const after = new Set((own.commands[index]?.tests ?? []).map(({ id }) => id));
    const renamed = new Map<string, string>();
    const taken = new Set<string>();
    for (const id of before) {
      if (after.has(id)) continue;
      const wanted = newIdOf(id, names);
      if (!after.has(wanted) || before.has(wanted) || taken.has(wanted)) continue;
      taken.add(wanted);
      renamed.set(id, wanted);
    }
    return renamed;
  });
  const renamedIn = (cell: Cell): Cell => ({
    ...cell,
    commands: cell.commands.map((command, index) => ({
      ...command,
      tests: command.tests?.map((test) => ({ ...test, id: found[index]?.get(test.id) ?? test.id })) ?? null,
    })),
  });
  return {
    ...matrix,
    cells: { ...matrix.cells, "old-tests-old-code": renamedIn(base), "new-tests-old-code": renamedIn(mixed) },
  };
}

function newIdOf(id: string, { paths, names, titles }: NewNames): string {
  return id
    .split(" > ")
    .map((part) => {
      const title = titles.find(
        ({ from }) => part === from || (/^(?:#\d+|\[.*\])$/su.test(part.slice(from.length)) && part.startsWith(from)),
      );
      if (title !== undefined) return `${title.to}${part.slice(title.from.length)}`;
      const moved = paths.flatMap(({ from, to }) => placeOf(part, from, to) ?? [])[0] ?? part;
      return names.reduce((text, { from, to }) => text.replaceAll(patternOf(from), () => to), moved);
    })
    .join(" > ");
}

/** A part with a file's path, or with the module of that path. */
function placeOf(part: string, from: string, to: string): string | null {
  if (part === from) return to;
  const [old, young] = [from, to].map((path) => path.replace(/\.\w+$/u, "").replaceAll("/", "."));
  return old !== undefined && (part === old || part.startsWith(`${old}.`)) ? `${young}${part.slice(old.length)}` : null;
}

const patternOf = (name: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}_$])${name.replaceAll(/[\\^$.*+?()[\]{}|]/gu, "\\$&")}(?![\\p{L}\\p{N}_$])`, "gu");
