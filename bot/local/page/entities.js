// Formatted text: entities (UTF-16 offsets, as JavaScript counts) become elements; the text stays text.
import { el } from "./dom.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

export function formatted(text, entities, acts) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const root = document.createDocumentFragment();
  fill(root, text, 0, text.length, sorted, acts);
  return root;
}

function fill(parent, text, begin, end, entities, acts) {
  let at = begin;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const stop = Math.min(entity.offset + entity.length, end);
    const inner = [];
    index += 1;
    while (index < entities.length && entities[index].offset < stop) inner.push(entities[index++]);
    if (entity.offset < at) continue;
    parent.append(text.slice(at, entity.offset));
    const node = element(entity, text.slice(entity.offset, stop), acts);
    fill(node, text, entity.offset, stop, inner, acts);
    parent.append(node);
    at = stop;
  }
  parent.append(text.slice(at, end));
}

function element(entity, text, acts) {
  if (entity.type === "spoiler") return spoiler();
  if (entity.type === "bot_command") return command(text, acts);
  const address = link(entity, text);
  if (address) return anchor(address, acts);
  return el(TAGS[entity.type] ?? "span");
}

function link(entity, text) {
  if (entity.type === "text_link") return entity.url;
  if (entity.type === "url") return text;
  if (entity.type === "email") return `mailto:${text}`;
  return "";
}

function anchor(address, acts) {
  const safe = /^(https?:|mailto:|tg:)/i.test(address);
  const props = { rel: "noopener noreferrer", target: "_blank", test: "link" };
  if (safe) props.href = address;
  props.onclick = (event) => {
    if (acts.follow(address)) event.preventDefault();
  };
  return el("a", props);
}

function command(text, acts) {
  return el("button", { type: "button", class: "inline-link", test: "command-link", onclick: () => acts.say(text) });
}

function spoiler() {
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    const node = event.currentTarget;
    node.classList.add("seen");
    node.removeAttribute("role");
    node.removeAttribute("tabindex");
  };
  return el("span", { class: "spoiler", role: "button", tabindex: "0", test: "spoiler", onclick: reveal, onkeydown: reveal });
}
