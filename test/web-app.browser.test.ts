/** The web app in a real browser: sign-in, what it shows, deciding, what it says while the daemon is down; on a phone and a large screen, light and dark, in both languages. */

import { createServer, type IncomingMessage } from "node:http";
import { fileURLToPath } from "node:url";
import { routes } from "@aedev/contracts/api";
import { ids, verdictOf } from "@aedev/core/testing";
import { AxeBuilder } from "@axe-core/playwright";
import { execa } from "execa";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { presentPromptDigest } from "../packages/daemon/src/canary/judge-setup.ts";
import {
  askAboutChange,
  holdForBudget,
  openControl,
  plantCaughtDefect,
} from "../packages/daemon/test/phone/approval/asked-home.ts";
import { apiOf, callApi } from "./support/api.ts";
import { isNight } from "./support/is-night.ts";
import { Laboratory, registerSmallProject, smallProject } from "./support/laboratory.ts";

const [phone, screen] = [
  { width: 360, height: 740 },
  { width: 1440, height: 900 },
];
/** Pages about all of history, and about the home. */
const otherPages = [
  ...["/analytics", "/sessions", "/repositories", "/repositories/small", "/roadmap/small"],
  ...["/models", "/prompts", "/settings", "/browsers"],
];
const hostileTitle = "Add half() <img src=x onerror=document.title='taken'> \u202eevil\u001b]8;;x";

let laboratory: Laboratory;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let changeId = "";
let commentedId = "";
let planId = "";

beforeAll(async () => {
  await execa(process.execPath, [fileURLToPath(new URL("../packages/dashboard/app/build.ts", import.meta.url))]);
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  {
    await using control = await openControl(laboratory.home);
    const said = { id: "c1", result: "met", citations: [{ file: "lib/add.js", line: 1 }] };
    const plain = JSON.stringify({
      ...{ nonce: "", bundle_digest: "", verdict: "pass", defects: [], confidence: 1 },
      criteria: [said, { ...said, id: "c2", result: "unclear", citations: [] }],
    });
    const answer = control.blobs.put(JSON.stringify({ plain, blanked: null }), "application/json");
    const verdict = { ...verdictOf("openai", "pass"), answer };
    const openai = { kind: "RecordVerdict", task_id: ids.task, verdict } as const;
    changeId = (await askAboutChange(control, { openai })).mission_id;
    commentedId = (await askAboutChange(control)).mission_id;
    for (const _ of [1, 2, 3]) await askAboutChange(control);
    await plantCaughtDefect(control, presentPromptDigest());
    for (const title of ["First clear one", "Second clear one"])
      await askAboutChange(control, {}, { title, reasons: [{ kind: "branch-only" }] });
    for (const _ of [1, 2]) await holdForBudget(control, "the day's budget is used up");
  }
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  await laboratory.must("pause");
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
  });
  context = await browser.newContext({ viewport: screen });
  page = await context.newPage();
});
afterAll(async () => {
  await browser.close();
  await laboratory[Symbol.asyncDispose]();
});

