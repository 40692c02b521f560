/** English words of the cues. */
import type { Cues } from "./cue.ts";

export const englishCues: Cues = {
  suitable:
    "appropriate*, suitabl*, proper, properly, sensible, sensibly, reasonable, reasonably, decent*, adequate*, fitting, meaningful*, right way, where it belongs, as it should, the way it should, should be",
  too: "too long, too much, too many, too often, too slow, too big, too large, too high, too low, too few, too late, too early",
  tidy: "stable, robust*, resilient, reliab*, clean, clean up, simpl*, easier, easy, easily, smooth*, consistent*, uniform*, harmoni*, unify, readable, pretty",
  handle: "handle*, deal with, take care, treat, cope, manage, address, sort out",
  reduce: "reduc*, lower, cut down, bring down, decreas*, shrink, trim, less, fewer",
  raise: "increas*, raise, more, higher, longer, larger, bigger, wider, bump up, extend",
  inspect:
    "look at, have a look, take a look, check, check out, look into, investigat*, find out, see if, see whether, see what, analy*, review",
  someWay:
    "find a way, figure out, suggest, propose, come up with, think of, way to, some way, a way, solution, workaround, idea, ideas, option, options, whatever",
  harmless:
    "without hurting, without breaking, without annoying, without losing, can't lose, not hurt, not annoy*, doesn't hurt, no impact, side effect*, false positive*, nobody notic*",
  limitNoun: "limit, limits, threshold*, cap, ceiling, quota, budget, maximum, timeout, interval, rate",
  someTime:
    "after a while, for a while, long time, in good time, in time, a certain time, recently, some time, regularly, often, frequently, quickly, soon enough, long enough, inactive, inactivity, old, older, large, larger, small, big",
  several:
    "several, a few, few, some, various, a couple, certain, part of, parts, different, multiple, many, most, half",
  alternatives: "or, either, alternatively",
  whether: "whether, if we, if it is",
  unknown:
    "don't know, not sure, no idea, unsure, unclear, don't remember, forgot, no longer find, can't say, open question, unknown, guess, i think, might, may be, supposedly, apparently",
  saying:
    "says, said, claims, insists, prefers, wants, want, asked for, argue*, disagree*, opinion*, vote*, one half, other half, others, some people, both sides, the other",
  persons:
    "boss, manager, customer, customers, client, clients, user, users, people, everybody, everyone, team, sales, marketing, legal, compliance, finance, support, management, ops, colleague*, board, guys, partner, partners",
  pressure:
    "asap, urgent*, by friday, by monday, by tomorrow, today, tonight, deadline, quickly, immediately, before the release, this sprint, priority, end of day",
  complaint:
    "complain*, annoying, ugly, embarrass*, hate*, confus*, terrible, awful, horrible, messy, mess, hard to, painful, nobody understands, unreadable, weird, strange, bad, worse, hurts, yelling, ridiculous",
  unseen:
    "attached, attachment, screenshot, figma, mockup, mock-up, wireframe, drive, spreadsheet, sheet, wiki, notion, confluence, slides, deck, email, mail, meeting, call, thread, discussion, discussed, as agreed, talked about, mentioned, list on, design document, proposal, whiteboard, chat, slack, standup, survey, photo",
  again:
    "again, still, once more, same as, like last time, last week, last time, previous, earlier, before, that thing, the thing, stuff, the usual, as usual, as always",
  accordingTo:
    "according to, as per, per the, in line with, compliant, comply, regulation*, policy, rules, requirements, norm, standard*, law, guideline*, spec, contract, gdpr",
  sameAs:
    "same as, like the, just like, exactly like, as in, as with, similar, same way, consistent with, copy of, analog*",
  otherThing: "other, another, else, something else, differently, different one, otherwise",
  needed:
    "needed, necessary, required, important, essential, relevant, critical, main, worth, makes sense, matter, useful, interesting, really need, actually used, no longer needed, still needed, unnecessary, redundant, superfluous, leftover*",
  except: "except, unless, apart from, other than, but not, not for everyone, excluding, save for, without",
  asPossible:
    "as possible, as much as, as many as, as fast as, if possible, where possible, ideally, at least somewhat, best",
  enough:
    "enough, sufficient*, that's all, good enough, fine, is ok, is fine, will do, would be enough, no need, don't care, doesn't matter, up to you, your choice",
  because: "because, since, due to, as we, that's why, caused by, reason, thanks to, so the, the cause",
  fromTo:
    "from, to, into, instead of, rather than, in place of, not, becomes, turn into, change to, as in, replaced by",
  mustStay:
    "unchanged, stay*, keep, keeps, as is, as it is, remain*, leave, untouched, same result, identical, byte for byte, nothing else, existing, already, as before, like today",
  mustNot:
    "must not, should not, shouldn't, don't, do not, never, no longer, not allowed, forbidden, stop, cannot be, no more",
  sequence: "then, after that, afterwards, first, second, next, finally, when, if, once, until, otherwise, else",
  position:
    "below, above, next to, beside, under, at the top, at the bottom, top right, on the left, on the right, in front, behind, between, inside, header, footer, first line, at the end, corner, in brackets",
  format:
    "ascending, descending, alphabetical*, uppercase, lowercase, format, iso, utf-8, utf8, utc, decimal*, digit*, thousand*, comma, semicolon, prefix, suffix, red, green, grey, gray, yellow, blue, bold, rounded, pixel*, characters",
  numberWord: "one, two, three, four, five, six, both, single, twice, once, double, zero, second, third, half",
  settledFact:
    "decided, agreed, settled, final, approved, confirmed, turns out, result, the answer, we'll go with, going with, it's official, signed off",
  future:
    "will tell, will send, will decide, next week, tomorrow, later, soon, coming, upcoming, will be announced, follows, to come, waiting, pending, planned, not yet, until then",
  courtesy:
    "would like, would be nice, would be cool, would be great, could we, can we, can you, please, need, needs, we need, it'd be, let's",
  asking: "why, how, what, which, who, where, when did, does anyone",
  everything: "all, every, everywhere, entire, whole, everything, complete*, throughout, across, full",
  aspect:
    "performance, security, quality, experience, ux, ui, design, look, layout, structure, architecture, logic, behaviour, behavior, cost, costs, load, memory, code, text, wording, style, flow, process, naming",
  adjust:
    "adjust*, adapt*, tweak, tune, fix up, align, correct, rework, revise, update, refresh, extend, rethink, redo, refine, rewrite, rewritten, modernize, overhaul, review",
  ability: "support, allow, be able to, can, could, possible, make it possible, let users, enable",
  self: "i, i'd, i'm, my, me",
  we: "we, our, us, we're, we've",
  they: "they, them, their, he, she, him, her",
  pointing: "this, that, these, those, it, the one, the ones, one of",
  should: "should, ought",
  must: "must, has to, have to, needs to, required",
  show: "show*, display*, print*, list*",
  giveBack: "return*, yield*, respond*, gives, give back, comes back",
  save: "save*, store*, persist*, write*, writes",
  send: "send*, sent, email*, notif*, message*, alert*, warn*",
  click: "click*, press*, tap*, select*, type, enter",
  fail: "fail*, crash*, break*, breaks, dies, died, red, throws, throw, exception",
  wrong: "wrong*, incorrect*, not right, off, mismatch*, inconsistent*, differ*",
  missing: "missing, lacks, lack, there is no, isn't there, absent, without a",
  empty: "empty, null, blank, nothing, zero, none",
  current: "currently, right now, at the moment, today, now, so far, until now",
  newThing: "new, newer, newest, latest",
  versionNoun: "version, versions, release, upgrade*, bump*, migrat*",
  delete: "delete*, remove*, drop, get rid, kill, throw out",
  naming: "rename*, name, names, named, called, call it",
  moveOut: "move, moves, extract*, split*, into its own, separate*",
  tests: "test, tests, coverage, assert*, unit test",
  docs: "readme, docs, documentation, comment*, guide, changelog, section, chapter, page",
  control: "button*, link, menu, icon, dialog, popup, modal, tab, checkbox, dropdown, tooltip",
  field: "field*, column*, row, rows, table, cell, entry, entries, record*",
  page: "page, pages, screen, form, view, list, header, dashboard, home",
  errorNoun: "error*, message, messages, warning*, exception",
  date: "date, time, day, days, month, timezone, hour, hours, week, year",
  sum: "amount*, price*, total*, sum, tax, vat, discount*, count, number of, percent*",
  defaultValue: "default*, standard, initial",
  sorting: "sort*, order*, filter*, search*, group*",
  setting: "config*, setting*, option*, flag*, variable, env, environment",
  build: "ci, pipeline, build, builds, deploy*, docker, image, workflow, lint",
  speedNoun: "slow*, fast*, takes, seconds, speed, load time, latency, cpu, ram",
  only: "only, just, solely, alone, merely",
  also: "also, too, as well, plus, in addition, and also, additionally",
  already: "already, existing, we have, there is, exists",
  but: "but, however, though, although, on the other hand, at the same time",
  somehow: "somehow, some kind, sort of, kind of, somewhere, something, someone, anything, whatever, stuff",
  duplicate: "duplicate*, twice, redundant, copy, copies, copied, repeated",
  unusedThing: "unused, dead, legacy, deprecated, obsolete, no longer used, nobody uses, not used, outdated, stale",
  environment: "ready, works for, go live, launch, release, production, prod, staging",
  depends:
    "depends, depending, case by case, situation, in some cases, sometimes, occasionally, now and then, randomly, from time to time",
  access: "secure*, protect*, lock, block, restrict*, permission*, access, role*, auth*, token",
  automatic: "automat*, smart, intelligent*, clever*, magic*, by itself, dynamic*, self",
  expectedValue: "correct is, expected, expect, actual, instead, got, wanted",
  evidence: "steps, reproduce*, repro, example, e.g, for instance, log, logs, trace, output, since",
  middle: "in between, balance*, trade-off, tradeoff, compromise, middle ground, sweet spot, within reason",
  superlative: "most, best, worst, biggest, largest, common, typical, popular, top, frequent, interesting",
  notAll: "not everything, not everyone, not all, not every, some of it, only some, not for all, certain",
  real: "real, realistic, actual, actually, true, genuine, proper",
  knows: "knows, has the list, has it, ask, will know, can tell, remembers",
  oneOf: "one of them, one of the, either one, only one, pick one, keep one, one has to",
  about: "about, around, roughly, approx*, circa, ish, some, at least some",
  tolerance: "generous*, strict*, tolerant, lenient, loose*, aggressive*, gentle, careful*, tight*, noisy, sensitive",
  cases: "edge case*, corner case*, special case*, cases, case, scenario*, situation*",
  without: "without, no need, free of, w/o",
  exactly: "exactly, verbatim, literally, precisely, character for character",
  always: "always, every time, each time, every, constantly, whenever, per",
  restore: "restore, back, bring back, revert, undo, come back, recover",
  onOff: "turn on, turn off, enable*, disable*, switch on, switch off, activate, deactivate, on, off",
  refuse: "reject*, refus*, deny, denied, block, forbid, error out, 403, 409, 422, 404, 400",
  visible: "visible, hidden, hide, appear*, disappear*, greyed, disabled, readable, see, sees",
  title: "says, reads, called, titled, labelled, label, caption, wording, spelled, heading, title",
  both: "both, same time, as well as, and also must, nor",
  purpose: "so that, in order to, to avoid, to make, for the, because of this, such that",
  feeling: "feel*, seem*, look*, sense, appear*, sluggish, heavy, fluid, comfortable, pleasant",
  business: "contract*, pricing, campaign*, season, legal, audit*, invoice*, order*, booking*, payment*",
};
