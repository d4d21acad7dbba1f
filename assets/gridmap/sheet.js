/**
 * A map on paper: its picture in the place of the canvas, which no printer sees.
 *
 * Names and the scale are written anew, as large on the sheet as the text beside it: those of the
 * screen would shrink with the picture.
 */

/** The room of a picture on a sheet of A4, as high as the token says. */
const WIDEST_MM = 186;
const HIGHEST_MM = 108;
/** Two maps that share the width. */
const BESIDE = ".compare-maps:not(.change)";
const TEXT_MM = 2.4;
const LONGEST_SCALE_MM = 30;
const LONGEST_NAME = 24;
/** Between two names, in units of their size. */
const GAP = 0.25;
const SVG = "http://www.w3.org/2000/svg";

function drawn(name, attributes, text = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}

/**
 * What the canvas shows within a frame. Its drawing is gone with the task it was drawn in, and a
 * copy on another canvas would be printed in another size than it has on the page.
 */
function picture(map, frame) {
  const from = map.getCanvas();
  const ratio = from.width / map.getContainer().clientWidth;
  const [x, y, width, height] = [frame.x, frame.y, frame.width, frame.height].map((size) => Math.round(size * ratio));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(from, x, y, width, height, 0, 0, width, height);
  const image = Object.assign(new Image(width, height), { decoding: "sync", src: canvas.toDataURL() });
  image.alt = map.getCanvas().getAttribute("aria-label");
  return image;
}

/** The names that find room, the most important first. */
function names(map, frame, labels, size) {
  const taken = [];
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  const free = (box) =>
    box.left > 0 && box.right < frame.width && box.top > 0 && box.bottom < frame.height &&
    taken.every((one) => box.left > one.right || box.right < one.left || box.top > one.bottom || box.bottom < one.top);
  return labels.flatMap(([lon, lat, whole]) => {
    const name = whole.length > LONGEST_NAME ? `${whole.slice(0, LONGEST_NAME - 1)}…` : whole;
    const point = map.project([lon, lat]);
    const [x, y, half] = [point.x - frame.x, point.y - frame.y, pen.measureText(name).width / 2];
    const box = { left: x - half - GAP * size, right: x + half + GAP * size, top: y - 0.7 * size, bottom: y + 0.7 * size };
    if (!free(box)) return [];
    taken.push(box);
    return [drawn("text", { x, y: y + 0.36 * size, "text-anchor": "middle" }, name)];
  });
}

/** A line of a round length, in the corner below on the right. */
function scale(map, frame, size, longest) {
  const y = frame.y + frame.height / 2;
  const metres = map.unproject([frame.x, y]).distanceTo(map.unproject([frame.x + longest, y]));
  const power = 10 ** Math.floor(Math.log10(metres));
  const round = [5, 2, 1].find((digit) => digit * power <= metres) * power;
  const words = round >= 1000 ? `${round / 1000} km` : `${round} m`;
  const [right, bottom] = [frame.width - 0.6 * size, frame.height - 0.6 * size];
  const left = right - (longest * round) / metres;
  const line = `M${left} ${bottom - 0.4 * size}V${bottom}H${right}V${bottom - 0.4 * size}`;
  const about = { x: (left + right) / 2, y: bottom - 0.5 * size, "text-anchor": "middle" };
  return [drawn("path", { d: line, class: "scale-ground" }), drawn("path", { d: line }), drawn("text", about, words)];
}

/**
 * Make the picture of what a map has drawn in this very task.
 *
 * @param map a maplibre map
 * @param {{x, y, width, height}} frame what of its container is shown, in CSS pixels
 * @param {Array} labels longitude, latitude and name, the most important first
 * @returns {HTMLElement}
 */
export function sheetOf(map, frame, labels) {
  const shape = frame.width / frame.height;
  const room = map.getContainer().closest(BESIDE) ? WIDEST_MM / 2 : WIDEST_MM;
  const widthMm = Math.min(room, HIGHEST_MM * shape);
  const mm = frame.width / widthMm;
  const over = drawn("svg", { viewBox: `0 0 ${frame.width} ${frame.height}`, "font-size": TEXT_MM * mm });
  over.append(...names(map, frame, labels, TEXT_MM * mm), ...scale(map, frame, TEXT_MM * mm, LONGEST_SCALE_MM * mm));
  const sheet = Object.assign(document.createElement("div"), { className: "map-sheet" });
  sheet.style.width = `calc(var(--picture-height) * ${shape})`;
  sheet.append(picture(map, frame), over);
  return sheet;
}
