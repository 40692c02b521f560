/** A repository's commit template: which issue a mission names, and where its lines go. */
import { commitTemplateSchema } from "@aedev/contracts";
import { expect, it } from "vitest";
import { commitMessage, commitSubjectOf, templateTrailers } from "../../src/commit-text/commit-message.ts";

const reading = (text: string, issue?: number) => ({
  template: { text, mission: "m-1", task: "t-1", ...(issue === undefined ? {} : { issue }) },
});
const message = (text: string, template: string, more: { issue?: number; writer?: "others" } = {}) =>
  commitMessage({
    ...{ specification: { text, criteria: [] }, writer: more.writer ?? "home", checks: null, verdicts: [] },
    ...{ approvedBy: null, reading: reading(template, more.issue) },
  });
const subject = (text: string, template: string) =>
  commitSubjectOf({ text, criteria: [] }, reading(template), undefined, "home");

it.each([
  ["a footer", "Sort the list", "Refs #12", "Sort the list\n\nRefs #12"],
  ["the number in brackets", "Sort the list (#31)", "Refs #{issue}", "Sort the list (#31)\n\nRefs #31"],
  [
    "a ticket at the start, which is not said twice",
    "PROJ-7: sort the list",
    "[{issue}] {subject}",
    "[PROJ-7] Sort the list",
  ],
  [
    "a ticket that a sentence refers to",
    "Sort the list, see PROJ-7",
    "[{issue}] {subject}",
    "[PROJ-7] Sort the list, see PROJ-7",
  ],
  [
    "the place of the body",
    "Sort it.\n\nIt is not sorted today",
    "{subject}\n\nTicket 5\n\n{body}",
    "Sort it\n\nTicket 5\n\nSort it.\n\nIt is not sorted today",
  ],
  ["the mission and the task", "Sort it", "See {mission} {task}", "Sort it\n\nSee m-1 t-1"],
])("the commit template fills in %s", (_, text, template, expected) => {
  expect(message(text, template)).toBe(expected);
});

it("the first line stays as wide as allowed, including the template's text around the subject", () => {
  const text = "Sort the list of all the people by name instead of by id in views/List.tsx";
  expect(subject(text, "[PLATFORM] {subject}").length).toBeLessThanOrEqual(72);
  expect(subject(text, "[PLATFORM] {subject}")).toMatch(/^\[PLATFORM\] \S/u);
});

it("the template takes the issue that a mission was made from, whatever others wrote into its text", () => {
  expect(message("Closes #99", "Refs #{issue}", { issue: 4, writer: "others" })).toContain("\n\nRefs #4");
  expect(templateTrailers(reading("Refs #{issue}"), "Closes #99", "others")).toBeNull();
});

it.each([
  "Write the file in UTF-8",
  "UTF-8: write the file so",
  "(utf-8) write the file so",
  "Fixes SHA-256 and refs ISO-8601",
  "Colour it #123abc",
  "Use SHA-256 for a#5",
  "Sort the list",
])("the template finds no issue in: %s", (text) => {
  expect(templateTrailers(reading("Refs {issue}"), text, "home")).toBeNull();
  expect(templateTrailers(reading("Refs #{issue}"), text, "home")).toBeNull();
  expect(templateTrailers(reading("Refs #1"), text, "home")).toEqual([]);
});

it("a footer's lines become trailers if each of them is one", () => {
  expect(templateTrailers(reading("Ticket: {issue}\nTeam: Blue"), "Fixes PROJ-7", "home")).toEqual([
    "Ticket: PROJ-7",
    "Team: Blue",
  ]);
  expect(message("Sort it", "Ticket: PROJ-7")).toBe("Sort it");
});

it.each([
  "{subjekt}",
  "Refs\n{subject}",
  "{body}",
  "{subject} {subject}",
  "{subject}\n\n{body}\n{body}",
  "a\u0007b",
  "a\u202eb",
  "",
  "x\n".repeat(20),
])("a template that can't be filled is refused: %j", (text) => {
  expect(commitTemplateSchema.safeParse(text).success).toBe(false);
});

it("the template finds a ticket after the name of a standard", () => {
  expect(templateTrailers(reading("Refs: {issue}"), "UTF-8: write it so, fixes PROJ-7", "home")).toEqual([
    "Refs: PROJ-7",
  ]);
});

it("both forms of a template are accepted", () => {
  for (const text of ["Refs #1", "{issue}: {subject}", "{subject}\n\n{body}\n\nRefs {issue}"])
    expect(commitTemplateSchema.parse(text)).toBe(text);
});
