/** What a form with brackets in its names says: `metadata[orderId]=1` is `{ metadata: { orderId: '1' } }`. */
export interface Form {
  [name: string]: string | Form;
}

export function readForm(flat: unknown): Form {
  const form: Form = {};
  for (const [name, value] of Object.entries((flat ?? {}) as Record<string, string>)) {
    const path = name.split(/\[|\]\[?/).filter(Boolean);
    const last = path.pop()!;
    let inner = form;
    for (const key of path) {
      const next = inner[key];
      inner = typeof next === 'object' ? next : (inner[key] = Object.create(null) as Form);
    }
    inner[last] = value;
  }
  return form;
}

export const textIn = (form: Form, name: string): string | undefined =>
  typeof form[name] === 'string' ? form[name] : undefined;

export const formIn = (form: Form, name: string): Form => (typeof form[name] === 'object' ? form[name] : {});

/** The texts in a part of the form: its metadata. */
export const textsIn = (form: Form, name: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(formIn(form, name)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
