/** Learns to separate two kinds of requests by their bytes, as a vendor could. It is trained on one part and tested on the other. Pure. */

export interface Sample {
  readonly bytes: Buffer;
  /** True for the kind to be found. */
  readonly isPlanted: boolean;
  /** Samples of one group are never on both sides. */
  readonly group: number;
}
type Score = (sample: Sample) => number;

/** Area under the curve: how often a planted request scores higher than a real one; 0.5 is chance. */
export function areaUnderCurve(scored: readonly { score: number; isPlanted: boolean }[]): number {
  const ordered = [...scored].sort((left, right) => left.score - right.score);
  let [rankSum, planted] = [0, 0];
  for (let from = 0; from < ordered.length; ) {
    let to = from;
    while (to < ordered.length && ordered[to]?.score === ordered[from]?.score) to += 1;
    const ties = ordered.slice(from, to).filter(({ isPlanted }) => isPlanted).length;
    rankSum += ((from + 1 + to) / 2) * ties;
    planted += ties;
    from = to;
  }
  const real = ordered.length - planted;
  return (rankSum - (planted * (planted + 1)) / 2) / (planted * real);
}

const folds = 5;

/** Scores each group by a model that never saw it, over one curve for all; the mean of several divisions into groups, because a single one is a draw. */
export function crossValidated(
  samples: readonly Sample[],
  train: (samples: readonly Sample[]) => Score,
  { deals }: { deals: number } = { deals: 3 },
): number {
  const areas = Array.from({ length: deals }, (_, deal) => {
    const foldOf = ({ group }: Sample) => (group + deal * Math.floor(group / folds)) % folds;
    const scored = Array.from({ length: folds }, (_fold, fold) => {
      const model = train(samples.filter((sample) => foldOf(sample) !== fold));
      return samples
        .filter((sample) => foldOf(sample) === fold)
        .map((sample) => ({ score: model(sample), isPlanted: sample.isPlanted }));
    });
    return areaUnderCurve(scored.flat());
  });
  return areas.reduce((sum, area) => sum + area, 0) / deals;
}

const buckets = 1 << 15;

/** The hashed runs of three and four bytes that a request has. All nonces and digests become one sign, because they are fresh for every request. */
function gramsOf({ bytes }: Sample): Int32Array {
  const found = new Set<number>();
  const text = bytes.toString("latin1").replace(/[0-9a-f]{32,}/g, "#");
  for (let at = 0; at + 4 <= text.length; at += 1) {
    let hash = 2166136261;
    for (let next = 0; next < 4; next += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(at + next), 16777619);
      if (next >= 2) found.add((hash ^ (hash >>> 15)) & (buckets - 1));
    }
  }
  return Int32Array.from(found);
}

const remembered = new WeakMap<Sample, Int32Array>();
function grams(sample: Sample): Int32Array {
  const known = remembered.get(sample) ?? gramsOf(sample);
  remembered.set(sample, known);
  return known;
}

/** The grams whose share differs most between the kinds, in standard errors, with the logarithm of the difference; the others are noise. */
function tellingGrams(samples: readonly Sample[]): Map<number, number> {
  const [planted, real] = [true, false].map((kind) => {
    const own = samples.filter(({ isPlanted }) => isPlanted === kind);
    const seen = new Float64Array(buckets);
    for (const sample of own) for (const gram of grams(sample)) seen[gram] = (seen[gram] ?? 0) + 1;
    return { count: own.length, share: (gram: number) => ((seen[gram] ?? 0) + 0.5) / (own.length + 1) };
  });
  if (planted === undefined || real === undefined) throw new Error("there are two kinds");
  const weighed = Array.from({ length: buckets }, (_, gram) => {
    const [left, right] = [planted.share(gram), real.share(gram)];
    const all = (left * planted.count + right * real.count) / (planted.count + real.count);
    const error = Math.sqrt(all * (1 - all) * (1 / planted.count + 1 / real.count));
    return { gram, telling: Math.abs(left - right) / error, weight: Math.log(left / right) };
  });
  const most = weighed.sort((left, right) => right.telling - left.telling).slice(0, gramsKept);
  return new Map(most.map(({ gram, weight }) => [gram, weight]));
}
const gramsKept = 64;

/** Naive Bayes over the telling grams. */
export function naiveBayes(samples: readonly Sample[]): Score {
  const weights = tellingGrams(samples);
  return (sample) => grams(sample).reduce((sum, gram) => sum + (weights.get(gram) ?? 0), 0);
}

const rounds = 30;

/** Logistic regression over the telling grams and the size, by gradient descent with a penalty; both kinds weigh the same. */
export function logistic(samples: readonly Sample[]): Score {
  const [step, penalty] = [0.2, 1e-3];
  const weights = new Map([...tellingGrams(samples).keys()].map((gram) => [gram, 0]));
  let [bias, bySize] = [0, 0];
  const share = samples.filter(({ isPlanted }) => isPlanted).length / samples.length;
  const sizeOf = ({ bytes }: Sample) => Math.log(bytes.length) / 10;
  const own = (sample: Sample) => grams(sample).filter((gram) => weights.has(gram));
  const scoreOf = (found: Int32Array, sample: Sample) =>
    found.reduce((sum, gram) => sum + (weights.get(gram) ?? 0), bias + bySize * sizeOf(sample));
  const trained = samples.map((sample) => ({ sample, found: own(sample) }));
  for (let round = 0; round < rounds; round += 1)
    for (const { sample, found } of trained) {
      const error = (sample.isPlanted ? 1 : 0) - 1 / (1 + Math.exp(-scoreOf(found, sample)));
      const change = (sample.isPlanted ? 1 - share : share) * (step / (1 + round / 5)) * error;
      for (const gram of found) weights.set(gram, (weights.get(gram) ?? 0) * (1 - penalty) + change);
      bias += change;
      bySize += change * sizeOf(sample);
    }
  return (sample) => scoreOf(own(sample), sample);
}

/** The size alone; the caller may take either direction. */
export function sizeAlone(samples: readonly Sample[]): number {
  const area = areaUnderCurve(samples.map(({ bytes, isPlanted }) => ({ score: bytes.length, isPlanted })));
  return Math.max(area, 1 - area);
}
