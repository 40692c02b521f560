/** A mission's text from an issue, the event that set the label, and whether the text is that of this moment. */
import { describe, expect, it } from "vitest";
import type { IssueEvent } from "../../src/github/issues.ts";
import { isTextOfLabel, labelEventOf, missionTextOf, writersOfText } from "../../src/issues/issue-text.ts";

const event = (id: number, name: string, second: number, label?: string): IssueEvent => ({
  id,
  event: name,
  actor: { login: "ann", type: "User" },
  created_at: at(second),
  ...(label === undefined ? {} : { label: { name: label } }),
});
const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`;

describe("the text", () => {
  it("the text is title and body as a reader sees them, and names what nobody sees", async () => {
    const body = "Shown.\r\n<!-- a template's words\nand more -->\r\nAlso shown. <!-- never closed, so visible";
    expect(await missionTextOf({ title: " Add  a\nflag ", body })).toEqual({
      text: "Add a flag\n\nShown.\n\nAlso shown. <!-- never closed, so visible",
      left_out: ["an HTML comment"],
    });
    expect(await missionTextOf({ title: "Only a title\u200b", body: "" })).toEqual({
      text: "Only a title",
      left_out: [],
    });
  });
});

describe("the writers of a text", () => {
  it("the writers of a text are author, last editor and who renamed it, once each, without invalid logins", () => {
    const renamed = { ...event(3, "renamed", 1), actor: { login: "cid", type: "User" } };
    const author = { login: "bob" };
    expect(writersOfText({ author, editor: { login: "ann" } }, [event(1, "renamed", 1), renamed])).toEqual([
      "bob",
      "ann",
      "cid",
    ]);
    expect(writersOfText({ author: { login: "x, operator:y" }, editor: null }, [event(1, "closed", 1)])).toEqual([]);
  });
});

describe("the label's event", () => {
  it("the label's event is the last one that set it, ignoring case; there is none if it was removed since", () => {
    const set = [event(1, "labeled", 1, "bug"), event(2, "labeled", 1, "AEDEV")];
    expect(labelEventOf(set, "aedev")?.id).toBe(2);
    const away = [...set, event(3, "unlabeled", 2, "aedev")];
    expect(labelEventOf(away, "aedev")).toBeNull();
    expect(labelEventOf([...away, event(4, "labeled", 3, "aedev")], "aedev")?.id).toBe(4);
    expect(labelEventOf([...away, event(4, "renamed", 3)], "aedev")).toBeNull();
  });
});

describe("a text is that of the label", () => {
  const labeled = event(5, "labeled", 30, "aedev");
  it.each([
    ["never edited", null, [], true],
    ["edited before", at(29), [], true],
    ["edited in the same second, which proves nothing", at(30), [], false],
    ["edited after", at(31), [], false],
    ["renamed before", null, [event(4, "renamed", 30)], true],
    ["renamed in the same second, after", null, [event(6, "renamed", 30)], false],
    ["renamed after", null, [event(6, "renamed", 31)], false],
    ["closed and reopened after", null, [event(6, "closed", 31), event(7, "reopened", 32)], true],
  ])("a text is that of the label: %s", (_how, lastEditedAt, events, expected) => {
    expect(isTextOfLabel({ lastEditedAt }, labeled, events)).toBe(expected);
  });
});
