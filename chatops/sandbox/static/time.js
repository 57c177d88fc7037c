// Times as people read them in Japan.

const parts = new Intl.DateTimeFormat("ja-JP-u-ca-gregory", {
  timeZone: "Asia/Tokyo", year: "numeric", month: "numeric", day: "numeric", weekday: "short",
  hour: "numeric", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

/** Take a Date (or what makes one) apart in Japan's time. */
export function inJapan(at) {
  const found = Object.fromEntries(parts.formatToParts(new Date(at)).map((part) => [part.type, part.value]));
  return { ...found, hour: String(Number(found.hour)) };
}

export const showDay = (at) => { const d = inJapan(at); return `${d.month}月${d.day}日(${d.weekday})`; };
export const showHour = (at) => { const d = inJapan(at); return `${d.hour}:${d.minute}`; };
export const showMoment = (at) => `${showDay(at)} ${showHour(at)}`;
export const showSecond = (at) => `${showMoment(at)}:${inJapan(at).second}`;

const two = (text) => String(text).padStart(2, "0");

/** What a datetime-local field shows for a moment: Japan's time. */
export function toField(at) {
  const d = inJapan(at);
  return `${d.year}-${two(d.month)}-${two(d.day)}T${two(d.hour)}:${d.minute}`;
}

/** The moment that a datetime-local field names, taken as Japan's time, in Unix seconds. */
export const fromField = (text) => Math.floor(new Date(`${text.length === 16 ? `${text}:00` : text}+09:00`).getTime() / 1000);
