// Curves as uPlot draws them, with the page's own colours, read from the style sheet so that a theme is one place.

export const styleOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const curveColours = () => [1, 2, 3, 4, 5, 6].map((n) => styleOf(`--curve-${n}`));

/** Exponential smoothing that starts without a bias; 0 = none, towards 1 = much. Gaps stay gaps. */
export function smoothed(values, amount) {
  if (!(amount > 0)) return values;
  let sum = 0;
  let weight = 0;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return null;
    sum = amount * sum + (1 - amount) * value;
    weight = amount * weight + (1 - amount);
    return sum / weight;
  });
}

/** Several curves of different x on one common axis, null where one has no point. */
export function joined(curves) {
  const xs = [...new Set(curves.flatMap((curve) => curve.x))].sort((a, b) => a - b);
  const place = new Map(xs.map((x, i) => [x, i]));
  return [
    xs,
    ...curves.map((curve) => {
      const ys = Array(xs.length).fill(null);
      curve.x.forEach((x, i) => (ys[place.get(x)] = curve.y[i]));
      return ys;
    }),
  ];
}

/** A small path for a sparkline in a box of `width` x `height`. */
export function sparkPath(values, width, height) {
  const clean = values.filter((value) => value !== null && Number.isFinite(value));
  if (clean.length < 2) return '';
  const low = Math.min(...clean);
  const high = Math.max(...clean);
  const span = high - low || 1;
  return values
    .map((value, i) => [(i / (values.length - 1)) * width, height - 1.5 - ((value - low) / span) * (height - 3)])
    .map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join('');
}
