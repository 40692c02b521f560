/** The phone through ntfy: questions arrive, a tap comes back through the reply topic and decides once; no other reply decides anything. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { isNight } from "./support/is-night.ts";
import { registerSmallProject } from "./support/laboratory.ts";
import {
  type AskingHome,
  credential,
  missionId,
  openAskingHome,
  openClosedNtfy,
  replyTopic,
  seededTitle,
  taskId,
  tokenOf,
  tokenShape,
  topic,
} from "./support/phone.ts";

// Each test uses a daemon and some twenty processes.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

let home: AskingHome | undefined;
afterEach(async () => {
  await home?.[Symbol.asyncDispose]();
  home = undefined;
});

/** Writes to the reply topic, as anybody can. */
async function reply(asking: AskingHome, message: string, more: Record<string, string> = {}): Promise<number> {
  const response = await fetch(`${asking.ntfy.address}/${replyTopic}`, {
    method: "POST",
    headers: { "X-Message": message, ...more },
  });
  await response.body?.cancel();
  return response.status;
}
const statusOf = async (asking: AskingHome, place: number) =>
  (await asking.laboratory.mission(missionId(place))).status;

describe("a tap through the reply topic", () => {
  it("decides its question once; forgeries, spoofs and floods decide nothing and cause one event", async () => {
    home = await openAskingHome({ tasks: 3 });
    const asking = home;
    const push = await asking.asked(taskId(1));
    expect(push.title).toBe(`Land? ${seededTitle}`);
    expect(push.priority).toBe(5);
    expect(push.message).toContain("Risk: 18 % chance of harm (medium)");
    expect(push.message).toContain("Judges: openai pass, gemini pass");
    expect(push.actions.map(({ label, action, clear, body }) => ({ label, action, clear, body }))).toEqual([
      { label: "Approve", action: "http", clear: true, body: "" },
      { label: "Reject", action: "http", clear: true, body: "" },
    ]);
    const other = await asking.asked(taskId(2));
    const before = await asking.log();

    const token = tokenOf(push, "Approve");
    const variants = forgeries(token, tokenOf(other, "Approve"));
    console.log(`${variants.length} token variants through the reply topic`);
    expect(variants.length).toBeGreaterThanOrEqual(500);
    for (const variant of variants) expect(await reply(asking, variant)).toBe(200);
    const spoofs = [
      JSON.stringify({ id: "abcdefghijkl", event: "message", message: token }),
      JSON.stringify({ kind: "ApproveLanding", task_id: taskId(1) }),
      `{"token":"${token}"}`,
      `${token} ${token}`,
      `approve ${taskId(1)}`,
      "x".repeat(10_000),
    ];
    for (const spoof of spoofs) await reply(asking, spoof);

    // The topic is read in order: once this tap arrives, everything before it was read.
    const tapped = await asking.phone.tap(other, "Reject");
    expect(tapped.status).toBe(200);
    await expect.poll(() => statusOf(asking, 2)).toBe("rejected");
    expect(await statusOf(asking, 1)).toBe("asked");
    expect(await asking.count("ApprovalUsed")).toBe(1);
    expect(await asking.count("RepliesDropped")).toBe(1);
    const added = (await asking.log()).slice(before.length);
    expect(added.match(/"type":"\w+"/g)?.toSorted()).toEqual(
      ['"type":"ApprovalUsed"', '"type":"RepliesDropped"', '"type":"TaskRejected"'].toSorted(),
    );

    // The control: the very token whose variants were worthless.
    await asking.phone.tap(push, "Approve");
    await expect.poll(() => asking.count("LandingApproved")).toBe(1);
    const approvals = (await asking.log())
      .split("\n")
      .filter((line) => /"type":"(ApprovalUsed|LandingApproved)"/.test(line));
    expect(approvals.filter((line) => line.includes('"action":"approve"'))).toHaveLength(1);

    // A replay, or the other button of a decided approval, changes nothing and is explained once.
    await asking.phone.tap(push, "Approve");
    await asking.phone.tap(push, "Reject");
    const explained = await asking.phone.next(({ title }) => title === "That button did nothing");
    expect(explained).toMatchObject({ priority: 2, message: "This was already decided; nothing was changed." });
    await asking.phone.tap(await asking.asked(taskId(3)), "Reject");
    await expect.poll(() => statusOf(asking, 3)).toBe("rejected");
    expect(await asking.count("ApprovalUsed")).toBe(3);
    expect(await asking.count("LandingApproved")).toBe(1);
    expect(asking.phone.pushes.filter(({ title }) => title === "That button did nothing")).toHaveLength(1);

    await expectNoSecretKept(asking);
  });

  it("a tap made while the daemon was down decides after the next start, but not again after another", async () => {
    home = await openAskingHome({ tasks: 2 });
    const asking = home;
    const [first, second] = [await asking.asked(taskId(1)), await asking.asked(taskId(2))];
    await asking.phone.tap(first, "Reject");
    await expect.poll(() => statusOf(asking, 1)).toBe("rejected");
    await asking.laboratory.must("daemon", "stop");
    await asking.phone.tap(second, "Reject");
    expect(await statusOf(asking, 2)).toBe("asked");
    await asking.laboratory.must("daemon", "start");
    await expect.poll(() => statusOf(asking, 2)).toBe("rejected");
    const events = await asking.log();
    await asking.laboratory.must("daemon", "stop");
    await asking.laboratory.must("daemon", "start");
    await asking.ntfy.stop();
    await asking.ntfy.start();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const typesOf = (log: string) =>
      [...log.matchAll(/"type":"(\w+)"/g)]
        .map(([, type]) => type)
        .filter((type) => !["PlaneStarted", "DaemonStarted"].includes(type ?? ""));
    expect(typesOf(await asking.log())).toEqual(typesOf(events));
  });

  it.runIf(isNight)(
    "with a token that was superseded or has expired decides nothing; the newer token does",
    async () => {
      home = await openAskingHome({ tasks: 2, policies: "approvals: { expires_after: 12s, reminders: 1 }\n" });
      const asking = home;
      const [old, young] = [await asking.asked(taskId(1)), await asking.asked(taskId(1), 2)];
      const late = await asking.asked(taskId(2), 2);
      expect(tokenOf(old, "Reject")).not.toBe(tokenOf(young, "Reject"));
      await asking.phone.tap(old, "Reject");
      const superseded = await asking.phone.next(({ message }) => message.startsWith("A newer request replaced"));
      expect(superseded.priority).toBe(2);
      expect(await statusOf(asking, 1)).toBe("asked");
      await asking.phone.tap(young, "Reject");
      await expect.poll(() => statusOf(asking, 1)).toBe("rejected");
      await new Promise((resolve) => setTimeout(resolve, 13_000));
      await asking.phone.tap(late, "Reject");
      await asking.phone.next(({ message }) => message.startsWith("This request has expired"));
      expect(await statusOf(asking, 2)).toBe("asked");
      expect(await asking.count("ApprovalUsed")).toBe(1);
    },
  );
});

