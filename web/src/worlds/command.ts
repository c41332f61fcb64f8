// Commands to copy: what one types to run what the page shows.

/** Settings in the order in which they were changed, as typed. */
export type Changes = Readonly<Record<string, string>>;

/** `./metta play arena sim.env.num_agents=12 system.seed=3` */
export function recipeCommand(program: string, maker: string, recipe: string, changes: Changes, seed: number): string {
  const words = [program, maker, recipe, ...settings(changes)];
  if (seed !== 0 && changes["system.seed"] === undefined) words.push(`system.seed=${seed}`);
  return words.join(" ");
}

/** `./metta maps show caves height=25 width=41 seed=3 fill=0.4` */
export function sceneCommand(program: string, form: string, height: number, width: number, seed: number, changes: Changes): string {
  const size = { height: String(height), width: String(width), seed: String(seed) };
  return [program, "maps", "show", form, ...settings(size), ...settings(changes, "scene.")].join(" ");
}

/** A word as a shell takes it literally. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function settings(changes: Changes, prefix = ""): string[] {
  return Object.entries(changes).map(([path, text]) => quoted(`${prefix}${path}=${text}`));
}
