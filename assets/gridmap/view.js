/** The map as one object: it is told what to show and says what became of it. */
import { Map as MapLibre, ScaleControl, prewarm } from "../vendor/maplibre-gl/maplibre-gl.mjs";
import { Camera, MAX_ZOOM } from "./camera.js";
import { decodeSpots, draw } from "./classes.js";
import { Kept } from "./kept.js";
import { Labels } from "./labels.js";
import { Levels } from "./levels.js";
import { NO_DATA, decodeIndex, decodeValues, fetchBytes, readHeat } from "./numbers.js";
import { Pointer, describe, fetchDescription, figuresOf, nextCode } from "./pointer.js";
import { PATTERNS, emptyStyle, patternImage, readTokens } from "./style.js";
import { sheetOf } from "./sheet.js";
import { Surface, surfaceUrl } from "./surface.js";
import { showsSpots } from "./swatches.js";

const MIN_ZOOM = 3;
const INDEXES_KEPT = 24;
const DESCRIPTIONS_KEPT = 500;
/** Pixels of a picture on paper to one of the page: paper is finer than a screen. */
const PAPER_RATIO = 2;
const NOTHING = { at: null, scene: null, sizes: null, spots: null, unknown: 0, few: 0, hidden: 0, counted: false };

// The worker starts while the page still asks what to show.
prewarm();

