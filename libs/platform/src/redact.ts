const SECRET_NAME = /password|passphrase|pass$|hash$|secret|token$|authorization|cookie|api.?key/i;
/** What gives itself away within a text: JWTs, what follows "Bearer", passwords and one-time tokens in URLs. */
const SECRET_TEXT =
  /\beyJ[\w-]+\.[\w-]+\.[\w-]+|(?<=\bBearer )\S+|(?<=:\/\/[^\s:/@]*:)[^\s@]+(?=@)|(?<=[?&](?:token|key|secret)=)[^\s&"]+/g;
const MAX_DEPTH = 6;

/** A copy without passwords, tokens and keys: by the names of properties, and by their look within texts. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(SECRET_TEXT, '[hidden]');
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  if (value instanceof Error) return redact({ name: value.name, message: value.message, stack: value.stack }, depth);
  // Ids and the like know how to show themselves.
  if (hasJson(value)) return redact(value.toJSON(), depth + 1);
  const copy: Record<string | symbol, unknown> = {};
  // Winston keeps the level of a line under a symbol; it has to survive.
  for (const key of Reflect.ownKeys(value)) {
    const inner = (value as Record<string | symbol, unknown>)[key];
    const secret = typeof key === 'string' && SECRET_NAME.test(key) && inner != null;
    copy[key] = secret ? '[hidden]' : redact(inner, depth + 1);
  }
  return copy;
}

const hasJson = (value: object): value is { toJSON(): unknown } =>
  typeof (value as { toJSON?: unknown }).toJSON === 'function';
