/** Names that something other than the file's own code may look for. Pure. */

/** Whether a language, Node, a test runner or an object looks for this name, or it would hide a built-in function of Python after `import *`. */
export const hasMeaning = (name: string) => isLookedFor(name) || pythonNames.has(name);

function isLookedFor(name: string): boolean {
  return (
    name in {} ||
    /^(?:__|pytest_|mocha|set_?up|tear_?down|load_tests$|then$|default$)/iu.test(name) ||
    /^(?:to[A-Z]|(?:before|after)(?:Each|All|_\w+)?$|(?:render|decorators|loaders)$|set(?:Timeout|Interval)$)|(?:Error|Exception|Warning)$/u.test(
      name,
    ) ||
    hooks.has(name)
  );
}

/** Names that Node, jest or vitest look for in a module, and globals of test runners. */
const hooks: ReadonlySet<string> = new Set(
  (
    "initialize resolve load globalPreload process processAsync getCacheKey getCacheKeyAsync canInstrument createTransformer sync async test serialize print " +
    "describe it expect assert suite fetch"
  ).split(" "),
);

const pythonNames: ReadonlySet<string> = new Set(
  (
    "abs all any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval exec filter float " +
    "format frozenset getattr globals hasattr hash hex id input int isinstance issubclass iter len list locals map max memoryview min next object oct " +
    "open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip"
  ).split(" "),
);

/** Whether something looks for a member of this name, as code does for iterators, streams, mappings, errors, events and elements of a page. */
export function hasMeaningAsMember(name: string): boolean {
  return (
    isLookedFor(name) ||
    memberNames.has(name) ||
    /^(?:constructor|test\w*|assert_|fail\w*|handle[A-Z]\w*|on[A-Z]\w*|visit_\w*)$/u.test(name)
  );
}

const memberNames: ReadonlySet<string> = new Set(
  (
    "next return throw done value length size equals compare valueOf asymmetricMatch inspect serialize print stack message name code cause call apply bind " +
    "get set keys items values read write readline fileno close flush seek tell isatty encoding decode send setup teardown " +
    "nodeType nodeName isEqualNode"
  ).split(" "),
);

/** The public attributes of `unittest.TestCase` and of its asynchronous form in Python 3.11; the others begin with an underscore. */
export const testCaseNames: ReadonlySet<string> = new Set(
  (
    "addAsyncCleanup addClassCleanup addCleanup addTypeEqualityFunc assertAlmostEqual assertAlmostEquals assertCountEqual assertDictContainsSubset assertDictEqual assertEqual assertEquals " +
    "assertFalse assertGreater assertGreaterEqual assertIn assertIs assertIsInstance assertIsNone assertIsNot assertIsNotNone assertLess assertLessEqual assertListEqual assertLogs " +
    "assertMultiLineEqual assertNoLogs assertNotAlmostEqual assertNotAlmostEquals assertNotEqual assertNotEquals assertNotIn assertNotIsInstance assertNotRegex assertNotRegexpMatches " +
    "assertRaises assertRaisesRegex assertRaisesRegexp assertRegex assertRegexpMatches assertSequenceEqual assertSetEqual assertTrue assertTupleEqual assertWarns assertWarnsRegex " +
    "asyncSetUp asyncTearDown countTestCases debug defaultTestResult doClassCleanups doCleanups enterAsyncContext enterClassContext enterContext id longMessage maxDiff run setUp setUpClass " +
    "shortDescription skipTest subTest tearDown tearDownClass"
  ).split(" "),
);
