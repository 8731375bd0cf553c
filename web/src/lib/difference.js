// Two configurations as `keisei train` saves them (section, then "  key: value"), and the keys whose values differ.

function settings(yaml) {
  const all = new Map();
  let section = '';
  for (const line of yaml.split('\n')) {
    if (!line.trim() || line.trimStart().startsWith('#')) continue;
    const [, indent, key, value] = /^(\s*)([^:\s][^:]*):\s*(.*)$/.exec(line) ?? [];
    if (key === undefined) {
      // an item of a list belongs to the key above it
      const above = [...all.keys()].at(-1);
      if (above) all.set(above, `${all.get(above)} ${line.trim()}`.trim());
    } else if (indent === '' && value === '') section = key;
    else all.set(indent === '' ? key : `${section}.${key}`, value.replace(/\s+#.*$/, ''));
  }
  return all;
}

export function changes(before, after) {
  const a = settings(before);
  const b = settings(after);
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((key) => a.get(key) !== b.get(key))
    .map((key) => ({ key, before: a.get(key), after: b.get(key) }));
}
