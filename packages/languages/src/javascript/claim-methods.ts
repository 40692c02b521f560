/** The assertion methods of the JavaScript libraries, by how each is made to fail. Pure. */

const pairs =
  "equal/notEqual equals/notEquals strictEqual/notStrictEqual deepEqual/notDeepEqual deepEquals/notDeepEquals deepStrictEqual/notDeepStrictEqual " +
  "deepLooseEqual/notDeepLooseEqual looseEqual/notLooseEqual same/notSame strictSame/strictNotSame is/isNot throws/doesNotThrow " +
  "throw/doesNotThrow rejects/doesNotReject match/doesNotMatch isNull/isNotNull isUndefined/isDefined exists/notExists exist/notExist " +
  "include/notInclude deepInclude/notDeepInclude property/notProperty deepProperty/notDeepProperty nestedProperty/notNestedProperty " +
  "instanceOf/notInstanceOf typeOf/notTypeOf isArray/isNotArray isFunction/isNotFunction isObject/isNotObject isString/isNotString " +
  "isNumber/isNotNumber isBoolean/isNotBoolean isNaN/isNotNaN isEmpty/isNotEmpty isAbove/isAtMost isBelow/isAtLeast " +
  "sameMembers/notSameMembers sameDeepMembers/notSameDeepMembers sameOrderedMembers/notSameOrderedMembers ownProperty/notOwnProperty " +
  "isFrozen/isNotFrozen isSealed/isNotSealed isExtensible/isNotExtensible called/notCalled pass/fail isEqual/isNotEqual eql/notEql";

const opposites = new Map<string, string>([
  ["calledOnce", "notCalled"],
  ["calledTwice", "notCalled"],
  ["calledThrice", "notCalled"],
]);
for (const pair of pairs.split(" ")) {
  const [one = "", other = ""] = pair.split("/");
  opposites.set(one, opposites.get(one) ?? other);
  if (one !== "pass" && one !== "throw") opposites.set(other, opposites.get(other) ?? one);
}

/** The method that fails if and only if this one holds; undefined if there is none. */
export const oppositeOf = (method: string): string | undefined => opposites.get(method);

/** They claim something about the truth of their first argument. */
export const truthMethod =
  /^(ok|assert|true|truthy|isTrue|isOk|notOk|notok|false|falsy|isFalse|isNotOk|isNotTrue|isNotFalse|ifError|ifErr|iferror|error|assertTrue|assertFalse)$/;

/** They compare their operands for equality, so that another literal must fail. */
export const equalityMethod =
  /^(equals?|strictEqual|deepEquals?|deepStrictEqual|partialDeepStrictEqual|deepLooseEqual|looseEqual|same|strictSame|is|eql?|isEqual|isEquivalent|lengthOf|callCount|calledWith|calledOnceWith|calledWithExactly|sameMembers|sameDeepMembers|sameOrderedMembers|assertEquals?)$/;

/** Matchers of `expect` that compare for equality. */
export const equalityMatcher =
  /^(toBe|toEqual|toStrictEqual|equals?|eql?|toHaveLength|lengthOf|length|toHaveBeenCalledTimes|callCount|toHaveBeenCalledWith|toHaveBeenLastCalledWith|toHaveBeenNthCalledWith|toHaveBeenCalledExactlyOnceWith|calledWith|calledOnceWith|calledWithExactly|toHaveReturnedWith|toMatchObject|toContainEqual|toMatchInlineSnapshot|toThrowErrorMatchingInlineSnapshot|members|deepEqual|calledOnceWithExactly)$/;

export const snapshotMethod =
  /^(toMatchSnapshot|toThrowErrorMatchingSnapshot|toMatchFileSnapshot|matchSnapshot|snapshot|fileSnapshot|assertSnapshot|toMatchImageSnapshot)$/;

/** They take a function and what it throws. */
export const throwing =
  /^(throws?|rejects|doesNotThrow|doesNotReject|throwsAsync|toThrow|toThrowError|Throw|rejectedWith)$/;
/** They match text with a pattern. */
export const matching = /^(match|toMatch|matches)$/;

/** Methods that only assertion libraries have, whatever the receiver. */
export const libraryMethod =
  /^(equal|notEqual|strictEqual|notStrictEqual|deepEqual|notDeepEqual|deepStrictEqual|notDeepStrictEqual|partialDeepStrictEqual|deepLooseEqual|looseEqual|notOk|truthy|falsy|strictSame|strictNotSame|throws|doesNotThrow|throwsAsync|doesNotReject|ifError|doesNotMatch|isTrue|isFalse|isNull|isUndefined|lengthOf)$/;
export const commonReceiver = /^(t|tt|st|tb|test|tap|assert|chai|should|sinon)$/;
/** Properties between receiver and method. */
export const receiverPath = /^(assert|strict|default|should|not)$/;
export const notClaims =
  /^(plan|end|fail|comment|test|skip|todo|teardown|after|before|diagnostic|timeout|assertions|hasAssertions)$/;

/** Libraries whose default or namespace import has assertion methods. */
export const assertionLibrary =
  /^(node:assert(\/strict)?|assert(\/strict)?|chai|should|expect|expect\.js|power-assert|uvu\/assert|unexpected|vitest|@jest\/globals|sinon|tape|tap|node:test)$/;
