// Block Kit's blocks.

import { el } from "./dom.js";
import { renderElement } from "./elements.js";
import { mrkdwn, plain } from "./mrkdwn.js";

const text = (object, names) => (object.type === "mrkdwn" ? mrkdwn(object.text, names) : plain(object.text));

function source(image) {
  if (image.image_url) return image.image_url;
  const id = image.slack_file.id ?? image.slack_file.url?.match(/-(F[0-9A-Z]+)\//)?.[1];
  return `/slack/page/files/${id}`;
}

const picture = (image) => el("img", { src: source(image), alt: plain(image.alt_text), title: plain(image.alt_text) });

const RENDER = {
  header: (block) => el("h3", { class: "b-header" }, plain(block.text.text)),
  divider: () => el("hr"),
  image: (block) => el("figure", { class: "b-image" },
    block.title ? el("figcaption", {}, plain(block.title.text)) : null, picture(block),
    el("p", { class: "alt" }, `代替テキスト: ${plain(block.alt_text)}`)),
  context: (block, form) => el("div", { class: "b-context" }, block.elements.map((one) =>
    (one.type === "image" ? picture(one) : el("span", {}, text(one, form.names))))),
  section: (block, form) => el("div", { class: "b-section" },
    el("div", { class: "b-section-main" },
      block.text ? el("div", { class: "b-text" }, text(block.text, form.names)) : null,
      block.fields ? el("div", { class: "b-fields" }, block.fields.map((one) => el("div", {}, text(one, form.names)))) : null),
    block.accessory ? el("div", { class: "b-accessory" }, block.accessory.type === "image" ? picture(block.accessory)
      : renderElement(block.accessory, { blockId: block.block_id, dispatches: true }, form)) : null),
  actions: (block, form) => el("div", { class: "b-actions" }, block.elements.map((one) =>
    renderElement(one, { blockId: block.block_id, dispatches: true }, form))),
  input: (block, form) => renderInput(block, form),
  markdown: (block, form) => el("div", { class: "b-text" }, mrkdwn(block.text, form.names)),
  rich_text: (block, form) => el("div", { class: "b-text" }, block.elements.map((one) => richText(one, form.names))),
};

let count = 0;

const HAS_OWN_LABELS = new Set(["checkboxes", "radio_buttons", "multi_static_select"]);

function renderInput(block, form) {
  const id = `i${count += 1}`;
  const isGroup = HAS_OWN_LABELS.has(block.element.type);
  const title = [plain(block.label.text), block.optional ? el("small", {}, "（任意）") : null];
  const element = renderElement(block.element, { blockId: block.block_id, dispatches: Boolean(block.dispatch_action), id }, form);
  const described = [`${id}-error`, block.hint ? `${id}-hint` : null].filter(Boolean).join(" ");
  const target = block.element.type === "file_input" ? element.querySelector("input") : element;
  target.setAttribute("aria-describedby", described);
  if (isGroup) element.setAttribute("aria-labelledby", `${id}-label`);
  if (!block.optional && !isGroup) target.setAttribute("aria-required", "true");
  return el("div", { class: "b-input" },
    isGroup ? el("div", { class: "b-label", id: `${id}-label` }, title) : el("label", { class: "b-label", for: id }, title),
    element,
    el("p", { class: "field-error", id: `${id}-error`, "data-error-of": block.block_id, "data-testid": `error-${block.block_id}`, hidden: true }),
    block.hint ? el("p", { class: "hint", id: `${id}-hint` }, plain(block.hint.text)) : null);
}

function richText(part, names) {
  const inner = (part.elements ?? []).map((one) => richText(one, names));
  switch (part.type) {
    case "rich_text_list": return el(part.style === "ordered" ? "ol" : "ul", {}, inner.map((one) => el("li", {}, one)));
    case "rich_text_preformatted": return el("pre", {}, inner);
    case "rich_text_quote": return el("blockquote", {}, inner);
    case "rich_text_section": return el("span", {}, inner);
    case "link": return mrkdwn(`<${part.url}|${part.text ?? part.url}>`, names);
    case "user": return mrkdwn(`<@${part.user_id}>`, names);
    case "channel": return mrkdwn(`<#${part.channel_id}>`, names);
    case "emoji": return document.createTextNode(plain(`:${part.name}:`));
    default: return styled(part);
  }
}

function styled(part) {
  let node = document.createTextNode(part.text ?? "");
  for (const [style, name] of [["bold", "strong"], ["italic", "em"], ["strike", "s"], ["code", "code"]]) {
    if (part.style?.[style]) node = el(name, {}, node);
  }
  return node;
}

/** Render blocks on the surface that *form* stands for. */
export function renderBlocks(blocks, form) {
  return blocks.map((block) => {
    const render = RENDER[block.type];
    const node = render ? render(block, form) : el("div", { class: "unknown" }, `（未対応のブロック: ${block.type}）`);
    node.classList.add("block");
    node.dataset.testid = `block-${block.block_id}`;
    return node;
  });
}
