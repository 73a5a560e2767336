import type { Model, mongo } from 'mongoose';

/** The driver's collection of a model: past Mongoose, which would make a document of everything. */
export const collectionOf = <Record extends object>(model: Model<Record>): mongo.Collection<Record> =>
  model.collection as unknown as mongo.Collection<Record>;
