// The page's words: they come from locales/*/page.toml through the server, never from here.
let all = {};
let code = "zh-CN";
const listeners = new Set();

export async function loadTexts() {
  all = await (await fetch("/page/texts")).json();
  const kept = localStorage.getItem("language");
  const wanted = kept || (navigator.language.startsWith("zh") ? "zh-CN" : "en");
  code = wanted in all ? wanted : "zh-CN";
}

export const language = () => code;

export function t(key, values = {}) {
  const pattern = all[code][key] ?? key;
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function applyTexts(root = document) {
  document.documentElement.lang = code;
  for (const node of root.querySelectorAll("[data-text]")) node.textContent = t(node.dataset.text);
  for (const node of root.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
}

export function switchLanguage() {
  const codes = Object.keys(all);
  code = codes[(codes.indexOf(code) + 1) % codes.length];
  localStorage.setItem("language", code);
  applyTexts();
  for (const listener of listeners) listener();
}

export const onLanguage = (listener) => listeners.add(listener);

const formats = new Map();

export function formatTime(seconds, options) {
  const key = code + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(code, options));
  return formats.get(key).format(new Date(seconds * 1000));
}
