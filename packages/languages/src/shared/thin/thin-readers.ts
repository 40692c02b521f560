/** The readers of a language of which only the form of its tests is known. */
import type { Readers } from "../../language.ts";
import { readSyntax } from "../../tree/syntax-tree.ts";
import { onlyAddsTests } from "./only-adds.ts";
import type { TestForm } from "./test-form.ts";
import { testSigns } from "./test-signs.ts";

export const thinReaders = (form: TestForm): Readers => ({
  testVersions: ({ path, status, before, after }) => ({
    before,
    after,
    changedTests: [],
    changed: status === "modified" && !onlyAddsTests(form, readSyntax(before, path), readSyntax(after, path)),
    names: [],
  }),
  signs: (tree) => testSigns(tree, form),
});
