/** English words for reading requests. */
import type { Lexicon } from "./lexicon.ts";

export const englishWords: Lexicon = {
  common:
    "the, a, an, of, in, on, to, is, are, be, and, or, for, with, from, when, if, it, its, this, that, should, must, we, our, not, as, by, at, into, instead, please",
  letters: "",
  headings:
    "acceptance criteria, acceptance criterion, acceptance, criteria, criterion, requirement, requirements, definition of done, done when, it is done when, expected behaviour, expected behavior, expected result, expected results, expected outcome",
  words: {
    fix: "fix, fixes, fixing, repair*, correct, bug, bugfix, debug, resolve, solve, patch, hotfix",
    add: "add, adds, adding, create, implement*, introduce, support, provide, allow, enable, build, make, let, show, expose, accept, emit, write, print, log, return, extend, include, handle, generate, export, display, sort, validate, reject, refuse, cache, retry, limit, paginate, register, publish, offer, give",
    rename: "renam*, call it, change the name, change name",
    remove: "remov*, delet*, drop, drops, dropping, get rid of, strip, uninstall, eliminate, purge, retire",
    upgrade: "upgrad*, bump*, update, updat*, pin, downgrad*, migrate, switch to version",
    refactor:
      "refactor*, restructur*, extract*, split*, inline, deduplicat*, simplify, convert, rewrite, reorganis*, reorganiz*, merge, decouple, factor out, pull out, clean up, cleanup, turn into, turn it into",
    document: "document, documents, documenting, describe, explain in, mention",
    speed: "faster, speed up, performance, optimi*, slow, slower, latency, perf, benchmark*, memory usage",
    set: "set, sets, raise, lower, increase, decrease, reduce, bump, change, configure, turn on, turn off, enable, disable, default to, switch",
    replace: "replac*, swap, substitut*, switch, migrate, use, change, convert",
    move: "move, moves, moving, relocat*, extract*, split*, put",
    testNoun: "test, tests, testing, unit test, spec, specs, coverage, test case*, regression test, cover",
    docNoun:
      "readme, documentation, docs, docstring*, changelog, comment, comments, jsdoc, section, guide, chapter, tutorial, faq, contributing",
    dependency:
      "dependency, dependencies, package, packages, library, version, devdependency, lockfile, peer dependency",
    typo: "typo*, misspel*, spelling, spelled, wording, grammar",
    expected:
      "should, must, shall, expect, expected, expects, ought to, has to, have to, needs to, need to, so that, supposed to, is to, are to, want, correct is, correct would be, rather than, instead of, instead, would be right",
    contrast:
      "but, instead, although, however, while, yet, currently, actually, actual, now, today, at the moment, got, rather than, still, even though, whereas, no longer, stays, remains, keeps",
    symptom:
      "crash*, throw*, throws, fail*, hang, hangs, hung, freez*, broken, wrong, wrongly, error, errors, exception, missing, twice, duplicat*, never, ignor*, loses, lost, leak*, empty, blank, incorrect*, off by one, returns, prints, shows, starts, stops, double, overflow*, truncat*, cut off, not found, times out, timeout, deadlock*, 404, 500, nan, undefined, doesn't, does not, cannot, can't, won't, isn't",
    broken:
      "broken, doesn't work, does not work, not working, isn't working, stopped working, acts up, weird, strange, flaky, buggy, bug, bugs, issue, issues, problem, problems, something is wrong, fails sometimes",
    condition:
      "when, if, whenever, unless, before, after, as soon as, once, while, during, until, on click, in case, given, where, even if, then, as long as, otherwise, every time, each time, by default, per",
    observable:
      "return*, print*, show*, display*, exit*, throw*, logs, logged, reject*, refus*, accept*, contain*, sort*, round*, ignor*, keep*, kept, skip*, store*, save*, send*, open*, close*, render*, output*, emit*, write*, read*, respond*, match*, equal*, appear*, disappear*, disabled, enabled, visible, hidden, redirect*, truncat*, trim*, stop*, start*, raise*, fail*, pass, passes, delete*, remove*, create*, warn*, call*, count*, escape*, include*, ask*, confirm*, wait*, retr*, limit*, prefix*, suffix*, format*, parse*, convert*, encode*, decode*, validat*, link*, point*, say*, preserv*, group*, filter*, highlight*, download*, upload*, cover*, disable*, enable*, lists, listed, uses",
    unchanged:
      "without behaviour change, without behavior change, without changing behaviour, without changing behavior, without changing the behaviour, without changing the behavior, without any behaviour change, without any behavior change, without changing its behaviour, without changing its behavior, no behaviour change, no behavior change, no behavioural change*, no behavioral change*, no functional change*, behaviour stays, behavior stays, behaviour must stay, behavior must stay, behaviour must not change, behavior must not change, behaviour unchanged, behavior unchanged, behaviour stays the same, public api stays, public api unchanged, api unchanged, signature unchanged, existing tests pass, existing tests stay green, existing tests must, tests stay green, tests keep passing, tests pass unchanged, pure refactor*, pure move, same behaviour, same behavior, behaviour identical, output unchanged, output stays, callers unchanged, existing tests unchanged, without touching, tests still pass, tests green, without changing, unchanged, leave the, stays as is, stay as is, stays as it is, behaves as before, leave everything else, nothing else changes, must not change, has to be identical, must be identical, byte-identical, byte identical, no api change, ci must pass",
    limit: "only, nothing else, no other, nowhere else, alone",
    compare:
      "under, below, at most, at least, less than, more than, no more than, fewer than, within, up to, above, maximum, minimum, exceed*, twice, over the",
    into: "to, into, as, with, by, at",
    vague:
      "improv*, better, nice, nicer, nicely, pretty, modern*, cleaner, clean up, cleanup, tidy up, polish*, enhanc*, optimi*, faster, quicker, snappier, snappy, smoother, smooth, intuitive, user friendly, friendlier, friendly, robust, more robust, more reliable, reliable, maintainable, readable, more readable, readability, elegant, professional, properly, correctly, simpler, sensible, sleek, fancy, state of the art, best practices, scalable, scale better, more secure, safer, easier, tidy, beautiful*, attractive, appealing, performant, efficient, lightweight, usable, fresher, streamlin*, revamp*, overhaul*, moderni*, pleasant, ugly, messy, a mess, confusing, clunky, annoying, outdated, slick, up to date, makes sense, less cluttered, production ready, future proof, high quality, world class, delightful, feels, look and feel, rework, more consistent, more flexible, clean code, old stuff, old code, dead code, edge cases, corner cases, helpful, useful, gracefully, what matters",
    placeholder:
      "sensible, reasonable, appropriate, appropriately, suitable, something, some kind of, some sort of, adequate, acceptable, a good value, whatever, as needed, as necessary, where necessary, as appropriate, tbd, xxx, as you see fit, you think, if necessary, where needed, good default*, right value, meaningful, fitting, a bit, a little, somehow, a little higher, a bit higher, much higher, longer, something better, work again, works again, use less, less memory, fewer",
    hedge:
      "maybe, perhaps, or something, something like, or similar, or so, or maybe, whichever, not sure, might be, could be, i think, i guess, probably, possibly, or the like, not decided, undecided, up to you, your choice, you decide, feel free, think about, what do you think, or whatever, etc, and so on, and stuff, and such, stuff, various, someday, at some point, kind of, sort of, we could, i wonder, ideas, suggestions, one of, whatever works, sometimes, occasionally, from time to time",
    undecided:
      "not decided, undecided, haven't decided, hasn't decided, have not decided, not yet decided, yet to decide, to be decided, to be defined, to be agreed, to be determined, tbd, tbc, still open, still deciding, hasn't picked, haven't picked, not picked, don't know, do not know, doesn't know, nobody knows, no idea, not sure, unsure, either way, whichever, whatever fits, whatever you think, no preference, not attached, don't mind, couldn't tell you, can't tell, opinions differ, argues for, part of me, someone needs to decide, still being discussed, under discussion, haven't agreed, hasn't been agreed, not agreed, not final, not finalised, not finalized, no decision, we're torn, torn between, not settled, up for debate, hasn't confirmed, haven't confirmed, will decide, have to decide, needs deciding, open question, don't care how, don't care which, your call, you pick, you choose, tell me which, haven't figured, still arguing, later decide, can't agree, can't decide, what do you think, let me know what, remains to be, hasn't said, didn't say, hasn't been decided, isn't decided, isn't clear, not clear, left open, still pending, pending decision, is unclear, unclear which, unclear whether, we disagree, someone has to decide, someone must decide, which one is right, says one thing, in negotiation, we'll see later, yet to be, to be confirmed, up in the air",
    deferred:
      "as discussed, as we discussed, we discussed, we talked about, talked about, as agreed, we agreed, like last time, as last time, last time, like yesterday, as before, like before, as mentioned, mentioned above, see above, see below, see ticket, see issue, see the ticket, see the issue, see link, see thread, in the ticket, in the issue, in the meeting, from the meeting, as usual, the usual, you know, you know what, same as always, per our conversation, our call, in slack, on slack, from slack, the email, my email, in the doc, the design doc, according to the spec, according to the ticket, the mockup, mockups, in figma, figma, see attached, as described, what i said, he said, she said, told you, customer said, the client wants, same way, like the other, the other one, do the same, the rest of it, that thing, the thing, like in the old, as requested, requested in, review comments, that problem, the one from, the ticket says, you did, the tickets, the issue says, listed there, follow up, work like before, work as before, from yesterday, in the attachment, in the screenshot, from the sync, like it used to, same bug",
    interrogative:
      "why, how, what, which, who, where, when, is, are, does, do, did, has, have, should we, should i, is it, is there, are there, can i, could it, would it, whose, was, were, should, am",
    inquiry:
      "explain, tell me, investigate, look into, look at, find out, figure out, research, analyse, analyze, evaluate, assess, check whether, check if, check why, check, take a look, have a look, review, summarize, summarise, compare, advise, recommend, suggest, propose, brainstorm, explore, what about, understand, help me understand, walk me through, describe how, list the, discuss, audit, think about, come up with, decide",
    polite: "can you, could you, would you, will you, can we, could we, please, may you, would you mind",
  },
};