it("raises the budget that holds a task to the amount of its button, and the task continues", async () => {
  // The seeded task's run is the only one that the day allows.
  home = await openAskingHome({ tasks: 1, configuration: "# mine\nlimits: { day_runs: 1 }\n" });
  const asking = home;
  const { laboratory, phone } = asking;
  await registerSmallProject(laboratory);
  const id = await laboratory.submit("small", "Add half() to lib/add.js");
  const push = await phone.next(({ title }) => title.startsWith("Held:"));
  expect(push.message).toContain("runs (1 of 1: limits");
  expect(push.message).toContain("At the terminal: aedev budget raise limits.day_runs 2");
  expect(push.actions.map(({ label, action }) => [label, action])).toEqual([["Raise to 2 runs", "http"]]);
  const token = tokenOf(push, "Raise to 2 runs");
  for (const forged of forgeries(token, tokenOf(await home.asked(taskId(1)), "Approve")).slice(0, 20))
    await reply(home, forged);
  const file = join(laboratory.home, "config.yaml");
  expect(readFileSync(file, "utf8")).toContain("day_runs: 1");

  await phone.tap(push, "Raise to 2 runs");
  await expect.poll(() => asking.count("HoldReleased")).toBe(1);
  expect(readFileSync(file, "utf8")).toMatch(/# mine[\s\S]*day_runs: 2/);
  await expect.poll(async () => (await laboratory.mission(id)).tasks[0]?.runs.length).toBe(1);
  const released = (await home.log()).split("\n").find((line) => line.includes('"type":"HoldReleased"')) ?? "";
  for (const said of ['"raised":{"budget":"limits.day_runs","raise_to":"2"}', '"by":"phone"', '"way":"phone-reply"'])
    expect(released).toContain(said);
  await phone.tap(push, "Raise to 2 runs");
  const explained = await phone.next(({ title }) => title === "That button did nothing");
  expect(explained.message).toBe("This was already decided; nothing was changed.");
  expect(await home.count("ApprovalUsed")).toBe(1);
  await expectNoSecretKept(home);
});

describe.runIf(isNight)("a topic that strangers can read", () => {
  it("gets no token: the push says what to do at the terminal; a closed topic gets the buttons", async () => {
    home = await openAskingHome({
      tasks: 1,
      ntfy: await openClosedNtfy({ [topic]: "read-only" }),
      environment: { AEDEV_PUBLIC_URL: "https://aedev.example", AEDEV_APPROVAL_PORT: "0" },
    });
    const push = await home.asked(taskId(1));
    expect(push.actions).toEqual([]);
    expect(push.message).toContain("No buttons: anybody can read this topic");
    expect(push.message).toContain(`aedev task approve ${taskId(1)}`);
    const left = JSON.stringify(home.ntfy.received);
    expect(left).not.toMatch(tokenShape);
    expect(left).not.toContain("token=");
    const trial = await home.laboratory.run("notify", "test");
    expect(trial.exitCode).toBe(0);
    expect(trial.stdout).toContain("ANYBODY CAN READ IT");
    await expectNoSecretKept(home);
    await home[Symbol.asyncDispose]();

    home = await openAskingHome({
      tasks: 1,
      environment: { AEDEV_PUBLIC_URL: "https://aedev.example", AEDEV_APPROVAL_PORT: "0" },
    });
    const closed = await home.asked(taskId(1));
    expect(closed.actions.map(({ action, label, clear }) => [action, label, clear])).toEqual([
      ["http", "Approve", true],
      ["view", "Change…", false],
      ["http", "Reject", true],
    ]);
    for (const url of [...closed.actions.map((action) => action.url), closed.click])
      expect(url).toMatch(/^https:\/\/aedev\.example\/a\/a-[0-9a-z]{16}\?token=1\./);
    expect(JSON.stringify(home.ntfy.received)).toMatch(tokenShape);
    await expectNoSecretKept(home);
  });
});

describe("a push server that is away", () => {
  it.each(isNight ? ["answers 500", "is down", "redirects elsewhere"] : ["is down"])(
    "that %s: retried, shown as undelivered, delivered once when it is back",
    async (how) => {
      home = await openAskingHome({
        tasks: 1,
        environment: how === "redirects elsewhere" ? { AEDEV_NTFY_REPLY_TOPIC: "" } : {},
        prepare: async (ntfy) => {
          if (how === "is down") await ntfy.stop();
          if (how === "answers 500") ntfy.failWith(500);
          if (how === "redirects elsewhere") ntfy.failWith(307);
        },
      });
      const asking = home;
      const before = await asking.laboratory.mission(missionId(1));
      const undelivered = async () =>
        (await asking.laboratory.must("status", "--json")).json<{ undelivered: number }>().undelivered;
      await expect.poll(undelivered).toBe(1);
      expect((await asking.laboratory.must("status", "--plain")).stdout).toContain("1 push not delivered");
      if (how !== "is down")
        await expect
          .poll(() => asking.ntfy.received.filter(({ path }) => path.startsWith(`/${topic}`)).length, {
            timeout: 20_000,
          })
          .toBeGreaterThanOrEqual(2);
      const trial = await asking.laboratory.run("notify", "test");
      expect({ exitCode: trial.exitCode, said: trial.stdout.includes("NOT DELIVERED") }).toEqual({
        exitCode: 1,
        said: true,
      });
      expect(trial.stdout + trial.stderr).not.toContain(credential);
      expect(await asking.count("PushSent")).toBe(0);
      if (how === "is down") await asking.ntfy.start();
      asking.ntfy.failWith(null);
      await expect.poll(undelivered).toBe(0);
      const messages = asking.ntfy.messages(topic).filter(({ message }) => message.includes(taskId(1)));
      expect(messages).toHaveLength(1);
      expect(await asking.count("PushSent")).toBe(1);
      expect(await asking.laboratory.mission(missionId(1))).toEqual(before);
      await expectNoSecretKept(asking);
    },
  );
});

describe("an unclear mission on the phone", () => {
  it("is asked about after a while, answered by taps, approved by another tap, and starts", async () => {
    home = await openAskingHome({ tasks: 0, configuration: "notifications: { mission_delay: 1s }\n" });
    const { laboratory, phone } = home;
    await registerSmallProject(laboratory);
    const intake = await laboratory.run("intake", "fix the login bug", "--repo", "small", "--no-input", "--json");
    expect(intake.exitCode).toBe(4);
    const { mission_id: id } = intake.json<{ mission_id: string }>();
    const { questions } = (await laboratory.must("mission", "show", id, "--json")).json<{
      questions: { id: string; text: string; choices: string[] }[];
    }>();
    expect(questions.length).toBeGreaterThan(0);
    for (const [index, { id: question, text, choices }] of questions.entries()) {
      const push = await phone.next(({ message }) => message.includes(`${question}=TEXT`));
      expect(push.title).toBe(`${index + 1 < questions.length ? "Questions" : "Question"}: fix the login bug`);
      expect(push.message).toContain(text);
      expect(push.priority).toBe(5);
      expect(push.actions.map(({ label }) => label)).toEqual(
        choices.slice(0, 3).map((choice, at) => expect.stringContaining(`${at + 1}. ${choice.slice(0, 20)}`)),
      );
      // Not the first choice, because agreeing with every default says nothing about what is wanted.
      await phone.tap(push, push.actions[1]?.label ?? "");
    }
    const begin = await phone.next(({ title }) => title === "Start? fix the login bug", 20_000);
    expect(begin.message).toContain("It is done when:");
    expect(begin.actions.map(({ label }) => label)).toEqual(["Approve", "Reject"]);
    expect((await laboratory.mission(id)).status).toBe("awaiting_approval");
    await phone.tap(begin, "Approve");
    await expect.poll(async () => (await laboratory.mission(id)).tasks.length).toBe(1);
  });
});

describe.runIf(isNight)("a message that may wait", () => {
  it("is sent after quiet hours, not in them, and equal messages are folded", async () => {
    home = await openAskingHome({
      tasks: 1,
      configuration: `notifications: { quiet_hours: "${windowAroundNow()}" }\n`,
    });
    const asking = home;
    // A decision wakes a person; its landing that is held afterwards (there is no remote here) does not.
    await asking.phone.tap(await asking.asked(taskId(1)), "Approve");
    await expect.poll(() => statusOf(asking, 1)).toBe("held");
    const pushedHolds = () => asking.phone.pushes.filter(({ title }) => title.startsWith("Held:"));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(pushedHolds()).toHaveLength(0);
    expect((await asking.laboratory.must("status", "--plain")).stdout).toContain("1 push not delivered");

    await asking.laboratory.must("daemon", "stop");
    await asking.laboratory.configure("");
    await asking.laboratory.must("daemon", "start");
    const push = await asking.phone.next(({ title }) => title.startsWith("Held:"));
    expect(push).toMatchObject({ priority: 4, tags: ["warning"], actions: [] });
    const hold = await asking.laboratory.holdOf(missionId(1));
    expect(push.message).toContain("HOLD-");
    expect(push.message).toMatch(/What helps: .*aedev /);

    await asking.laboratory.must("hold", "release", hold);
    await expect.poll(async () => (await asking.log()).includes('"folded":true')).toBe(true);
    expect(pushedHolds()).toHaveLength(1);
    expect(await asking.laboratory.holdOf(missionId(1))).not.toBe(hold);
  });
});

describe.runIf(isNight)("aedev notify test", () => {
  it("says that all is well, or what is not", async () => {
    home = await openAskingHome({ tasks: 1 });
    const { laboratory, ntfy, phone } = home;
    await home.asked(taskId(1));
    const good = await laboratory.run("notify", "test", "--json");
    expect({ exitCode: good.exitCode, stderr: good.stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(good.json()).toEqual({
      ok: true,
      delivered: true,
      topic: "refused",
      buttons: true,
      way_back: "reply_topic",
      token: true,
      problems: [],
    });
    await phone.next(({ title }) => title === "aedev: a test");

    await laboratory.must("daemon", "stop");
    laboratory.environment["AEDEV_NTFY_REPLY_TOPIC"] = "nobody-may-write-here";
    await laboratory.must("daemon", "start");
    const oneWay = await laboratory.run("notify", "test");
    expect(oneWay.exitCode).toBe(1);
    expect(oneWay.stdout).toMatch(/the reply topic answered 403 to a message without credentials/);

    await laboratory.must("daemon", "stop");
    laboratory.environment["AEDEV_NTFY_TOKEN"] = "";
    await laboratory.must("daemon", "start");
    const missing = await laboratory.run("notify", "test");
    expect(missing.exitCode).toBe(1);
    expect(missing.stdout).toContain("AEDEV_NTFY_TOKEN is not set");
    expect(missing.stdout).toMatch(/the push server answered 403: .*aedev secrets set AEDEV_NTFY_TOKEN/);
    expect(missing.stdout).toContain("aedev config set notifications.topic null");
    expect(oneWay.stdout).not.toContain("aedev config set");

    await laboratory.must("daemon", "stop");
    laboratory.environment["AEDEV_NTFY_TOPIC"] = "";
    await laboratory.must("daemon", "start");
    const off = await laboratory.run("notify", "test");
    expect(off.exitCode).toBe(1);
    expect(off.stderr).toMatch(/no topic is configured.*\n {2}help: .*notifications\.topic/s);
    expect(ntfy.messages(topic).filter(({ title }) => title === "aedev: a test")).toHaveLength(2);
    const configured = (await home.log()).split("\n").filter((line) => line.includes('"type":"NotifierConfigured"'));
    expect(configured).toHaveLength(2);
    expect(configured.at(-1)).toContain('"digest":null');
  });
});

/** Every bit of every character flipped, cuts, additions, other spellings, and exchanged parts of two tokens; never the token itself. */
function forgeries(token: string, other: string): string[] {
  const flipped = [...token].flatMap((character, place) =>
    [1, 2, 4, 8, 16, 32, 64].map((bit) => {
      const code = character.charCodeAt(0) ^ bit;
      return code > 0x20 && code < 0x7f
        ? `${token.slice(0, place)}${String.fromCharCode(code)}${token.slice(place + 1)}`
        : "";
    }),
  );
  const parts = token.split(".");
  const exchanged = parts.map((_part, place) =>
    parts.map((part, index) => (index === place ? (other.split(".")[place] ?? "") : part)).join("."),
  );
  const cut = Array.from({ length: token.length - 1 }, (_, length) => token.slice(0, length + 1));
  const spelled = [
    `${token}.`,
    `${token}=`,
    `.${token}`,
    token.toUpperCase(),
    encodeURIComponent(`${token}\n`),
    token.replace(".approve.", ".reject."),
  ];
  return [...new Set([...flipped, ...exchanged, ...cut, ...spelled])].filter(
    (text) => text !== "" && text !== token && text !== other,
  );
}

/** The access token is in one header of requests to the server and nowhere else; a button's token is in no file. */
async function expectNoSecretKept({ laboratory, ntfy, log }: AskingHome): Promise<void> {
  const requests = ntfy.received.map(({ headers: { authorization: _token, ...headers }, ...rest }) => ({
    ...rest,
    headers,
  }));
  expect(JSON.stringify(requests)).not.toContain(credential);
  expect(await log()).not.toMatch(tokenShape);
  for (const { path, bytes } of laboratory.filesOfHome()) {
    expect({ path, token: tokenShape.test(bytes), credential: bytes.includes(credential) }).toEqual({
      path,
      token: false,
      credential: false,
    });
  }
}

function windowAroundNow(): string {
  const at = (minutes: number) => {
    const instant = new Date(Date.now() + minutes * 60_000);
    return `${String(instant.getHours()).padStart(2, "0")}:${String(instant.getMinutes()).padStart(2, "0")}`;
  };
  return `${at(-60)}-${at(60)}`;
}
