/**
 * The levels of the map: for each slot one source of vector tiles and its layers.
 *
 * Tiles carry ids and outlines only. What an area looks like is its feature-state:
 * `step` (see classes.js; none outside the focus) and `hover`.
 */
import { PATTERNS, fillColour, landColour, linePaint, linesFrom, outlinePaint, patternOpacity } from "./style.js";

export const SOURCE_LAYER = "area";
const MAX_TILE_ZOOM = 12;
const MIN_TILE_ZOOM = 0;
const TILES_WAIT_MS = 4000;
/** From this many areas on, edges are not smoothed: the colours are what counts. */
const FINE = 5000;

/** What is shown of one level at a time. */
const SHOWN = new RegExp(`^(fill|land|line|${Object.keys(PATTERNS).join("|")})-`);

const sourceOf = (slot) => `slot-${slot}`;
const fillOf = (slot) => `fill-${slot}`;
const landOf = (slot) => `land-${slot}`;
const patternOf = (name, slot) => `${name}-${slot}`;
const lineOf = (slot) => `line-${slot}`;
const outlineOf = (slot) => `outline-${slot}`;
const focusOf = (slot) => `focus-${slot}`;

export class Levels {
  #map;
  #tokens;
  #template;
  #painted = new Map();
  #hovered = null;
  #views = new Map();
  #areas = new Map();
  #touches = 0;

  /** @param map a maplibre map whose style has loaded */
  constructor(map, tokens) {
    this.#map = map;
    this.#tokens = tokens;
  }

  /** Tiles of another version of the areas: everything painted so far is void. */
  use(template) {
    if (template === this.#template) return;
    this.#template = template;
    this.#painted.clear();
    this.#views.clear();
    this.#hovered = null;
    for (const layer of this.#map.getStyle().layers) {
      if (layer.source?.startsWith("slot-")) this.#map.removeLayer(layer.id);
    }
    for (const id of Object.keys(this.#map.getStyle().sources)) {
      if (id.startsWith("slot-")) this.#map.removeSource(id);
    }
  }

  #source(slot) {
    const id = sourceOf(slot);
    if (!this.#map.getSource(id)) {
      this.#map.addSource(id, {
        type: "vector",
        tiles: [new URL(this.#template.replace("{slot}", slot), window.location.href).href
          .replaceAll("%7B", "{").replaceAll("%7D", "}")],
        minzoom: MIN_TILE_ZOOM,
        maxzoom: MAX_TILE_ZOOM,
      });
    }
    return id;
  }

  #layer(id, type, slot, before, rest) {
    if (this.#map.getLayer(id)) return;
    const source = this.#source(slot);
    this.#map.addLayer({ id, type, source, "source-layer": SOURCE_LAYER, ...rest }, before);
  }

  /** Make the layers of a shown level; they stay unseen until `reveal`. */
  prepare(slot, areas) {
    const fine = areas >= FINE;
    const paint = { "fill-color": fillColour(this.#tokens), "fill-opacity": 0, "fill-antialias": !fine };
    this.#layer(fillOf(slot), "fill", slot, this.#lowestLine(), { paint });
    const lines = { ...linePaint(this.#tokens, areas, "areas"), "line-opacity": 0 };
    this.#layer(lineOf(slot), "line", slot, this.#lowestOutline(), {
      minzoom: linesFrom(areas),
      paint: lines,
    });
    this.#areas.set(slot, areas);
    this.#show(fillOf(slot), true);
    this.#show(lineOf(slot), true);
  }

  #first(test) {
    return this.#map.getStyle().layers.find((layer) => test(layer.id))?.id;
  }

  #lowestLine() {
    return this.#first((id) => /^(line|outline|focus)-|^labels$/.test(id));
  }