const address = (path: string) => `http://127.0.0.1:${apiOf(laboratory.home).port}${path}`;
async function linkOf(): Promise<string> {
  return (await laboratory.must("open", "--json")).json<{ address: string }>().address;
}
async function submit(text: string, criterion = "a new test of half() is green"): Promise<string> {
  const line = ["intake", text, "--again", "--repo", "small", "--criterion", criterion, "--json"];
  return (await laboratory.must(...line)).json<{ mission_id: string }>().mission_id;
}
/** How many events of this type the log has. */
async function countOf(type: string): Promise<number> {
  const { stdout } = await laboratory.must("events", "export");
  return stdout.split("\n").filter((line) => line.includes(`"type":"${type}"`)).length;
}
async function barriers(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
}
/** Elements that extend past the window; what scrolls on its own does so on purpose. */
async function tooWide(): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll("body *")].filter((element) =>
    element.getBoundingClientRect().right > innerWidth + 0.5 && element.closest(".diff, .lanes, .side nav, .skip") === null,
  ).map(({ outerHTML }) => outerHTML.slice(0, 80))`);
}

describe("the web app", () => {
  it("names the command that signs in, and signs in with its link once", async () => {
    await page.goto(address("/"));
    await page.getByText("You are not signed in.").waitFor();
    expect(await page.getByText("aedev open").isVisible()).toBe(true);
    const link = await linkOf();
    await page.goto(link);
    await page.getByRole("heading", { level: 1, name: "Now" }).waitFor();
    expect(page.url()).toBe(address("/"));
    const other = await (await browser.newContext()).newPage();
    await other.goto(link);
    await other.getByText("this link has been used or has expired").waitFor();
  });

  it("shows a hostile title as text, and a pause at the top", async () => {
    const id = await submit(hostileTitle);
    await page.goto(address(`/missions/${id}`));
    await page.getByRole("heading", { level: 1 }).getByText("<img src=x").waitFor();
    expect(await page.title()).toBe("aedev");
    const title = (await page.locator("h1").textContent()) ?? "";
    for (const hidden of ["\u202e", "\u001b"]) expect(title).not.toContain(hidden);
    await page.getByText("All work is paused.").waitFor();
  });

  it("shows a new mission without a reload", async () => {
    await page.goto(address("/board"));
    await page.getByRole("heading", { name: "Board" }).waitFor();
    await page.evaluate("window.isSame = true");
    await submit("Add half() so that it comes by itself");
    await page.getByText("so that it comes by itself").waitFor();
    expect(await page.evaluate("window.isSame")).toBe(true);
  });

  it("approves exactly the change that it shows, and refuses it the second time", async () => {
    await page.goto(address(`/missions/${changeId}`));
    await page.getByRole("heading", { name: /^Land this change on/ }).waitFor();
    await page.getByText("1 failed before and passes now").click();
    await page.getByText("adds negative numbers <img").waitFor();
    const criterion = page.getByRole("listitem").filter({ hasText: "add(-1, 2) is 1" });
    await criterion.locator("dd", { hasText: /^met *lib\/add\.js:1$/ }).waitFor();
    // Coloured code is the same text, and nothing in it acts.
    await page.locator(".diff .added .hljs-comment").first().waitFor();
    expect(await page.locator(".diff .added").first().textContent()).toMatch(/= \(a, b\) => a \+ b; \/\/ <img src=x/u);
    expect(await page.locator(".diff img").count()).toBe(0);
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("Done.").waitFor();
    const { stdout } = await laboratory.must("events", "export");
    const approvals = stdout.split("\n").filter((line) => line.includes('"type":"LandingApproved"'));
    expect(approvals).toHaveLength(1);
    expect(approvals[0]).toContain('"way":"browser"');
    await page.getByRole("button", { name: "Approve" }).waitFor({ state: "detached" });
  });

  it("resumes and pauses all work", async () => {
    await page.goto(address("/"));
    await page.getByRole("button", { name: "Resume all work" }).click();
    await page.getByText("All work is paused.").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Pause all work" }).click();
    await page.getByText("All work is paused.").waitFor();
  });

  it("shows how work went, and says why a chart is empty", async () => {
    await page.goto(address("/analytics"));
    await page.getByRole("heading", { name: "Analytics" }).waitFor();
    await page.getByText("Submitted per day").waitFor();
    await page
      .getByText(/^asked (?:once|\d+ times)/)
      .first()
      .waitFor();
    await page
      .getByText(/approved \d+ of \d+/)
      .first()
      .waitFor();
    await page.getByText("No model was used in this period.").first().waitFor();
    await page.getByRole("button", { name: "All" }).click();
    await page.getByRole("combobox").selectOption("small");
    await page.getByText("The gate asked nothing in this period.").waitFor();
  });

  it("finds a run by its mission, shows its log, and says why its evidence can't be saved", async () => {
    await page.goto(address("/sessions"));
    await page.getByRole("searchbox").fill("close the HOLE");
    const run = page.getByRole("main").getByRole("listitem").filter({ hasText: "Close the hole" }).first();
    await run.getByRole("button", { name: "Show log" }).click();
    await run.getByRole("region", { name: /^Log/ }).waitFor();
    // Nothing signed this home's evidence.
    await run.getByRole("button", { name: "Download evidence" }).click();
    await run.locator(".notice.bad").waitFor();
    await page.getByRole("searchbox").fill("no such mission");
    await page.getByText("No run matches").waitFor();
  });

  it("shows a repository with the source of each setting, and pauses it", async () => {
    await page.goto(address("/repositories"));
    await page.getByRole("link", { name: "small", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "small" }).waitFor();
    await page.getByText("as registered").first().waitFor();
    await page.getByText("not set").first().waitFor();
    await page.getByRole("button", { name: "Pause this repository" }).click();
    await page.getByText("small is paused.").waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Resume this repository" }).click();
    await page.getByText("small is paused.").waitFor({ state: "detached" });
  });

  it("shows where a setting is from, and the command that changes it", async () => {
    await page.goto(address("/settings"));
    await page.getByRole("searchbox").fill("run_timeout");
    await page.getByText("aedev config set limits.run_timeout VALUE").waitFor();
    await page.getByText("default", { exact: true }).first().waitFor();
  });

  it("shows the judges' prompts that were used, and compares two", async () => {
    await page.goto(address("/prompts"));
    const boxes = page.getByRole("checkbox");
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    await page.getByRole("columnheader").nth(2).waitFor();
    await page.getByRole("rowheader", { name: "Judge: pass" }).waitFor();
  });

  it("shows how often the judges err", async () => {
    await page.goto(address("/models"));
    const judge = page.locator(".card", { hasText: "Defects caught" }).first();
    await judge.getByText("100 % (1 of 1)").or(judge.getByText("100% (1 of 1)")).waitFor();
    await judge.getByText("its vote counts").waitFor();
  });

  it("shows a roadmap as text with the missions that name its requirements, and says why there is none", async () => {
    await page.goto(address("/roadmap/small"));
    await page.getByText("The base has no file .agent/roadmap.md").waitFor();
    const roadmap = `## One ${hostileTitle}\n- [ ] R1: half()\n- [x] R2: <b>bold</b>\n`;
    const planned = await laboratory.remote("planned", { ...smallProject, ".agent/roadmap.md": roadmap });
    await laboratory.must("repo", "add", planned, "--name", "planned", "--verify", "node --test", "--no-try");
    const line = ["intake", "R1: add half() to lib/add.js", "--repo", "planned", "--criterion", "a new test is green"];
    await laboratory.must(...line, "--again");
    await page.reload();
    await page.getByRole("combobox").selectOption("planned");
    await page.getByRole("heading", { name: "<img src=x" }).waitFor();
    await page.getByText("0 of 2 landed").waitFor();
    await page.getByText("<b>bold</b>").waitFor();
    await page.getByRole("link", { name: "R1: add half()" }).waitFor();
  });

  it("reaches every page on a narrow screen by a menu", async () => {
    await page.setViewportSize(phone);
    await page.goto(address("/"));
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("link", { name: "Analytics" }).click();
    await page.getByRole("heading", { name: "Analytics" }).waitFor();
    await expect.poll(() => page.getByRole("link", { name: "Analytics" }).isVisible()).toBe(false);
    await page.setViewportSize(screen);
  });

  describe("where a person decides", () => {
    it("sends a change back with the comments on its lines, made with the mouse and by keys", async () => {
      await page.goto(address(`/missions/${commentedId}`));
      await page.locator(".diff tr.added").first().click();
      await page.getByLabel("Comment", { exact: true }).fill("say <b>why</b>");
      await page.getByRole("button", { name: "Add comment" }).click();
      await page.getByRole("button", { name: "Comment on line 1" }).first().focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("c");
      await page.keyboard.type("keep abs");
      await page.keyboard.press("Control+Enter");
      expect(await barriers()).toEqual([]);
      await page.getByRole("button", { name: "Send back… (2)" }).click();
      const words = await page.getByLabel("What should be different?").inputValue();
      expect(words.split("\n")).toEqual([
        expect.stringMatching(/^lib\/add\.js:1: exports\.add = \(a, b\) => a \+ b; .* — say <b>why<\/b>$/u),
        "lib/add.js:1: exports.add = (a, b) => Math.abs(a) + b; — keep abs",
      ]);
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByText("Done.").waitFor();
      expect((await laboratory.must("events", "export")).stdout).toContain("Math.abs(a) + b; — keep abs");
    });

    it("changes priority and labels, and finds a mission by its label", async () => {
      await page.goto(address(`/missions/${changeId}`));
      await page.getByLabel("Priority").selectOption("urgent");
      await page.getByLabel("Labels, separated by commas").fill("billing, <b>bug");
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator(".notice.bad", { hasText: "a label has 1 to 40 letters" }).waitFor();
      await page.getByLabel("Labels, separated by commas").fill("billing, bug");
      await page.getByRole("button", { name: "Save" }).click();
      const listed = () => laboratory.must("mission", "list", "--label", "billing", "--json");
      await expect
        .poll(async () => (await listed()).json<{ missions: { labels: string[]; priority: string }[] }>().missions)
        .toMatchObject([{ labels: ["billing", "bug"], priority: "urgent" }]);
      await page.goto(address("/board"));
      await page.getByRole("combobox", { name: /^Label\b/u }).selectOption("billing");
      await expect.poll(() => page.locator(".movable").count()).toBe(1);
    });

    it("approves the clear ones together, and no other", async () => {
      await page.goto(address("/inbox"));
      await expect.poll(() => page.getByRole("checkbox").count()).toBe(2);
      const [before, cards] = [await countOf("LandingApproved"), await page.locator("article").count()];
      await page.getByRole("button", { name: "Select the 2 clear ones" }).click();
      await page.getByRole("button", { name: "Approve 2" }).click();
      await expect.poll(() => page.locator("article").count()).toBe(cards - 2);
      expect(await page.locator("article", { hasText: "clear one" }).count()).toBe(0);
      expect(await countOf("LandingApproved")).toBe(before + 2);
    });

    it("lists what waits, and decides about it by keys and with the mouse", async () => {
      await page.goto(address("/inbox"));
      await page.locator("article").first().waitFor();
      const untouched = await countOf("LandingApproved");
      await page.keyboard.press("a");
      await page.keyboard.press("j");
      await page.locator("[data-current]").waitFor();
      expect(await countOf("LandingApproved")).toBe(untouched);
      const before = await page.locator("[data-current]").getAttribute("id");
      await page.keyboard.press("j");
      await expect.poll(() => page.locator("[data-current]").getAttribute("id")).not.toBe(before);
      await page.keyboard.press("k");
      await expect.poll(() => page.locator("[data-current]").getAttribute("id")).toBe(before);
      const approved = await countOf("LandingApproved");
      await page.keyboard.press("a");
      await page.locator(`[id="${before}"]`).waitFor({ state: "detached" });
      // What comes after it is chosen by a key first.
      await page.keyboard.press("a");
      await page.keyboard.press("j");
      await page.locator("[data-current]").waitFor();
      expect(await countOf("LandingApproved")).toBe(approved + 1);
      await page.keyboard.press("r");
      await page.keyboard.type("not now");
      const rejected = await page.locator("[data-current]").getAttribute("id");
      await page.keyboard.press("Control+Enter");
      await page.locator(`[id="${rejected}"]`).waitFor({ state: "detached" });
      await page.keyboard.press("j");
      await page.keyboard.press("c");
      await page.getByLabel("What should be different?").waitFor();
      await page.keyboard.press("Escape");
      const held = page.locator("article", { hasText: "HOLD-BUDGET" });
      await held.getByRole("button", { name: "Copy" }).first().waitFor();
      await held.getByRole("button", { name: "Try again" }).first().click();
      await expect.poll(() => held.count()).toBe(1);
    });

    it("moves a card where a command exists, and says why it does not elsewhere, with the mouse and by keys", async () => {
      await page.goto(address("/board"));
      const lane = (name: string) => page.getByRole("region", { name, exact: true });
      const [held, ended] = [
        lane("Held").locator(".movable", { hasText: "HOLD-BUDGET" }),
        lane("Ended").locator(".movable"),
      ];
      await expect.poll(() => held.count()).toBe(1);
      await held.dragTo(lane("Running"));
      await expect.poll(() => held.count()).toBe(0);
      await ended.first().dragTo(lane("Landed"));
      await page.getByText("No command moves work from “Ended” to “Landed”").waitFor();
      await page.getByLabel("Repository").selectOption("small");
      await expect.poll(() => ended.count()).toBe(0);
      await page.getByLabel("Repository").selectOption("repo");
      await lane("Needs you").locator("summary").first().focus();
      await page.keyboard.press("Enter");
      await lane("Needs you").locator(".move[open] button").first().waitFor();
      await page.keyboard.press("Tab");
      expect(await barriers()).toEqual([]);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: /^Land this change on/ }).waitFor();
    });

    it("puts ready work in order, by dragging and by keys", async () => {
      const ready = [];
      for (const n of [1, 2, 3]) {
        ready.push(await submit(`Add third() number ${n} in lib/add.js`, `third(${3 * n}) is ${n}`));
        await laboratory.must("mission", "approve", ready.at(-1) ?? "");
      }
      const startOrder = async () =>
        (await laboratory.must("status", "--json")).json<{ start_order?: string[] }>().start_order;
      await page.goto(address("/board"));
      const lane = page.getByRole("region", { name: "Ready", exact: true });
      const card = (n: number) => lane.locator(".movable", { hasText: `third() number ${n}` });
      await card(3).dragTo(card(2));
      await expect.poll(startOrder).toContain(ready[2]);
      await expect
        .poll(async () =>
          (await lane.locator(".movable").allTextContents()).findIndex((text) => text.includes("number 3")),
        )
        .toBeLessThan(
          (await lane.locator(".movable").allTextContents()).findIndex((text) => text.includes("number 2")),
        );
      await card(2).locator("summary").focus();
      await page.keyboard.press("Enter");
      await card(2).getByRole("button", { name: "Start first" }).waitFor();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await expect.poll(async () => (await startOrder())?.[0]).toBe(ready[1]);
      expect((await laboratory.run("mission", "order")).exitCode).toBe(2);
      await laboratory.must("mission", "order", "--none");
      expect(await startOrder()).toBeUndefined();
    });

    it("decides about a request only where its text is shown", async () => {
      await submit("half(4) in lib/half.js returns 2", "half(4) returns 2");
      await page.goto(address("/inbox"));
      const card = page.locator("article", { hasText: "half(4) in lib/half.js returns 2" }).first();
      await card.getByText("Open it to read what it asks for.").waitFor();
      expect(await card.getByRole("button", { name: "Approve" }).count()).toBe(0);
      expect(await page.getByRole("checkbox").count()).toBe(0);
      await card.getByRole("link").click();
      await page.getByText("half(4) returns 2", { exact: true }).first().waitFor();
      const approved = await countOf("MissionApproved");
      await page.getByRole("button", { name: "Approve" }).click();
      await page.getByText("Done.").waitFor();
      expect(await countOf("MissionApproved")).toBe(approved + 1);
    });

    it("shows a plan's parts in waves and decides about it as a whole, never about a part alone", async () => {
      const part = (name: string, more: object = {}) => ({
        ...{ name, text: `Add ${name}() in lib/${name}.js`, repo: "small", criteria: [`${name}(2) returns 1`] },
        ...more,
      });
      const { document } = await callApi(laboratory.home, "/api/plans", {
        text: "Grow the library\nWith <b>bold</b> steps.",
        on_failure: "independent",
        tasks: [
          part("rates", { files: ["lib/rates.js"] }),
          part("convert", { text: `Add convert() <img src=x> ${"and so on ".repeat(8)}in lib`, files: ["lib"] }),
          part("format", { after: ["rates"], files: ["test/format.test.js"] }),
          part("checkout", { after: ["convert", "format"] }),
        ],
      });
      const { mission, parts } = routes.submitPlan.answer.parse(document);
      planId = mission.mission_id;
      const second = parts.find(({ name }) => name === "convert")?.mission_id ?? "";
      await page.goto(address(`/missions/${planId}`));
      await page.getByRole("heading", { name: "Parts 0 of 4 landed" }).waitFor();
      const waves = page.locator("section.card section", { has: page.getByRole("heading", { level: 3 }) });
      expect((await waves.allTextContents()).map((text) => text.slice(0, 6))).toEqual(["Wave 1", "Wave 2", "Wave 3"]);
      await waves.nth(1).getByText("after rates (same files)").waitFor();
      // What is approved can be read in the same place.
      await waves.nth(2).getByText("checkout(2) returns 1").waitFor();
      await waves.nth(2).getByText("after convert, format").waitFor();
      await page.getByRole("button", { name: "Reject…" }).waitFor();
      expect(await page.getByRole("button", { name: "Send back…" }).count()).toBe(0);
      await page.keyboard.press("c");
      expect(await page.locator("textarea").count()).toBe(0);
      await page.getByRole("link", { name: "Add convert() <img" }).click();
      await page.getByRole("heading", { name: "Decided with its plan" }).waitFor();
      for (const name of ["Approve", "Reject…", "Send back…"])
        expect(await page.getByRole("button", { name, exact: true }).count()).toBe(0);
      expect(page.url()).toBe(address(`/missions/${second}`));
      await page.goto(address("/board"));
      await page.locator(".movable", { hasText: "Grow the library" }).getByText("0 of 4 landed").waitFor();
      // Its parts are decided with it, so they need nobody yet.
      expect(await page.locator(".movable", { hasText: "Add format()" }).count()).toBe(0);
      await page.goto(address(`/missions/${planId}`));
      const approved = await countOf("MissionApproved");
      await page.getByRole("button", { name: "Approve" }).click();
      await page.getByText("Done.").waitFor();
      expect(await countOf("MissionApproved")).toBe(approved + 5);
      // The plan's page follows its parts.
      await laboratory.must("mission", "cancel", second);
      await waves.nth(1).getByText("cancelled").waitFor();
    });

    it("refuses every decision to a browser that only reads", async () => {
      const link = (await laboratory.must("open", "--view", "--json")).json<{ address: string }>().address;
      await using reading = await browser.newContext({ viewport: phone, hasTouch: true });
      const other = await reading.newPage();
      await other.goto(link);
      await other.getByRole("heading", { level: 1, name: "Now" }).waitFor();
      await other.goto(address("/inbox"));
      await other.locator("article").first().waitFor();
      const events = await countOf("LandingApproved");
      await other.getByRole("button", { name: "Approve" }).first().tap();
      await other.locator(".notice.bad").waitFor();
      expect(await countOf("LandingApproved")).toBe(events);
      await other.goto(address("/board"));
      await other.getByText("Move…").first().tap();
      await other.locator(".move[open] button").last().tap();
      await other
        .getByText(/^No command|^Open the mission|^Start work on this|^Land this change/)
        .first()
        .waitFor();
    });
  });

  // By day, each of both once.
  for (const viewport of [phone, screen])
    for (const [scheme, language] of [
      ["light", "en"],
      ["dark", "zh"],
    ] as const)
      it.skipIf(!isNight && (viewport === phone) !== (scheme === "light"))(
        `fits and has no barrier at ${viewport.width} px, ${scheme}, ${language}`,
        async () => {
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme: scheme });
          await page.evaluate(`localStorage.setItem("aedev.language", "${language}")`);
          for (const path of [
            ...otherPages,
            "/",
            "/inbox",
            "/board",
            "/triage",
            "/new",
            `/missions/${changeId}`,
            `/missions/${planId}`,
          ]) {
            await page.goto(address(path));
            await page.locator("h1").waitFor();
            expect({ path, barriers: await barriers(), wide: await tooWide() }).toEqual({
              path,
              barriers: [],
              wide: [],
            });
          }
          await page.evaluate('localStorage.setItem("aedev.language", "en")');
        },
      );

  it("says that the daemon is gone, and comes back by itself with what happened since", async () => {
    await page.setViewportSize(screen);
    await page.goto(address("/board"));
    await page.getByText(/^as of/).waitFor();
    await page.evaluate("window.isSame = true");
    // The same address after the restart.
    laboratory.environment["AEDEV_PORT"] = String(apiOf(laboratory.home).port);
    await laboratory.must("daemon", "stop");
    const asked: IncomingMessage[] = [];
    const stranger = createServer((request, response) => {
      asked.push(request);
      response.setHeader("content-type", "application/json").end('{"proof":"00"}');
    });
    stranger.listen(Number(laboratory.environment["AEDEV_PORT"]), "127.0.0.1");
    await page.getByText("The daemon has not answered since").waitFor({ timeout: 20_000 });
    // A program that took the port was asked for a proof, and got no key.
    expect(asked.length).toBeGreaterThan(0);
    for (const { url, headers } of asked) {
      expect(url).toMatch(/^\/proof\/browser\?/);
      expect([headers["aedev-key"], headers.cookie]).toEqual([undefined, undefined]);
    }
    stranger.closeAllConnections();
    await new Promise((closed) => stranger.close(closed));
    await laboratory.must("daemon", "start");
    await submit("Add half() while nobody looked");
    await page.getByText("while nobody looked").waitFor({ timeout: 20_000 });
    await page.getByText("The daemon has not answered since").waitFor({ state: "detached" });
    expect(await page.evaluate("window.isSame")).toBe(true);
  });

  it("is signed out at once when the terminal says so", async () => {
    const { browsers } = (await laboratory.must("browser", "list", "--json")).json<{
      browsers: { session_id: string }[];
    }>();
    await laboratory.must("browser", "sign-out", browsers[0]?.session_id ?? "");
    await page.goto(address("/inbox"));
    await page.getByText("You are not signed in.").waitFor();
  });
});
