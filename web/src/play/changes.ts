// Changes of a game's numbers as people type them: a line each, `dotted.path = value`.

export type Changes = Record<string, unknown>;

/** Reads the lines; throws Error with one line that tells which of them is no change. */
export function readChanges(text: string): Changes {
  const changes: Changes = {};
  text.split("\n").forEach((line, index) => {
    const content = line.replace(/(^|\s)#.*$/, "").trim();
    if (content === "") return;
    const match = /^([\w.-]+)\s*[=:]\s*(.+)$/.exec(content);
    if (match === null) throw new Error(`line ${index + 1}: write dotted.path = value, not "${content}"`);
    const [, path, value] = match as unknown as [string, string, string];
    if (Object.hasOwn(changes, path)) throw new Error(`line ${index + 1}: ${path} is given twice`);
    changes[path] = readValue(value.trim());
  });
  return changes;
}

/** A value as JSON has it, or in the spellings of the command line; what is neither is a text. */
export function readValue(text: string): unknown {
  const known: Record<string, unknown> = { True: true, False: false, None: null, none: null };
  if (Object.hasOwn(known, text)) return known[text];
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.replace(/^(["'])(.*)\1$/, "$2");
  }
}

/** The paths of a config that hold a plain value, with that value as people would type it. */
export function pathsOf(config: unknown, prefix = ""): [string, string][] {
  if (config === null || typeof config !== "object") return prefix === "" ? [] : [[prefix, shown(config)]];
  return Object.entries(config).flatMap(([name, value]) => pathsOf(value, prefix === "" ? name : `${prefix}.${name}`));
}

/** Paths that fit what was typed so far, those that begin with it first. */
export function suggestions(paths: readonly [string, string][], typed: string, most = 8): [string, string][] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return [];
  const found = paths.filter(([path]) => path.toLowerCase().includes(wanted));
  const rank = ([path]: [string, string]) => path.toLowerCase().indexOf(wanted) * 1000 + path.length;
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, most);
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
