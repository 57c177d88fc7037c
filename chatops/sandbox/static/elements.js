// Block Kit's interactive elements. `form` holds what is filled in and takes what is done.

import { el, tell } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { fromField, toField } from "./time.js";

const FIELDS = {
  plain_text_input: ["value", "initial_value"],
  static_select: ["selected_option", "initial_option"],
  radio_buttons: ["selected_option", "initial_option"],
  multi_static_select: ["selected_options", "initial_options"],
  checkboxes: ["selected_options", "initial_options"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  file_input: ["files", null],
};

/** What is filled in on one surface (a form, a message), in Slack's shape, and how acts are sent from it. */
export class Form {
  constructor({ names, send, userId }) {
    this.names = names;
    this.send = send; // (block_id, action_id, changes) -> Promise
    this.userId = userId;
    this.values = {};
  }

  get(blockId, element) {
    const [field, initial] = FIELDS[element.type];
    const known = this.values[blockId]?.[element.action_id];
    if (known?.type === element.type) return known[field];
    this.set(blockId, element, element[initial] ?? null); // from now on an update by the app leaves it alone, as in Slack
    return element[initial] ?? null;
  }

  set(blockId, element, value) {
    const [field] = FIELDS[element.type];
    this.values[blockId] ??= {};
    this.values[blockId][element.action_id] = { type: element.type, [field]: value };
  }

  /** A change that the app hears of at once, where the element stands outside an input block or asks for it. */
  change(context, element, value) {
    this.set(context.blockId, element, value);
    const [field] = FIELDS[element.type];
    if (context.dispatches) this.send(context.blockId, element.action_id, { [field]: value });
  }
}

const optionsOf = (element) => element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);

function label(text, names) {
  return text.type === "mrkdwn" ? mrkdwn(text.text, names) : plain(text.text);
}

