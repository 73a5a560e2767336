import { mongo, type Connection, type PipelineStage } from 'mongoose';

/**
 * Reads a database as it stood at one moment of the cluster's clock, however long the reading takes and whatever is
 * written meanwhile. Two services on one cluster that are given the same moment see the same world.
 * https://www.mongodb.com/docs/manual/reference/read-concern-snapshot/
 */
export class Snapshot {
  private constructor(
    private readonly db: mongo.Db,
    private readonly time: mongo.Timestamp,
  ) {}

  /** The present moment. */
  static async now({ db }: Connection): Promise<Snapshot> {
    const { operationTime } = await db!.command({ ping: 1 });
    return new Snapshot(db!, operationTime as mongo.Timestamp);
  }

  /** The moment of another snapshot, at most five minutes ago. */
  static at({ db }: Connection, moment: string): Snapshot {
    return new Snapshot(db!, new mongo.Timestamp(BigInt(moment)));
  }

  get moment(): string {
    return this.time.toBigInt().toString();
  }

  get date(): Date {
    return new Date(this.time.getHighBitsUnsigned() * 1_000);
  }

  /** @param hint name of the index, where the choice must not depend on what the data look like. */
  aggregate<Row>(collection: string, pipeline: PipelineStage[], hint?: string): AsyncIterable<Row> {
    return this.db.runCursorCommand({
      aggregate: collection,
      pipeline,
      cursor: {},
      allowDiskUse: true,
      ...(hint !== undefined && { hint }),
      readConcern: { level: 'snapshot', atClusterTime: this.time },
    }) as AsyncIterable<Row>;
  }
}
