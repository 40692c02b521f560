/** The images that aedev makes: each can be found by its name, and runs as an ordinary user. */
import { expect, it } from "vitest";
import { imageRecipe, recipeOfImage } from "../src/image-recipe.ts";

it.each(["python", "go", "rust", "java", "make"] as const)("has a recipe for %s", (name) => {
  const recipe = imageRecipe(name);
  expect(recipeOfImage(recipe.image)).toEqual(recipe);
  expect(recipe.lines[0]).toBe("USER 0");
  expect(recipe.lines.at(-1)).toBe("USER 1000");
  // A quote or a backslash would break the printed command.
  expect(recipe.lines.join("\n")).not.toMatch(/['\\]/u);
});

it("makes no image that somebody else named", () => {
  expect(recipeOfImage("python-checks:1")).toBeUndefined();
  expect(recipeOfImage("mine")).toBeUndefined();
});
