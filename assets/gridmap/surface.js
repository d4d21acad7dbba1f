/** The density surface: incidents per km² as a picture between two corners of the world. */

const SOURCE = "heat";
const LEVELS = 256;
/** Below this share of the highest value the ground shows through. */
const FADE = 0.12;
const OPAQUE = 0.92;

function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/**
 * Colours for the square root of the share of the maximum, so that a single peak
 * does not hide all the rest; the legend is drawn from the same table.
 */
export function colourTable(ramp) {
  const stops = ramp.map(channels);
  const table = new Uint8ClampedArray(LEVELS * 4);
  for (let i = 0; i < LEVELS; i += 1) {
    const share = i / (LEVELS - 1);
    const place = share * (stops.length - 1);
    const low = Math.min(Math.floor(place), stops.length - 2);
    for (let c = 0; c < 3; c += 1) {
      table[4 * i + c] = stops[low][c] + (place - low) * (stops[low + 1][c] - stops[low][c]);
    }
    table[4 * i + 3] = 255 * OPAQUE * Math.min(1, share / FADE);
  }
  return table;
}

/** Where a value stands on the colour scale, 0 to 1. */
export function heatShare(value, max) {
  return max > 0 ? Math.sqrt(value / max) : 0;
}

/** Address of the surface of a scene with a bandwidth, which the page may have asked for or not. */
export function surfaceUrl(scene, look) {
  return `${scene.urls.heat}&radius=${Math.round(window.gridboard.radiusOf(scene.radii, look.radius))}`;
}

function draw(heat, ramp, canvas) {
  canvas.width = Math.max(1, heat.width);
  canvas.height = Math.max(1, heat.height);
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  const table = new Uint32Array(colourTable(ramp).buffer);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < heat.grid.length; i += 1) {
    pixels[i] = table[Math.round(Math.sqrt(heat.grid[i] / 65535) * (LEVELS - 1))];
  }
  context.putImageData(image, 0, 0);
}

/** The surface on a map: one canvas, drawn anew as long as it covers the same area. */
export class Surface {
  #map;
  #canvas = document.createElement("canvas");
  #place = null;

  constructor(map) {
    this.#map = map;
  }

  /** Lay a surface under the borders; the one before it goes. */
  show(heat, ramp, before) {
    const { west, south, east, north, width, height } = heat;
    const place = [west, south, east, north, width, height].join();
    draw(heat, ramp, this.#canvas);
    const source = this.#map.getSource(SOURCE);
    if (source && place === this.#place) {
      // Playing takes over what the canvas shows; at rest it costs nothing.
      source.play();
      source.pause();
      this.#map.triggerRepaint();
      return;
    }
    this.hide();
    this.#place = place;
    this.#map.addSource(SOURCE, {
      type: "canvas",
      canvas: this.#canvas,
      animate: false,
      coordinates: [[west, north], [east, north], [east, south], [west, south]],
    });
    this.#map.addLayer(
      {
        id: SOURCE,
        type: "raster",
        source: SOURCE,
        paint: { "raster-fade-duration": 0, "raster-resampling": "linear" },
      },
      before,
    );
  }

  hide() {
    if (this.#map.getLayer(SOURCE)) this.#map.removeLayer(SOURCE);
    if (this.#map.getSource(SOURCE)) this.#map.removeSource(SOURCE);
  }
}
