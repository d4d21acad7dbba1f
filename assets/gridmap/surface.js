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

function draw(heat, ramp) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, heat.width);
  canvas.height = Math.max(1, heat.height);
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  const table = colourTable(ramp);
  for (let i = 0; i < heat.grid.length; i += 1) {
    const level = Math.round(Math.sqrt(heat.grid[i] / 65535) * (LEVELS - 1));
    image.data.set(table.subarray(4 * level, 4 * level + 4), 4 * i);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Lay the surface under the borders; the one before it goes. */
export function showSurface(map, heat, ramp, before) {
  hideSurface(map);
  const { west, south, east, north } = heat;
  map.addSource(SOURCE, {
    type: "canvas",
    canvas: draw(heat, ramp),
    animate: false,
    coordinates: [[west, north], [east, north], [east, south], [west, south]],
  });
  map.addLayer(
    {
      id: SOURCE,
      type: "raster",
      source: SOURCE,
      paint: { "raster-fade-duration": 0, "raster-resampling": "linear" },
    },
    before,
  );
}

export function hideSurface(map) {
  if (map.getLayer(SOURCE)) map.removeLayer(SOURCE);
  if (map.getSource(SOURCE)) map.removeSource(SOURCE);
}