  #lowestOutline() {
    return this.#first((id) => /^(outline|focus)-|^labels$/.test(id));
  }

  /**
   * Show one level (and no other) as areas, or as plain land under a heat surface.
   *
   * @param {string[]} patterns the names of those that some area has
   */
  reveal(slot, view, patterns) {
    if (view === "heat") {
      const paint = { "fill-color": landColour(this.#tokens), "fill-antialias": false };
      const under = this.#first((id) => id === "heat") ?? this.#lowestLine();
      this.#layer(landOf(slot), "fill", slot, under, { paint });
    }
    for (const name of view === "areas" ? patterns : []) {
      const paint = { "fill-pattern": name, "fill-opacity": patternOpacity(name) };
      this.#layer(patternOf(name, slot), "fill", slot, this.#lowestLine(), { paint });
    }
    // The areas stay, unseen, under a surface: to come back they need not be built again.
    const wanted = {
      [fillOf(slot)]: true,
      [landOf(slot)]: view === "heat",
      ...Object.fromEntries(patterns.map((name) => [patternOf(name, slot), view === "areas"])),
      [lineOf(slot)]: true,
    };
    for (const { id } of this.#map.getStyle().layers) {
      if (SHOWN.test(id)) this.#show(id, Boolean(wanted[id]));
    }
    this.#map.setPaintProperty(fillOf(slot), "fill-opacity", view === "areas" ? 1 : 0);
    const { "line-opacity": opacity } = linePaint(this.#tokens, this.#areas.get(slot), view);
    this.#map.setPaintProperty(lineOf(slot), "line-opacity", opacity);
    this.#colourLines(slot, view);
  }

  /** Borders stand out from the colours of the areas, or from the bare land. */
  #colourLines(slot, view) {
    if ((this.#views.get(slot) ?? "areas") === view) return;
    this.#views.set(slot, view);
    this.#set(lineOf(slot), linePaint(this.#tokens, 0, view), ["line-color"]);
  }

  /** Every change of visibility has the tiles built anew: make only those that are one. */
  #show(id, visible) {
    if (!this.#map.getLayer(id)) return;
    const before = this.#map.getLayoutProperty(id, "visibility") ?? "visible";
    const value = visible ? "visible" : "none";
    if (before !== value) this.#map.setLayoutProperty(id, "visibility", value);
  }

  /** Borders of the levels between the focus and the shown one, and of the focus itself. */
  outline(slots, focus) {
    for (const { id } of this.#map.getStyle().layers) {
      if (/^outline-/.test(id)) this.#show(id, slots.includes(Number(id.slice(8))));
      if (/^focus-/.test(id)) this.#show(id, Number(id.slice(6)) === focus.slot);
    }
    for (const slot of slots) {
      const paint = outlinePaint(this.#tokens, false);
      this.#layer(outlineOf(slot), "line", slot, this.#first((id) => /^focus-|^labels$/.test(id)), {
        paint,
      });
    }
    const filter = ["==", ["id"], focus.id];
    const paint = outlinePaint(this.#tokens, true);
    const layout = { "line-join": "round" };
    this.#layer(focusOf(focus.slot), "line", focus.slot, this.#first((id) => id === "labels"), {
      paint, layout, filter,
    });
    if (JSON.stringify(this.#map.getFilter(focusOf(focus.slot))) !== JSON.stringify(filter)) {
      this.#map.setFilter(focusOf(focus.slot), filter);
    }
  }

  /** Give every area of the index its step; areas painted before and not among them lose it. */
  paint(slot, ids, steps) {
    const source = sourceOf(slot);
    const before = this.#painted.get(slot) ?? new Map();
    const now = new Map();
    for (let i = 0; i < ids.length; i += 1) {
      const id = ids[i];
      now.set(id, steps[i]);
      if (before.get(id) !== steps[i]) {
        this.#map.setFeatureState({ source, sourceLayer: SOURCE_LAYER, id }, { step: steps[i] });
      }
    }
    for (const id of before.keys()) {
      if (!now.has(id)) {
        this.#map.removeFeatureState({ source, sourceLayer: SOURCE_LAYER, id }, "step");
      }
    }
    this.#painted.set(slot, now);
  }

  /** Have all areas of a level drawn anew with the next frame: what is built of them comes later. */
  touch(slot) {
    const source = sourceOf(slot);
    const there = this.#map.querySourceFeatures(source, { sourceLayer: SOURCE_LAYER });
    this.#touches += 1;
    for (const { id } of there) {
      this.#map.setFeatureState({ source, sourceLayer: SOURCE_LAYER, id }, { touched: this.#touches });
    }
  }

  /** Mark one area of a level, or none. */
  hover(slot, id) {
    const last = this.#hovered;
    if (last && last.id === id && last.slot === slot) return;
    this.#hovered = id === null ? null : { slot, id };
    if (last) this.#setHover(last, false);
    if (this.#hovered) this.#setHover(this.#hovered, true);
  }

  #setHover({ slot, id }, hover) {
    const source = sourceOf(slot);
    if (this.#map.getSource(source)) {
      this.#map.setFeatureState({ source, sourceLayer: SOURCE_LAYER, id }, { hover });
    }
  }

  /** Id of the area under a point of the screen, or null. */
  at(slot, point) {
    const layers = [fillOf(slot), landOf(slot)].filter((id) => this.#map.getLayer(id));
    if (!layers.length) return null;
    const found = this.#map.queryRenderedFeatures(point, { layers });
    return found.length ? found[0].id : null;
  }

  /** Wait until all tiles of a level in view are there, or have been waited for long enough. */
  arrived(slot) {
    return new Promise((resolve) => {
      const map = this.#map;
      const done = () => {
        map.off("sourcedata", look);
        clearTimeout(timer);
        resolve();
      };
      const look = () => map.isSourceLoaded(sourceOf(slot)) && done();
      const timer = setTimeout(done, TILES_WAIT_MS);
      map.on("sourcedata", look);
      map.once("idle", done);
      look();
    });
  }

  /** Take on the colours of another theme. */
  restyle(tokens) {
    this.#tokens = tokens;
    for (const { id } of this.#map.getStyle().layers) {
      const [kind] = id.split("-");
      if (kind === "fill") this.#map.setPaintProperty(id, "fill-color", fillColour(tokens));
      if (kind === "land") this.#map.setPaintProperty(id, "fill-color", landColour(tokens));
      if (kind === "line") {
        const view = this.#views.get(Number(id.split("-")[1])) ?? "areas";
        this.#set(id, linePaint(tokens, 0, view), ["line-color"]);
      }
      if (kind === "outline" || kind === "focus") {
        this.#set(id, outlinePaint(tokens, kind === "focus"), ["line-color"]);
      }
    }
  }

  #set(id, paint, names) {
    for (const name of names) this.#map.setPaintProperty(id, name, paint[name]);
  }
}
