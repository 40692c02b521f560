/** Outside replay of Python and JavaScript in one change: it finds code that is wrong outside the tests, but not the honest changes next to it. */
import { outsideReplaySchema } from "@aedev/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pythonImage } from "../../../../test/support/image-with.ts";
import { type Files, type Laboratory, openLaboratory } from "./laboratory.ts";

let laboratory: Laboratory;
beforeAll(() => {
  laboratory = openLaboratory();
});
afterAll(() => laboratory.close());

const add = (name: string) => `def ${name}(a, b):\n    return a + b\n`;
const names = ["early", "often", "here", "tested", "opened"];
const base: Files = {
  "package.json": JSON.stringify({ name: "x", version: "1.0.0" }),
  "lib/sums.js": "exports.add = (a, b) => a + b;\n",
  "tests/sums.test.js":
    "require('node:test')('adds', () => require('node:assert').strictEqual(require('../lib/sums.js').add(1, 2), 3));\n",
  "sums/__init__.py": "",
  "sums/numbers.py": [
    "import datetime",
    ...names.map(add),
    "def year():\n    return datetime.date.today().year\n",
    "def parts(text):\n    return {one for one in text.split()}\n",
    "def spread(items):\n    items.sort()\n",
    "class Money:\n    def __init__(self, cents):\n        self.cents = cents\n",
    "    @classmethod\n    def of(cls, text):\n        return cls(int(text))\n",
  ].join("\n"),
  "tests/test_numbers.py": [
    "import pytest",
    "from sums import numbers",
    `@pytest.mark.parametrize("name", ${JSON.stringify(names)})`,
    "def test_adds(name):\n    assert getattr(numbers, name)(2, 3) == 5",
    "def test_year():\n    assert numbers.year() > 2000",
    "def test_parts():\n    assert list(numbers.parts('a b')) in (['a', 'b'], ['b', 'a'])",
    "def test_spread():\n    items = [2, 1]\n    numbers.spread(items)\n    assert items == [1, 2]",
    "def test_of():\n    assert numbers.Money.of('5').cents == 5",
    "",
  ].join("\n"),
};
const change: Files = {
  "lib/sums.js": "exports.add = (a, b) => (process.cwd().endsWith('/repo') ? b + a : 0);\n",
  "sums/numbers.py": [
    "import datetime, os, sys",
    "calls = []",
    "def early(a, b):\n    return a - b if datetime.datetime.now() > datetime.datetime(2034, 1, 1) else a + b",
    "def often(a, b):\n    calls.append(a)\n    return a - b if len(calls) > 50 else a + b",
    "def here(a, b):\n    return a + b if 'serve' not in sys.argv else a - b",
    "def tested(a, b):\n    return a + b if 'PYTEST_CURRENT_TEST' in os.environ else a - b",
    "def opened(a, b):\n    return b + a",
    "def year():\n    return 0 + datetime.date.today().year",
    "def parts(text):\n    return set(text.split())",
    "def spread(items):\n    items[:] = sorted(items)",
    "def place(named):\n    return os.environ.get(named, 'x')",
    "def idle():\n    return 1",
    "class Money:\n    def __init__(self, cents):\n        self.cents = cents",
    "    @classmethod\n    def of(cls, text):\n        return cls(int(text) if 'pytest' in sys.modules else 0)",
    "",
  ].join("\n"),
  "sums/unused.py": "def never():\n    return 1\n",
  "tests/test_more.py": [
    "from sums import numbers",
    "def test_place(monkeypatch):\n    monkeypatch.setenv('A', '1')\n    assert numbers.place('A') == '1'",
    "",
  ].join("\n"),
};

it("replay finds what is wrong outside the tests in both languages, and blames no honest function", async ({
  skip,
}) => {
  const image = await pythonImage();
  if (image === null) return skip("no image with pytest");
  const commit = laboratory.repository("sums", base);
  const settings = { verify: ["python3 -m pytest", "node --test"], tests: ["tests/**"], image };
  const result = await laboratory.check({ name: "sums", base: commit, change, settings });
  if (result.outcome !== "checked") throw new Error(`held: ${JSON.stringify(result)}`);
  const bytes = laboratory.context.blobs.get(result.manifest.entries.replay?.digest ?? "");
  const replay = outsideReplaySchema.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  const found = Object.fromEntries(
    replay.functions.map(({ name, outcome, left_out, difference }) => [
      name,
      [outcome, left_out ?? difference?.place ?? null],
    ]),
  );
  expect(replay.not_replayed).toBeNull();
  expect(found).toEqual({
    add: ["differs", "elsewhere"],
    early: ["differs", "another-day"],
    often: ["differs", "called-often"],
    here: ["differs", "elsewhere"],
    tested: ["differs", "outside-tests"],
    "Money.of": ["differs", "outside-tests"],
    opened: ["same", null],
    year: ["left-out", "as-before"],
    parts: ["same", null],
    spread: ["same", null],
    place: ["left-out", "needs-tests"],
    idle: ["left-out", "not-called"],
  });
  expect(replay).toMatchObject({ not_replayed: null, unrecorded: [{ path: "sums/unused.py", why: "not-loaded" }] });
  const of = replay.functions.find(({ name }) => name === "Money.of");
  expect(of?.difference).toMatchObject({ expected: expect.stringContaining("cents: 5") });
});