/** Ask before an act that wants to be confirmed. Resolves true or false. */
export function confirmed(question, names) {
  if (!question) return Promise.resolve(true);
  return new Promise((resolve) => {
    const close = (answer) => { dialog.close(); dialog.remove(); resolve(answer); };
    const dialog = el("dialog", { class: "confirm", "aria-labelledby": "confirm-title", "data-testid": "confirm" },
      el("h2", { id: "confirm-title" }, plain(question.title.text)),
      el("div", { class: "confirm-text" }, label(question.text, names)),
      el("div", { class: "keys" },
        el("button", { type: "button", "data-testid": "confirm-deny", onclick: () => close(false) }, plain(question.deny.text)),
        el("button", { type: "button", "data-testid": "confirm-ok", class: question.style === "danger" ? "danger" : "primary",
          onclick: () => close(true) }, plain(question.confirm.text))));
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); close(false); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

const BUILD = {
  button(element, context, form) {
    const act = async () => {
      if (!(await confirmed(element.confirm, form.names))) return;
      if (element.url) window.open(plain(element.url), "_blank", "noopener");
      node.disabled = true;
      node.setAttribute("aria-busy", "true");
      await form.send(context.blockId, element.action_id, {}, node);
      node.disabled = false;
      node.removeAttribute("aria-busy");
    };
    const node = el("button", {
      type: "button", class: element.style ?? "plain", "aria-label": element.accessibility_label, onclick: act,
    }, plain(element.text.text));
    return node;
  },

  overflow(element, context, form) {
    const choose = async (option) => {
      box.removeAttribute("open");
      if (!(await confirmed(element.confirm, form.names))) return;
      if (option.url) window.open(plain(option.url), "_blank", "noopener");
      form.send(context.blockId, element.action_id, { selected_option: option });
    };
    const box = el("details", { class: "overflow" }, el("summary", { "aria-label": "その他の操作" }, "⋯"),
      el("div", { role: "menu" }, element.options.map((option) =>
        el("button", { type: "button", role: "menuitem", onclick: () => choose(option) }, plain(option.text.text)))));
    return box;
  },

  plain_text_input(element, context, form) {
    const changed = () => {
      form.set(context.blockId, element, node.value);
      if (context.dispatches && triggers.includes("on_character_entered")) {
        clearTimeout(timer);
        timer = setTimeout(() => form.change(context, element, node.value), 400);
      }
    };
    const entered = (event) => {
      if (event.key !== "Enter" || event.isComposing || (element.multiline && !event.ctrlKey && !event.metaKey)) return;
      if (context.dispatches && triggers.includes("on_enter_pressed")) {
        event.preventDefault();
        event.stopPropagation();
        form.change(context, element, node.value);
      }
    };
    const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    let timer;
    const node = el(element.multiline ? "textarea" : "input", {
      type: element.multiline ? undefined : "text", rows: element.multiline ? "5" : undefined,
      placeholder: element.placeholder && plain(element.placeholder.text),
      maxlength: element.max_length ?? 3000, oninput: changed, onkeydown: entered,
    });
    node.value = form.get(context.blockId, element) ?? "";
    return node;
  },

  static_select(element, context, form) {
    const all = optionsOf(element);
    const row = (option) => el("option", { value: String(all.indexOf(option)) }, plain(option.text.text));
    const node = el("select", { onchange: async () => {
      const chosen = all[Number(node.value)] ?? null;
      if (context.dispatches && !(await confirmed(element.confirm, form.names))) { show(); return; }
      form.change(context, element, node.value === "" ? null : chosen);
    } },
    el("option", { value: "" }, element.placeholder ? plain(element.placeholder.text) : "選択してください"),
    element.options ? element.options.map(row)
      : element.option_groups.map((group) => el("optgroup", { label: plain(group.label.text) }, group.options.map(row))));
    const show = () => {
      const now = form.get(context.blockId, element);
      const index = all.findIndex((option) => option.value === now?.value);
      if (now && index < 0) form.set(context.blockId, element, null); // no longer offered
      node.value = index < 0 ? "" : String(index);
    };
    show();
    return node;
  },

  multi_static_select: (element, context, form) => choices(element, context, form, { type: "checkbox", isMany: true }),
  checkboxes: (element, context, form) => choices(element, context, form, { type: "checkbox", isMany: true }),
  radio_buttons: (element, context, form) => choices(element, context, form, { type: "radio", isMany: false }),
  datepicker: (element, context, form) => picker(element, context, form, "date"),
  timepicker: (element, context, form) => picker(element, context, form, "time"),

  datetimepicker(element, context, form) {
    const now = form.get(context.blockId, element);
    return el("input", {
      type: "datetime-local", value: now ? toField(now * 1000) : "",
      onchange: (event) => form.change(context, element, event.target.value ? fromField(event.target.value) : null),
    });
  },

  file_input(element, context, form) {
    const most = element.max_files ?? 10;
    const list = el("ul", { class: "files" });
    const show = () => {
      const files = form.get(context.blockId, element) ?? [];
      list.replaceChildren(...files.map((file) => el("li", {},
        file.mimetype?.startsWith("image/") ? el("img", { src: `/slack/page/files/${file.id}`, alt: "" }) : null,
        el("span", {}, file.name), file.size_bytes ? el("small", {}, showSize(file.size_bytes)) : null,
        el("button", { type: "button", class: "quiet", "aria-label": `${file.name} を外す`, onclick: () => {
          form.set(context.blockId, element, files.filter((one) => one.id !== file.id));
          show();
        } }, "×"))));
    };
    const choose = async (event) => {
      const body = new FormData();
      body.append("user", form.userId);
      for (const file of event.target.files) body.append("file", file);
      node.setAttribute("aria-busy", "true");
      const answer = await (await fetch("/slack/page/upload", { method: "POST", body })).json();
      node.removeAttribute("aria-busy");
      event.target.value = "";
      if (!answer.ok) { tell(`アップロードできませんでした（${answer.error}）`); return; }
      form.set(context.blockId, element, [...(form.get(context.blockId, element) ?? []), ...answer.files]);
      show();
    };
    const node = el("div", { class: "file-input" }, el("input", {
      type: "file", multiple: most > 1, onchange: choose, id: context.id, "data-testid": `el-${element.action_id}`,
      accept: element.filetypes?.map((one) => `.${one}`).join(","),
    }), el("span", { class: "file-key", "aria-hidden": "true" }, "ファイルを選ぶ"), list);
    show();
    return node;
  },
};

const showSize = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

function picker(element, context, form, type) {
  return el("input", {
    type, value: form.get(context.blockId, element) ?? "",
    onchange: (event) => form.change(context, element, event.target.value || null),
  });
}

function choices(element, context, form, { type, isMany }) {
  const chosen = form.get(context.blockId, element);
  const values = new Set((isMany ? chosen ?? [] : [chosen].filter(Boolean)).map((option) => option.value));
  const all = optionsOf(element);
  if (isMany && chosen) form.set(context.blockId, element, all.filter((option) => values.has(option.value)));
  const most = element.max_selected_items ?? all.length;
  const changed = async (event) => {
    const boxes = [...node.querySelectorAll("input")];
    const picked = all.filter((_, index) => boxes[index].checked);
    if (picked.length > most) {
      event.target.checked = false;
      tell(`選べるのは ${most} 個までです`);
      return;
    }
    if (context.dispatches && !(await confirmed(element.confirm, form.names))) { event.target.checked = !event.target.checked; return; }
    form.change(context, element, isMany ? picked : picked[0] ?? null);
  };
  const name = `${context.id}-group`;
  const node = el("div", { class: `choices ${element.type}`, role: isMany ? "group" : "radiogroup" }, all.map((option) =>
    el("label", { class: "choice" },
      el("input", { type, name, value: option.value, checked: values.has(option.value), onchange: changed }),
      el("span", {}, label(option.text, form.names), option.description ? el("small", {}, label(option.description, form.names)) : null))));
  return node;
}

let count = 0;

/** Render one element. *context*: blockId, dispatches, and the id under which a label finds it. */
export function renderElement(element, context, form) {
  const build = BUILD[element.type];
  if (!build) return el("span", { class: "unknown" }, `（未対応の部品: ${element.type}）`);
  const full = { ...context, id: context.id ?? `e${count += 1}` };
  const node = build(element, full, form);
  if (element.type !== "file_input") {
    node.id ||= full.id;
    node.dataset.testid = `el-${element.action_id}`;
  }
  node.dataset.focus = `${context.blockId}/${element.action_id}`;
  return node;
}
