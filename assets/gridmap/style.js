/** The look of the map, read from assets/tokens.css. */

import { SWATCHES } from "./swatches.js";

export const RAMP_STEPS = 7;
const FACE = ["Noto Sans SC Variable"];

function token(style, name) {
  return style.getPropertyValue(`--${name}`).trim();
}

/** The tokens of the theme in force. */
export function readTokens() {
  const style = getComputedStyle(document.documentElement);
  const names = [
    "map-ground", "map-land", "map-outside", "map-outside-line", "map-zero", "map-line", "map-parent-line",
    "map-focus-line", "map-heat-line", "map-hatch", "map-label", "map-halo", "accent", "background",
  ];
  const tokens = Object.fromEntries(names.map((name) => [name, token(style, name)]));
  tokens.ramp = Array.from({ length: RAMP_STEPS }, (_, i) => token(style, `ramp-${i + 1}`));
  tokens.swatches = Object.values(SWATCHES).flatMap(({ hot, cold, count, names }) =>
    [hot, cold].flatMap((first, side) =>
      Array.from({ length: count }, (_, i) => [first + i + 1, token(style, `${names[side]}-${i + 1}`)]),
    ),
  );
  tokens.rem = parseFloat(style.fontSize);
  return tokens;
}

/** An empty style: no glyphs, no sprite, no address of anyone. */
export function emptyStyle(tokens) {
  return {
    version: 8,
    // A change is drawn once: many frames of 90,000 areas are slow where there is no GPU.
    transition: { duration: 0, delay: 0 },
    sources: {},
    layers: [
      { id: "ground", type: "background", paint: { "background-color": tokens["map-ground"] } },
    ],
  };
}

const STEP = ["feature-state", "step"];
const INSIDE = ["!=", STEP, null];
const HOVER = ["boolean", ["feature-state", "hover"], false];

/** Colour by step: 0 is zero, negative ones have a pattern over the bare land, null is outside. */
export function fillColour(tokens) {
  const steps = tokens.ramp.flatMap((colour, i) => [i + 1, colour]);
  const classes = ["match", STEP, 0, tokens["map-zero"], ...steps, ...tokens.swatches.flat(), tokens["map-land"]];
  return ["case", INSIDE, classes, tokens["map-outside"]];
}

export function landColour(tokens) {
  return ["case", INSIDE, tokens["map-land"], tokens["map-outside"]];
}

/** Patterns over the land, and the step each belongs to: unknown, too few to judge, hidden. */
export const PATTERNS = { hatch: -1, dots: -2, cross: -3 };

export const patternOpacity = (name) => ["case", ["==", STEP, PATTERNS[name]], 1, 0];

const LEAST = 0.2;

/** How many areas make lines that would hide the colours, and the zooms they wait for. */
const CROWDS = [
  [5000, 8.5, 10.5],
  [400, 5, 8],
];

/** Zoom from which the borders of so many areas are drawn at all. */
export function linesFrom(areas) {
  return areas >= CROWDS[0][0] ? CROWDS[0][1] : 0;
}

/**
 * Borders of the shown areas. Where there are many they come with the closer look that
 * makes the areas large enough to be told apart.
 */
export function linePaint(tokens, areas, view) {
  const thin = 0.7 * (tokens.rem / 16);
  const crowd = CROWDS.find(([least]) => areas >= least);
  // The line between coloured areas is hardly seen between pale ones.
  const coloured = ["case", [">", ["coalesce", STEP, 0], 0], tokens["map-line"], tokens["map-heat-line"]];
  const colour = view === "heat" ? tokens["map-heat-line"] : coloured;
  return {
    "line-color": ["case", HOVER, tokens.accent, INSIDE, colour, tokens["map-outside-line"]],
    "line-width": ["case", HOVER, thin * 4, thin],
    "line-opacity": crowd ? ["interpolate", ["linear"], ["zoom"], crowd[1], LEAST, crowd[2], 1] : 1,
  };
}

/** Borders of levels above the shown one, the focus strongest. */
export function outlinePaint(tokens, isFocus) {
  const rem = tokens.rem / 16;
  return {
    "line-color": isFocus ? tokens["map-focus-line"] : tokens["map-parent-line"],
    "line-width": isFocus ? 2 * rem : 0.8 * rem,
    "line-opacity": isFocus ? 0.9 : 0.45,
  };
}

const LONGEST_LABEL = 40;
const NAME = ["get", "name"];

export function labelLayer(tokens, source) {
  const rem = tokens.rem;
  return {
    id: "labels",
    type: "symbol",
    source,
    layout: {
      "text-field": [
        "case",
        [">", ["length", NAME], LONGEST_LABEL],
        ["concat", ["slice", NAME, 0, LONGEST_LABEL - 1], "…"],
        NAME,
      ],
      "text-font": FACE,
      "text-size": ["interpolate", ["linear"], ["zoom"], 5, 0.72 * rem, 10, 0.86 * rem],
      "text-max-width": 8,
      "text-padding": 3,
      "symbol-sort-key": ["get", "order"],
    },
    paint: labelPaint(tokens),
  };
}

export function labelPaint(tokens) {
  return {
    "text-color": tokens["map-label"],
    "text-halo-color": tokens["map-halo"],
    "text-halo-width": 0.11 * tokens.rem,
    "text-halo-blur": 0.03 * tokens.rem,
  };
}

/** A pattern that repeats, drawn here so that no picture has to be fetched. */
export function patternImage(tokens, name) {
  const size = 16;
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const context = canvas.getContext("2d");
  context.strokeStyle = context.fillStyle = tokens["map-hatch"];
  if (name === "dots") dot(context, size);
  else stroke(context, size, name === "cross");
  return context.getImageData(0, 0, size, size);
}

function dot(context, size) {
  for (const [x, y] of [[0.25, 0.25], [0.75, 0.75]]) {
    context.beginPath();
    context.arc(x * size, y * size, 2, 0, 2 * Math.PI);
    context.fill();
  }
}

function stroke(context, size, both) {
  context.lineWidth = both ? 1.4 : 2.2;
  context.lineCap = "square";
  context.beginPath();
  for (let x = -size; x <= size; x += size / 2) {
    context.moveTo(x, size);
    context.lineTo(x + size, 0);
    if (both) {
      context.moveTo(x, 0);
      context.lineTo(x + size, size);
    }
  }
  context.stroke();
}

/** The face must be there before the map draws with it: it keeps what it drew first. */
export async function loadFace(text) {
  try {
    await document.fonts.load(`400 24px "${FACE[0]}"`, text);
  } catch {
    // A local face draws the labels then.
  }
}
