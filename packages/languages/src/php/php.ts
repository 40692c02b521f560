/**
 * PHP: PHPUnit and Pest.
 *
 * Folder: PHP's tests.
 */
import type { Language } from "../language.ts";
import { labelled } from "../shared/thin/test-form.ts";

export const php: Language = {
  name: "php",
  owns: (path) => /\.php$/iu.test(path),
  tests: {
    labelOf: labelled({
      function_call_expression: "function",
      member_call_expression: "name",
      nullsafe_member_call_expression: "name",
      scoped_call_expression: "name",
      attribute: "@",
    }),
    assertion: /^\\?(?:assert|expect|verify|should|fail$)/u,
    skip: /^markTest(?:Skipped|Incomplete)$|^(?:skip\w*|todo)$|^@(?:.*\\)?Requires/u,
    only: /^only$/u,
    groups: /^(?:class_declaration|namespace_definition)$/u,
    method: "method_declaration",
    testName: /^test/u,
    testMark: /^@(?:.*\\)?Test$/u,
    testCall: /^(?:it|test)$/u,
    harmlessImport: /^use\s+(?!(?:function|const)\b)[\w\\\s{},]+;$/u,
    reaching: /^(?:(?:function|class|trait)_(?:definition|declaration)|(?:require|include)\w*|eval|define)$/u,
  },
};
