/**
 * Java: JUnit and TestNG.
 *
 * Folder: Java's tests.
 */
import type { Language } from "../language.ts";
import { labelled } from "../shared/thin/test-form.ts";

export const java: Language = {
  name: "java",
  owns: (path) => path.endsWith(".java"),
  tests: {
    labelOf: labelled({
      method_invocation: "name",
      assert_statement: "",
      annotation: "@name",
      marker_annotation: "@name",
    }),
    assertion: /^(?:assert|expect|require|verify|fail$)/u,
    skip: /^@(?:.*\.)?(?:Disabled|Ignore)|^assum(?:e|ing)/u,
    groups: /^class_declaration$/u,
    method: "method_declaration",
    testName: /^test/u,
    testMark: /^@(?:.*\.)?(?:Test|\w+Test|TestFactory|TestTemplate|Property)$/u,
    harmlessImport: /^import\s+(?!static\b)[\w.]+\s*;$/u,
  },
};
