/** Calls of Go functions, recorded and repeated by this machine's Go: what each kind of call becomes, and what differs outside the tests. */
import { afterAll, describe, expect, it, vi } from "vitest";
import { type GoFiles, GoPlaces, hasGo } from "./go-programs.ts";

vi.setConfig({ testTimeout: 180_000 });
const places = new GoPlaces();
afterAll(() => places[Symbol.dispose]());

const manifest = "module example.org/sums\n\ngo 1.13\n";
const test = (body: string, imports = '"testing"') =>
  `package sums\n\nimport (${imports})\n\nfunc TestAll(t *testing.T) {\n${body}\n}\n`;
const files = (code: string, tests: string): GoFiles => ({
  "go.mod": manifest,
  "sums.go": `package sums\n\n${code}\n`,
  "sums_test.go": tests,
});

function judged(base: string, candidate: string, tests: string, options?: { isSetUp?: boolean }) {
  const { functions } = places.judge({ base: files(base, tests), candidate: files(candidate, tests) }, options);
  return Object.fromEntries(
    functions.map(({ name, outcome, left_out, difference }) => [
      name,
      [outcome, left_out ?? difference?.place ?? null],
    ]),
  );
}

describe.runIf(hasGo)("recording", () => {
  const code = `import ("errors"; "sync"; "time")
type Cart struct { Name string; items []int; next *Cart }
type Safe struct { lock sync.Mutex; known map[string]int }
func (s *Safe) Get(name string) int { s.lock.Lock(); defer s.lock.Unlock(); return s.known[name] }
func (c *Cart) Add(item int) int { c.items = append(c.items, item); return len(c.items) }
func (c Cart) Sum() (sum int) { for _, one := range c.items { sum += one }; return }
func Half(n int) (int, error) { if n%2 != 0 { return 0, errors.New("odd") }; return n / 2, nil }
func Part(n int) (int, error) { return n, errors.New("half done") }
func All(first string, rest ...float64) []float64 { return rest }
func Any(value interface{}) interface{} { return value }
func Count(words map[string]int, raw []byte) int { return len(words) + len(raw) }
func Later(at time.Time, by time.Duration) time.Time { return at.Add(by) }
func Crash(list []int) int { return list[5] }
func Call(f func()) { f() }
func big() uint64 { return 1 << 63 }
`;
  const calls = `c := &Cart{Name: "a"}; c.Add(3); c.Sum(); Half(4); Half(3); Part(1); All("x", 1.5, 2); Any(map[string]interface{}{"k": 1.0}); Any(nil)
Count(map[string]int{"b": 2, "a": 1}, []byte{1, 255}); Later(time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC), time.Second); Call(func() {}); (&Safe{}).Get("a"); big()
func() { defer func() { recover() }(); Crash([]int{1}) }()`;

  it("tells plain arguments so that they can be made again, how each call ended, and what it left changed", () => {
    const { calls: found, skipped } = places.record(files(code, test(calls, '"testing"; "time"')), {});
    const seen = found.map(({ name, input, seen }) => [name, input, seen]);
    const cart = (items: string) => `["I","example.org/sums","Cart",[["Name","a"],["items",${items}],["next",null]]]`;
    expect(seen).toEqual([
      ["Cart.Add", `["a",[${cart("null")},3]]`, `v1 and left ["a",[${cart('["a",[3]]')},3]]`],
      ["Cart.Sum", `["a",[${cart('["a",[3]]')}]]`, "v3"],
      ["Half", '["a",[4]]', "v2"],
      ["Half", '["a",[3]]', "e*errors.errorString: odd"],
      ["Part", '["a",[1]]', 'e*errors.errorString: half done with ["a",[1]]'],
      ["All", '["a",["x",["a",[["d","1.5"],["d","2"]]]]]', 'v["a",[["d","1.5"],["d","2"]]]'],
      [
        "Any",
        '["a",[["y","map[string]interface {}",["M",[["k",["y","float64",["d","1"]]]]]]]]',
        'v["y","map[string]interface {}",["M",[["k",["y","float64",["d","1"]]]]]]',
      ],
      ["Any", '["a",[null]]', "vnull"],
      ["Count", '["a",[["M",[["a",1],["b",2]]],["b","01ff"]]]', "v4"],
      [
        "Later",
        '["a",[["k","time.Time","2025-01-02T03:04:05Z"],1000000000]]',
        'v["k","time.Time","2025-01-02T03:04:06Z"]',
      ],
      ["big", '["a",[]]', 'v["n","9223372036854775808"]'],
      ["Crash", '["a",[["a",[1]]]]', "ePanic: runtime error: index out of range [5] with length 1"],
    ]);
    expect(skipped.get("sums.go\nCall")).toBe(1);
    // What its lock guards may change while it is read.
    expect(skipped.get("sums.go\nSafe.Get")).toBe(1);
  });

  it("repeats them all with the same outcomes, and registers exported functions that no test calls", () => {
    const unused = "func Unused() int { return 1 }\nfunc unused() int { return 1 }\n";
    const found = judged(`${code}${unused}`, `${code}// Changed.\n${unused}`, test(calls, '"testing"; "time"'));
    expect(found).toEqual({
      Unused: ["left-out", "not-called"],
      Call: ["left-out", "not-plain"],
      "Safe.Get": ["left-out", "not-plain"],
      ...Object.fromEntries(
        ["Cart.Add", "Cart.Sum", "Half", "Part", "All", "Any", "Count", "Later", "big", "Crash"].map((name) => [
          name,
          ["same", null],
        ]),
      ),
    });
  });
});

