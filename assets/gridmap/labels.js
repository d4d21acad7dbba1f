/** Names on a map, the weightier ones first where there is no room for all. */
import { labelLayer, labelPaint, loadFace } from "./style.js";

const ID = "labels";

export class Labels {
  #map;
  #tokens;
  #wanted = null;

  /**
   * @param map a maplibre map
   * @param tokens of the theme, see `readTokens`
   */
  constructor(map, tokens) {
    this.#map = map;
    this.#tokens = tokens;
  }

  /**
   * Write names in place of those there are; the same ones once.
   *
   * @param {[number, number, string][]} labels longitude, latitude and name
   * @param {string} [under] layer that the names stay under
   */
  async write(labels, under) {
    if (this.#wanted === labels) return;
    this.#wanted = labels;
    await loadFace(labels.map((label) => label[2]).join(""));
    // The font may come late: after other names were asked for, or the map was given back.
    if (this.#wanted !== labels) return;
    const features = labels.map(([lon, lat, name], order) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [lon, lat] },
      properties: { name, order },
    }));
    const data = { type: "FeatureCollection", features };
    const source = this.#map.getSource(ID);
    if (source) {
      source.setData(data);
      return;
    }
    this.#map.addSource(ID, { type: "geojson", data });
    this.#map.addLayer(labelLayer(this.#tokens, ID), this.#map.getLayer(under) && under);
  }

  /** Take on the colours of another theme. */
  restyle(tokens) {
    this.#tokens = tokens;
    this.#paint(labelPaint(tokens));
  }

  fade(opacity) {
    this.#paint({ "text-opacity": opacity });
  }

  #paint(paint) {
    if (!this.#map.getLayer(ID)) return;
    Object.entries(paint).forEach(([name, value]) => this.#map.setPaintProperty(ID, name, value));
  }

  /** Write no more: the map is given back. */
  leave() {
    this.#wanted = null;
  }
}
