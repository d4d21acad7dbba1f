/** Bytes of the server as typed arrays, and the figures drawn from them. */

/** What /values says where nothing is known; never to be drawn as a zero. */
export const NO_DATA = 0xffffffff;
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
 * NaN where the population is unknown.
 */
export function decodeIndex(buffer) {
  const n = new Uint32Array(buffer, 0, 1)[0];
  return {
    ids: new Uint32Array(buffer, 4, n),
    population: new Float32Array(buffer, 4 + 4 * n, n),
    areaKm2: new Float32Array(buffer, 4 + 8 * n, n),
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
 * count: incidents; density: incidents per km²; rate: incidents per 1,000 people.
 */
export function measure(metric, count, population, areaKm2) {
  if (count === NO_DATA) return NaN;
  if (metric === "density") return areaKm2 > 0 ? count / areaKm2 : NaN;
  if (metric === "rate") return population > 0 ? (1000 * count) / population : NaN;
  return count;
}

/** Class of a figure: -1 unknown, 0 zero, then 1 more for each break it reaches. */
export function classOf(value, breaks) {
  if (Number.isNaN(value)) return -1;
  if (value === 0) return 0;
  let found = 1;
  while (found <= breaks.length && value >= breaks[found - 1]) found += 1;
  return found;
}

/** Classes of all areas of an index, and how many areas fell in each. */
export function classify(metric, counts, index, breaks) {
  const classes = new Int8Array(counts.length);
  const sizes = new Array(breaks.length + 2).fill(0);
  let unknown = 0;
  for (let i = 0; i < counts.length; i += 1) {
    const value = measure(metric, counts[i], index.population[i], index.areaKm2[i]);
    classes[i] = classOf(value, breaks);
    if (classes[i] < 0) unknown += 1;
    else sizes[classes[i]] += 1;
  }
  return { classes, sizes, unknown };
}

/**
 * Step of the ramp (1 to steps) for class k of n, spread over the whole ramp, so that
 * three classes are as far apart as seven and the lowest is always the lowest colour.
 */
export function rampStep(k, n, steps) {
  if (k <= 0 || n <= 1) return k <= 0 ? k : Math.ceil(steps / 2);
  return 1 + Math.round(((k - 1) * (steps - 1)) / (n - 1));
}
