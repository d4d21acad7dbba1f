/**
 * Maps that stand side by side.
 *
 * Two periods of one area share the camera, and the area under the pointer is marked on both.
 * Two areas share the zoom alone, so that a kilometre is as long on one map as on the other.
 */
const groups = new Map();

export class Link {
  #members;
  #following = false;
  #wanted = null;

  /**
   * @param view what to link: map (a maplibre map), keep() and hover(id, point, area)
   * @param {{group: string, by: "camera" | "zoom"}} how
   */
  constructor(view, { group, by }) {
    this.view = view;
    this.by = by;
    if (!groups.has(group)) groups.set(group, new Set());
    this.#members = groups.get(group);
    this.#members.add(this);
    this.follow = () => this.#lead();
    view.map.on("move", this.follow);
  }

  get #others() {
    return [...this.#members].filter((other) => other !== this && other.by === this.by);
  }

  /** Take the others along, who must not take this one along in turn. */
  #lead() {
    if (this.#following) return;
    const { map } = this.view;
    const camera = this.by === "camera" ? { center: map.getCenter(), zoom: map.getZoom() } : { zoom: map.getZoom() };
    for (const other of this.#others) {
      if (this.by === "camera" || other.view.map.getZoom() !== camera.zoom) other.#go(camera);
    }
  }

  #go(camera) {
    this.#following = true;
    this.view.map.jumpTo(camera);
    this.#following = false;
  }

  /** Bring bounds into view; areas linked by zoom all take the zoom that fits the largest. */
  fit(bounds, options) {
    // A map that is not shown has no room to bring them into.
    if (!this.view.map.getContainer().clientWidth) return;
    this.#wanted = this.view.map.cameraForBounds(bounds, options) ?? null;
    const fitting = [this, ...this.#others].filter((member) => member.#wanted);
    const zoom = Math.min(...fitting.map((member) => member.#wanted.zoom));
    for (const member of this.by === "zoom" ? fitting : [this]) {
      member.#go({ center: member.#wanted.center, zoom });
    }
    if (this.by === "camera") this.#lead();
  }

  /** The user moved this map: the cameras of those that came along are kept, too. */
  keep() {
    if (this.by === "zoom") this.#others.forEach((other) => other.view.keep());
  }

  /** Show under the pointer of the other maps what is under this one's. */
  hover(id, point, area) {
    if (this.by === "camera") this.#others.forEach((other) => other.view.hover(id, point, area));
  }

  leave() {
    this.view.map.off("move", this.follow);
    this.#members.delete(this);
  }
}
