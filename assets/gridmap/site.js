/** The map of the data page: land, borders and names of the scope, and what a file holds. */
import { Map as MapLibre, ScaleControl } from "../vendor/maplibre-gl/maplibre-gl.mjs";
import { Labels } from "./labels.js";
import { SOURCE_LAYER } from "./levels.js";
import { emptyStyle, outlinePaint, readTokens } from "./style.js";

const MAX_TILE_ZOOM = 12;
const FLIGHT_MS = 400;
/** Zoom from which the borders of a slot are drawn: finer ones come with the closer look. */
const LINES_FROM = [0, 0, 5, 8, 10.5, 12];
const NOTHING = { type: "FeatureCollection", features: [] };
const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Metres that a degree of latitude spans. */
const DEGREE_M = 111_320;

function pointsOf(points) {
  return {
    type: "FeatureCollection",
    features: points.map(({ lon, lat, ...properties }) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [lon, lat] },
      properties,
    })),
  };
}

/** The box around all points, at least some hundred metres wide. */
function boundsOf(points) {
  const lons = points.map((point) => point.lon);
  const lats = points.map((point) => point.lat);
  const edge = 300 / DEGREE_M;
  return [
    [Math.min(...lons) - edge, Math.min(...lats) - edge],
    [Math.max(...lons) + edge, Math.max(...lats) + edge],
  ];
}

export class SiteView {
  #map;
  #tokens;
  #tell;
  #scene = null;
  #ready;
  #borders = null;
  #labels;

