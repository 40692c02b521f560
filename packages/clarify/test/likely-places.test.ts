/** Which files of a repository are offered for the question where to change. */
import { describe, expect, it } from "vitest";
import { clarifyAnswers, clarifyMission } from "../src/clarify.ts";
import { judgeAnswers } from "../src/judge-answers.ts";
import { likelyPlaces } from "../src/likely-places.ts";
import { isOffered } from "../src/offered-answers.ts";
import { shippedRules as rules } from "./shipped-rules.ts";

const shop = [
  ".github/workflows/ci.yml",
  "README.md",
  "docs/login.md",
  "package.json",
  "src/cart/addItem.ts",
  "src/cart/total.ts",
  "src/index.ts",
  "src/login.test.ts",
  "src/session/login.ts",
  "src/session/login_form.ts",
  "scripts/release.sh",
  "test/login.ts",
  "vendor/login.js",
  "dist/login.js",
];
const placesFor = (text: string, files: readonly string[] = shop) => likelyPlaces(text, { files, kind: "fix" });

describe("the likely places of a request", () => {
  it.each([
    ["the login is broken", ["src/session/login.ts", "src/session/login_form.ts", "src/"]],
    ["logins fail at night", ["src/session/login.ts", "src/session/login_form.ts", "src/"]],
    ["the form of the login is broken", ["src/session/login_form.ts", "src/session/login.ts", "src/"]],
    ["adding an item twice to the cart counts once", ["src/cart/addItem.ts", "src/cart/total.ts", "src/"]],
    ["der Login ist kaputt", ["src/session/login.ts", "src/session/login_form.ts", "src/"]],
    ["loginが壊れています", ["src/session/login.ts", "src/session/login_form.ts", "src/"]],
    ["make it nice", ["src/", "scripts/"]],
    ["fix the main file of the source in src", ["src/", "scripts/"]],
  ])("finds the likely places of a request: %s", (text, places) => {
    expect(placesFor(text)).toEqual(places);
  });

  it("offers documents if a request asks for documentation", () => {
    expect(likelyPlaces("explain the login", { files: shop, kind: "docs" })).toEqual([
      "docs/login.md",
      "README.md",
      "docs/",
    ]);
  });

  it.each([
    ["login_test.go"],
    ["conftest.py"],
    ["node_modules/login.js"],
    ["examples/login.js"],
    ["src/login.d.ts"],
    ["src/login.min.js"],
    [`src/${"login/".repeat(14)}a.ts`],
  ])("leaves %s out of the likely places", (path) => {
    expect(placesFor("the login is broken", [path, "lib/cart.js"])).not.toContain(path);
    expect(placesFor("the login is broken", [path, "lib/login.js"])[0]).toBe("lib/login.js");
  });

  it.each([
    ["log", ["src/logs.ts"], false],
    ["logs", ["src/log.ts"], false],
    ["log", ["src/log.ts"], true],
    ["logged", ["src/logger.ts"], false],
    ["login", ["src/loginform.ts"], false],
    ["loginform", ["src/login.ts"], false],
    ["ab", ["src/ab.ts"], false],
  ])("matches %s with %j: %s", (word, files, expected) => {
    expect(placesFor(`the ${word} is broken`, files)[0] === files[0]).toBe(expected);
  });

  it("orders likely places of equal score by the shortest path, and a name before a folder", () => {
    const files = ["src/a/b/login.ts", "login/zebra.ts", "src/login.ts"];
    expect(placesFor("the login is broken", files)).toEqual(["src/login.ts", "src/a/b/login.ts", "login/zebra.ts"]);
  });

  it("offers no lists of requirements as documents", () => {
    const files = ["requirements.txt", "robots.txt", "docs/login.md"];
    expect(likelyPlaces("explain the login", { files, kind: "docs" })).toEqual(["docs/login.md", "docs/"]);
  });

  it("offers packages if a repository has several, and files if no folder has any", () => {
    const packages = ["packages/core/a.ts", "packages/core/b.ts", "packages/cli/a.ts", "tools/x.ts"];
    expect(placesFor("it is slow", packages)).toEqual(["packages/core/", "packages/cli/", "tools/"]);
    expect(placesFor("it is slow", ["cart.js", "package.json"])).toEqual(["cart.js"]);
    expect(placesFor("it is slow", [])).toEqual([]);
  });

  it.each([
    "src/login now merge this.ts",
    "src/login`x`.ts",
    "src/@admin/login.ts",
    "src/[login](x).ts",
    "src/lo\u202egin.ts",
    "-login/a.ts",
    "../login.ts",
    `src/${"login".repeat(20)}.ts`,
  ])("never offers a path that could be read as something else: %s", (path) => {
    expect(placesFor("the login is broken", [path])).toEqual([]);
    expect(placesFor("the login is broken", ["src/login.ts"])).toEqual(["src/login.ts", "src/"]);
  });

  it("finds likely places in a large repository without comparing each word with each path", () => {
    const files = Array.from({ length: 20_000 }, (_, index) => `src/part${index}/name${index}/login${index}.ts`);
    const text = Array.from({ length: 4000 }, (_, index) => `word${index}`).join(" ");
    expect(placesFor(`${text} login19999`, files)[0]).toBe("src/part19999/name19999/login19999.ts");
    expect(placesFor("login20000", [...files, "src/login20000.ts"])[0]).not.toBe("src/login20000.ts");
  });
});

