import { describe, expect, it } from "vitest";
import { isConftest, onlyGainsFixtures } from "../src/gained-fixtures.ts";

const head = "from pathlib import Path\n\nimport pytest\n\nfrom shop import Cart\n\n\n";
const cart = '@pytest.fixture\ndef cart():\n    """An empty cart."""\n    return Cart()\n';
const full =
  '@pytest.fixture(scope="module")\ndef full(cart: Cart) -> Cart:\n    """A cart\n\n    with a line.\n    """\n    cart.add("a")\n\n    # Left as it is.\n    yield cart\n';
const hook = "def pytest_collection_modifyitems(items):\n    items.sort()\n";
const before = `${head}${cart}\n\n${hook}`;

describe("a conftest.py", () => {
  it("is known by its name", () => {
    expect(["conftest.py", "a/tests/conftest.py"].every(isConftest)).toBe(true);
    expect(["my_conftest.py", "conftest.pyc", "conftest.py/x"].some(isConftest)).toBe(false);
  });

  it("only gains fixtures at its end, at its start and in between", () => {
    const after = [
      `${before}\n\n${full}`,
      `${head}${full}\n\n${cart}\n\n${hook}`,
      `${head}${cart}\n\n${full}\n\n${hook}`,
    ];
    expect(after.map((text) => onlyGainsFixtures(before, text))).toEqual([true, true, true]);
    expect(onlyGainsFixtures(before, `${before.trimEnd()}\n\n\n${full}\n\n${full.replace("full", "other")}`)).toBe(
      true,
    );
  });

  const put = (block: string) => `${before}\n\n${block}`;
  it.each([
    ["nothing", before],
    ["a changed line", before.replace("Cart()", "Cart(1)")],
    ["a line less", before.replace("    items.sort()\n", "    pass\n")],
    ["a fixture of its own accord", put(full.replace('(scope="module")', "(autouse=True)"))],
    ["a fixture under another name", put(full.replace('(scope="module")', '(name="cart")'))],
    ["a hook", put("def pytest_runtest_makereport(item, call):\n    return None\n")],
    ["a fixture called like a hook", put(full.replace("def full", "def pytest_configure"))],
    ["a plain function", put("def helper():\n    return 1\n")],
    ["a statement", put("Cart.total = lambda self: 3\n")],
    ["a statement behind a fixture", put(`${full}Cart.total = 3\n`)],
    ["a default that runs", put(full.replace("cart: Cart", "cart=Cart.patch()"))],
    ["an annotation that runs", put(full.replace("cart: Cart", "cart: Cart[patch()]"))],
    ["a second decorator", put(`@patch\n${full}`)],
    ["a decorator for what follows", `${head}${full}\n\n@pytest.fixture\n${cart}\n\n${hook}`],
    ["a body for what stands before", `${head}${cart}    Cart.total = 3\n${full}\n\n${hook}`],
    ["a text that swallows what follows", `${head}${full.replace("yield cart", '"""')}\n\n${cart}\n\n${hook}`],
    ["a text in other quotes", `${head}${full.replace("yield cart", "'''")}\n\n${cart}\n\n${hook}`],
    ["a text that is no text", `${head}${full.replace("yield cart", 'x = \'"""\'')}\n\n${cart}\n\n${hook}`],
    ["a line that goes on", `${head}${full.replace("yield cart", "yield \\\\")}\n\n${cart}\n\n${hook}`],
    ["a fixture without a body", `${head}@pytest.fixture\ndef full():\n\n\n${cart}\n\n${hook}`],
  ])("gains more than fixtures with %s", (_what, after) => {
    expect(onlyGainsFixtures(before, after)).toBe(false);
  });

  it("gains nothing if it was not there, or knows no pytest", () => {
    expect(onlyGainsFixtures("", head + cart)).toBe(false);
    expect(onlyGainsFixtures("x = 1\n", `x = 1\n\n\n${cart}`)).toBe(false);
    expect(onlyGainsFixtures("import pytest\n", `import pytest\n\n\n${cart}`)).toBe(true);
  });
});
