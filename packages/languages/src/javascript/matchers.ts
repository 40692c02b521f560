/** Ranks how much each assertion method of the JavaScript test libraries pins down, on the scale of `Assertion.strength`. Only the order matters. */

const byName = new Map<string, number>();
const rank = (strength: number, names: string) => {
  for (const name of names.split(" ")) byName.set(name, strength);
};
rank(
  60,
  "toBe toStrictEqual strictEqual deepStrictEqual partialDeepStrictEqual is strictSame eql toBeNull toBeNaN null toBeUndefined undefined toHaveLength lengthOf rejects.value calledWithExactly toHaveBeenNthCalledWith snapshot matchSnapshot toMatchSnapshot toMatchInlineSnapshot toThrowErrorMatchingSnapshot toThrowErrorMatchingInlineSnapshot assertSnapshot",
);
rank(
  56,
  "toEqual deep.equal isNull isUndefined isTrue isFalse isNaN true false toHaveBeenCalledWith calledWith calledOnceWith same toHaveReturnedWith toHaveBeenLastCalledWith toHaveBeenCalledExactlyOnceWith length",
);
rank(
  50,
  "equal equals eq deepEqual deepEquals toHaveBeenCalledTimes callCount toHaveProperty toHaveBeenCalledOnce calledOnce jsonEqual html",
);
rank(45, "looseEqual looseEquals deepLooseEqual isEqual isEquivalent");
rank(
  40,
  "toMatchObject like has hasStrict toContainEqual members include.members sameMembers containSubset property propertyVal include.keys keys",
);
rank(
  36,
  "toContain contain contains include includes match matches toMatch toBeCloseTo closeTo approximately approx string toContainText",
);
rank(
  30,
  "toBeGreaterThan toBeGreaterThanOrEqual toBeLessThan toBeLessThanOrEqual above below least most within isAbove isBelow isAtLeast isAtMost gt gte lt lte greaterThan lessThan oneOf toBeOneOf",
);
rank(
  25,
  "toBeInstanceOf instanceOf instanceof a an typeOf isString isNumber isArray isObject isFunction type toHaveBeenCalled called isType",
);
rank(
  20,
  "ok assert truthy toBeTruthy falsy toBeFalsy notOk isOk isNotOk toBeVisible toBeInTheDocument empty isEmpty notEqual notStrictEqual notDeepEqual notDeepStrictEqual notSame not isNot doesNotMatch notMatch unlike isNotNull toBeNotNull",
);
rank(15, "toBeDefined exist exists isDefined notUndefined isNotUndefined");
rank(
  10,
  "doesNotThrow notThrows notThrowsAsync doesNotReject ifError error pass plan assertions hasAssertions expect notThrow",
);
rank(32, "throws throw toThrow toThrowError throwsAsync rejects rejected rejectedWith Throw");

/** Strength of a method; a medium value for an unknown method, such as a project's own. */
export function matcherStrength(name: string): number {
  return byName.get(name) ?? 40;
}

export const snapshotMatcher = /snapshot/i;
/** The two values come first, then a message. */
export const comparing =
  /equal|same|^is(Not)?$|^eql?$|^equals$|^like$|^match(es)?$|^include|^contain|^has|^looseEqual|^(gt|lt)e?$|above|below|least|most|closeTo|approx|instanceOf|typeOf|property|length|keys|members|^type$/i;
/** Chain words without any effect. */
export const filler: ReadonlySet<string> = new Set(
  "to be been is that which and has have with at of same but does still also resolves rejects eventually deep nested own ordered any all should".split(
    " ",
  ),
);
/** Expected values that match more than one value. */
export const looseValue =
  /\b(anything|any|objectContaining|arrayContaining|stringContaining|stringMatching|closeTo|approx|ANY|mock\.ANY|sinon\s*\.\s*match|match\s*\.\s*any)\b/;
/** Methods that only assertion libraries have, whatever the receiver. */
export const clearMethod =
  /^(equal|notEqual|strictEqual|notStrictEqual|deepEqual|notDeepEqual|deepStrictEqual|notDeepStrictEqual|partialDeepStrictEqual|deepLooseEqual|looseEqual|notOk|truthy|falsy|strictSame|strictNotSame|throws|doesNotThrow|throwsAsync|notThrows|notThrowsAsync|doesNotReject|ifError|doesNotMatch|isTrue|isFalse|isNull|isUndefined|lengthOf)$/;
/** Other methods count only on these receivers. */
export const knownReceiver = /^(t|tt|st|tb|test|tap|q|a|assert|chai|self|is)$/;
export const receiverMethod =
  /^(equals?|is|isNot|not|ok|true|false|same|notSame|like|unlike|match|notMatch|error|fail|pass|has|hasStrict|type|snapshot|matchSnapshot|plan|rejects|exists?|include|includes|instanceOf|property|typeOf|above|below|closeTo|\w*[eE]qual\w*|is[A-Z]\w*|notEqual|throws|assert)$/;
export const bareCall = /^(assert|ok|assert[A-Z_]\w*|expect[A-Z_]\w*|verify[A-Z_]\w*)$/;
