/** The map as one object: it is told what to show and says what became of it. */
import { Map as MapLibre, ScaleControl, prewarm } from "../vendor/maplibre-gl/maplibre-gl.mjs";
import { Levels } from "./levels.js";
import { Link } from "./link.js";
import { NO_DATA, classify, decodeHeat, decodeIndex, decodeValues, fetchBytes, rampStep } from "./numbers.js";
import { Descriptions, Pointer, figuresOf, nextCode } from "./pointer.js";
import {
  RAMP_STEPS, emptyStyle, hatchImage, labelLayer, labelPaint, loadFace, readTokens,
} from "./style.js";
import { hideSurface, showSurface } from "./surface.js";

const TILES_WAIT_MS = 4000;
const FLIGHT_MS = 500;
const MAX_ZOOM = 18;
const MIN_ZOOM = 3;
const INDEXES_KEPT = 24;

// The worker starts while the page still asks what to show.
prewarm();

const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Size of a box in Web Mercator, in units of its own: only the ratio counts. */
function mercatorSize([west, south, east, north]) {
  const y = (degrees) => Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360));
  return { width: ((east - west) * Math.PI) / 180, height: y(north) - y(south) || 1e-9 };
}

export class MapView {
  #map;
  #levels;
  #tokens;
  #tell;
  #scene = null;
  #look = null;
  #picture = null;
  #heat = null;
  #indexes = new Map();
  #descriptions = new Descriptions();
  #turn = 0;
  #abort = null;
  #ready;
  #focusCode = null;
  #labelled = null;
  #link = null;
  #camera = "at";

  /**
   * @param {HTMLElement} host
   * @param {{picture: function, hover: function}} tell called with what is shown now
   */
  constructor(host, tell) {
    this.#tell = tell;
    this.#tokens = readTokens();
    this.#map = new MapLibre({
      container: host,
      style: emptyStyle(this.#tokens),
      attributionControl: false,
      renderWorldCopies: false,
      pitchWithRotate: false,
      dragRotate: false,
      maxPitch: 0,
      minZoom: MIN_ZOOM,
      maxZoom: MAX_ZOOM,
      fadeDuration: 0,
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.addControl(new ScaleControl({ maxWidth: 6 * this.#tokens.rem }), "bottom-right");
    this.#ready = this.#map.once("load").then(() => this.#prepare());
    new Pointer(this.#map, {
      at: (point) => this.#at(point),
      tell: (id, point, area) => this.#hover(id, point, area),
      describe: (id) => this.#describe(id),
      go: (id) => this.#go(id),
    });
    this.#map.on("moveend", (event) => {
      if (!event.originalEvent && !event.byHand) return;
      this.#keepCamera();
      this.#link?.keep();
    });
    this.#map.on("error", () => {}); // A tile that fails is asked for again at the next move.
  }

  /**
   * Move together with other maps, or alone again; the next scene is brought into view anew.
   *
   * @param {{group: string, by: "camera" | "zoom", at: string} | null} how `at` names the
   *   parameter of the address that keeps this map's camera
   */
  link(how) {
    this.#link?.leave();
    this.#camera = how?.at ?? "at";
    this.#focusCode = null;
    const hover = (id, point, area) => this.#show(id, point, area);
    this.#link = how && new Link({ map: this.#map, keep: () => this.#keepCamera(), hover }, how);
  }

  #prepare() {
    this.#map.addImage("hatch", hatchImage(this.#tokens), { pixelRatio: 2 });
    this.#levels = new Levels(this.#map, this.#tokens);
  }

