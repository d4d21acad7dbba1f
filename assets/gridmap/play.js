/** The playback of a period: counts of all its steps, in one answer. */
import { fetchBytes } from "./numbers.js";

/**
 * Steps (first and last day), class limits by metric, and the figures of each step.
 *
 * After the length and the text of a head follow, as 32-bit numbers, where the figures of each
 * step end, the places of their areas in the index, and their counts (see dashboard/frames.py).
 */
export function decodeFrames(buffer) {
  const length = new Uint32Array(buffer, 0, 1)[0];
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const steps = head.steps.length;
  const ends = new Uint32Array(buffer, 4 + length, steps + 1);
  const figures = ends[steps];
  const start = 4 + length + 4 * (steps + 1);
  const at = new Uint32Array(buffer, start, figures);
  const count = new Uint32Array(buffer, start + 4 * figures, figures);
  return { ...head, ends, at, count, totals: totalsOf(ends, count) };
}

function totalsOf(ends, count) {
  return Array.from({ length: ends.length - 1 }, (_, step) => {
    let total = 0;
    for (let i = ends[step]; i < ends[step + 1]; i += 1) total += count[i];
    return total;
  });
}

/** The counts of one step in the order of the index. */
export function countsOf({ areas, ends, at, count }, step) {
  const counts = new Uint32Array(areas);
  for (let i = ends[step]; i < ends[step + 1]; i += 1) counts[at[i]] = count[i];
  return counts;
}

/** Fetch the playback of a scene by one step. */
export async function readFrames(scene, step, signal) {
  return decodeFrames(await fetchBytes(`${scene.urls.frames}&step=${step}`, signal));
}