export class MapView {
  #map;
  #labels;
  #levels;
  #tokens;
  #tell;
  #scene = null;
  #look = null;
  #base = null;
  #picture = null;
  #frame = null;
  #heat = null;
  #surface;
  #spread = null;
  #indexes = new Kept((url) => fetchBytes(url).then(decodeIndex), INDEXES_KEPT);
  #descriptions = new Kept(fetchDescription, DESCRIPTIONS_KEPT);
  #turn = 0;
  #abort = null;
  #asked = null;
  #theme = document.documentElement.dataset.theme;
  #ready;
  #clicks = 0;
  #camera;
  #sheet = null;

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
    this.#labels = new Labels(this.#map, this.#tokens);
    this.#ready = this.#map.once("load").then(() => this.#prepare());
    new Pointer(this.#map, {
      at: (point) => this.#at(point),
      tell: (id, point, area) => this.#hover(id, point, area),
      describe: (id) => describe(this.#descriptions, this.#scene, this.#look, id),
      go: (id) => this.#go(id),
    });
    this.#camera = new Camera(this.#map);
    this.#map.on("error", () => {}); // A tile that fails is asked for again at the next move.
  }

  /** Move together with other maps, or alone again (see `Camera`). */
  link(how) {
    this.#camera.link(how, (id, point, area) => this.#show(id, point, area));
  }

  /** Bring the whole focus into view. */
  fit() {
    this.#camera.fit();
  }

  zoom(by) {
    this.#camera.zoom(by);
  }

  #prepare() {
    for (const name of Object.keys(PATTERNS)) {
      this.#map.addImage(name, patternImage(this.#tokens, name), { pixelRatio: 2 });
    }
    this.#levels = new Levels(this.#map, this.#tokens);
    this.#surface = new Surface(this.#map);
  }

  /** Show a scene in a look; what is on screen stays until the new picture is there. */
  async show(scene, look) {
    const isNew = this.#scene !== scene;
    this.#scene = scene;
    this.#look = look;
    // The numbers travel while the map gets ready, and those for another look once it is chosen.
    if (isNew || this.#asked) this.#asked = this.#ask(scene);
    await this.#ready;
    if (this.#scene !== scene || this.#look !== look) return;
    if (this.#theme !== look.theme) this.#restyle();
    this.#theme = look.theme;
    const numbers = this.#asked;
    this.#asked = null;
    if (numbers) await this.#change(scene, numbers);
    else this.#repaint();
  }

  /** Ask again for what could not be had. */
  async retry() {
    const scene = this.#scene;
    if (!scene) return;
    const numbers = this.#ask(scene);
    await this.#ready;
    await this.#load(scene, numbers);
  }

  async #change(scene, numbers) {
    this.#levels.use(scene.urls.tiles);
    this.#camera.aim(scene.area);
    this.#levels.prepare(scene.layer.slot, scene.layer.areas);
    this.#levels.outline(scene.outlines, scene.area);
    // With no picture to disturb, the names need not wait for the values.
    if (!this.#picture) this.#labels.write(scene.labels);
    await this.#load(scene, numbers);
  }

  /** Ask for the index, the values and, where it is wanted, the surface of a scene. */
  #ask(scene) {
    const turn = (this.#turn += 1);
    this.#abort?.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#say("loading");
    const { index, values } = scene.urls;
    const surface = this.#look.view === "heat" ? surfaceUrl(scene, this.#look) : null;
    const spots = showsSpots(this.#look.view) ? scene.urls[this.#look.view] : null;
    const answers = Promise.all([
      this.#indexes.get(index),
      fetchBytes(values, signal),
      surface && readHeat(surface, signal),
      spots && fetchBytes(spots, signal),
    ]);
    answers.catch(() => {}); // It is looked at in #load, perhaps after it failed.
    return { turn, answers, spots };
  }

  async #load(scene, { turn, answers, spots }) {
    try {
      const [index, values, heat, found] = await answers;
      if (turn !== this.#turn) return;
      const counts = decodeValues(values, index.ids.length);
      const signals = found && { url: spots, ...decodeSpots(found, index.ids.length) };
      const { scales, rate } = scene;
      this.#base = { scene, index, counts, signals, scales, rate, period: null, at: Date.now() };
      this.#picture = this.#framed();
      this.#heat = heat;
      this.#paint();
      await this.#levels.arrived(scene.layer.slot);
      if (turn === this.#turn) this.#reveal();
    } catch (error) {
      if (turn === this.#turn && error.name !== "AbortError") this.#say("failed");
    }
  }

  /** What is looked at, as steps of the ramp, swatches and patterns, into the feature-state. */
  #paint() {
    const { scene, index, counts } = this.#picture;
    const { steps, ...sizes } = draw(this.#picture, this.#look);
    this.#levels.paint(scene.layer.slot, index.ids, steps);
    Object.assign(this.#picture, sizes);
    this.#picture.counted = counts.some((count) => count !== NO_DATA);
  }

  #reveal() {
    const { scene, unknown, few, hidden } = this.#picture;
    const heat = this.#look.view === "heat" && this.#heat;
    if (heat) this.#surface.show(heat, this.#tokens.ramp, this.#lowestBorder());
    else this.#surface.hide();
    this.#levels.reveal(scene.layer.slot, heat ? "heat" : "areas", Object.keys(PATTERNS).filter((name, i) => [unknown, few, hidden][i] > 0));
    this.#labels.write(scene.labels);
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
    const there = this.#picture?.scene === this.#scene;
    if (this.#lacks() && there && this.#look.view === "heat") {
      this.#say("loading");
      this.spread(this.#look.radius);
    } else if (this.#lacks()) {
      this.#load(this.#scene, this.#ask(this.#scene));
    } else if (there) {
      // What another look asked for is not wanted any more.
      this.#turn += 1;
      this.#abort?.abort();
      this.#paint();
      this.#reveal();
    }
  }

  /** Whether the view shows what was not asked for yet. */
  #lacks() {
    const { view } = this.#look;
    if (view === "heat") return this.#heat?.url !== surfaceUrl(this.#scene, this.#look);
    return showsSpots(view) && this.#picture?.signals?.url !== this.#scene.urls[view];
  }

  /**
   * Draw the surface with another bandwidth, also while it is being chosen. Of those asked for
   * while one is on its way, only the latest is fetched.
   */
  async spread(radius) {
    const idle = this.#spread === null;
    this.#spread = { radius, turn: this.#turn };
    if (!idle) return;
    for (let drawn = null; drawn !== this.#spread; ) {
      drawn = this.#spread;
      await this.#drawSpread(drawn);
    }
    this.#spread = null;
  }

  async #drawSpread(wanted) {
    const isWanted = () => wanted.turn === this.#turn && this.#look.view === "heat";
    if (!isWanted() || surfaceUrl(this.#scene, wanted) === this.#heat?.url) return;
    try {
      const heat = await readHeat(surfaceUrl(this.#scene, wanted));
      if (!isWanted()) return;
      this.#heat = heat;
      this.#reveal();
    } catch {
      if (isWanted() && wanted === this.#spread) this.#say("failed");
    }
  }

  /**
   * Show one step of a playback in place of the whole period, or the period again.
   *
   * @param {{scene, counts, scales, period: string} | null} frame
   * @returns {Promise} settled when the map has drawn it
   */
  async frame(frame) {
    if (!this.#base || (frame && frame.scene !== this.#base.scene)) return;
    this.#frame = frame;
    this.#picture = this.#framed();
    // The next scene is on its way and will be drawn when it is there.
    if (this.#scene !== this.#base.scene) return;
    this.#paint();
    this.#reveal();
    await this.#map.once("idle");
  }

  /** The whole period, or the step of it that is played. */
  #framed() {
    const [base, frame] = [this.#base, this.#frame];
    return frame?.scene === base.scene ? { ...base, ...frame, rate: { ...base.rate, smooth: null } } : base;
  }

  #restyle() {
    this.#tokens = readTokens();
    this.#map.setPaintProperty("ground", "background-color", this.#tokens["map-ground"]);
    for (const name of Object.keys(PATTERNS)) {
      this.#map.updateImage(name, patternImage(this.#tokens, name));
    }
    this.#levels.restyle(this.#tokens);
    this.#labels.restyle(this.#tokens);
  }

  #at(point) {
    return this.#picture ? this.#levels.at(this.#picture.scene.layer.slot, point) : null;
  }

  #describe(id) {
    return this.#descriptions.get(this.#scene.urls.areas.replace("{id}", id));
  }

  #hover(id, point, area) {
    this.#show(id, point, area);
    // What is said here is of this map's days, not of another's.
    this.#camera.hover(id, point, area && { ...area, said: null });
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
    const click = (this.#clicks += 1);
    const { pathname } = window.location;
    const area = await this.#describe(id).catch(() => null);
    // Whoever went elsewhere meanwhile is not taken from there.
    if (click !== this.#clicks || pathname !== window.location.pathname) return;
    const path = area ? area.path.map((step) => step.code) : [];
    const code = nextCode(path, this.#scene.area.path);
    if (!code) return;
    // The scene says where a click leads, or else it leads along with all of the address.
    const { go } = this.#scene;
    const { gridboard } = window;
    const href = go && gridboard.leadsTo(go.replace("{code}", encodeURIComponent(code)), gridboard.drawnFor(this.#map.getContainer()));
    gridboard.go(href || gridboard.areaHref(code));
  }

  #say(state, idle = false) {
    const { index = null, counts, signals, ...shown } = this.#picture ?? NOTHING;
    this.#tell.picture({ ...shown, state, idle, total: index?.ids.length ?? 0, heat: this.#heat });
  }

  /**
   * Put a picture of what is shown in the place of the canvas, or take it away again.
   *
   * The browser prints at once: all of it, and the colours of another theme, are drawn in this task.
   */
  paper(wanted) {
    // One that is not shown has nothing to picture.
    const there = this.#picture && this.#map.getContainer().clientWidth > 0;
    if (wanted === Boolean(this.#sheet) || !(there || this.#sheet)) return;
    if (this.#tokens.background !== readTokens().background) this.#recolour();
    this.#sheet?.remove();
    this.#sheet = wanted ? this.#pictured() : null;
    if (wanted) this.#map.getContainer().append(this.#sheet);
  }

  #pictured() {
    const map = this.#map;
    const frame = this.#camera.frame();
    this.#labels.fade(0);
    map.setPixelRatio(Math.max(map.getPixelRatio(), PAPER_RATIO));
    map.redraw();
    const sheet = sheetOf(map, frame, this.#picture.scene.labels);
    map.setPixelRatio(null);
    this.#labels.fade(1);
    return sheet;
  }

  /** Take on the colours of another theme without waiting for the tiles to be built anew. */
  #recolour() {
    this.#restyle();
    this.#levels.touch(this.#picture.scene.layer.slot);
    if (this.#look.view === "heat" && this.#heat) {
      this.#surface.show(this.#heat, this.#tokens.ramp, this.#lowestBorder());
    }
  }

  /** Name the map for those who do not see it. */
  name(label) {
    this.#map.getCanvas().setAttribute("aria-label", label);
  }

  /** Give back the canvas, the worker and all listeners. */
  remove() {
    this.#turn += 1;
    this.#clicks += 1;
    this.#labels.leave();
    this.#abort?.abort();
    this.#camera.leave();
    this.#map.remove();
  }
}
