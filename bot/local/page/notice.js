// Toasts, alerts and the picture viewer.
import { el, find, icon } from "./dom.js";

export function toast(root, text) {
  for (const old of root.querySelectorAll(":scope > .toast")) old.remove();
  const node = el("div", { class: "toast", role: "status", test: "toast" }, text);
  root.append(node);
  setTimeout(() => node.remove(), Math.min(8000, 2500 + text.length * 60));
}

export function alertBox(text) {
  const box = find("alert");
  find("alert-text").textContent = text;
  if (!box.open) box.showModal();
}

export function showPicture(address, protect) {
  const box = find("picture-viewer");
  const button = find("picture-close");
  if (!button.firstChild) button.append(icon("close"));
  for (const old of box.querySelectorAll("img")) old.remove();
  const picture = el("img", { src: address, alt: "" });
  if (protect) picture.addEventListener("contextmenu", (event) => event.preventDefault());
  box.append(picture);
  box.onclick = (event) => {
    if (event.target === box) box.close();
  };
  if (!box.open) box.showModal();
}