  /** Show a scene in a look; what is on screen stays until the new picture is there. */
  async show(scene, look) {
    const before = { scene: this.#scene, look: this.#look };
    this.#scene = scene;
    this.#look = look;
    // The numbers travel while the map gets ready.
    const numbers = before.scene === scene ? null : this.#ask(scene);
    await this.#ready;
    if (this.#scene !== scene || this.#look !== look) return;
    if (before.look && before.look.theme !== look.theme) this.#restyle();
    if (numbers) await this.#change(scene, numbers);
    else this.#repaint();
  }

  /** Ask again for what could not be had. */
  async retry() {
    if (this.#scene) await this.#load(this.#scene, this.#ask(this.#scene));
  }

  async #change(scene, numbers) {
    this.#levels.use(scene.urls.tiles);
    this.#aim(scene);
    this.#levels.prepare(scene.layer.slot, scene.layer.areas);
    this.#levels.outline(scene.outlines, scene.area);
    // With no picture to disturb, the names need not wait for the values.
    if (!this.#picture) this.#label(scene);
    await this.#load(scene, numbers);
  }

  /** Move the camera only when another area came into focus. */
  #aim(scene) {
    if (scene.area.code === this.#focusCode) return;
    const first = this.#focusCode === null;
    this.#focusCode = scene.area.code;
    const at = new URLSearchParams(window.location.search).get(this.#camera);
    const [lon, lat, zoom] = (at ?? "").split(",").map(Number);
    if (Number.isFinite(zoom)) this.#map.jumpTo({ center: [lon, lat], zoom });
    else this.fit(first);
  }

  /** Bring the whole focus into view. */
  fit(atOnce = false) {
    const [west, south, east, north] = this.#scene.area.bounds;
    const bounds = [[west, south], [east, north]];
    const options = { padding: this.#padding(), maxZoom: MAX_ZOOM - 1 };
    if (this.#link) {
      this.#link.fit(bounds, options);
    } else {
      this.#map.fitBounds(bounds, { ...options, animate: !atOnce && !still(), duration: FLIGHT_MS });
    }
    window.gridboard.keepCamera(null, this.#camera);
  }

  /** An even margin; where there is room beside the area, it gives way to the legend. */
  #padding() {
    const { clientWidth, clientHeight } = this.#map.getContainer();
    const edge = Math.round(0.05 * Math.min(clientWidth, clientHeight));
    const { width, height } = mercatorSize(this.#scene.area.bounds);
    const needed = ((clientHeight - 2 * edge) * width) / height;
    const spare = Math.max(0, clientWidth - 2 * edge - needed);
    const legend = this.#map.getContainer().parentElement.querySelector(".float");
    // Beside another map the legend lies below it, and takes no room.
    const left = Math.min(spare, legend && !this.#link ? legend.offsetWidth : 0);
    return { top: edge, bottom: edge, right: edge, left: edge + left };
  }

  zoom(by) {
    this.#map.easeTo({ zoom: this.#map.getZoom() + by, animate: !still() }, { byHand: true });
  }

  #keepCamera() {
    const { lng, lat } = this.#map.getCenter();
    window.gridboard.keepCamera([lng, lat, this.#map.getZoom()], this.#camera);
  }

  /** Ask for the index, the values and, where it is wanted, the surface of a scene. */
  #ask(scene) {
    const turn = (this.#turn += 1);
    this.#abort?.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#say("loading");
    const { index, values, heat } = scene.urls;
    const answers = Promise.all([
      this.#index(index),
      fetchBytes(values, signal),
      this.#look.view === "heat" ? fetchBytes(heat, signal) : null,
    ]);
    answers.catch(() => {}); // It is looked at in #load, perhaps after it failed.
    return { turn, answers };
  }

  async #load(scene, { turn, answers }) {
    try {
      const [index, values, heat] = await answers;
      if (turn !== this.#turn) return;
      const counts = decodeValues(values, index.ids.length);
      this.#picture = { scene, index, counts, at: Date.now() };
      this.#heat = heat && { url: scene.urls.heat, ...decodeHeat(heat) };
      this.#paint();
      await this.#tiles(scene.layer.slot);
      if (turn === this.#turn) this.#reveal();
    } catch (error) {
      if (turn === this.#turn && error.name !== "AbortError") this.#say("failed");
    }
  }

  async #index(url) {
    if (!this.#indexes.has(url)) {
      const loading = fetchBytes(url).then(decodeIndex);
      loading.catch(() => this.#indexes.delete(url));
      this.#indexes.set(url, loading);
      if (this.#indexes.size > INDEXES_KEPT) {
        this.#indexes.delete(this.#indexes.keys().next().value);
      }
    }
    return this.#indexes.get(url);
  }

  /** The tiles of a level are there, or have been waited for long enough. */
  #tiles(slot) {
    return new Promise((resolve) => {
      const map = this.#map;
      const done = () => {
        map.off("sourcedata", look);
        clearTimeout(timer);
        resolve();
      };
      const look = () => this.#levels.loaded(slot) && done();
      const timer = setTimeout(done, TILES_WAIT_MS);
      map.on("sourcedata", look);
      map.once("idle", done);
      look();
    });
  }

  /** Classes of the metric in force, as steps of the ramp, into the feature-state. */
  #paint() {
    const { scene, index, counts } = this.#picture;
    const { limits } = scene.scales[this.#look.metric];
    const { classes, sizes, unknown } = classify(this.#look.metric, counts, index, limits);
    const steps = classes.map((k) => rampStep(k, limits.length + 1, RAMP_STEPS));
    this.#levels.paint(scene.layer.slot, index.ids, steps);
    this.#picture.sizes = sizes;
    this.#picture.counted = counts.some((count) => count !== NO_DATA);
    this.#picture.unknown = unknown;
  }

  #reveal() {
    const { scene, unknown } = this.#picture;
    const heat = this.#look.view === "heat" && this.#heat;
    if (heat) showSurface(this.#map, heat, this.#tokens.ramp, this.#lowestBorder());
    else hideSurface(this.#map);
    this.#levels.reveal(scene.layer.slot, heat ? "heat" : "areas", unknown > 0);
    this.#label(scene);
    this.#say("ready");
    // Drawn means that a frame with every value has left for the screen.
    this.#map.once("render", () => {
      requestAnimationFrame(() => performance.mark("gridboard:painted"));
    });
    this.#map.once("idle", () => this.#say("ready", true));
    this.#map.triggerRepaint();
  }

  #lowestBorder() {
    return this.#map.getStyle().layers.find(({ id }) => /^(line|outline|focus|labels)/.test(id))?.id;
  }

  /** Another metric, view or theme of the same numbers. */
  #repaint() {
    const wantsHeat = this.#look.view === "heat";
    if (wantsHeat && this.#heat?.url !== this.#scene.urls.heat) {
      this.#load(this.#scene, this.#ask(this.#scene));
    } else if (this.#picture?.scene === this.#scene) {
      this.#paint();
      this.#reveal();
    }
  }

  /** Write the names of a scene; once is enough. */
  async #label(scene) {
    if (this.#labelled === scene) return;
    this.#labelled = scene;
    const { labels } = scene;
    const features = labels.map(([lon, lat, name], order) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [lon, lat] },
      properties: { name, order },
    }));
    const data = { type: "FeatureCollection", features };
    await loadFace(labels.map((label) => label[2]).join(""));
    const source = this.#map.getSource("labels");
    if (source) {
      source.setData(data);
      return;
    }
    this.#map.addSource("labels", { type: "geojson", data });
    this.#map.addLayer(labelLayer(this.#tokens, "labels"));
  }

  #restyle() {
    this.#tokens = readTokens();
    this.#map.setPaintProperty("ground", "background-color", this.#tokens["map-ground"]);
    this.#map.updateImage("hatch", hatchImage(this.#tokens));
    this.#levels.restyle(this.#tokens);
    if (this.#map.getLayer("labels")) {
      for (const [name, value] of Object.entries(labelPaint(this.#tokens))) {
        this.#map.setPaintProperty("labels", name, value);
      }
    }
  }

  #at(point) {
    return this.#picture ? this.#levels.at(this.#picture.scene.layer.slot, point) : null;
  }

  #describe(id) {
    return this.#descriptions.get(this.#scene.urls.areas.replace("{id}", id));
  }

  #hover(id, point, area) {
    this.#show(id, point, area);
    this.#link?.hover(id, point, area);
  }

  #show(id, point, area) {
    this.mark(id);
    const figures = id === null ? null : figuresOf(this.#picture, id);
    this.#map.getCanvas().style.cursor = id === null ? "" : "pointer";
    this.#tell.hover(id === null ? null : { id, x: point.x, y: point.y, figures, area });
  }

  /** Mark an area of the shown level, as the pointer does. */
  mark(id) {
    if (this.#picture) this.#levels.hover(this.#picture.scene.layer.slot, id);
  }

  async #go(id) {
    const area = await this.#describe(id).catch(() => null);
    const path = area ? area.path.map((step) => step.code) : [];
    const code = nextCode(path, this.#scene.area.path);
    if (!code) return;
    // The scene says where a click leads, or else it leads along with all of the address.
    const { go } = this.#scene;
    window.gridboard.go(go ? go.replace("{code}", encodeURIComponent(code)) : window.gridboard.areaHref(code));
  }

  #say(state, idle = false) {
    const { at = null, sizes = null, unknown = 0, counted = false, scene = null } = this.#picture ?? {};
    const total = this.#picture?.index.ids.length ?? 0;
    this.#tell.picture({ state, at, scene, sizes, unknown, counted, total, idle, heat: this.#heat });
  }

  /** Name the map for those who do not see it. */
  name(label) {
    this.#map.getCanvas().setAttribute("aria-label", label);
  }

  /** Give back the canvas, the worker and all listeners. */
  remove() {
    this.#turn += 1;
    this.#abort?.abort();
    this.#link?.leave();
    this.#map.remove();
  }
}
