/** The approval pages: what each form decides, to whom a text is attributed, and that no text becomes markup. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderApprovalPage, renderNewMissionPage, renderResultPage } from "../../src/index.ts";
import { budgetPage, landingPage, newMissionPage, planPage, questionPage, specificationPage } from "./sample-pages.ts";

/** Each form of a page: the fields that it posts, and the text of its button. */
function formsOf(page: string) {
  return [...page.matchAll(/<form method="post" action="\?token=([^"]*)">(.*?)<\/form>/gs)].map(
    ([, token, form = ""]) => ({
      token,
      fields: [...form.matchAll(/<(?:textarea|input|button)\b[^>]* name="([\w-]+)"/g)].map(([, name]) => name),
      button: /<button[^>]*>([^<]*)</.exec(form)?.[1],
    }),
  );
}

describe("the page of a change", () => {
  it("gives the page of a change a separate form and token to approve, to send back with words and to reject", () => {
    const page = renderApprovalPage(landingPage("x"));
    expect(formsOf(page)).toEqual([
      { token: "token-to-approve", fields: [], button: "Approve" },
      { token: "token-to-change", fields: ["words"], button: "Send it back" },
      { token: "token-to-reject", fields: ["words"], button: "Reject it" },
    ]);
    expect(page).toMatch(/<summary class="button ">Change…<.*<summary class="button reject">Reject</s);
    expect(page).not.toContain('<details name="decision" open>');
    expect(page).toMatch(/<textarea id="change-words"[^>]* required/);
    expect(page).not.toMatch(/<textarea id="reject-words"[^>]* required/);
  });

  it("shows no form for a decision that the reader's token does not allow", () => {
    const tokens = { approve: null, change: null, reject: null };
    expect(formsOf(renderApprovalPage({ ...landingPage("x"), tokens }))).toEqual([]);
    expect(formsOf(renderApprovalPage({ ...landingPage("x"), tokens: { ...tokens, approve: "t" } }))).toMatchObject([
      { token: "t" },
    ]);
    const change = renderApprovalPage({ ...landingPage("x"), tokens: { ...tokens, change: "t" } });
    expect(change).toContain('<details name="decision" open>');
  });

  it("asks for the operator's token before a decision that needs it, and offers it before the others", () => {
    const fieldsOf = (sign_in: "none" | "possible" | "approve" | "write") => {
      const forms = renderApprovalPage({ ...landingPage("x"), sign_in })
        .split("<form")
        .slice(1);
      return forms.map((form) => /name="operator_token"[^>]*>/.exec(form)?.[0].includes("required") ?? null);
    };
    expect(fieldsOf("none")).toEqual([null, null, null]);
    expect(fieldsOf("possible")).toEqual([false, false, null]);
    expect(fieldsOf("approve")).toEqual([true, false, null]);
    expect(fieldsOf("write")).toEqual([true, true, null]);
  });

  it("shows the chance of harm with the three largest shares for and against it on the page of a change", () => {
    const page = landingPage("x");
    const shares = [
      ["start", -200],
      ["riskier_history", 40],
      ["code_without_test", 60],
      ["unneeded_code", 1800],
      ["untested_ways", 1200],
      ["tests_can_fail", -1000],
    ] as const;
    const risk = { risk_score: 1900, score_kind: "log-odds", level: "high" } as const;
    const named = shares.map(([factor, points]) => ({ factor, points, why: `why ${factor}` }));
    const html = renderApprovalPage({ ...page, risk: { ...risk, shares: named }, verdicts: [] });
    expect(html).toContain("<p>87 % chance of harm (high)</p>");
    const [first = "", more = ""] = html.split("2 smaller shares");
    const namesIn = (part: string) =>
      [...part.matchAll(/>(raises|lowers) it: <\/span> (.*?)</gu)].map(([, sign, name]) => `${sign}: ${name}`);
    expect(namesIn(first)).toEqual([
      "raises: parts of the changed code that the tests pass without",
      "raises: ways through the changed code that no test takes",
      "lowers: tests of the base were shown able to fail",
    ]);
    expect(first).toContain("tests of the base were shown able to fail</summary><p>why tests_can_fail</p>");
    expect(namesIn(more)).toEqual([
      "raises: code changes, but no test",
      "raises: changes like this one needed a later fix more often than usual",
    ]);
    expect(html).not.toContain("why start");
    expect(html).toContain("<dt>Judges</dt><dd><p>none asked</p>");
    expect(renderApprovalPage(page)).toContain(">1 of 1 passed<");
    const unsure = [...page.verdicts, { family: "gemini", model: "m", verdict: "inconclusive", detail: null } as const];
    expect(renderApprovalPage({ ...page, verdicts: unsure })).toContain(">1 of 2 passed, not gemini<");
  });

  it("says what is missing on the page of a change: tests, effects on tests, the risk, the right to write", () => {
    const page = { ...landingPage("x"), checks: null, test_changes: null, reasons: [] };
    const commit = { ...page.commit, may_push: false, way: "pull-request" as const };
    const html = renderApprovalPage({
      ...page,
      commit,
      risk: { risk_score: null, score_kind: null, level: null, shares: [] },
    });
    for (const text of [
      "The evidence has no test results.",
      "The evidence does not say.",
      "The policy never merges a change like this automatically.",
      "<dt>Risk</dt><dd><p>unknown</p>",
      "aedev repo add --allow-writes",
      "through a pull request",
    ]) {
      expect(html).toContain(text);
      expect(renderApprovalPage(landingPage("x"))).not.toContain(text);
    }
  });
});

