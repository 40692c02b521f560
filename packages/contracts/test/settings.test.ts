/** Which folders of a repository can be registered: those whose names need no quotes in a command. */
import { describe, expect, it } from "vitest";
import { registeredFolderSchema } from "../src/settings.ts";

describe("a registered folder", () => {
  it.each([
    "/etc",
    "../x",
    "packages/../packages/a",
    "packages/a/",
    "-x",
    "a b",
    "",
    "a$(b)",
    ".git",
    "a\n",
    "a//b",
    "é",
  ])("refuses to register the folder %j, and says why", (folder) => {
    const { error } = registeredFolderSchema.safeParse(folder);
    expect(error?.issues[0]?.message).toMatch(/within the repository.*of letters a-z, digits and/);
  });

  it.each(["packages", "packages/a", "@scope/a.b", "c++/a_b-c"])("registers the folder %s", (folder) => {
    expect(registeredFolderSchema.parse(folder)).toBe(folder);
  });
});
