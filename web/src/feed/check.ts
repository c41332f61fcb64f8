// Checking data that may come from anybody. A check throws Error with one line: where, and what should be there.

export type Check = (value: unknown, where: string) => void;

export function text(most = 200): Check {
  return (value, where) => {
    if (typeof value !== "string" || value.length > most) fail(where, `text of at most ${most} letters`);
  };
}

export function whole(least: number, most: number): Check {
  return (value, where) => {
    if (!Number.isSafeInteger(value)) fail(where, "a whole number");
    between(value as number, least, most, where);
  };
}

export function decimal(least: number, most: number): Check {
  return (value, where) => {
    if (typeof value !== "number" || !Number.isFinite(value)) fail(where, "a number");
    between(value as number, least, most, where);
  };
}

export const truth: Check = (value, where) => {
  if (typeof value !== "boolean") fail(where, "true or false");
};

export const color: Check = (value, where) => {
  if (typeof value !== "string" || !/^#[0-9a-f]{6}$/i.test(value)) fail(where, "a colour like #a0b1c2");
};

export const anything: Check = () => undefined;

export function oneOf(...allowed: (string | number | null)[]): Check {
  return (value, where) => {
    if (!allowed.includes(value as string)) fail(where, `one of ${allowed.join(", ")}`);
  };
}

export function orNull(check: Check): Check {
  return (value, where) => {
    if (value !== null) check(value, where);
  };
}

export function orMissing(check: Check): Check {
  return (value, where) => {
    if (value !== undefined) check(value, where);
  };
}

export function list(check: Check, least: number, most: number): Check {
  return (value, where) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) {
      return fail(where, `a list of ${least} to ${most}`);
    }
    value.forEach((item, i) => check(item, `${where}.${i}`));
  };
}

/** Names to what the check says. */
export function named(check: Check, least: number, most: number): Check {
  return (value, where) => {
    const items = Object.entries(objectOf(value, where));
    if (items.length < least || items.length > most) fail(where, `${least} to ${most} entries`);
    for (const [name, item] of items) check(item, `${where}.${name.slice(0, 50)}`);
  };
}

/** An object with these fields; others may be there, too. */
export function shape(fields: Record<string, Check>): Check {
  return (value, where) => {
    const found = objectOf(value, where);
    for (const [name, check] of Object.entries(fields)) check(found[name], where === "" ? name : `${where}.${name}`);
  };
}

function objectOf(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(where, "an object");
  return value as Record<string, unknown>;
}

function between(value: number, least: number, most: number, where: string): void {
  if (value < least || value > most) fail(where, `between ${least} and ${most}`);
}

function fail(where: string, wanted: string): never {
  throw new Error(`${where === "" ? "it" : where} must be ${wanted}`);
}