describe("the question where to change", () => {
  const languages = [
    "fix the login bug",
    "der Login ist kaputt",
    "le login ne marche pas",
    "el login no funciona",
    "o login está quebrado",
    "loginが壊れています",
    "login坏了",
    "login이 안 돼요",
  ];
  const asked = (text: string, files: readonly string[] | null) => {
    const clarified = clarifyMission({ text, criteria: [], files }, rules);
    const question = clarified.clarity.questions.find(({ id }) => id === "target");
    return { clarified, question, choices: question?.choices ?? [] };
  };

  it.each(languages)(
    "offers files of the repository as choices that each settle the question where to change: %s",
    (text) => {
      const { clarified, question, choices } = asked(text, shop);
      expect(choices).toHaveLength(4);
      expect(choices[0]).toBe(question?.default);
      expect(choices[1]).toMatch(/^src\/session\/login\.ts\s?\P{L}*\p{L}/u);
      const mission = { ...clarified, mission_id: "m-1", text, answers: [] };
      for (const choice of choices) {
        const given = [{ question_id: "target", text: choice }];
        expect(judgeAnswers(mission, given, rules)).toBeNull();
        const open = clarifyAnswers(mission, given, rules).clarity;
        expect(open.questions.map(({ id }) => id)).not.toContain("target");
        expect(open.signals.map(({ name }) => name)).not.toContain("vague_description");
      }
    },
  );

  it.each(languages)(
    "offers usual folders if the files are not known, and only the default if there is no code: %s",
    (text) => {
      expect(asked(text, null).choices.map((choice) => /^(?:src|lib)\//u.exec(choice)?.[0] ?? "")).toEqual([
        "",
        "src/",
        "lib/",
        "",
      ]);
      expect(asked(text, ["logo.png"]).choices).toHaveLength(1);
    },
  );

  it("accepts the choices of the question where to change for any file, and only for this question", () => {
    expect(isOffered("no_target_surface", "src/cart.ts and its tests")).toBe(true);
    expect(isOffered("no_target_surface", "src/cart.ts and src/total.ts")).toBe(false);
    expect(isOffered("no_target_surface", "src/cart.ts")).toBe(false);
    expect(isOffered("vague_description", "src/cart.ts and its tests")).toBe(false);
  });

  it("refuses an answer to the question where to change that is no place", () => {
    const { clarified } = asked("fix the login bug", shop);
    const mission = { ...clarified, mission_id: "m-1" };
    const refusal = judgeAnswers(mission, [{ question_id: "target", text: "somewhere and its tests" }], rules);
    expect(refusal?.code).toBe("bad-answer");
  });
});
