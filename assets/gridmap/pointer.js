/** What is under the pointer, and where a click leads. */
import { HIDDEN, measure, positionOf } from "./numbers.js";
import { showsSpots } from "./swatches.js";

const REST_MS = 120;

/** What the server says of an area. */
export async function fetchDescription(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer.json();
}

/** What is known of an area, and what is to be said of it in the look in force. */
export async function describe(descriptions, scene, look, id) {
  const kind = showsSpots(look.view) ? look.view : look.view === "areas" && look.metric === "rate" ? "rate" : null;
  const area = descriptions.get(scene.urls.areas.replace("{id}", id));
  // What is said is of the whole period.
  if (!kind || look.play || !scene.urls.said) return area;
  const url = `${scene.urls.said.replace("{id}", id)}&kind=${kind}`;
  const [known, said] = await Promise.all([area, descriptions.get(url).catch(() => null)]);
  return { ...known, said: said && said.sentence };
}

/** Figures of one area of the picture, or null when it lies outside the focus. */
export function figuresOf(picture, id) {
  const at = picture ? positionOf(picture.index.ids, id) : -1;
  if (at < 0) return null;
  const count = picture.counts[at];
  const { base = "population", smooth = null } = picture.rate ?? {};
  const people = picture.index[base][at];
  const areaKm2 = picture.index.areaKm2[at];
  return {
    count: measure("count", count),
    density: measure("density", count, people, areaKm2),
    rate: measure("rate", count, people, areaKm2, smooth),
    hidden: count === HIDDEN,
    people,
    areaKm2,
  };
}

/**
 * The area to go to: one step from the focus towards the clicked area. Inside the
 * focus that is one level down; elsewhere it is where the two ways part.
 */
export function nextCode(path, focusPath) {
  const known = new Set(focusPath);
  return path.find((code) => !known.has(code)) ?? null;
}

/** Follow the pointer over the map: at once with figures, after a rest with the name. */
export class Pointer {
  #timer = 0;
  #frame = 0;
  #turn = 0;

  /**
   * @param map a maplibre map
   * @param {{at: function, tell: function, describe: function, go: function}} view
   */
  constructor(map, view) {
    const canvas = map.getCanvasContainer();
    map.on("mousemove", (event) => {
      if (event.originalEvent.buttons) return;
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => this.#over(view, event.point));
    });
    map.on("mouseout", () => this.#leave(view));
    map.on("movestart", () => this.#leave(view));
    map.on("click", (event) => {
      const id = view.at(event.point);
      if (id !== null) view.go(id);
    });
    canvas.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#leave(view);
    });
  }

  #over(view, point) {
    const id = view.at(point);
    const turn = (this.#turn += 1);
    clearTimeout(this.#timer);
    view.tell(id, point, null);
    if (id === null) return;
    this.#timer = setTimeout(() => {
      // The pointer may be elsewhere by then.
      view.describe(id).then((area) => turn === this.#turn && view.tell(id, point, area), () => {});
    }, REST_MS);
  }

  #leave(view) {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#turn += 1;
    view.tell(null, null, null);
  }
}
