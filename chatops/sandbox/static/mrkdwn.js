// Slack's mrkdwn as DOM nodes. Nothing in a text can become markup of its own.

import { el } from "./dom.js";
import { inJapan, showDay, showHour } from "./time.js";

const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", rotating_light: "🚨", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", clock9: "🕘", alarm_clock: "⏰", calendar: "📅", memo: "📝", pencil2: "✏️", page_facing_up: "📄",
  speech_balloon: "💬", mega: "📣", loudspeaker: "📢", bell: "🔔", no_entry: "⛔", no_entry_sign: "🚫", lock: "🔒", unlock: "🔓",
  eyes: "👀", tada: "🎉", "+1": "👍", thumbsup: "👍", information_source: "ℹ️", question: "❓", exclamation: "❗", link: "🔗",
  frame_with_picture: "🖼️", movie_camera: "🎥", repeat: "🔁", arrows_counterclockwise: "🔄", outbox_tray: "📤", inbox_tray: "📥",
  seal: "🈁", ok: "🆗", red_circle: "🔴", large_green_circle: "🟢", large_yellow_circle: "🟡", large_blue_circle: "🔵", white_circle: "⚪",
  black_square_for_stop: "⏹️", double_vertical_bar: "⏸️", pause_button: "⏸️", arrow_right: "➡️", ocean: "🌊", bust_in_silhouette: "👤",
  busts_in_silhouette: "👥", bulb: "💡", wastebasket: "🗑️", pushpin: "📌", paperclip: "📎", heavy_minus_sign: "➖",
};

const decode = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const isWord = (char) => char !== undefined && /[\p{L}\p{N}_]/u.test(char);
const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);

/** A plain_text object's text, with its emoji. */
export const plain = (text) => withEmoji(decode(text ?? ""));

/** Render mrkdwn; *names* finds people and channels by id. */
export function mrkdwn(text, names) {
  const out = document.createDocumentFragment();
  (text ?? "").split(/```/).forEach((piece, index) => {
    if (index % 2) out.append(el("pre", {}, decode(piece.replace(/^\n/, ""))));
    else out.append(...quoted(piece, names));
  });
  return out;
}

function quoted(text, names) {
  const nodes = [];
  let quote = null;
  const lines = text.split("\n");
  lines.forEach((line, index) => {
    const inner = line.match(/^(?:&gt;|>) ?(.*)$/)?.[1];
    if (inner !== undefined) {
      if (quote) quote.append(el("br"));
      else nodes.push(quote = el("blockquote"));
      quote.append(...inline(inner, names));
    } else {
      nodes.push(...inline(line, names));
      if (index < lines.length - 1) nodes.push(el("br"));
      quote = null;
    }
  });
  return nodes;
}

const MARKS = { "*": "strong", _: "em", "~": "s" };

function inline(text, names) {
  const nodes = [];
  let buffer = "";
  const flush = () => { if (buffer) nodes.push(document.createTextNode(plain(buffer))); buffer = ""; };
  for (let at = 0; at < text.length;) {
    const char = text[at];
    const rest = text.slice(at);
    const code = char === "`" && rest.match(/^`([^`]+)`/);
    const link = char === "<" && rest.match(/^<([^<>\n]+)>/);
    const marked = MARKS[char] && !isWord(text[at - 1]) && closing(rest, char);
    if (code) {
      flush();
      nodes.push(el("code", {}, decode(code[1])));
      at += code[0].length;
    } else if (link) {
      flush();
      nodes.push(reference(link[1], names));
      at += link[0].length;
    } else if (marked) {
      flush();
      nodes.push(el(MARKS[char], {}, ...inline(rest.slice(1, marked), names)));
      at += marked + 1;
    } else {
      buffer += char;
      at += 1;
    }
  }
  flush();
  return nodes;
}

// Where the mark that opens *text* closes, or 0: it must hug its words, and stand free outside.
function closing(text, mark) {
  if (!text[1] || /\s/.test(text[1]) || text[1] === mark) return 0;
  for (let at = text.indexOf(mark, 2); at > 0; at = text.indexOf(mark, at + 1)) {
    if (!/\s/.test(text[at - 1]) && !isWord(text[at + 1])) return at;
  }
  return 0;
}

function reference(inner, names) {
  const [target, label] = inner.split(/\|(.*)/s);
  if (target.startsWith("@")) return el("span", { class: "mention" }, `@${names.person(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith("#")) {
    const id = target.slice(1);
    return el("a", { class: "mention", href: `#/archives/${id}` }, `#${names.channel(id) ?? label ?? id}`);
  }
  if (target.startsWith("!date^")) return document.createTextNode(dated(target, label));
  if (target.startsWith("!")) return el("span", { class: "mention" }, `@${target.slice(1)}`);
  if (!/^(https?:|mailto:)/i.test(target)) return document.createTextNode(decode(`<${inner}>`));
  const url = decode(target);
  const text = plain(label ?? target);
  const inPage = url.startsWith(`${location.origin}/#/archives/`);
  return inPage
    ? el("a", { href: url.slice(location.origin.length + 1) }, text)
    : el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text);
}

function dated(target, fallback) {
  const [, seconds, format] = target.split("^");
  const at = Number(seconds) * 1000;
  if (!Number.isFinite(at) || !format) return decode(fallback ?? target);
  const d = inJapan(at);
  const day = showDay(at);
  const values = {
    "{date_num}": `${d.year}-${d.month.padStart(2, "0")}-${d.day.padStart(2, "0")}`,
    "{date_slash}": `${d.year}/${d.month.padStart(2, "0")}/${d.day.padStart(2, "0")}`,
    "{date}": `${d.year}年${d.month}月${d.day}日`, "{date_short}": day, "{date_long}": `${d.year}年${day}`,
    "{date_pretty}": day, "{date_short_pretty}": day, "{date_long_pretty}": day,
    "{time}": showHour(at), "{time_secs}": `${showHour(at)}:${d.second}`,
  };
  return format.replace(/\{[a-z_]+\}/g, (token) => values[token] ?? token);
}
