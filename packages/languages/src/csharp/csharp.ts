/**
 * C#: xUnit, NUnit and MSTest.
 *
 * Folder: tests of C#.
 */
import type { Language } from "../language.ts";
import { labelled } from "../shared/thin/test-form.ts";

export const csharp: Language = {
  name: "csharp",
  owns: (path) => path.endsWith(".cs"),
  tests: {
    labelOf: labelled({ invocation_expression: "function", attribute: "@", attribute_argument: "", modifier: "@" }),
    assertion: /^(?:\w*Assert\.(?!Ignore|Inconclusive)|Expect\b)|\.(?:Should\w*|Verify\w*|Received\w*)$/u,
    skip: /^@(?:.*\.)?(?:Ignore|Explicit)(?:Attribute)?$|^(?:Skip\w*|Ignore\w*)=|(?:^|\.)(?:Assert\.(?:Ignore|Inconclusive|Skip\w*)|Skip\.\w+)$/u,
    groups: /^(?:class|namespace)_declaration$/u,
    method: "method_declaration",
    // Only an attribute, no name, makes a method a test.
    testName: /^$/u,
    testMark: /^@(?:.*\.)?(?:Fact|Theory|Test|TestMethod|TestCase|TestCaseSource|DataTestMethod)$/u,
    harmlessImport: /^using\s+System[\w.]*\s*;$/u,
  },
};
