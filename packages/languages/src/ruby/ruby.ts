/**
 * Ruby: RSpec, minitest and test-unit.
 *
 * Folder: Ruby's tests.
 */
import type { Language } from "../language.ts";
import { labelled } from "../shared/thin/test-form.ts";

export const ruby: Language = {
  name: "ruby",
  owns: (path) => /\.rb$/iu.test(path),
  tests: {
    labelOf: labelled({ call: "method", identifier: "", simple_symbol: "", hash_key_symbol: "" }),
    assertion: /^(?:(?:assert|refute)(?:_\w+)?|expect|is_expected|flunk|should(?:_\w+)?|(?:must|wont)_\w+)$/u,
    skip: /^:?(?:skip|pending|omit)$|^x(?:it|describe|context|specify|example|scenario)$/u,
    only: /^:?focus$|^f(?:it|describe|context|specify|example|scenario)$/u,
    groups: /^(?:class|module|describe|context|feature)$/u,
    method: "method",
    testName: /^test_/u,
    testCall: /^(?:it|test|specify|scenario|example|should)$/u,
    reaching:
      /^(?:class|module|singleton_class|(?:singleton_)?method|alias|undef|class_variable|global_variable|require\w*|load|include|extend|prepend|using|at_exit|define_\w+|\w+_(?:eval|exec|set)|setup|teardown|before|after|around|let!?|subject|skip)$/u,
  },
};
