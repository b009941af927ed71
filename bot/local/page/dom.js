// Small helpers to build elements. Text only ever enters the page as text nodes.
const SVG = "http://www.w3.org/2000/svg";

const SHAPES = {
  back: "M15 5l-7 7 7 7",
  send: "M4 12l16-8-6 16-3-6z",
  clip: "M20 11l-8 8a5 5 0 0 1-7-7l8-8a3.500 3.500 0 0 1 5 5l-8 8a1.500 1.500 0 0 1-2-2l7-7",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M18 10h.01M8 14h8",
  menu: "M4 7h16M4 12h16M4 17h10",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9l6 6 6-6",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  lock: "M7 11h10v9H7zM9 11V8a3 3 0 0 1 6 0v3",
  beside: "M4 5h7v14H4zM13 5h7v14h-7z",
  block: "M12 4a8 8 0 1 0 .01 0zM6.500 6.500l11 11",
  link: "M8 16L17 7M10 7h7v7",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
};

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "test") node.dataset.testid = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, test, onclick) {
  return el("button", { type: "button", class: "round", "aria-label": label, title: label, test, onclick }, icon(name));
}

const HUES = [4, 28, 150, 190, 212, 265, 325];

export function avatar(name, id) {
  const node = el("span", { class: "avatar", "aria-hidden": "true" }, [...name.trim()][0] || "?");
  node.style.setProperty("--hue", HUES[Math.abs(id) % HUES.length]);
  return node;
}

export const find = (test, root = document) => root.querySelector(`[data-testid="${test}"]`);
