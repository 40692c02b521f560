/** The table of docs/GITHUB.md says what the code does for every status and effect, so that neither can change alone. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { GitHubAnswer } from "../../src/github/client.ts";
import { type Effect, graphqlOutcome, graphqlOutcomes, outcomes, requestOutcome } from "../../src/github/outcome.ts";

const document = readFileSync(join(import.meta.dirname, "../../../../docs/GITHUB.md"), "utf8");
const lines = document.slice(document.indexOf("| status | read |")).split("\n");
const rows = lines.slice(
  0,
  lines.findIndex((line) => !line.startsWith("|")),
);
const [head = [], , ...body] = rows.map((line) =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim()),
);
const columns = head.slice(1).map((names) => names.split(", ") as Effect[]);
const effects = columns.flat();
/** A row may be about several statuses. */
const byStatus = body.flatMap(([names = "", ...cells]) => names.split(", ").map((status) => ({ status, cells })));

/** The answers that a row is about. */
function answersOf(row: string): GitHubAnswer[] {
  const of = (status: number): GitHubAnswer => ({ status, headers: {}, data: { message: "Words" } });
  if (row === "other below 500") return [301, 400, 406, 415, 418, 499].map(of);
  if (row === "500 and above") return [500, 502, 503, 504, 599].map(of);
  if (row === "no answer") return [{ status: null, cause: "ECONNRESET" }];
  return [of(Number(row))];
}

it("the table of outcomes has a column for every effect", () => {
  expect(effects.toSorted()).toEqual(
    Object.keys(outcomes)
      .filter((effect) => effect !== "any")
      .toSorted(),
  );
});

it("the table of outcomes has a row for every status that the code decides, and one each for those below 500 and above", () => {
  const statuses = new Set(Object.values(outcomes).flatMap((decided) => Object.keys(decided)));
  expect(byStatus.map(({ status }) => status).toSorted()).toEqual(
    [...statuses, "other below 500", "500 and above", "no answer"].toSorted(),
  );
});

it("every cell of the table says which outcome the code gives such an answer", () => {
  const wrong = byStatus.flatMap(({ status, cells }) =>
    answersOf(status).flatMap((answer) =>
      columns.flatMap((names, column) =>
        names.flatMap((effect) => {
          const { kind } = requestOutcome(effect, answer, 0);
          return kind === cells[column] ? [] : [`${effect}, ${answer.status}: ${kind}, not ${cells[column]}`];
        }),
      ),
    ),
  );
  expect(wrong).toEqual([]);
  expect(body.every((cells) => cells.length === head.length)).toBe(true);
});

describe("the table of GraphQL's errors", () => {
  const from = document.slice(document.indexOf("| type of the error |")).split("\n").slice(2);
  const byType = from
    .slice(
      0,
      from.findIndex((line) => !line.startsWith("|")),
    )
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .flatMap(([, types = "", meaning = ""]) =>
      types.split("`, `").map((type) => ({ type: type.replaceAll("`", ""), meaning })),
    );
  const errorOf = (type: string) =>
    type.startsWith("no type")
      ? { message: "Words", extensions: { code: "undefinedField" } }
      : { message: "Words", type: type === "any other" ? "SOMETHING_NEW" : type };

  it("the table of GraphQL's errors has every type that the code decides, with its meaning", () => {
    expect(byType.map(({ type }) => type).slice(0, -2)).toEqual(Object.keys(graphqlOutcomes));
    for (const { type, meaning } of byType) {
      const data = { data: null, errors: [errorOf(type)] };
      expect([type, graphqlOutcome({ status: 200, headers: {}, data }, 0).kind]).toEqual([type, meaning]);
    }
  });

  it("the most cautious of several GraphQL errors counts, and an answer of another form is unknown", () => {
    const kind = (data: unknown) => graphqlOutcome({ status: 200, headers: {}, data }, 0).kind;
    const of = (...types: string[]) => kind({ errors: types.map(errorOf) });
    expect(of("FORBIDDEN", "UNPROCESSABLE")).toBe("changed");
    expect(of("UNPROCESSABLE", "RATE_LIMITED")).toBe("rate-limited");
    expect(of("RATE_LIMITED", "any other")).toBe("unknown");
    expect(kind({ errors: [{ message: "Something went wrong" }] })).toBe("unknown");
    expect(kind({ data: { a: 1 } })).toBe("done");
    expect(kind({ data: { a: 1 }, errors: "none" })).toBe("unknown");
    expect(kind("<html>")).toBe("unknown");
    expect(graphqlOutcome({ status: 200, headers: {}, data: { data: { a: 1 } } }, 0)).toEqual({
      kind: "done",
      data: { a: 1 },
    });
  });
});
