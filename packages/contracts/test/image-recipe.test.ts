/** The images that aedev builds: each has one name, and runs as an ordinary user. */
import { expect, it } from "vitest";
import { hasDebianPackages, imageRecipe, imageWithPackages, recipeOfImage } from "../src/image-recipe.ts";

it.each(["python", "go", "rust", "java", "ruby", "php", "make"] as const)("has a recipe for %s", (name) => {
  const recipe = imageRecipe(name);
  expect(recipeOfImage(recipe.image)).toEqual(recipe);
  expect(recipe.lines[0]).toBe("USER 0");
  expect(recipe.lines.at(-1)).toBe("USER 1000");
  // A quote or a backslash would break the printed command.
  expect(recipe.lines.join("\n")).not.toMatch(/['\\]/u);
});

it("has no recipe for an image that somebody else named", () => {
  expect(recipeOfImage("python-checks:1")).toBeUndefined();
  expect(recipeOfImage("mine")).toBeUndefined();
});

it("makes an image whose name encodes its Debian packages", () => {
  const image = imageWithPackages(null, ["g++", "bc", "bc"]);
  expect(image).toBe("node-checks:with_bc_gPP");
  const recipe = recipeOfImage(image ?? "");
  expect(recipe).toMatchObject({ has: "bc, g++", image });
  expect(recipe?.lines[1]).toContain("apt-get install -y --no-install-recommends bc g++ &&");
  expect(recipe?.lines[1]).toContain("apt-cache pkgnames $name | grep -Fqx $name");
  expect(recipe?.lines.join("\n")).not.toMatch(/['\\]/u);
  expect(imageWithPackages(image, ["make"])).toBe("node-checks:with_bc_gPP_make");
  expect(recipeOfImage(imageWithPackages("python-checks", ["libpq-dev"]) ?? "")?.lines[1]).toMatch(
    /pytest.*libpq-dev/u,
  );
});

it("refuses to add packages to a foreign image, invalid package names, and more packages than fit into a tag", () => {
  expect(imageWithPackages("mine", ["bc"])).toBeNull();
  expect(imageWithPackages("python-checks:1", ["bc"])).toBeNull();
  expect(imageWithPackages(null, ["bc; id"])).toBeNull();
  expect(imageWithPackages(null, ["git-"])).toBeNull();
  expect(
    imageWithPackages(
      null,
      Array.from({ length: 3 }, (_, at) => `a${at}${"x".repeat(50)}`),
    ),
  ).toBeNull();
  for (const name of [
    "node-checks",
    "node-checks:with_",
    "node-checks:with_bc__make",
    "other-checks:with_bc",
    "node-checks:with_git-",
  ])
    expect([name, recipeOfImage(name)]).toEqual([name, undefined]);
});

it("recognizes an image with packages only by its canonical name", () => {
  const packages = Array.from({ length: 17 }, (_, at) => `a${String(at).padStart(2, "0")}`);
  for (const name of [
    `node-checks:with_${packages.slice(1).join("_")}`,
    "python-checks:with_a0_b0",
    "node-checks:with_gPP",
  ])
    expect([name, recipeOfImage(name)?.image, hasDebianPackages(name)]).toEqual([name, name, true]);
  for (const name of [
    ...[
      `node-checks:with_${packages.join("_")}`,
      "node-checks:with_b0_a0",
      "node-checks:with_a0_a0",
      "node-checks:with_g++",
    ],
    `node-checks:with_${"a".repeat(61)}_${"b".repeat(62)}`,
  ])
    expect([name, recipeOfImage(name), hasDebianPackages(name)]).toEqual([name, undefined, false]);
  expect(["python-checks", "mine:with_a0", "node"].map(hasDebianPackages)).toEqual([false, false, false]);
});
