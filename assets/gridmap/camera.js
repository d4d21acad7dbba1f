/** Where a map looks: what comes into focus is brought into view, what the user chose is kept. */
import { Link } from "./link.js";

export const MAX_ZOOM = 18;
const FLIGHT_MS = 500;
/** The share of the width that an area as wide as the map leaves to the legend. */
const MOST_BESIDE = 0.3;
/** The margin around an area, as a share of the map's smaller side. */
const EDGE = 0.05;

const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Size of a box in Web Mercator, in units of its own: only the ratio counts. */
function mercatorSize([west, south, east, north]) {
  const y = (degrees) => Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360));
  return { width: ((east - west) * Math.PI) / 180, height: y(north) - y(south) || 1e-9 };
}

/** What the address names: the area of a map, and that of another one beside it. */
function named() {
  const [, , code = ""] = window.location.pathname.split("/");
  return { at: code, at2: new URLSearchParams(window.location.search).get("with") ?? "" };
}

export class Camera {
  #map;
  #area = null;
  #focusCode = null;
  #asked = null;
  #link = null;
  #name = "at";

  /** @param map a maplibre map */
  constructor(map) {
    this.#map = map;
    map.on("moveend", (event) => {
      if (!event.originalEvent && !event.byHand) return;
      this.#keep();
      this.#link?.keep();
    });
    map.on("resize", () => this.#refit());
  }

  /**
   * Move together with other maps, or alone again; the next area is brought into view anew.
   *
   * @param {{group: string, by: "camera" | "zoom", at: string} | null} how `at` names the
   *   parameter of the address that keeps this camera
   * @param {function} hover called with what is under the pointer of another map
   */
  link(how, hover) {
    this.leave();
    this.#name = how?.at ?? "at";
    this.#focusCode = null;
    this.#link = how && new Link({ map: this.#map, keep: () => this.#keep(), hover }, how);
  }

  /** Leave the maps moved together with. */
  leave() {
    this.#link?.leave();
  }

  /** Tell the other maps what is under the pointer of this one. */
  hover(id, point, area) {
    this.#link?.hover(id, point, area);
  }

  /** Move only when another area comes into focus. */
  aim(area) {
    this.#area = area;
    this.#asked = named()[this.#name];
    if (area.code === this.#focusCode) return;
    const first = this.#focusCode === null;
    this.#focusCode = area.code;
    const at = new URLSearchParams(window.location.search).get(this.#name);
    const [lon, lat, zoom] = (at ?? "").split(",").map(Number);
    if (Number.isFinite(zoom)) this.#map.jumpTo({ center: [lon, lat], zoom });
    else this.fit(first);
  }

  /** Bring the whole focus into view. */
  fit(atOnce = false) {
    if (!this.#area) return;
    const [west, south, east, north] = this.#area.bounds;
    const bounds = [[west, south], [east, north]];
    const options = { padding: this.#padding(), maxZoom: MAX_ZOOM - 1 };
    if (this.#link) {
      this.#link.fit(bounds, options);
    } else {
      this.#map.fitBounds(bounds, { ...options, animate: !atOnce && !still(), duration: FLIGHT_MS });
    }
    window.gridboard.keepCamera(null, this.#name);
  }

  /** What of the map a picture shows: the area, or all that is in view where the user moved it. */
  frame() {
    const { clientWidth, clientHeight } = this.#map.getContainer();
    const all = { x: 0, y: 0, width: clientWidth, height: clientHeight };
    const moved = new URLSearchParams(window.location.search).has(this.#name);
    if (moved || this.#link || !this.#area) return all;
    const [west, south, east, north] = this.#area.bounds;
    const [first, last] = [[west, north], [east, south]].map((corner) => this.#map.project(corner));
    const edge = EDGE * Math.min(clientWidth, clientHeight);
    const [x, y] = [Math.max(0, first.x - edge), Math.max(0, first.y - edge)];
    const width = Math.min(clientWidth, last.x + edge) - x;
    const height = Math.min(clientHeight, last.y + edge) - y;
    return width > edge && height > edge ? { x, y, width, height } : all;
  }

  zoom(by) {
    this.#map.easeTo({ zoom: this.#map.getZoom() + by, animate: !still() }, { byHand: true });
  }

  /** Heads and legends that fill take room off the map: until it is moved, all stays in view. */
  #refit() {
    const moved = new URLSearchParams(window.location.search).has(this.#name);
    if (this.#focusCode && !moved) this.fit(true);
  }

  /** An even margin that gives way to the legend: all of it where there is room beside the area. */
  #padding() {
    const { clientWidth, clientHeight } = this.#map.getContainer();
    const edge = Math.round(EDGE * Math.min(clientWidth, clientHeight));
    const { width, height } = mercatorSize(this.#area.bounds);
    const below = this.#barHeight();
    const needed = ((clientHeight - below - 2 * edge) * width) / height;
    const spare = Math.max(0, clientWidth - 2 * edge - needed);
    const left = Math.min(Math.max(spare, MOST_BESIDE * clientWidth), this.#onMap(".float"));
    const right = Math.max(edge, this.#onMap(".map-tools") + edge / 2);
    return { top: edge, bottom: edge + below, right, left: edge + left };
  }

  /** How wide something lies on the map; beside another map, and on a phone, it has its own place. */
  #onMap(selector) {
    const part = this.#map.getContainer().parentElement.querySelector(selector);
    if (!part || this.#link || getComputedStyle(part).position !== "absolute") return 0;
    return part.offsetWidth;
  }

  /** What a bar under the map covers of it. */
  #barHeight() {
    const map = this.#map.getContainer();
    const bar = map.parentElement.querySelector(".play")?.getBoundingClientRect();
    const { top, bottom } = map.getBoundingClientRect();
    return bar && bar.top > (top + bottom) / 2 && bar.top < bottom ? bottom - bar.top : 0;
  }

  #keep() {
    // Where the page is on its way to another area, that one is yet to be brought into view.
    if (![this.#asked, this.#focusCode].includes(named()[this.#name])) return;
    const { lng, lat } = this.#map.getCenter();
    window.gridboard.keepCamera([lng, lat, this.#map.getZoom()], this.#name);
  }
}
