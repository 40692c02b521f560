/** Calls of Go functions, recorded and repeated with this machine's Go: the outcome of each kind of call, and differences outside the tests. */
import { afterAll, describe, expect, it, vi } from "vitest";
import { type GoFiles, GoPlaces, hasGo, prepared } from "./go-programs.ts";

vi.setConfig({ testTimeout: 180_000 });
const places = new GoPlaces();
afterAll(() => places[Symbol.dispose]());

const manifest = "module example.org/sums\n\ngo 1.9\n";
const test = (body: string, imports = '"testing"') =>
  `package sums\n\nimport (${imports})\n\nfunc TestAll(t *testing.T) {\n${body}\n}\n`;
const files = (code: string, tests: string): GoFiles => ({
  "go.mod": manifest,
  "sums.go": `package sums\n\n${code}\n`,
  "sums_test.go": tests,
});

async function judged(base: string, candidate: string, tests: string) {
  const { functions } = await places.judge({ base: files(base, tests), candidate: files(candidate, tests) });
  return Object.fromEntries(
    functions.map(({ name, outcome, left_out, difference }) => [
      name,
      [outcome, left_out ?? difference?.place ?? null],
    ]),
  );
}

describe.runIf(hasGo)("recording calls of Go functions", () => {
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

  it("writes plain arguments so that they can be made again, each call's outcome, and the arguments that it changed", async () => {
    const candidate = files(code, test(calls, '"testing"; "time"'));
    const { calls: found, skipped } = await places.record({ base: { "go.mod": manifest }, candidate });
    const seen = found.map(({ name, input, seen }) => [name, input, seen]);
    const cart = (items: string) => `["I","example.org/sums","Cart",[["Name","a"],["items",${items}],["next",null]]]`;
    expect(seen).toEqual([
      ["Cart.Add", `["a",[${cart("null")},3]]`, `v1\u001e and left ["a",[${cart('["a",[3]]')},3]]`],
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
    // A lock guards it, so it may change while it is read.
    expect(skipped.get("sums.go\nSafe.Get")).toBe(1);
  });

  it("lets all calls be repeated with the same outcomes, and registers exported functions that no test calls", async () => {
    const unused = "func Unused() int { return 1 }\nfunc unused() int { return 1 }\n";
    const found = await judged(`${code}${unused}`, `${code}// Changed.\n${unused}`, test(calls, '"testing"; "time"'));
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

describe.runIf(hasGo)("repeating calls of Go functions", () => {
  const sum = "func Sum(list []int) int { sum := 0; for _, one := range list { sum += one }; return sum }";
  const sums = test("if Sum([]int{1, 2}) != 3 || Sum([]int{4, 5, 6}) != 15 || Sum(nil) != 0 { t.Fatal() }");

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
  ])("judges %s", async (_, candidate, expected) => {
    expect(await judged(sum, candidate, sums)).toEqual({ Sum: expected });
  });

  it.each([
    ["list[0]++", ["unsure", "arguments"]],
    ["list = append([]int{}, list...)", ["same", null]],
  ])("finds out whether arguments change behind a long result: %s", async (change, expected) => {
    const long = (more: string) =>
      `import "strings"\nfunc Long(list []int) string { ${more}; return strings.Repeat("x", 900) }`;
    const tests = test("if len(Long([]int{1, 2})) != 900 { t.Fatal() }");
    expect(await judged(long("_ = 1"), long(change), tests)).toEqual({ Long: expected });
  });

  it.each([
    ["ring[at%8][:0]", ["unsure", "after-others"]],
    ["[]int{}", ["same", null]],
  ])("asks about results that later calls change: with %s", async (list, expected) => {
    const code = (taken: string) =>
      `var ring [8][]int; var at int\nfunc Twice(a int) []int { at++; found := append(${taken}, a*2); ring[at%8] = found; return found }`;
    const tests = test("if Twice(1)[0] != 2 || Twice(2)[0] != 4 { t.Fatal() }");
    expect(await judged(code("[]int(nil)"), code(list), tests)).toEqual({ Twice: expected });
  });

  it.each([
    ["Prices", "unsure"],
    // An unexported type may only have some values, so it is not varied.
    ["prices", "same"],
  ])(
    "finds the base's function in another file of the package, on an object with a new field beside %s",
    async (name, varied) => {
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
      const outcome = async (term: string) => {
        const { functions } = await places.judge({ base, candidate: moved(term) });
        return functions.map(({ on_base, outcome: how }) => [on_base, how]);
      };
      expect(await outcome(`len(c.${name}) + 0`)).toEqual([[true, "same"]]);
      expect(await outcome(`len(c.${name}) % 3`)).toEqual([[true, varied]]);
    },
  );

  it("compares nothing with the base for an object that the base can't have because a field has another name", async () => {
    const code = (name: string, more = "") =>
      `type Cart struct { ${name} []int }\nfunc (c *Cart) Add(x int) { c.${name} = append(c.${name}, x) }\nfunc (c *Cart) Total() int { return len(c.${name})${more} }`;
    const tests = test("c := &Cart{}; c.Add(1); if c.Total() != 1 { t.Fatal() }");
    expect(await judged(code("old"), code("young"), tests)).toEqual({
      "Cart.Add": ["same", null],
      "Cart.Total": ["same", null],
    });
    const { functions } = await places.judge({
      base: files(code("old"), tests),
      candidate: files(code("young"), tests),
    });
    expect(functions.map(({ on_base }) => on_base)).toEqual([false, false]);
    expect(await judged(code("old"), code("old", " + 0"), tests)).toEqual({
      "Cart.Add": ["same", null],
      "Cart.Total": ["same", null],
    });
  });

  it("blames the tests' set-up for a difference only if the base needs it too", async () => {
    const code = (body: string) =>
      `import "os"; import "strings"\nvar now = func() int { return 0 }\nvar _ = os.Args; var _ = strings.HasSuffix\n${body}`;
    const tests = test("now = func() int { return 5 }; if Now() != 5 { t.Fatal() }");
    const body = (more: string) => code(`func Now() int { return now()${more} }`);
    expect(await judged(body(""), body(" + 0"), tests)).toEqual({ Now: ["left-out", "needs-tests"] });
    const knows = 'if !strings.HasSuffix(os.Args[0], ".test") { return 2 };';
    const one = (more: string) => code(`func One() int { ${more} return 1 }`);
    const other = test("now = nil; if One() != 1 { t.Fatal() }");
    expect(await judged(one(""), one(knows), other)).toEqual({ One: ["unsure", "outside-tests"] });
  });
});

const mod = { "go.mod": "module m\n" };
const sumOf = (body: string) => `package m\nfunc Sum(x int) int { ${body} }\n`;

describe("the parts of a Go change that can be recorded", () => {
  const changed = async (base: GoFiles, candidate: GoFiles, command?: string) => {
    const { replay, recordsAll } = await prepared({ base, candidate }, command === undefined ? {} : { command });
    return [replay === null ? null : [...replay.texts.keys()], recordsAll];
  };
  const base = { ...mod, "a.go": sumOf("return x") };
  const a = { ...mod, "a.go": sumOf("return x + 0") };

  it.each<[string, GoFiles, GoFiles, unknown, string?]>([
    ["a changed function", base, a, [["a.go"], true]],
    ["a new file", mod, a, [["a.go"], true]],
    [
      "a function that is gone",
      { ...base, "b.go": "package m\nfunc B() {}\n" },
      { ...a, "b.go": "package m\nfunc C() {}\n" },
      [["a.go", "b.go"], true],
    ],
    ["tests in a pipe", base, a, [null, true], "go test ./... | tee log"],
    ["another name of the module", base, { ...a, "go.mod": "module m/v2\n" }, [["a.go"], false]],
    [
      "a module between",
      { ...mod, "lib/a.go": sumOf("return x") },
      { ...mod, "lib/go.mod": "module m\n", "lib/a.go": sumOf("return 1 + x") },
      [["lib/a.go"], false],
    ],
    ["no module", base, { "a.go": a["a.go"] }, [null, false]],
    [
      "two modules",
      { ...base, "b/go.mod": "module b\n", "b/b.go": sumOf("return x") },
      { ...a, "b/go.mod": "module b\n", "b/b.go": sumOf("return 2") },
      [["a.go"], false],
    ],
    [
      "a new module beside",
      base,
      { ...a, "A/go.mod": "module b\n", "A/b.go": sumOf("return 2"), "A/c.go": sumOf("return 2") },
      [["a.go"], true],
    ],
    [
      "a nested internal package",
      { ...mod, "p/internal/q/a.go": sumOf("return x") },
      { ...mod, "p/internal/q/a.go": sumOf("return 2") },
      [null, true],
    ],
    [
      "an internal package at the top",
      { ...mod, "internal/q/a.go": sumOf("return x") },
      { ...mod, "internal/q/a.go": sumOf("return 2") },
      [["internal/q/a.go"], true],
    ],
    ["a build constraint", base, { ...a, "a.go": `//go:build linux\n\n${a["a.go"]}` }, [null, false]],
    ["a byte order mark", base, { ...a, "a.go": `\ufeff${a["a.go"]}` }, [["a.go"], true]],
    ["a syntax error", base, { ...a, "a.go": `${a["a.go"]}const true = 1 > 2\n` }, [null, false]],
    [
      "type parameters",
      { ...base, "b.go": "package m\nfunc B() {}\n" },
      { ...base, "a.go": "package m\nfunc Sum[T int](x T) T { return x }\nfunc part() {}\n" },
      [["a.go"], false],
    ],
    [
      "recover",
      base,
      { ...base, "a.go": `${sumOf("defer func() { recover() }(); return x")}func part() {}\n` },
      [["a.go"], false],
    ],
    [
      "recover on the base too",
      { ...base, "a.go": sumOf("recover(); return x") },
      { ...base, "a.go": sumOf("recover(); return 2") },
      [["a.go"], true],
    ],
    [
      "a receiver in parentheses",
      { ...mod, "a.go": "package m\ntype T int\nfunc (t T) F() {}\n" },
      { ...mod, "a.go": "package m\ntype T int\nfunc (t (T)) F() {}\nfunc g() {}\n" },
      [["a.go"], false],
    ],
    [
      "a base that is too large to read",
      { ...mod, "a.go": `${sumOf("return x")}// ${"x".repeat(262_200)}\n` },
      a,
      [["a.go"], false],
    ],
    [
      "a program",
      { ...mod, "a.go": "package main\nfunc main() {}\n" },
      { ...mod, "a.go": "package main\nfunc main() { x() }\n" },
      [null, true],
    ],
  ])("are decided after %s", async (_, before, after, expected, command) => {
    expect(await changed(before, after, command)).toEqual(expected);
  });

  it("don't include anything behind a link", async () => {
    const { recordsAll } = await prepared({ base, candidate: a }, { mode: "120000" });
    expect(recordsAll).toBe(true);
  });

  it("include the base's functions in all files of the package, but in no other package", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 80 }, (_, index) => [`f${index}.go`, `package m\nfunc f${index}() {}\n`]),
    );
    const other = { "q/q.go": "package q\nfunc Other() {}\n" };
    const { replay } = await prepared({
      base: { ...mod, ...many, ...other, "z.go": "package m\nfunc Fee() {}\n" },
      candidate: { ...mod, ...many, ...other, "f0.go": "package m\nfunc Fee() { x() }\nfunc Other() {}\n" },
    });
    expect(replay?.programs.base.get("x5f3a.go")).toContain('"f0.go\\nFee": Fee,');
    expect(replay?.programs.base.get("x5f3a.go")).not.toContain("Other");
    expect(replay?.programs.candidate.get("x5f3a.go")).toContain('"f0.go\\nOther": Other,');
  });

  it.each([
    ["now = func() time.Time { return day }", true],
    ["defer func() { m.now = old }()", true],
    ["b++", true],
    ["b--", true],
    ["client.Timeout = 3", true],
    ["y += 2", true],
    ["y <<= 1", true],
    ["y &^= 1", true],
    ["now, day = fake, d", true],
    ["swap(t, &now, fake)", true],
    ["list[now] = 1", true],
    ["if now == nil { return }", false],
    ["local = 2", false],
    ["got := now()", false],
    ["z = 1", false],
  ])("depend on whether the tests write to a variable: %s", async (statement, expected) => {
    const variables = "var now = time.Now\nvar a, b int\nvar (\n  client *http.Client\n\tx, y = 1, 2 // z\n)\n";
    const code = `package m\n${variables}func f() { local := 1; local = 2 }\n`;
    const tests = { "a_test.go": `package m\nfunc TestA(t *testing.T) {\n\t${statement}\n}\n` };
    const { replay } = await prepared({ base: mod, candidate: { ...mod, ...tests, "a.go": code } });
    expect(replay?.texts.get("a.go")).toContain(`"f", ${expected}), false`);
  });
});
