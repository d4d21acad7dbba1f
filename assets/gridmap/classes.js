/**
 * What each area looks like: a step of the ramp, or a swatch or pattern of its own.
 *
 * Steps in the feature-state: 1 to 7 of the ramp, 0 zero or no spot; patterns are negative;
 * spots have their swatches from `SWATCHES` on.
 */
import { classify, rampStep } from "./numbers.js";
import { RAMP_STEPS } from "./style.js";
import { SWATCHES, showsSpots } from "./swatches.js";

/** Classes of spots of which nothing can be said. */
const TOO_FEW = 126;
const UNKNOWN = 127;

/** Scores, probabilities and classes of spots, in the order of the index. */
export function decodeSpots(buffer, expected) {
  const n = new Uint32Array(buffer, 0, 1)[0];
  if (n !== expected) throw new RangeError(`${n} spots for ${expected} areas`);
  return {
    z: new Float32Array(buffer, 4, n),
    p: new Float32Array(buffer, 4 + 4 * n, n),
    classes: new Int8Array(buffer, 4 + 8 * n, n),
  };
}

/** The swatch or pattern of a class of spots. */
export function spotStep(view, k) {
  if (k === UNKNOWN) return -1;
  if (k === TOO_FEW) return -2;
  const { hot, cold } = SWATCHES[view];
  return k === 0 ? 0 : k > 0 ? hot + k : cold - k;
}

function spotsOf(view, classes) {
  const { count } = SWATCHES[view];
  const sizes = { hot: new Array(count + 1).fill(0), cold: new Array(count + 1).fill(0), none: 0 };
  const patterns = [0, 0, 0, 0];
  const steps = new Int8Array(classes.length);
  for (let i = 0; i < classes.length; i += 1) {
    const k = classes[i];
    steps[i] = spotStep(view, k);
    if (steps[i] < 0) patterns[-steps[i]] += 1;
    else if (k === 0) sizes.none += 1;
    else sizes[k > 0 ? "hot" : "cold"][Math.abs(k)] += 1;
  }
  const [, unknown, few, hidden] = patterns;
  return { steps, spots: sizes, sizes: null, unknown, few, hidden };
}

/**
 * The steps of all areas of a picture in a look, and how many areas have each class.
 *
 * @param picture scales, rate, index, counts and, where spots are looked at, spots
 */
export function draw({ scales, rate, index, counts, signals }, look) {
  if (showsSpots(look.view) && signals) return spotsOf(look.view, signals.classes);
  const { limits } = scales[look.metric];
  const { classes, ...sizes } = classify(look.metric, counts, index, limits, rate);
  return { ...sizes, spots: null, steps: classes.map((k) => rampStep(k, limits.length + 1, RAMP_STEPS)) };
}
