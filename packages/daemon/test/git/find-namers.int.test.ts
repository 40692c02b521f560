/** Which lines of a commit contain names, on real git. */
import { expect, it } from "vitest";
import { bareRemote, temporaryFolder, timeoutMs } from "../../../../test/support/git-repositories.ts";
import { linesNaming } from "../../src/git/find-namers.ts";
import { fetchBase } from "../../src/git/mirror.ts";

async function search(files: Record<string, string>, sought: Parameters<typeof linesNaming>[0]) {
  const place = { home: temporaryFolder(), repository: "r", timeoutMs };
  const { commit } = await fetchBase({ ...place, url: bareRemote(files) });
  const lines = await linesNaming(sought, { ...place, commit });
  return lines?.map(({ path, text }) => `${path}: ${text}`) ?? null;
}

it("finds files by their names, letter by letter, and folders in quotes or paths", async () => {
  const files = {
    "a.js": 'read("help.md");\nread("helpXmd");\n',
    "b/c.py": "open('templates/mail.md')\ntemplates = 1\n",
    "d.txt": "nothing\n",
  };
  expect(await search(files, { files: ["help.md"], folders: ["templates"] })).toEqual([
    'a.js: read("help.md");',
    "b/c.py: open('templates/mail.md')",
  ]);
  expect(await search(files, { files: ["none.md"], folders: [] })).toEqual([]);
  expect(await search(files, { files: [], folders: [] })).toEqual([]);
});

it("knows nothing if there are too many names, or if a name has a line end", async () => {
  const files = { "a.js": "1\n" };
  const many = Array.from({ length: 51 }, (_, index) => `${index}.md`);
  expect(await search(files, { files: many, folders: [] })).toBeNull();
  expect(await search(files, { files: many.slice(1), folders: [] })).toEqual([]);
  expect(await search(files, { files: ["a\nb.md"], folders: [] })).toBeNull();
});
