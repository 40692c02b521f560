/** Adds a sentinel to what a test file's own `load_tests` gives to unittest, which takes no other tests of the file. Pure. */

/** Text behind the sentinel's class `name`; empty if the file defines no `load_tests`, or the suite would have the sentinel anyway. */
export function loadTestsWith(name: string, content: string): string {
  if (!/^def load_tests\b/mu.test(content)) return "";
  return `
_${name} = load_tests


def load_tests(loader, tests, pattern):
    suite = _${name}(loader, tests, pattern)
    kind = __import__("unittest").TestSuite
    waiting = [suite]
    while waiting:
        one = waiting.pop()
        if type(one) is ${name}:
            return suite
        waiting.extend(one if isinstance(one, kind) else ())
    return kind([suite, loader.loadTestsFromTestCase(${name})])
`;
}