describe("the page of a question", () => {
  it("quotes a coder's question as the coder's, on a page without a form that approves or rejects", () => {
    const page = renderApprovalPage(questionPage("Tap Approve?", "coder"));
    expect(page).toMatch(/The coder asks, in its own words.*<legend class="said quoted">Tap Approve\?<\/legend>/s);
    expect(page).not.toMatch(/\.(approve|reject)\.|token-to-(approve|reject)/);
    expect(formsOf(page).map(({ token }) => token)).toEqual(["token-to-answer"]);
    const own = renderApprovalPage(questionPage("Which file?", "aedev"));
    expect(own).not.toContain('quoted"');
    expect(own).toContain("Before work starts");
  });

  it("puts all questions in one form, with aedev's default selected at first, but never a coder's", () => {
    const page = (asked_by: "aedev" | "coder") => ({ ...questionPage("Which file?", asked_by), returned: null });
    const own = renderApprovalPage(page("aedev"));
    expect(formsOf(own)).toEqual([
      {
        token: "token-to-answer",
        fields: ["choice-q1", "choice-q1", "answer", "choice-q2", "choice-q2", "answer-q2"],
        button: "Send answers",
      },
    ]);
    const radios = (html: string) =>
      [...html.matchAll(/<input type="radio" name="([^"]+)" value="([^"]+)"( checked)?>/g)].map(
        ([, name, value, checked]) => `${name}=${value}${checked ?? ""}`,
      );
    expect(radios(own)).toEqual(["choice-q1=0", "choice-q1=1 checked", "choice-q2=0", "choice-q2=default checked"]);
    expect(own).toContain("<span>none of them (default)</span>");
    expect(radios(renderApprovalPage(page("coder")))).toEqual(["choice-q1=0", "choice-q1=1"]);
  });

  it("returns a refused form with the reason and the written texts", () => {
    const returned = { problem: "target: no place", fields: { "choice-q1": "0", "answer-q2": "<b>here" } };
    const page = renderApprovalPage({ ...questionPage("Which file?", "aedev"), returned });
    expect(page).toContain('role="alert">Not taken: target: no place</p>');
    expect(page).toMatch(/name="choice-q1" value="0" checked>/);
    expect(page).toContain("&lt;b&gt;here</textarea>");
    expect(renderApprovalPage({ ...questionPage("Which file?", "aedev"), returned: null })).not.toContain("alert");
  });

  it("shows one answer to a reader whose token gives only that answer", () => {
    const choice = { text: "one", token: "token-of-choice-0" };
    const page = renderApprovalPage({ ...questionPage("Which file?", "aedev"), answer_token: null, choice });
    expect(formsOf(page)).toEqual([{ token: "token-of-choice-0", fields: [], button: "Answer: one" }]);
  });
});

describe("the page of a specification", () => {
  it("marks aedev's own criterion on the page of a specification, and asks whether work starts", () => {
    const page = renderApprovalPage(specificationPage("x"));
    expect(page).toContain("a new test shows it <strong>(default: no criterion was given, so aedev wrote this one)");
    expect(page).toContain("Start work on this in repo?");
    expect(formsOf(page)).toEqual([
      { token: "token-to-approve", fields: [], button: "Approve" },
      { token: "token-to-change", fields: ["words"], button: "Send it back" },
      { token: "token-to-reject", fields: ["words"], button: "Reject it" },
    ]);
  });
});

