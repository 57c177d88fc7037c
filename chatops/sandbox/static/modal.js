// The forms before a person: the topmost of a stack, what is filled in, what must be mended.

import { ask, byId, el, tell } from "./dom.js";
import { renderBlocks } from "./blocks.js";
import { Form } from "./elements.js";
import { plain } from "./mrkdwn.js";

export class Modal {
  constructor({ names, refresh }) {
    this.names = names;
    this.refresh = refresh;
    this.shade = byId("shade");
    this.forms = new Map(); // view id -> Form: what was typed outlives an update by the app, as in Slack
    this.shown = null;
    this.shade.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) { event.stopPropagation(); this.close(); }
    });
  }

  show(views, userId) {
    const view = views.at(-1);
    for (const id of this.forms.keys()) if (!views.some((one) => one.id === id)) this.forms.delete(id);
    if (!view) { this.hide(); return; }
    if (this.shown?.id !== view.id || this.shown?.hash !== view.hash) this.draw(view, views.length, userId);
    this.shown = view;
    this.showErrors(view);
  }

  hide() {
    if (!this.shown) return;
    this.shown = null;
    this.shade.hidden = true;
    this.shade.replaceChildren();
    for (const id of ["side", "talk"]) byId(id).inert = false;
    byId("composer-text").focus();
  }

  form(view, userId) {
    if (!this.forms.has(view.id)) {
      const form = new Form({ names: this.names, userId, send: (...act) => this.act(...act) });
      form.values = structuredClone(view.values ?? {});
      this.forms.set(view.id, form);
    }
    return this.forms.get(view.id);
  }

  draw(view, depth, userId) {
    const isSame = this.shown?.id === view.id;
    const focused = isSame ? document.activeElement?.closest("[data-focus]")?.dataset.focus : null;
    const caret = isSame ? document.activeElement?.selectionStart : null;
    const scroll = isSame ? this.shade.querySelector(".modal-body")?.scrollTop : 0;
    this.userId = userId;
    const form = this.form(view, userId);
    const submit = view.submit ? plain(view.submit.text) : null;
    this.body = el("div", { class: "modal-body" }, renderBlocks(view.blocks, form));
    this.trouble = el("p", { class: "modal-trouble", role: "alert", hidden: true, "data-testid": "modal-trouble" });
    this.submitKey = submit ? el("button", { type: "submit", class: "primary", "data-testid": "modal-submit" }, submit) : null;
    const dialog = el("form", {
      class: "modal", role: "dialog", "aria-modal": "true", "aria-labelledby": "modal-title", "data-testid": "modal",
      "data-view-id": view.id, "data-callback-id": view.callback_id, novalidate: true,
      onsubmit: (event) => { event.preventDefault(); this.submit(); },
    },
    el("header", {}, el("h2", { id: "modal-title", "data-testid": "modal-title", tabindex: "-1" }, plain(view.title.text)),
      depth > 1 ? el("span", { class: "chip" }, `${depth} 枚目`) : null,
      el("button", { type: "button", class: "quiet", "aria-label": "閉じる", "data-testid": "modal-x", onclick: () => this.close() }, "×")),
    this.body, this.trouble,
    el("footer", { class: "keys" },
      el("button", { type: "button", class: "plain", "data-testid": "modal-close", onclick: () => this.close() },
        view.close ? plain(view.close.text) : "キャンセル"),
      this.submitKey));
    this.shade.replaceChildren(dialog);
    this.shade.hidden = false;
    for (const id of ["side", "talk"]) byId(id).inert = true;
    this.body.scrollTop = scroll ?? 0;
    const again = focused && [...dialog.querySelectorAll("[data-focus]")].find((node) => node.dataset.focus === focused);
    const first = again || dialog.querySelector(".modal-body :is(textarea, input, select)") || dialog.querySelector("h2");
    first.focus({ preventScroll: isSame });
    if (again && caret !== null && caret !== undefined && again.setSelectionRange && /^(text|textarea)$/.test(again.type)) again.setSelectionRange(caret, caret);
  }

  showErrors(view) {
    this.trouble.hidden = !view.trouble;
    this.trouble.textContent = view.trouble;
    for (const node of this.body.querySelectorAll("[data-error-of]")) {
      const sentence = view.errors[node.dataset.errorOf];
      node.hidden = !sentence;
      node.textContent = sentence ?? "";
      node.parentElement.classList.toggle("has-error", Boolean(sentence));
    }
  }

  async submit() {
    if (!this.submitKey || this.submitKey.disabled) return;
    const view = this.shown;
    this.submitKey.disabled = true;
    this.submitKey.setAttribute("aria-busy", "true");
    while (this.body.querySelector(".file-input[aria-busy]")) await new Promise((done) => { setTimeout(done, 50); });
    const state = this.plainState(view);
    const answer = await ask("/slack/page/view/submit", { user: this.userId, view_id: view.id, state });
    this.submitKey.disabled = false;
    this.submitKey.removeAttribute("aria-busy");
    if (!answer.ok) tell(`送信できませんでした（${answer.error}）`);
    await this.refresh();
    this.body.querySelector(".has-error :is(textarea, input, select)")?.focus();
  }

  async act(blockId, actionId, given, button) {
    const view = this.shown;
    if (!view) return; // closed while a keystroke was still on its way
    const answer = await ask("/slack/page/action", {
      user: this.userId, view_id: view.id, block_id: blockId, action_id: actionId, ...given, state: this.plainState(view),
    });
    if (!answer.ok || !answer.is_acknowledged) tell(`アプリが応答しませんでした（${answer.error}）`);
    await this.refresh();
    button?.focus();
  }

  async close() {
    const view = this.shown;
    if (!view) return;
    await ask("/slack/page/view/close", { user: this.userId, view_id: view.id });
    await this.refresh();
  }

  // Files are known to the server by their ids.
  plainState(view) {
    const state = structuredClone(this.forms.get(view.id).values);
    for (const block of Object.values(state)) {
      for (const [id, value] of Object.entries(block)) if (value.files) block[id] = { files: value.files.map((file) => file.id) };
    }
    return state;
  }
}
