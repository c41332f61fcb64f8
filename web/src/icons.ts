// The page's icons, drawn by us: strokes on a grid of 24 x 24, in the colour of the text around them.

const SVG = "http://www.w3.org/2000/svg";

/** Path data by name; those whose name is in `FILLED` are areas, all others are lines. */
const PATHS = {
  play: "M7 4.5v15l12-7.5z",
  pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z",
  start: "M5 5v14M19 5.5v13l-10-6.5z",
  end: "M19 5v14M5 5.5v13l10-6.5z",
  back: "M15 5l-7 7 7 7",
  on: "M9 5l7 7-7 7",
  minus: "M6 12h12",
  plus: "M6 12h12M12 6v12",
  close: "M6 6l12 12M18 6L6 18",
  up: "M12 19V6M6 11l6-6 6 6",
  down: "M12 5v13M6 13l6 6 6-6",
  left: "M19 12H6M11 6l-6 6 6 6",
  right: "M5 12h13M13 6l6 6-6 6",
  wait: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4.5l3 2",
  hand: "M8 12V6.5a1.5 1.5 0 0 1 3 0V11V4.5a1.5 1.5 0 0 1 3 0V11V6a1.5 1.5 0 0 1 3 0v8c0 4-2.5 6.5-6 6.5-3 0-4.3-1.6-6-4.5l-1.7-3a1.5 1.5 0 0 1 2.6-1.5L8 14",
  world: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17",
  fork: "M7 20V4M7 13c0-5 10-2 10-8M4 7l3-3 3 3M14 8l3-3.5L20 8",
  share: "M8.5 10.7l7-4M8.5 13.3l7 4M6 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M18 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M18 21a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5",
  download: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  open: "M4 19V6h6l2 2.5h8V19z",
  settings: "M4 7h9M17 7h3M4 12h3M11 12h9M4 17h9M17 17h3M15 5v4M9 10v4M15 15v4",
  help: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.5",
  fullscreen: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7L12 17",
  reset: "M5 12a7 7 0 1 0 2-5M7 3v4h4",
  beside: "M4 5h7v14H4zM13 5h7v14h-7z",
  panels: "M4 5h16v14H4zM14 5v14",
  agents: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M3 20c0-4 2.5-6.5 6-6.5s6 2.5 6 6.5M16 4.5a3.5 3.5 0 0 1 0 6.5M17.5 14c2.2.8 3.5 3 3.5 6",
  inspector: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M15.5 15.5L20.5 20.5",
  rules: "M6 3.5h9l4 4V20.5H6zM9 11h7M9 14.5h7M9 8h3",
  traces: "M4 6h5M11 6h9M4 12h9M15 12h5M4 18h3M9 18h11",
  kinship: "M12 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M6 21a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M18 21a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M12 8v4M6 16v-4h12v4",
  gifts: "M4 9h16v4H4zM5.5 13v7h13v-7M12 9v11M12 9C8 9 7 4 9.5 4S12 9 12 9c0 0 0-5 2.5-5S16 9 12 9",
  policy: "M12 4a7 7 0 0 0-4 12.7V20h8v-3.3A7 7 0 0 0 12 4M9.5 12l2.5 2 2.5-2M12 14v6",
  layers: "M12 4l8.5 4.5L12 13 3.5 8.5zM4 12.5l8 4.3 8-4.3M4 16.3l8 4.2 8-4.2",
  minimap: "M4 6l5-2 6 2 5-2v14l-5 2-6-2-5 2zM9 4v14M15 6v14",
  rewards: "M12 20S4 15 4 9.5A4.2 4.2 0 0 1 12 8a4.2 4.2 0 0 1 8 1.5C20 15 12 20 12 20",
  events: "M5 4v16M5 5h12l-2.5 4L17 13H5",
} as const;

export type IconName = keyof typeof PATHS;

const FILLED: readonly IconName[] = ["play", "pause"];

/** Whether there is an icon of this name. */
export function isIcon(name: string): name is IconName {
  return Object.hasOwn(PATHS, name);
}

/** An icon; it says nothing to screen readers, so its button needs a label. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", FILLED.includes(name) ? "icon filled" : "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.dataset.icon = name;
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Shows an icon in an element, if it shows another one. */
export function setIcon(element: Element, name: IconName): void {
  if (element.querySelector("svg")?.dataset.icon !== name) element.replaceChildren(icon(name));
}
