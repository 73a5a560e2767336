import { isDeepStrictEqual } from 'node:util';
import type { Connection, Model, mongo } from 'mongoose';

/** An index as a schema declares it, and whether the database has it so. */
export interface DeclaredIndex {
  collection: string;
  name: string;
  key: mongo.IndexSpecification;
  options: mongo.CreateIndexesOptions;
  /** `different`: there is one of that name that is another; only a migration changes it. */
  state: 'there' | 'missing' | 'different';
}

/** What makes an index another one, whatever else MongoDB says of it. */
const RULES = ['unique', 'sparse', 'expireAfterSeconds', 'partialFilterExpression'] as const;
/** An index of that name, or of that key, is there with other options. */
const CONFLICTS = new Set(['IndexOptionsConflict', 'IndexKeySpecsConflict']);

/** All that the models of a connection declare, in the order of the collections' names. */
export async function declaredIndexes(connection: Connection): Promise<DeclaredIndex[]> {
  const found = await Promise.all(Object.values(connection.models as Record<string, Model<unknown>>).map(ofModel));
  return found.flat().sort((a, b) => a.collection.localeCompare(b.collection));
}

async function ofModel(model: Model<unknown>): Promise<DeclaredIndex[]> {
  const present = await presentIn(model);
  return model.schema.indexes().map(([key, given]): DeclaredIndex => {
    const options = given as mongo.CreateIndexesOptions;
    const name = options.name ?? Object.entries(key).flat().join('_');
    const there = present.find((index) => index.name === name);
    const collection = model.collection.name;
    const declared = { collection, name, key: key as mongo.IndexSpecification, options: { ...options, name } };
    return { ...declared, state: there ? stateOf(declared, there) : 'missing' };
  });
}

function stateOf({ key, options }: Pick<DeclaredIndex, 'key' | 'options'>, there: mongo.Document) {
  const isText = Object.values(key).includes('text');
  const sameKey = isText || isDeepStrictEqual(Object.entries(key), Object.entries(there.key as object));
  const rulesOf = (index: mongo.Document) => RULES.map((rule): unknown => index[rule] || undefined);
  // 0 is a rule of its own: to expire at the date itself.
  const sameExpiry = (options.expireAfterSeconds ?? -1) === ((there.expireAfterSeconds as number | undefined) ?? -1);
  return sameKey && sameExpiry && isDeepStrictEqual(rulesOf(options), rulesOf(there)) ? 'there' : 'different';
}

async function presentIn(model: Model<unknown>): Promise<mongo.Document[]> {
  try {
    return await model.collection.indexes();
  } catch (error) {
    if ((error as mongo.MongoServerError).codeName === 'NamespaceNotFound') return [];
    throw error;
  }
}

/** Makes the collections that are not there, with the rules that their schemas give them. */
export async function createCollections(connection: Connection): Promise<void> {
  const present = new Set((await connection.db!.listCollections({}, { nameOnly: true }).toArray()).map(nameOf));
  const missing = Object.values(connection.models).filter((model) => !present.has(model.collection.name));
  await Promise.all(missing.map((model) => model.createCollection()));
}

const nameOf = ({ name }: { name: string }): string => name;

/** Builds what is missing: nobody is held up by that, and it waits until they are built. @returns those it could not */
export async function buildIndexes(connection: Connection, declared: DeclaredIndex[]): Promise<DeclaredIndex[]> {
  const refused = declared.filter(({ state }) => state === 'different');
  const missing = declared.filter(({ state }) => state === 'missing');
  await Promise.all(
    missing.map(async (index) => {
      try {
        await connection.db!.collection(index.collection).createIndex(index.key, index.options);
      } catch (error) {
        if (!CONFLICTS.has(String((error as mongo.MongoServerError).codeName))) throw error;
        refused.push(index);
      }
    }),
  );
  return refused;
}

/** For migrations: removes indexes of older versions. Those that are gone already are no matter. */
export async function dropIndexes(db: mongo.Db, collection: string, names: string[]): Promise<void> {
  for (const name of names) {
    try {
      await db.collection(collection).dropIndex(name);
    } catch (error) {
      const { codeName = '' } = error as mongo.MongoServerError;
      if (!['IndexNotFound', 'NamespaceNotFound'].includes(codeName)) throw error;
    }
  }
}
