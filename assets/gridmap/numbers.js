/** Bytes of the server as typed arrays, and the figures drawn from them. */

/** What /values says where nothing is known; never to be drawn as a zero. */
export const NO_DATA = 0xffffffff;
/** What it says of a count that is not to be published. */
export const HIDDEN = 0xfffffffe;
/** Rates of as they are, where a scene says nothing else. */
const PLAIN = { base: "population", few: 0, smooth: null };
const HEAT_HEADER_BYTES = 56;

/** An answer that was not the one asked for. */
export class HttpError extends Error {
  /** @param {number} status */
  constructor(status) {
    super(`the server answered ${status}`);
    this.status = status;
  }
}

/** Fetch bytes of this server; anything but 200 is an HttpError. */
export async function fetchBytes(url, signal) {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new HttpError(response.status);
  return response.arrayBuffer();
}

/**
 * The features of a layer inside an area: ids ascending, with their denominators.
 * NaN where nobody counted.
 */
export function decodeIndex(buffer) {
  const n = new Uint32Array(buffer, 0, 1)[0];
  return {
    ids: new Uint32Array(buffer, 4, n),
    population: new Float32Array(buffer, 4 + 4 * n, n),
    areaKm2: new Float32Array(buffer, 4 + 8 * n, n),
    households: new Float32Array(buffer, 4 + 12 * n, n),
  };
}

/** One count a feature of the index, in its order. */
export function decodeValues(buffer, expected) {
  const n = new Uint32Array(buffer, 0, 1)[0];
  if (n !== expected) throw new RangeError(`${n} values for ${expected} areas`);
  return new Uint32Array(buffer, 4, n);
}

/** A density surface: a grid regular in Web Mercator, row 0 in the north. */
export function decodeHeat(buffer) {
  const [west, south, east, north] = new Float64Array(buffer, 0, 4);
  const [width, height] = new Uint32Array(buffer, 32, 2);
  const [maxPerKm2, radiusM] = new Float32Array(buffer, 40, 2);
  const [used, leftOut] = new Uint32Array(buffer, 48, 2);
  const grid = new Uint16Array(buffer, HEAT_HEADER_BYTES, width * height);
  return { west, south, east, north, width, height, maxPerKm2, radiusM, used, leftOut, grid };
}

/** Fetch a density surface; it remembers where it came from. */
export async function readHeat(url, signal) {
  return { url, ...decodeHeat(await fetchBytes(url, signal)) };
}

/** Position of an id in the ascending list, or -1. */
export function positionOf(ids, id) {
  let low = 0;
  let high = ids.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (ids[middle] === id) return middle;
    if (ids[middle] < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/**
 * The figure of one area under a metric; NaN when it cannot be known.
 *
 * count: incidents; density: incidents per km²; rate: incidents per 1,000 people or households,
 * drawn towards the overall rate where the scene says so (empirical Bayes, as geo/rates.py).
 */
export function measure(metric, count, people, areaKm2, smooth = null) {
  if (count === NO_DATA || count === HIDDEN) return NaN;
  if (metric === "density") return areaKm2 > 0 ? count / areaKm2 : NaN;
  if (metric !== "rate") return count;
  if (!(people > 0)) return NaN;
  const own = (1000 * count) / people;
  if (!smooth) return own;
  const { overall, variance } = smooth;
  const noise = variance + overall / people;
  return 1000 * overall + (noise > 0 ? variance / noise : 0) * (own - 1000 * overall);
}

/** Class of a figure: -1 unknown, 0 zero, then 1 more for each break it reaches. */
export function classOf(value, breaks) {
  if (Number.isNaN(value)) return -1;
  if (value === 0) return 0;
  let found = 1;
  while (found <= breaks.length && value >= breaks[found - 1]) found += 1;
  return found;
}

/**
 * Classes of all areas of an index, and how many areas fell in each: -1 unknown, -2 too few to
 * judge a rate by, -3 hidden.
 */
export function classify(metric, counts, index, breaks, rate = PLAIN) {
  const classes = new Int8Array(counts.length);
  const sizes = new Array(breaks.length + 2).fill(0);
  const patterns = [0, 0, 0, 0];
  const people = index[rate.base];
  const few = metric === "rate" && !rate.smooth ? rate.few : 0;
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i];
    const value = measure(metric, count, people[i], index.areaKm2[i], rate.smooth);
    let found = count === HIDDEN ? -3 : classOf(value, breaks);
    if (found > 0 && count < few) found = -2;
    classes[i] = found;
    if (found < 0) patterns[-found] += 1;
    else sizes[found] += 1;
  }
  const [, unknown, tooFew, hidden] = patterns;
  return { classes, sizes, unknown, few: tooFew, hidden };
}

/**
 * Step of the ramp (1 to steps) for class k of n, spread over the whole ramp, so that
 * three classes are as far apart as seven and the lowest is always the lowest colour.
 */
export function rampStep(k, n, steps) {
  if (k <= 0 || n <= 1) return k <= 0 ? k : Math.ceil(steps / 2);
  return 1 + Math.round(((k - 1) * (steps - 1)) / (n - 1));
}