describe("the page of a plan", () => {
  it("shows every part with what it waits for, its files and its whole specification, and the rule about failures", () => {
    const page = renderApprovalPage(planPage("Grow the library"));
    const [head = "", first = "", second = ""] = page.split('<section class="part">');
    expect(head).toContain("Start work on this plan of 2 parts?");
    expect(first).toContain("<h2>first: Grow the library</h2>");
    expect(first).toMatch(/Waits for<\/dt><dd><p>nothing<.*Files<\/dt><dd><ul class="plain"><li><code>Grow/s);
    expect(second).toMatch(/Waits for<\/dt><dd><p>first \(same files\)<.*Files<\/dt><dd><p>not named/s);
    expect(second).toContain("Only the folder <code>Grow the library</code> is registered");
    for (const part of [first, second])
      for (const said of ["<code>m-0000000000000001</code>", "Done when</h3>", "Questions and answers</h3>"])
        expect(part).toContain(said);
    expect(page).toContain("No other part starts.");
    const plan = { on_failure: "independent" as const, parts: [] };
    expect(renderApprovalPage({ ...planPage("x"), plan })).toContain("do not start; the others do.");
  });

  it("offers to approve or reject the whole, and says how a part is changed", () => {
    const page = renderApprovalPage(planPage("Grow the library"));
    expect(formsOf(page).map(({ token }) => token)).toEqual(["token-to-approve", "token-to-reject"]);
    expect(page).toContain("<code>aedev mission send-back PART --reason TEXT</code>");
  });
});

describe("the page of a budget", () => {
  it("shows the use of a budget, its present and new limit, what is released, and one form", () => {
    const page = renderApprovalPage(budgetPage("Close the hole"));
    for (const said of ["$20.13 today", "$20 now", "Raise limits.day_usd to $40?", "1 hold of this budget is released"])
      expect(page).toContain(said);
    expect(formsOf(page)).toEqual([{ token: "token-to-raise", fields: [], button: "Raise to $40" }]);
  });

  it("shows no budget form to a reader who may only look, a token field if one is needed, and bounded lists", () => {
    const given = budgetPage("Close the hole");
    expect(formsOf(renderApprovalPage({ ...given, raise_token: null }))).toEqual([]);
    expect(renderApprovalPage({ ...given, sign_in: "approve" })).toMatch(/name="operator_token"[^>]*required/);
    const many = Array.from({ length: 23 }, () => ({ hold_id: "h-1", mission_title: "Close", detail: "usd" }));
    const page = renderApprovalPage({ ...given, holds: many, limit: null, used_at_least: true });
    for (const said of ["23 holds of this budget are released", "and 3 more", "none now", "at least $20.13"])
      expect(page).toContain(said);
  });
});

describe("the page for a new mission", () => {
  it("shows one form for a new mission, with the written texts if it came back", () => {
    const page = renderNewMissionPage(newMissionPage("<b>"));
    expect(formsOf(page)).toEqual([
      { token: "token-of-link", fields: ["request", "text", "criteria"], button: "Submit this mission" },
    ]);
    expect(page).toContain('<option value="shop" selected>shop</option>');
    expect(page).toContain("&lt;b&gt;</textarea>");
    expect(page).not.toContain("token-to-approve");
    const empty = renderNewMissionPage({ ...newMissionPage("x"), returned: null });
    expect(empty).not.toMatch(/alert|selected/);
    expect(formsOf(renderNewMissionPage({ ...newMissionPage("x"), repositories: [] }))).toEqual([]);
  });
});

describe("every page", () => {
  it("lets no text on any page become markup or hide characters from the reader", () => {
    const tags = (page: string) => page.replace(/>[^<]*/g, ">").replace(/value="[^"]*"/g, "");
    const plain = pagesOf("x").map(tags);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        const pages = pagesOf(`<script>${text.replace(/[\n\r]/g, "")}"'</script>`);
        expect(pages.map(tags)).toEqual(plain);
        for (const page of pages) expect(page).not.toMatch(/<script|(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });
});

function pagesOf(text: string): string[] {
  return [
    renderApprovalPage(landingPage(text)),
    renderApprovalPage(specificationPage(text)),
    renderApprovalPage(planPage(text)),
    renderApprovalPage(questionPage(text, "coder")),
    renderApprovalPage(questionPage(text, "aedev")),
    renderApprovalPage(budgetPage(text)),
    renderNewMissionPage(newMissionPage(text)),
    renderResultPage({ title: text, message: text, next: text, commands: [text] }),
  ];
}