  constructor(host, tell) {
    this.#tell = tell;
    this.#tokens = this.#read();
    this.#map = new MapLibre({
      container: host,
      style: emptyStyle(this.#tokens),
      attributionControl: false,
      renderWorldCopies: false,
      pitchWithRotate: false,
      dragRotate: false,
      maxPitch: 0,
      minZoom: 2,
      maxZoom: 19,
      fadeDuration: 0,
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.addControl(new ScaleControl({ maxWidth: 6 * this.#tokens.rem }), "bottom-right");
    this.#map.on("error", () => {}); // A tile that fails is asked for again at the next move.
    this.#map.on("mousemove", (event) => this.#point(event.point));
    this.#map.on("mouseout", () => this.#tell.about(null));
    this.#labels = new Labels(this.#map, this.#tokens);
    this.#ready = this.#map.once("load");
  }

  #read() {
    const style = getComputedStyle(document.documentElement);
    const own = ["series", "bad", "text", "surface"].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
    return { ...readTokens(), ...Object.fromEntries(own) };
  }

  /** @param scene borders (tiles, slots, focus, bounds, labels), points, defects (address or null) */
  async show(scene) {
    const first = this.#scene === null;
    this.#scene = scene;
    await this.#ready;
    if (this.#scene !== scene) return;
    this.#layBorders(scene.borders);
    if (scene.borders) this.#labels.write(scene.borders.labels, "points");
    const defects = await this.#defects(scene.defects);
    if (this.#scene !== scene) return;
    this.#layDefects(defects);
    this.#layPoints(scene.points);
    this.fit(first);
    this.#map.once("idle", () => this.#tell.state("ready"));
    this.#map.triggerRepaint();
  }

  #layBorders(borders) {
    if (!borders || this.#borders?.tiles === borders.tiles) return;
    this.#dropBorders();
    this.#borders = borders;
    // Those of another edition come in the place of the former ones, below all the rest.
    const above = this.#map.getStyle().layers[1]?.id;
    const tiles = (slot) => [new URL(borders.tiles.replace("{slot}", slot), window.location.href).href
      .replaceAll("%7B", "{").replaceAll("%7D", "}")];
    for (const slot of borders.slots) {
      const source = `slot-${slot}`;
      const first = slot === borders.slots[0];
      const filter = first ? ["==", ["id"], borders.focus] : ["literal", true];
      this.#map.addSource(source, { type: "vector", tiles: tiles(slot), minzoom: 0, maxzoom: MAX_TILE_ZOOM });
      const rest = { source, "source-layer": SOURCE_LAYER, filter };
      if (first) this.#map.addLayer({ id: "land", type: "fill", ...rest, paint: this.#paint().land }, above);
      const paint = outlinePaint(this.#tokens, first);
      const minzoom = first ? 0 : LINES_FROM[slot] ?? 0;
      this.#map.addLayer({ id: `line-${slot}`, type: "line", ...rest, minzoom, paint }, above);
    }
  }

  #dropBorders() {
    const slots = this.#borders?.slots ?? [];
    const layers = ["land", ...slots.map((slot) => `line-${slot}`)];
    layers.filter((id) => this.#map.getLayer(id)).forEach((id) => this.#map.removeLayer(id));
    slots.forEach((slot) => this.#map.removeSource(`slot-${slot}`));
  }

  #paint() {
    const tokens = this.#tokens;
    return {
      land: { "fill-color": tokens["map-land"] },
      points: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 4, 0.22 * tokens.rem, 14, 0.4 * tokens.rem],
        "circle-color": ["case", ["==", ["get", "look"], "bad"], tokens.bad, tokens.series],
        "circle-stroke-color": tokens.surface,
        "circle-stroke-width": 1,
      },
      mark: {
        "circle-radius": 0.7 * tokens.rem,
        "circle-color": "transparent",
        "circle-stroke-color": tokens.accent,
        "circle-stroke-width": 0.15 * tokens.rem,
      },
      defects: { "fill-color": tokens.bad, "fill-opacity": 0.55 },
      edges: { "line-color": tokens.bad, "line-width": 2 },
    };
  }

  #layPoints(points) {
    const data = pointsOf(points || []);
    const source = this.#map.getSource("points");
    if (source) {
      source.setData(data);
      return;
    }
    this.#map.addSource("points", { type: "geojson", data });
    this.#map.addLayer({ id: "points", type: "circle", source: "points", paint: this.#paint().points });
  }

  async #defects(url) {
    if (!url) return null;
    return fetch(url).then((answer) => (answer.ok ? answer.json() : NOTHING)).catch(() => NOTHING);
  }

  #layDefects(data) {
    const source = this.#map.getSource("defects");
    if (source) {
      source.setData(data ?? NOTHING);
    } else if (data) {
      this.#map.addSource("defects", { type: "geojson", data });
      this.#map.addLayer({ id: "defects", type: "fill", source: "defects", paint: this.#paint().defects });
      this.#map.addLayer({ id: "edges", type: "line", source: "defects", paint: this.#paint().edges });
    }
  }

  /** What is under the pointer, in words that came with it. */
  #point(at) {
    const layers = ["points"].filter((id) => this.#map.getLayer(id));
    const [found] = layers.length ? this.#map.queryRenderedFeatures(at, { layers }) : [];
    this.#map.getCanvas().style.cursor = found ? "pointer" : "";
    const words = found && found.properties;
    this.#tell.about(words ? { title: words.title, lines: JSON.parse(words.lines || "[]") } : null);
  }

  /** All points; without any, the whole scope. */
  fit(atOnce = false) {
    const { points, borders } = this.#scene;
    const [west, south, east, north] = borders ? borders.bounds : [73, 18, 135, 54];
    const box = points && points.length ? boundsOf(points) : [[west, south], [east, north]];
    const options = { padding: 2.5 * this.#tokens.rem, maxZoom: 16, duration: FLIGHT_MS };
    this.#map.fitBounds(box, { ...options, animate: !atOnce && !still() });
  }

  /** Go to a place, close enough to see so many metres. */
  look({ lon, lat, metres }) {
    this.#mark({ lon, lat });
    const half = Math.max(30, metres || 200) / DEGREE_M;
    const box = [[lon - half * 1.5, lat - half], [lon + half * 1.5, lat + half]];
    this.#map.fitBounds(box, { maxZoom: 18, duration: FLIGHT_MS, animate: !still() });
  }

  /** A ring around the one place that is looked at. */
  #mark(point) {
    const data = pointsOf([point]);
    const source = this.#map.getSource("mark");
    if (source) {
      source.setData(data);
      return;
    }
    this.#map.addSource("mark", { type: "geojson", data });
    this.#map.addLayer({ id: "mark", type: "circle", source: "mark", paint: this.#paint().mark });
  }

  zoom(by) {
    this.#map.easeTo({ zoom: this.#map.getZoom() + by, animate: !still() });
  }

  /** Take on the colours of another theme. */
  async restyle() {
    await this.#ready;
    this.#tokens = this.#read();
    const paints = this.#paint();
    const looks = [["ground", { "background-color": this.#tokens["map-ground"] }], ["land", paints.land], ["points", paints.points], ["mark", paints.mark],
      ["defects", paints.defects], ["edges", paints.edges]];
    for (const [i, slot] of (this.#borders?.slots ?? []).entries()) {
      looks.push([`line-${slot}`, { "line-color": outlinePaint(this.#tokens, i === 0)["line-color"] }]);
    }
    this.#labels.restyle(this.#tokens);
    for (const [id, paint] of looks) {
      if (!this.#map.getLayer(id)) continue;
      Object.entries(paint).forEach(([name, value]) => this.#map.setPaintProperty(id, name, value));
    }
  }

  remove() {
    this.#scene = null;
    this.#labels.leave();
    this.#map.remove();
  }
}
