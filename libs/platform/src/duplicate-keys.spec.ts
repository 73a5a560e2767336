import { mongo } from 'mongoose';
import { duplicateKeysOf, isDuplicateKey } from './duplicate-keys';
import { isConnectivityError } from './problems';

const bulkError = (thrown: object, concern?: object) =>
  new mongo.MongoBulkWriteError(
    thrown as never,
    { getWriteConcernError: () => concern } as unknown as mongo.BulkWriteResult,
  );
const duplicate = { code: 11_000, index: 1, errmsg: 'E11000 index: key_once' };

describe('a failed bulk write', () => {
  it('names the documents that were there already', () => {
    expect(duplicateKeysOf(bulkError({ message: 'x', writeErrors: [duplicate] }))).toEqual([duplicate]);
    expect(duplicateKeysOf(bulkError({ message: 'x', writeErrors: duplicate }))).toEqual([duplicate]);
  });

  it('is not taken for one without failures when the connection broke before any answer', () => {
    const broken = bulkError(new mongo.MongoNetworkError('connection 3 to 127.0.0.1:27017 closed'));
    expect(broken.writeErrors).toEqual([]);
    expect(() => duplicateKeysOf(broken)).toThrow(broken);
    expect(isConnectivityError(broken)).toBe(true);
  });

  it('is not taken for durable when the majority did not answer', () => {
    const undurable = bulkError({ message: 'x', writeErrors: [duplicate] }, { code: 64 });
    expect(() => duplicateKeysOf(undurable)).toThrow(undurable);
  });

  it('is thrown on where something else is wrong with it', () => {
    const refused = bulkError({ message: 'x', writeErrors: [duplicate, { code: 121, index: 2 }] });
    expect(() => duplicateKeysOf(refused)).toThrow(refused);
    expect(() => duplicateKeysOf(new TypeError('x'))).toThrow(TypeError);
    expect(isConnectivityError(refused)).toBe(false);
  });
});

describe('a refused write', () => {
  it('names the unique index that refused it', () => {
    const message = 'E11000 duplicate key error collection: shop.products index: sku_once dup key: { sku: "A" }';
    const error = new mongo.MongoServerError({ message, code: 11000 });
    expect(isDuplicateKey(error)).toBe(true);
    expect(isDuplicateKey(error, 'sku_once')).toBe(true);
    expect(isDuplicateKey(error, 'sku')).toBe(false);
    expect(isDuplicateKey(new mongo.MongoServerError({ message: 'WriteConflict', code: 112 }))).toBe(false);
  });
});
