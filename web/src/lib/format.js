// Numbers and times for people. What is not known is null here and "–" or "not recorded" on the page, never 0.

export const known = (value) => typeof value === 'number' && Number.isFinite(value);
export const dash = '–';

/** 1234 -> "1,234"; 123456 -> "123.5 k" when `short`. */
export function count(value, short = false) {
  if (!known(value)) return dash;
  if (short && Math.abs(value) >= 1e9) return `${trim(value / 1e9)} G`;
  if (short && Math.abs(value) >= 1e6) return `${trim(value / 1e6)} M`;
  if (short && Math.abs(value) >= 1e4) return `${trim(value / 1e3)} k`;
  return Math.round(value).toLocaleString('en-US');
}

const trim = (value) => value.toFixed(Math.abs(value) < 100 ? 1 : 0).replace(/\.0$/, '');

/** A figure of unknown size with four significant digits. */
export function figure(value, digits = 4) {
  if (!known(value)) return dash;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e5) return count(value, true);
  if (size < 1e-3) return value.toExponential(Math.min(2, digits - 1)).replace('e-', 'e−').replace(/^-/, '−');
  const shown = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));
  return shown.replace(/^-/, '−');
}

export const fixed = (value, places = 1, unit = '') =>
  known(value) ? `${value.toFixed(places).replace(/^-/, '−')}${unit}` : dash;

export const percent = (share, places = 0) => fixed(known(share) ? 100 * share : NaN, places, ' %');

/** Seconds as "1 h 02 min", "3 min 07 s", "45 s", "123 ms". */
export function duration(seconds) {
  if (!known(seconds)) return dash;
  const s = Math.max(0, seconds);
  if (s < 1) return `${Math.round(1000 * s)} ms`;
  if (s < 60) return `${s < 10 ? s.toFixed(1) : Math.round(s)} s`;
  const pad = (n) => String(n).padStart(2, '0');
  if (s < 3600) return `${Math.floor(s / 60)} min ${pad(Math.floor(s % 60))} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${pad(Math.floor((s % 3600) / 60))} min`;
  return `${Math.floor(s / 86400)} d ${pad(Math.floor((s % 86400) / 3600))} h`;
}

/** A point in time as the reader's own clock shows it. */
export function clockTime(ms, withDate = true) {
  if (!known(ms)) return dash;
  const date = new Date(ms);
  const pad = (n) => String(n).padStart(2, '0');
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  if (!withDate) return time;
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${time}`;
}

export const bytes = (value) => {
  if (!known(value)) return dash;
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)} GB`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} MB`;
  return `${(value / 1e3).toFixed(1)} kB`;
};

export function elo(value) {
  if (!known(value)) return dash;
  const whole = Math.round(value);
  return whole === 0 ? '0' : `${whole < 0 ? '−' : '+'}${Math.abs(whole)}`;
}

/** "+605 (+296 … +916)"; an open end of an interval is ∞. */
export function eloRange(low, high) {
  if (!known(low) && !known(high)) return '';
  return `${known(low) ? elo(low) : '−∞'} … ${known(high) ? elo(high) : '+∞'}`;
}

/** A weights id is a long hash: its first eight digits tell it apart. */
export const shortId = (id) => (/^[0-9a-f]{12,}$/.test(id ?? '') ? id.slice(0, 8) : (id ?? ''));