describe.runIf(hasGo)("repeating", () => {
  const sum = "func Sum(list []int) int { sum := 0; for _, one := range list { sum += one }; return sum }";
  const sums = test("if Sum([]int{1, 2}) != 3 || Sum([]int{4, 5, 6}) != 15 || Sum(nil) != 0 { t.Fatal() }");
  const tests = { sums };

  it.each([
    ["an equal function", `${sum} // equal`, ["same", null]],
    [
      "one that knows the test binary",
      `import "os"; import "strings"\n${sum.replace("return sum }", 'if !strings.HasSuffix(os.Args[0], ".test") { return sum + 1 }; return sum }')}`,
      ["differs", "outside-tests"],
    ],
    [
      "one that counts its calls",
      `var calls int\n${sum.replace("return sum }", "calls++; if calls > 60 { return 0 }; return sum }")}`,
      ["differs", "called-often"],
    ],
    [
      "one that remembers by length",
      `var known = map[int]int{}\n${sum.replace("return sum }", "if one, ok := known[len(list)]; ok { return one }; known[len(list)] = sum; return sum }")}`,
      ["unsure", "other-order"],
    ],
    [
      "one that is wrong for other numbers",
      sum.replace("sum += one", "if one < 100 { sum += one }"),
      ["unsure", "other-inputs"],
    ],
    [
      "one that reads another place",
      `import "os"\n${sum.replace("return sum }", 'if os.Getenv("NODE_ENV") == "production" { return 1 }; return sum }')}`,
      ["differs", "elsewhere"],
    ],
  ])("tells %s", (_, candidate, expected) => {
    expect(judged(sum, candidate, tests.sums)).toEqual({ Sum: expected });
  });

  it.each([
    ["Prices", "unsure"],
    // What is kept to itself may only have some values, so it is not varied.
    ["prices", "same"],
  ])(
    "finds the base's function in another file of the package, on an object with a new field beside %s",
    (name, varied) => {
      const type = (fields: string) => `type Cart struct { ${fields} }`;
      const tests = test(
        `if (&Cart{${name}: []int{2}}).Total() != 1 || (&Cart{${name}: []int{1, 2}}).Total() != 2 { t.Fatal() }`,
      );
      const total = (term: string) => `func (c *Cart) Total() int { return ${term} }`;
      const base = files(`${type(`${name} []int`)}\n${total(`len(c.${name})`)}`, tests);
      const moved = (term: string) => ({
        ...files(type(`${name} []int; Known bool`), tests),
        "total.go": `package sums\n\n${total(term)}\n`,
      });
      const outcome = (term: string) =>
        places.judge({ base, candidate: moved(term) }).functions.map(({ on_base, outcome }) => [on_base, outcome]);
      expect(outcome(`len(c.${name}) + 0`)).toEqual([[true, "same"]]);
      expect(outcome(`len(c.${name}) % 3`)).toEqual([[true, varied]]);
    },
  );

  it("blames no function whose package the tests set up", () => {
    const code = (more: string) => `var now = func() int { return 0 }\nfunc Now() int { return now()${more} }`;
    const tests = test("now = func() int { return 5 }; if Now() != 5 { t.Fatal() }");
    expect(judged(code(""), code(" + 0"), tests)).toEqual({ Now: ["unsure", "outside-tests"] });
    expect(judged(code(""), code(" + 0"), tests, { isSetUp: true })).toEqual({ Now: ["left-out", "needs-tests"] });
  });
});
